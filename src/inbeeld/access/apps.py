"""The room of who may see which child."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class AccessConfig(AppConfig):
    name = "inbeeld.access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from inbeeld.access import checks, row_security_walls, sessions  # noqa: F401  (checks; log-ins)

        pre_migrate.connect(row_security_walls.before_migrating, sender=self)
        post_migrate.connect(row_security_walls.after_migrating, sender=self)
