from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "glidepath.care.flow"
    label = "flow"
