from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "glidepath.record.consent"
    label = "consent"
