"""What the commands share: arguments refused in one sentence, and the site's settings when they need them."""

from __future__ import annotations

import argparse
import os
from typing import NoReturn

BAD_INPUT = 2


class Parser(argparse.ArgumentParser):
    """argparse, but a wrong argument gives one sentence instead of a usage block."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}. See {self.prog} --help.\n")


def set_up_django() -> None:
    """Read the settings of the site, unless that was done. Raises ImproperlyConfigured."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inbeeld.site.settings")
    if not apps.ready:
        django.setup()
