"""What every test shares: what waits for --long, what is a database test, and the plain closing words."""

from __future__ import annotations

import gc
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A fixture of this whole run is only found when it is named here.
from tests.behind_the_wall import behind_the_wall as behind_the_wall
from tests.quick_database import quick_database as quick_database

ROOT = Path(__file__).resolve().parent
LONG_CASES = "INBEELD_LONG_CASES"
DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}
LEFT_OUT = pytest.StashKey[int]()

# No example database: a failure must be repeatable from what is printed, on any machine.
settings.register_profile("local", database=None, deadline=None, print_blob=True)
settings.register_profile(
    "ci",
    database=None,
    deadline=None,
    print_blob=True,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests marked long")
    parser.addoption("--pictures", action="store_true", help="keep pictures of the pages that journeys visit")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
    if config.getoption("--long") or os.environ.get(LONG_CASES) or "long" in config.getoption("markexpr"):
        return
    waiting = [item for item in items if item.get_closest_marker("long")]
    if waiting:
        items[:] = [item for item in items if item not in set(waiting)]
        config.hook.pytest_deselected(items=waiting)
    config.stash[LEFT_OUT] = len(waiting)


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage again and again took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and chromium_path() is None:
        pytest.skip("no Chromium on this machine (apt install chromium)")


def chromium_path() -> str | None:
    """The browser to drive, or None: chromium, google-chrome or chromium-browser on PATH."""
    for name in ("chromium", "google-chrome", "chromium-browser"):
        if found := shutil.which(name):
            return found
    return None


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; a test that asks for it is skipped where there is none."""
    return chromium_path() or pytest.skip("no Chromium on this machine (apt install chromium)")


@pytest.fixture(scope="session")
def key_ring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key ring for all tests of this run."""
    from inbeeld.keys.keyring import KeyRing

    path = tmp_path_factory.mktemp("keys") / "keyring.json"
    KeyRing.create(path)
    return path


@pytest.fixture(autouse=True)
def with_a_key_ring(request: pytest.FixtureRequest) -> None:
    """What is about a child is sealed, so every test that touches the database has keys."""
    if request.node.get_closest_marker("database"):
        request.getfixturevalue("settings").INBEELD_KEYRING = request.getfixturevalue("key_ring")


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small invented region, judged, for all tests of this run: nobody writes in it."""
    from inbeeld.learners.tests import snapshots

    return snapshots.build(tmp_path_factory.mktemp("snapshot"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the clone."""
    return ROOT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what tests counted, and in plain words what did not run, and why."""
    counted = [
        f"{value} {name}: {report.nodeid.partition('::')[2]}"
        for report in terminalreporter.getreports("passed")
        if report.when == "call"
        for name, value in report.user_properties
    ]
    if counted:
        terminalreporter.section("counted")
        for line in counted:
            terminalreporter.line(line)
    reasons = Counter(_reason(report) for report in terminalreporter.getreports("skipped"))
    waiting = config.stash.get(LEFT_OUT, 0)
    if not reasons and not waiting:
        return
    terminalreporter.section("not run, and why")
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{_tests(count)}: {reason}")
    if waiting:
        terminalreporter.line(f"{_tests(waiting)}: take minutes; run them with ./inbeeld test --long")


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(getattr(report, "wasxfail", "") or report.longrepr)


def _tests(count: int) -> str:
    return f"{count} test{'' if count == 1 else 's'}"
