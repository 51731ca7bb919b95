from django.urls import path

from glidepath.faces.printing import views

app_name = "printing"

urlpatterns = [
    path("people/<uuid:person>/taper/calendar.pdf", views.calendar_as_pdf, name="calendar_pdf"),
    path("people/<uuid:person>/taper/calendar.ics", views.calendar_as_ics, name="calendar_ics"),
]
