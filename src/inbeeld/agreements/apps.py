"""The room of agreements."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "inbeeld.agreements"
    default_auto_field = "django.db.models.BigAutoField"
