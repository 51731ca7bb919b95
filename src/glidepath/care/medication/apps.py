from django.apps import AppConfig


class MedicationConfig(AppConfig):
    name = "glidepath.care.medication"
    label = "medication"
