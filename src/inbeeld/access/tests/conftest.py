"""These tests are of a demo, unless they say otherwise."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def in_trial(settings):
    settings.INBEELD_TRIAL = True
