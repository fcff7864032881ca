"""The room of contacts."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "inbeeld.contacts"
    default_auto_field = "django.db.models.BigAutoField"
