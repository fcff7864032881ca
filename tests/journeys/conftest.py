"""A trial of its own for the journeys: a small region, served by the demo command, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.looking import press

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LEARNERS = 1500
DESKTOP = {"width": 1280, "height": 900}
SERVE = (
    "import sys; from pathlib import Path; from inbeeld.site.demo import run; "
    "sys.exit(run(learners=int(sys.argv[2]), port=8765, browser=False, data=Path(sys.argv[1])))"
)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the trial listens. The server is another process: this one keeps no database open."""
    data = tmp_path_factory.mktemp("trial")
    log = tmp_path_factory.mktemp("log") / "server.log"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("INBEELD_", "DJANGO_"))
    }
    with log.open("w", encoding="utf-8") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(data), str(LEARNERS)],
            env={**environment, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _address(log, server)
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _address(log: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        said = log.read_text(encoding="utf-8")
        if "inbeeld runs at " in said:
            return said.split("inbeeld runs at ")[1].split()[0].rstrip("/")
        if server.poll() is not None:
            break
        time.sleep(0.2)
    pytest.fail(f"the demo did not start:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Chromium, closed at the end of each file so that no event loop outlives it."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium on this machine: the journeys in a browser are left out")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Any, address: str):
    """Log in as somebody in a new window; every window is closed, and no page may have complained.

    But of a form that was refused, and of a connection that a test cut off itself.
    """
    opened = []

    def open_window(who: str, size=DESKTOP, *, scripts: bool = True, to: str = "in-beeld/"):
        context = browser.new_context(viewport=size, java_script_enabled=scripts, locale="nl-NL")
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(address)
        press(page, page.locator(".card", has_text=who).first.get_by_role("button"))
        if to:  # else they are where a log-in leads
            page.goto(f"{address}/{to}")
        opened.append((context, complaints))
        return page

    yield open_window
    for context, complaints in opened:
        context.close()
        expected = ("409", "ERR_FAILED")
        assert [line for line in complaints if not any(one in line for one in expected)] == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Any, str], None]:
    """With --pictures a picture of the whole page goes to .inbeeld/screenshots; else none."""
    folder = ROOT / ".inbeeld" / "screenshots"

    def taken(page: Any, name: str) -> None:
        if request.config.getoption("--pictures"):
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return taken
