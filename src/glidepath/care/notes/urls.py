from django.urls import path

from glidepath.care.notes.views import notes

app_name = "notes"

urlpatterns = [
    path("people/<uuid:person>/notes/", notes.notes, name="notes"),
    path("people/<uuid:person>/notes/<uuid:note>/amend/", notes.amend, name="amend"),
]
