from django.urls import path

from glidepath.care.monitoring.views import chart, entry, events, every, plan, round, score, values

app_name = "monitoring"

urlpatterns = [
    path("observe/", round.observation_round, name="round"),
    path("observe/<uuid:person>/", round.observe, name="observe"),
    path("observe/<uuid:person>/seizure/", round.seizure, name="seizure"),
    path("observe/<uuid:person>/help/", round.help_wanted, name="help"),
    path("people/<uuid:person>/observations/", chart.person, name="person"),
    path("people/<uuid:person>/observations/new/", entry.new, name="new"),
    path("people/<uuid:person>/observations/plan/", plan.plan, name="plan"),
    path("people/<uuid:person>/observations/scales/<uuid:score>/correct/", score.correct_scale, name="correct_scale"),
    path("people/<uuid:person>/observations/every/<slug:kind>/", every.every, name="every"),
    path("people/<uuid:person>/observations/trends/", values.trends, name="trends"),
    path("people/<uuid:person>/observations/values/", values.values, name="values"),
    path("people/<uuid:person>/observations/values/file/", values.from_file, name="values_from_file"),
    path("people/<uuid:person>/observations/values/<uuid:value>/correct/", values.correct, name="correct_value"),
    path("people/<uuid:person>/observations/sleep/", chart.sleep, name="sleep"),
    path("people/<uuid:person>/observations/oxygen/", chart.oxygen, name="oxygen"),
    path("people/<uuid:person>/observations/events/", events.record, name="event"),
    path("people/<uuid:person>/observations/events/<uuid:event>/", events.review, name="review"),
    path("people/<uuid:person>/observations/events/<uuid:event>/correct/", events.correct, name="correct_event"),
    path("people/<uuid:person>/observations/ciwa-b/<uuid:score>/correct/", score.correct, name="correct_score"),
    path("people/<uuid:person>/observations/<uuid:observation>/correct/", entry.correct, name="correct"),
]
