from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "glidepath.care.monitoring"
    label = "monitoring"
