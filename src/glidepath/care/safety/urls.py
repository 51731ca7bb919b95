from django.urls import path

from glidepath.care.safety.views import alert, contact, plan

app_name = "safety"

urlpatterns = [
    path("people/<uuid:person>/safety/", alert.person, name="person"),
    path("people/<uuid:person>/safety/alerts/<uuid:alarm>/", alert.alert, name="alert"),
    path("people/<uuid:person>/safety/alerts/<uuid:alarm>/contact/", contact.contact, name="contact"),
    path("people/<uuid:person>/safety/alerts/<uuid:alarm>/caring/", contact.caring, name="caring"),
    path("people/<uuid:person>/safety/plan/", plan.plan, name="plan"),
    path("people/<uuid:person>/safety/plan/write/", plan.write, name="write"),
    path("people/<uuid:person>/safety/plan/looked/", plan.looked, name="looked"),
    path("people/<uuid:person>/safety/plan/copy/", plan.copy, name="copy"),
]
