from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "glidepath.record.centres"
    label = "centres"
