"""What the tests of this room share."""

from __future__ import annotations

import pytest

from inbeeld.learners.tests import snapshots


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory):
    """A folder with a small invented region, judged."""
    return snapshots.build(tmp_path_factory.mktemp("snapshot"))
