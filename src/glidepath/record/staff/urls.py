from django.urls import path

from glidepath.record.staff import views

app_name = "staff"

urlpatterns = [
    path("shift/", views.shift, name="shift"),
    path("shift/pin/", views.pin, name="pin"),
    path("shift/calls/", views.calls, name="calls"),
    path("shift/calls/device/", views.add_device, name="add_device"),
    path("shift/calls/device/<uuid:device>/remove/", views.remove_device, name="remove_device"),
    path("shift/<uuid:unit>/start/", views.start, name="start"),
    path("shift/<uuid:unit>/end/", views.end, name="end"),
]
