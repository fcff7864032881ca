"""The room of the reports to DUO."""

from django.apps import AppConfig


class DuoConfig(AppConfig):
    name = "inbeeld.duo"
    default_auto_field = "django.db.models.BigAutoField"
