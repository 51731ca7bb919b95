from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "glidepath.record.people"
    label = "people"
