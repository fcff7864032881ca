"""One region for all these tests: the snapshot once, the database filled anew for each test."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from tests.promises.routes.planting import Planted, as_it_is_now, plant
from tests.promises.routes.population import described
from tests.promises.routes.snapshot import Snapshot, written
from tests.quick_database import for_a_module


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The tables behind the pages; the children in them are described anew in each test."""
    return written(tmp_path_factory.mktemp("snapshot"), described(timezone.now(), timezone.localdate()))


@pytest.fixture(scope="module")
def planted_once(
    snapshot: Snapshot, key_ring: Path, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Planted]:
    """The region in the database, for all tests of a module."""

    def fill() -> Planted:
        with override_settings(
            INBEELD_TRIAL=False, INBEELD_DATA=Path(snapshot.folder), INBEELD_KEYRING=key_ring
        ):
            return plant(snapshot)

    yield from for_a_module(django_db_blocker, fill)


@pytest.fixture
def planted(planted_once: Planted, db: None, settings: Any, snapshot: Snapshot) -> Planted:
    """The region in the database, and every word that is in it; what a test changes is its own."""
    settings.INBEELD_TRIAL = False
    settings.INBEELD_DATA = Path(snapshot.folder)
    # Open keys are not copied.
    own = deepcopy(planted_once, {id(planted_once.keys): planted_once.keys})
    as_it_is_now(own)
    return own


@pytest.fixture
def quick_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The snapshot knows no actor: its file is read once for each child, so that pages come quickly."""
    import inbeeld.duo.views as report
    import inbeeld.learners.child as page

    read, known = page.attendance_of, {}

    def attendance_of(key: str, *, judgement: object) -> object:
        if key not in known:
            known[key] = read(key, judgement=judgement)  # type: ignore[arg-type]
        return known[key]

    for one in (page, report):
        monkeypatch.setattr(one, "attendance_of", attendance_of)
