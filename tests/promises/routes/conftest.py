"""One region for all these tests: the snapshot once, the database filled anew for each test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.promises.routes.planting import Planted, plant
from tests.promises.routes.population import described
from tests.promises.routes.snapshot import Snapshot, written


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The tables behind the pages; the children in them are described anew in each test."""
    return written(tmp_path_factory.mktemp("snapshot"), described(timezone.now(), timezone.localdate()))


@pytest.fixture
def planted(db: None, settings: Any, snapshot: Snapshot) -> Planted:
    """The region in the database, and every word that is in it."""
    settings.INBEELD_TRIAL = False
    settings.INBEELD_DATA = Path(snapshot.folder)
    return plant(snapshot)


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
