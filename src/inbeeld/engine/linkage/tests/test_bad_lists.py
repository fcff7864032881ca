"""Lists that cannot be used: one sentence with file, line and column, and an untouched --out."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbeeld.engine.intake.keys import passes_eleven_test
from inbeeld.engine.linkage import compare
from inbeeld.engine.refusal import BadInput

GOOD = "id,last_name,first_names,born_on\nB1,Visser,Fenna,2012-03-04\nB2,Bos,Ruben,2013-05-06\n"
HEADER = "id,last_name,born_on\n"
#: From the range that test sets use and that is given to nobody.
BSN_LIKE = [str(n) for n in range(999990000, 999990200) if passes_eleven_test(str(n))][:4]

BAD: dict[str, tuple[bytes | str, str]] = {
    "empty": ("", "a.csv: expected a file with rows in it; this one is empty."),
    "header only": (HEADER, "a.csv, line 2: expected at least one row under the header."),
    "no id": (
        "last_name,born_on\nBos,2012-01-02\n",
        "a.csv, line 1: expected a header line with the column id",
    ),
    "semicolons": ("id;last_name\nA1;Bos\n", "the column id, with commas between the columns"),
    "a column twice": (
        "id,born_on,born_on\nA1,,\n",
        "a.csv, line 1, column born_on: expected each column once.",
    ),
    "an id twice": (
        HEADER + "A1,Bos,\nA2,Vos,\nA1,Prins,\n",
        'a.csv, line 4, column id: expected each id once; it is on line 2 too, found "A1".',
    ),
    "no id in a row": (HEADER + "A1,Bos,\n,Vos,\n", "a.csv, line 3, column id: expected an id in every row"),
    "an id that runs": (HEADER + "=1+1,Bos,\n", "column id: expected an id that is not a formula"),
    "an impossible date": (
        HEADER + "A1,Bos,2011-02-30\n",
        'a.csv, line 2, column born_on: expected a date like 2026-09-01, or nothing, found "2011-02-30".',
    ),
    "a date of another form": (
        HEADER + "A1,Bos,30-02-2011\n",
        "line 2, column born_on: expected a date like",
    ),
    "a date of another age": (HEADER + "A1,Bos,0001-01-01\n", "line 2, column born_on: expected a date like"),
    "half a file": (HEADER + "A1,Bos,2011-02-03\nA2,Vo", "line 3: expected a whole file"),
    "a row too short": (HEADER + "A1,Bos\nA2,Vos,\n", "a.csv, line 2: expected 3 values, not 2."),
    "a row too long": (HEADER + "A1,Bos,,x\n", "a.csv, line 2: expected 3 values, not 4."),
    "an unclosed quote": (HEADER + 'A1,"Bos,\nA2,Vos,\n', "line 2: expected well-formed CSV"),
    "zero bytes": (HEADER + "A1,B\x00s,\n", "a.csv, line 2: expected text; there are characters in it"),
    "neither encoding": (
        HEADER.encode() + b"A1,B\xff\x81s,\n",
        "line 2: expected text in UTF-8 or Windows-1252.",
    ),
    "UTF-16": (GOOD.encode("utf-16"), "this is UTF-16, save it again as CSV UTF-8."),
    "a workbook": (b"PK\x03\x04" + b"\x00" * 40, "a.csv: expected a list as CSV."),
    "BSNs": (
        "id,number\n" + "".join(f"A{at},{bsn}\n" for at, bsn in enumerate(BSN_LIKE)),
        "a.csv, line 1, column number: expected no BSNs; these look like them and are never needed.",
    ),
    "the same file": (GOOD, "expected another list than"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_list_that_cannot_be_used_gets_one_sentence_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    content, sentence = BAD[name]
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_bytes(content if isinstance(content, bytes) else content.encode())
    second.write_text(GOOD)
    with pytest.raises(BadInput) as refused:
        compare([first, second], out=tmp_path / "out")
    assert sentence in str(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


@pytest.mark.parametrize("number", [1, 7])
def test_two_to_six_lists_are_asked(number: int, tmp_path: Path) -> None:
    files = [tmp_path / f"{at}.csv" for at in range(number)]
    with pytest.raises(BadInput, match="expected 2 to 6 lists"):
        compare(files, out=tmp_path / "out")


def test_two_lists_of_one_organisation_are_refused(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    files = [tmp_path / "a.csv", tmp_path / "old" / "a.csv"]
    files[0].write_text(GOOD)
    files[1].write_text(GOOD.replace("B", "C"))
    with pytest.raises(BadInput, match="expected a list of another organisation than"):
        compare(files, out=tmp_path / "out")


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    with pytest.raises(BadInput, match=r"nowhere\.csv: expected an existing file"):
        compare([tmp_path / "a.csv", tmp_path / "nowhere.csv"], out=tmp_path / "out")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("a,B1,b,B1,perhaps", 'line 2, column decision: expected same, not_same or unsure, found "perhaps".'),
        ("a,B1,a,B2,same", "line 2, column right_list: expected two records of different lists"),
        ("a,B1,b", "line 2: expected a whole file"),
    ],
)
def test_a_decision_that_cannot_be_understood_is_not_passed_over(
    row: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "b.csv").write_text(GOOD.replace("B2,Bos", "B2,Vos"))
    (tmp_path / "decisions.csv").write_text(f"left_list,left_id,right_list,right_id,decision\n{row}")
    with pytest.raises(BadInput) as refused:
        compare([tmp_path / "a.csv", tmp_path / "b.csv"], out=tmp_path / "out")
    assert sentence in str(refused.value)


def test_what_an_earlier_run_left_stays_when_the_next_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "b.csv").write_text(GOOD.replace("Bos", "Vos"))
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    compare(files, out=tmp_path / "out")
    before = (tmp_path / "out" / "children.csv").read_bytes()
    files[0].write_text("nothing of use")
    with pytest.raises(BadInput):
        compare(files, out=tmp_path / "out")
    assert (tmp_path / "out" / "children.csv").read_bytes() == before


def test_a_list_in_windows_1252_or_with_a_mark_is_read(tmp_path: Path) -> None:
    text = "id,last_name,first_names,born_on\nA1,Geërts,Zoë,2012-03-04\nA2,Bos,Ruben,2013-05-06\n"
    (tmp_path / "a.csv").write_bytes(text.encode("cp1252"))
    (tmp_path / "b.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("A", "B").encode())
    receipt = compare([tmp_path / "a.csv", tmp_path / "b.csv"], out=tmp_path / "out")
    assert [one["encoding"] for one in receipt["lists"]] == ["cp1252", "utf-8-sig"]
    assert receipt["pairs_of_lists"][0]["sure"] == 2
