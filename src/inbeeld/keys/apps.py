"""The room of the keys under which what is written is sealed."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "inbeeld.keys"
    default_auto_field = "django.db.models.BigAutoField"
