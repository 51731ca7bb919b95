from django.apps import AppConfig


class WardConfig(AppConfig):
    name = "glidepath.faces.ward"
    label = "ward"

    def ready(self) -> None:
        """The ward knows what stands in a person's banner: bed, taper, allergies, flags."""
        from glidepath.faces.shell.banner import fills
        from glidepath.faces.ward.banner import banner

        fills(banner)
