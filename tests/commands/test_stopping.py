"""Asked to stop, a command clears up and says so; nothing half-done is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inbeeld.engine.invented import generate

SOURCES = Path(__file__).parents[2] / "src"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stopping") / "region"
    generate(folder, learners=20_000, seed=1)
    return folder


def _hear_ctrl_c() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so would all it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("after_the_line", ["checking marks", "judging"])
def test_a_judgement_asked_to_stop_leaves_nothing(
    region: Path, tmp_path: Path, asked: signal.Signals, after_the_line: str
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "inbeeld", "judge", str(region), "--on", "2026-04-17", "--out", str(out)]
    environment = os.environ | {"PYTHONPATH": str(SOURCES)}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=_hear_ctrl_c
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith(after_the_line):
                break
        time.sleep(0.05)
        process.send_signal(asked)
        told = process.stderr.read()
    assert "Traceback" not in told
    # Asked so late that it was done already, it may also have finished.
    assert (process.returncode, out.exists()) in ((130, False), (0, True))
    assert [file.name for file in tmp_path.iterdir()] == (["out"] if out.exists() else [])
