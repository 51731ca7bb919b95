from django.urls import path

from glidepath.faces.handover import views

app_name = "handover"

urlpatterns = [
    path("handover/", views.mine, name="mine"),
    path("unit/<uuid:unit>/handover/", views.give, name="give"),
    path("handover/<uuid:handover>/", views.given, name="given"),
]
