from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "glidepath.record.staff"
    label = "staff"

    def ready(self) -> None:
        from glidepath.record.staff import sign_in_lines

        sign_in_lines.connect()
