"""The room of what was done and who looked."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "inbeeld.journal"
    default_auto_field = "django.db.models.BigAutoField"
