from django.apps import AppConfig


class EpisodesConfig(AppConfig):
    name = "glidepath.record.episodes"
    label = "episodes"
