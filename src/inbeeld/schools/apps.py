"""The room of the pages of a school."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "inbeeld.schools"
    default_auto_field = "django.db.models.BigAutoField"
