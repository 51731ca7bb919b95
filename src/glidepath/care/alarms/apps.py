from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    name = "glidepath.care.alarms"
    label = "alarms"
