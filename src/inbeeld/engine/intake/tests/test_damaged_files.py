"""Whatever happens to the bytes of a delivery: tables or one sentence, never anything else."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.engine.intake import PROFILES
from inbeeld.engine.intake.conftest import workbook
from inbeeld.engine.intake.importing import Task, import_into
from inbeeld.engine.refusal import BadInput

SAMPLES = {
    name: next((Path(__file__).parents[1] / name).glob("sample.*")).read_bytes() for name in sorted(PROFILES)
}
SAMPLES["workbook"] = workbook([["learner", "date", "slot", "status"], ["k1", "2026-09-14", 3, "absent"]])

_odd = st.sampled_from(
    [b"\x00", b'"', b"\n", b"\r", b";", b",", b"<", b"&", b"\xff", b"\xc3", b"'", b"-", b"9", b""]
)
_harm = st.lists(st.tuples(st.floats(0, 1), _odd), min_size=1, max_size=4)


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=80, deadline=None)
@given(harm=_harm, cut=st.one_of(st.none(), st.floats(0, 1)))
def test_a_damaged_file_gives_tables_or_one_sentence(
    name: str, harm: list[tuple[float, bytes]], cut: float | None
) -> None:
    raw = SAMPLES[name]
    for share, odd in harm:
        at = int(share * len(raw))
        raw = raw[:at] + odd + raw[at + 1 :]
    raw = raw if cut is None else raw[: int(cut * len(raw))]
    profile = "generic" if name == "workbook" else name
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "delivery"
        file.write_bytes(raw)
        left = Path(folder) / "left"
        left.mkdir()
        try:
            import_into(left, Task(file, "delivery", profile, "99XX", slots_per_day=3), lambda told: None)
        except BadInput as refused:
            assert str(refused).startswith("delivery")
            assert "\n" not in str(refused)
        else:
            assert (left / "import.json").is_file()
