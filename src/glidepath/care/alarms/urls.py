from django.urls import path

from glidepath.care.alarms import views

app_name = "alarms"

urlpatterns = [
    path("alarms/<uuid:alarm>/", views.alarm, name="alarm"),
    path("alarms/<uuid:alarm>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("alarms/<uuid:alarm>/attend/", views.attend, name="attend"),
    path("alarms/<uuid:alarm>/close/", views.close, name="close"),
]
