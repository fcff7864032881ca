"""A region with lists, and a round of it that lies side by side."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from inbeeld.reconciliation.tests.laying import Region, a_region, laid


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    """A data folder of its own."""
    settings.INBEELD_TRIAL = True
    settings.INBEELD_DATA = tmp_path
    with translation.override("en"):
        yield tmp_path


@pytest.fixture(scope="session")
def kept(tmp_path_factory):
    """Where the round that is worked out once lies."""
    return tmp_path_factory.mktemp("laid")


@pytest.fixture
def region(db) -> Region:
    """A municipality and an SWV that lay their lists side by side; nothing is shared."""
    return a_region()


@pytest.fixture
def round_(region, kept):
    """Their first round, as it lies side by side."""
    return laid(region, kept, on=date(2026, 10, 1))


@pytest.fixture
def open_region(region, round_) -> Region:
    """The same, where both see each other's list and review."""
    region.see_each_other()
    return region
