from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "glidepath.care.notes"
    label = "notes"
