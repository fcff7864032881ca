"""The room of the learners."""

from django.apps import AppConfig


class LearnersConfig(AppConfig):
    name = "inbeeld.learners"
    default_auto_field = "django.db.models.BigAutoField"
