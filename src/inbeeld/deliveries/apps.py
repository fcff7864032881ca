"""The room of the deliveries."""

from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "inbeeld.deliveries"
    default_auto_field = "django.db.models.BigAutoField"
