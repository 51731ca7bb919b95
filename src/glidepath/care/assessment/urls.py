from django.urls import path

from glidepath.care.assessment import views

app_name = "assessment"

urlpatterns = [
    path("people/<uuid:person>/facts/", views.facts, name="facts"),
    path("people/<uuid:person>/facts/medicine/", views.use, name="use"),
]
