"""`inbeeld region check`: every profile that is shipped holds; what is wrong is said with its line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inbeeld.engine.region_file import read_region
from inbeeld.kernel.round_tables import Aim, Body, Chair, Director, Power

ROOT = Path(__file__).parents[2]
PROFILES = sorted((ROOT / "policy" / "regions").glob("*.toml"))


def check(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "inbeeld", "region", "check", str(file)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True,
    )  # fmt: skip


def test_every_profile_holds() -> None:
    assert len(PROFILES) >= 8
    for profile in PROFILES:
        assert read_region(profile).tables, profile


def test_a_profile_is_told_in_short() -> None:
    done = check(ROOT / "policy" / "regions" / "rotterdam.toml")
    assert done.returncode == 0 and done.stderr == ""
    assert "rotterdam.toml: Rotterdam. Nothing is wrong with it." in done.stdout
    assert "table taskforce: Taskforce Thuiszitters, 6 members, every 21 days" in done.stdout
    assert "ladder: mdo > taskforce" in done.stdout


def test_the_tables_of_the_texts_are_set_as_the_texts_have_them() -> None:
    of = {one.stem: {table.key: table for table in read_region(one).tables} for one in PROFILES}
    amsterdam = of["amsterdam"]["doorbraakoverleg"]
    assert (amsterdam.every_days, len(amsterdam.members)) == (42, 12)
    assert amsterdam.decides == (Body.LEERPLICHT, Body.SWV_VO) and set(amsterdam.asks) == set(
        amsterdam.members
    )
    rotterdam = of["rotterdam"]["taskforce"]
    assert (rotterdam.every_days, rotterdam.chair, rotterdam.director) == (
        21, Chair.INDEPENDENT, Director.WITHOUT_FILE,
    )  # fmt: skip
    assert rotterdam.power_over == (Power.GUARDIANS, Power.SCHOOL_BOARDS)
    assert (rotterdam.lists, rotterdam.follow_up_days) == ("thuiszitters", 365)
    assert of["noord_limburg"]["actietafel"].times_a_year == 4
    two = of["twee_tafels"]
    assert two["terug_naar_onderwijs"].aims == (Aim.EDUCATION,) and two["arbeid_of_dagbesteding"].aims == (
        Aim.WORK,
    )
    assert of["amsterdam_noord"]["schoolbezoek"].times_a_year == 12


TABLE = """name = "N"

[[tables]]
key = "mdo"
name = "MDO"
members = ["school", "swv"]
asks = ["school"]
decides = ["school"]

[[tables]]
key = "tafel"
name = "Tafel"
members = ["school", "swv"]
asks = ["school"]
decides = ["school"]
"""


@pytest.mark.parametrize(
    ("more", "line", "sentence"),
    [
        ("every_days = 'often'", 16, "expected every_days = a whole number."),
        ("every_days = true", 16, "expected every_days = a whole number."),
        ("rhythm = 6", 16, "expected no setting of a table called rhythm."),
        ("entry = { every = ['no_school'] }", 16, "expected entry to hold no_education, "),
        ("entry = ['no_education']", 16, "expected entry = { every = conditions, one_of = conditions }."),
        ("power_over = ['youth_help']", 16, "expected power_over to hold guardians, school_boards; "),
        ("power_over = ['guardians']", 11, "expected table tafel with power over others only with "),
        ("lists = 'thuiszitters'", 16, "expected lists = the key of one of [[lists]]; there is no "),
        ("after = 'taskforce'", 16, "expected [[tables]] with after = the key of another table; "),
        ("after = 'tafel'", 11, "expected table tafel with another table to come after than itself."),
        ("chair = 'somebody'", 16, "expected chair = one of member, independent."),
        ("messages_between = 'yes'", 16, "expected messages_between = true or false."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_said_with_its_line(
    tmp_path: Path, more: str, line: int, sentence: str
) -> None:
    from inbeeld.engine.refusal import BadInput

    file = tmp_path / "region.toml"
    file.write_text(f"{TABLE}{more}\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_region(file)
    assert str(refused.value).startswith(f"{file}, line {line}: {sentence}")


def test_two_tables_have_keys_of_their_own_and_a_key_is_needed(tmp_path: Path) -> None:
    file = tmp_path / "region.toml"
    file.write_text(TABLE.replace('"tafel"', '"mdo"'), encoding="utf-8")
    done = check(file)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{file}, line 11: expected each of [[tables]] with a key of its own.\n"
    file.write_text(TABLE.replace('key = "tafel"\n', ""), encoding="utf-8")
    assert check(file).stderr == f"{file}, line 10: expected [[tables]] with key.\n"


def test_a_profile_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    assert check(tmp_path / "none.toml").returncode == 2
    (tmp_path / "bytes.toml").write_bytes(b"name = \xff")
    assert check(tmp_path / "bytes.toml").stderr == f"{tmp_path / 'bytes.toml'}: expected text in UTF-8.\n"
