from django.urls import path

from glidepath.care.alarms.views import alarm, on_call, report

app_name = "alarms"

urlpatterns = [
    path("on-call/", on_call.on_call, name="on_call"),
    path("on-call/<uuid:entry>/end/", on_call.end, name="on_call_end"),
    path("alarms/report/", report.report, name="report"),
    path("alarms/report.csv", report.report_csv, name="report_csv"),
    path("alarms/<uuid:alarm>/", alarm.alarm, name="alarm"),
    path("alarms/<uuid:alarm>/acknowledge/", alarm.acknowledge, name="acknowledge"),
    path("alarms/<uuid:alarm>/attend/", alarm.attend, name="attend"),
    path("alarms/<uuid:alarm>/order/", alarm.order, name="order"),
    path("alarms/<uuid:alarm>/close/", alarm.close, name="close"),
]
