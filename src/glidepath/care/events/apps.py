from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "glidepath.care.events"
    label = "events"
