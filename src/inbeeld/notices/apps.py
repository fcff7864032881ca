"""The room of what somebody is told."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "inbeeld.notices"
    default_auto_field = "django.db.models.BigAutoField"
