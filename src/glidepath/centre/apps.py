from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "glidepath.centre"
    label = "centre"
