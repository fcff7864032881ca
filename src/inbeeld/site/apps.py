"""The front door: settings, base pages, look and languages."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class SiteConfig(AppConfig):
    name = "inbeeld.site"
    label = "front_door"

    def ready(self) -> None:
        from inbeeld.site import checks  # noqa: F401  (registers the system checks)

        # `migrate` makes the table of tries too, so that nobody forgets a second command.
        post_migrate.connect(_make_the_table_of_tries, sender=apps.get_app_config("sessions"))


def _make_the_table_of_tries(using: str, **about: Any) -> None:
    from django.core.management import call_command

    call_command("createcachetable", database=using, verbosity=0)
