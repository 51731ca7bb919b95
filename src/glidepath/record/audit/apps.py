from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "glidepath.record.audit"
    label = "audit"

    def ready(self) -> None:
        from glidepath.record.audit import guard

        # Every app's migrations may rebuild a guarded table, so it is put up after each of them.
        post_migrate.connect(guard.put_up_after_migrating, dispatch_uid="append-only guard")
