"""The room in which lists are laid side by side."""

from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "inbeeld.reconciliation"
    default_auto_field = "django.db.models.BigAutoField"
