from django.urls import path

from glidepath.care.events.views import after, report, running

app_name = "events"
ONE = "people/<uuid:person>/events/<uuid:running>/"

urlpatterns = [
    path("events/report/", report.report, name="report"),
    path("events/report.csv", report.report_csv, name="report_csv"),
    path("people/<uuid:person>/events/", running.choose, name="choose"),
    path("people/<uuid:person>/events/start/", running.start, name="start"),
    path(ONE, running.running, name="running"),
    path(f"{ONE}tap/", running.tap, name="tap"),
    path(f"{ONE}taps/<uuid:step>/back/", running.take_back, name="take_back"),
    path(f"{ONE}letter/handed/", running.handed_over, name="handed_over"),
    path(f"{ONE}after/", after.after, name="after"),
    path(f"{ONE}after/letter/<uuid:handed>/", after.name, name="name"),
    path(f"{ONE}after/debrief/", after.debrief, name="debrief"),
    path(f"{ONE}after/review/", after.review, name="review"),
    path(f"{ONE}after/sign/", after.sign, name="sign"),
    path(f"{ONE}after/actions/<uuid:action>/", after.action_done, name="action_done"),
]
