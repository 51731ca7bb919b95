from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "glidepath.care.planning"
    label = "planning"
