"""One small region behind the wall for each file, and connections to it as the roles of production."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.database_roles import Walled, walled_database
from tests.promises.wall.region import Region, walled_region


@pytest.fixture(scope="module")
def walled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walled]:
    """The wall around an empty region, for each file."""
    with django_db_blocker.unblock(), walled_database() as found:
        yield found


@pytest.fixture(scope="module")
def region(django_db_setup: None, django_db_blocker: Any) -> Iterator[Region]:
    with django_db_blocker.unblock(), walled_region() as found:
        yield found


@pytest.fixture
def app(region: Region) -> Iterator[psycopg.Connection[Any]]:
    with region.walled.connect(region.walled.app, autocommit=True) as connection:
        yield connection


@pytest.fixture
def batch(region: Region) -> Iterator[psycopg.Connection[Any]]:
    with region.walled.connect(region.walled.batch, autocommit=True) as connection:
        yield connection
