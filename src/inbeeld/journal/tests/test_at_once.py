"""Many who write at the same time: one chain, without gaps or forks."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, transaction

from inbeeld.journal import operations
from inbeeld.journal.tests.written import a_deed, lines
from inbeeld.journal.verify import verify

SOURCE = Path(__file__).resolve().parents[3]
WRITERS, TIMES = 8, 15
APPEND = """
import sys, django
django.setup()
from django.db import transaction
from inbeeld.journal import operations
from inbeeld.journal.tests.written import a_deed
for number in range(10):
    with transaction.atomic():
        operations.append([a_deed(), a_deed()])
"""
COUNT = """
import django
django.setup()
from inbeeld.journal.verify import verify
report = verify()
print(report.sound, report.sound_to)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_who_append_at_the_same_time_make_one_chain_and_rollbacks_leave_no_gap() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads with connections of their own need PostgreSQL")
    begin = Barrier(WRITERS)

    def write(writer: int) -> int:
        written = 0
        begin.wait()
        try:
            for time in range(TIMES):
                with transaction.atomic():
                    operations.append([a_deed(actor=f"membership:{writer}") for _ in range(1 + time % 3)])
                    if (writer + time) % 4 == 0:
                        transaction.set_rollback(True)
                    else:
                        written += 1 + time % 3
        finally:
            connection.close()
        return written

    with ThreadPoolExecutor(WRITERS) as pool:
        written = sum(pool.map(write, range(WRITERS)))
    assert [line["sequence"] for line in lines()] == list(range(1, written + 1))
    report = verify()
    assert report.sound, report.sentences
    assert report.sound_to == written


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_a_writer_waits_for_the_one_before_and_goes_on_from_there() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads with connections of their own need PostgreSQL")

    def second() -> int:
        try:
            with transaction.atomic():
                return operations.append([a_deed()])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            operations.append([a_deed(), a_deed()])
            waiting = pool.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        assert waiting.result(timeout=30) == 3


def test_processes_that_share_a_sqlite_file_make_one_chain(tmp_path: Path) -> None:
    surroundings = {
        name: value for name, value in os.environ.items() if not name.startswith(("INBEELD_", "DJANGO_"))
    }
    surroundings |= {
        "INBEELD_DATA": str(tmp_path),
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "inbeeld.site.settings",
    }

    def start(*words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *words], env=surroundings, stdout=subprocess.PIPE, text=True, cwd=tmp_path
        )

    def says(process: subprocess.Popen[str]) -> list[str]:
        told, _ = process.communicate()
        assert process.returncode == 0
        return told.split()

    says(start("-m", "django", "migrate", "journal", "--verbosity=0", "--skip-checks"))
    writers = [start("-c", APPEND) for _ in range(3)]
    assert [says(writer) for writer in writers] == [[], [], []]
    assert says(start("-c", COUNT)) == ["True", "60"]
