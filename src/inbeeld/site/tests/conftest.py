"""These tests are of a demo, unless they say otherwise."""

from __future__ import annotations

import pytest

from tests.quick_database import for_a_module


@pytest.fixture(autouse=True)
def in_trial(settings):
    settings.INBEELD_TRIAL = True


@pytest.fixture(scope="module")
def loaded_once(snapshot, key_ring, django_db_setup, django_db_blocker):
    """The small region in the database, for modules of which every test needs it."""
    from django.test import override_settings

    from inbeeld.site import trial

    def load():
        with override_settings(INBEELD_DATA=snapshot, INBEELD_TRIAL=True, INBEELD_KEYRING=key_ring):
            trial.load(snapshot, tables=snapshot / "region", judged=snapshot / "judged")

    yield from for_a_module(django_db_blocker, load)


@pytest.fixture
def region(loaded_once, snapshot, settings):
    """The folder of the region that is in the database."""
    settings.INBEELD_DATA = snapshot
    return snapshot
