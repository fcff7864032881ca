"""The room of the signals and of the work list."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "inbeeld.alerts"
    default_auto_field = "django.db.models.BigAutoField"
