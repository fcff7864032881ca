"""The engine's SQL keeps to what is known to be counted right (docs/decisions/0004-no-range-frames.md)."""

import re
from pathlib import Path

SQL = Path(__file__).parents[2] / "src" / "inbeeld" / "engine" / "sql"
FRAME_BY_VALUE = re.compile(r"\bRANGE\b|\bGROUPS\b")
BARE_RUNNING_SUM = re.compile(r"\b(SUM|MIN|MAX|COUNT)\([^)]*\) OVER \([^)]*ORDER BY(?![^)]*\bROWS\b)")


def mistakes(text: str) -> list[str]:
    """What in a step's SQL leans on a frame by value; a running aggregate without ROWS has one unsaid."""
    code = "\n".join(line.split("--")[0] for line in text.splitlines())
    return FRAME_BY_VALUE.findall(code) + BARE_RUNNING_SUM.findall(code)


def test_no_step_uses_a_frame_by_value() -> None:
    steps = sorted(SQL.glob("*.sql"))
    assert len(steps) >= 10
    assert {step.name: mistakes(step.read_text()) for step in steps if mistakes(step.read_text())} == {}


def test_a_frame_by_value_would_be_found() -> None:
    assert mistakes("SUM(x) OVER (ORDER BY w RANGE BETWEEN 3 PRECEDING AND 1 PRECEDING)")
    assert mistakes("SUM(x) OVER (PARTITION BY id ORDER BY day_no) AS total")
    assert not mistakes("SUM(x) OVER (PARTITION BY id ORDER BY day_no ROWS UNBOUNDED PRECEDING) -- no RANGE")
