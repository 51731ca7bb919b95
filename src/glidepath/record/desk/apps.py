from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "glidepath.record.desk"
    label = "desk"
