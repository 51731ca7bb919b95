from django.urls import path

from glidepath.record.centres import views

app_name = "centres"

urlpatterns = [
    path("settings/", views.settings, name="settings"),
    path("settings/centre/", views.centre, name="centre"),
    path("settings/units/", views.units, name="units"),
    path("settings/rooms/", views.rooms, name="rooms"),
    path("settings/beds/", views.beds, name="beds"),
    path("settings/beds/<uuid:bed>/state/", views.bed_state, name="bed_state"),
]
