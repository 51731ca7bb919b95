from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "glidepath.care.safety"
    label = "safety"
