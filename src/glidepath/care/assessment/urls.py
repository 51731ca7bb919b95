from django.urls import path

from glidepath.care.assessment import views

app_name = "assessment"

PERSON = "people/<uuid:person>/"

urlpatterns = [
    path(f"{PERSON}facts/", views.facts, name="facts"),
    path(f"{PERSON}facts/medicine/", views.use, name="use"),
    path(f"{PERSON}assessment/", views.overview, name="overview"),
    path(f"{PERSON}assessment/again/", views.again, name="again"),
    path(f"{PERSON}assessment/benzodiazepines/taper/", views.past_taper, name="past_taper"),
    path(f"{PERSON}assessment/substances/add/", views.substance, name="substance"),
    path(f"{PERSON}assessment/diagnoses/", views.diagnoses, name="diagnoses"),
    path(f"{PERSON}assessment/medicines/add/", views.add_medicine, name="add_medicine"),
    path(f"{PERSON}assessment/medicines/<uuid:line>/decide/", views.decide, name="decide"),
    path(f"{PERSON}assessment/medicines/<uuid:line>/check/", views.check, name="check"),
    path(f"{PERSON}assessment/<slug:domain>/", views.domain, name="domain"),
    path(f"{PERSON}assessment/<slug:domain>/answer/", views.answer, name="answer"),
    path(f"{PERSON}assessment/<slug:domain>/settle/", views.settle, name="settle"),
    path(f"{PERSON}assessment/<slug:domain>/news/", views.news, name="news"),
    path(f"{PERSON}assessment/<slug:domain>/sign/", views.sign, name="sign"),
]
