from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "glidepath.care.instruments"
    label = "instruments"
