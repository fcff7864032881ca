"""The room of causes."""

from django.apps import AppConfig


class CausesConfig(AppConfig):
    name = "inbeeld.causes"
    default_auto_field = "django.db.models.BigAutoField"
