"""The room of organisations and who works where."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "inbeeld.organisations"
    default_auto_field = "django.db.models.BigAutoField"
