from django.apps import AppConfig


class SupplyConfig(AppConfig):
    name = "glidepath.care.supply"
    label = "supply"
