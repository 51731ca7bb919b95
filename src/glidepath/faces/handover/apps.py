from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "glidepath.faces.handover"
    label = "handover"
