from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "glidepath.faces.shell"
    label = "shell"
