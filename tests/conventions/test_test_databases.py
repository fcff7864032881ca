"""The tests never throw away a database they did not make."""

from __future__ import annotations

import pytest

from tests import postgres


def test_each_run_works_in_a_database_of_a_new_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_databases", lambda url: {"test_inbeeld", "inbeeld"})
    first, second = (postgres.in_a_new_database("postgresql://me@127.0.0.1:5432/inbeeld") for _ in range(2))
    assert first.startswith("postgresql://me@127.0.0.1:5432/inbeeld_")
    assert first != second


def test_a_long_name_leaves_room_for_what_makes_it_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_databases", lambda url: set())
    name = postgres.in_a_new_database(f"postgresql://me@host/{'x' * 63}").rpartition("/")[2]
    assert len(f"test_{name}") < 63


def test_a_database_that_is_there_already_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.secrets, "token_hex", lambda size: "0000")
    monkeypatch.setattr(postgres, "_databases", lambda url: {"test_inbeeld_0000"})
    with pytest.raises(postgres.NoServer, match="not ours"):
        postgres.in_a_new_database("postgresql://me@host/inbeeld")
