"""inbeeld work: one for a data folder, and a fault of the machine stops nothing for good."""

from __future__ import annotations

import pytest

from inbeeld.site import work_command

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.INBEELD_DATA = tmp_path


def test_a_folder_has_one_worker():
    already = pytest.raises(work_command.AlreadyAtWork)
    with work_command.the_only_one(), already, work_command.the_only_one():
        pass
    with work_command.the_only_one():
        pass


def test_after_a_fault_the_connection_is_let_go(monkeypatch):
    let_go, faults = [], [RuntimeError("the server went away"), KeyboardInterrupt()]

    def step():
        raise faults.pop(0)

    monkeypatch.setattr(work_command, "_step", step)
    monkeypatch.setattr(work_command, "_let_go", lambda: let_go.append(True))
    monkeypatch.setattr(work_command, "SECONDS_AFTER_A_FAULT", 0)
    with pytest.raises(KeyboardInterrupt):
        work_command._work(once=False, parent=None)
    assert let_go == [True]
