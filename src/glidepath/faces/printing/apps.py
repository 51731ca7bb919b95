from django.apps import AppConfig


class PrintingConfig(AppConfig):
    name = "glidepath.faces.printing"
    label = "printing"
