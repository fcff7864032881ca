"""Files that cannot be used: one sentence each, and an untouched --out."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inbeeld.engine.intake import PROFILES, confinement, import_file, limits, recognise
from inbeeld.engine.intake.keys import passes_eleven_test
from inbeeld.engine.refusal import BadInput

Deliver = Callable[..., Any]
A_FILE = "file:" + "///etc/passwd"
GENERIC = "learner,date,slot,status\n"
ROW = "k1,2026-09-14,1,absent\n"
MAGISTER = (Path(__file__).parents[1] / "magister" / "sample.csv").read_text(encoding="utf-8")

# From the range that test sets use and that is given to nobody.
BSN_LIKE = [n for n in range(999990000, 999990200) if passes_eleven_test(str(n))][:6]
NOT_BSN_LIKE = [n for n in range(999990000, 999990200) if not passes_eleven_test(str(n))][:6]

HALF = "k2,2026-"
UNCLOSED = 'k2,2026-09-14,1,"abs'
PAGE = b"<html><body><table><tr><td>learner</td></tr></table></body></html>"

TEXTS: dict[str, tuple[bytes | str, str]] = {
    "empty": (b"", "delivery.csv: expected a file with rows in it; this one is empty."),
    "only blank lines": (b"\n\n\n", "delivery.csv: expected a file with rows in it; this one is empty."),
    "header only": (GENERIC, "delivery.csv, line 2: expected at least one row under the header."),
    "unclosed quote": (GENERIC + ROW + UNCLOSED, "delivery.csv, line 3: expected well-formed CSV"),
    "half a last line": (
        GENERIC + ROW + HALF,
        "line 3: expected a whole file; the last line stops after 2 of 4",
    ),
    "UTF-16": ((GENERIC + ROW).encode("utf-16"), "this is UTF-16, save it again as CSV UTF-8."),
    "UTF-16 without mark": (
        (GENERIC + ROW).encode("utf-16-le"),
        "line 1: expected text; there are characters in it",
    ),
    "zero bytes": (
        GENERIC + ROW + "k\x002,,,\n",
        "delivery.csv, line 3: expected text; there are characters in it",
    ),
    "binary": (
        b"\x7fELF\x01" + bytes(range(14, 32)) * 9,
        "line 1: expected text; there are characters in it",
    ),
    "neither encoding": (
        GENERIC.encode() + b"k\xff\x81,,,\n",
        "line 2: expected text in UTF-8 or Windows-1252.",
    ),
    "false mark": (
        b"\xef\xbb\xbf" + GENERIC.encode() + b"k\xe9,,,\n",
        "line 2: expected UTF-8 text, as the mark",
    ),
    "old Excel": (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "an old Excel file (.xls), save it again"),
    "web page": (PAGE, "this is a web page (HTML) under another name."),
    "XML": ("<?xml version='1.0'?><a/>", "expected CSV or XLSX for a table of absence; this is XML."),
    "other columns": ("a,b,c\n1,2,3\n", "not there: learner, date."),
    "another source": (MAGISTER, "the file looks like magister."),
    "every row refused": (
        GENERIC + "k1,14/09/26,1,absent\n",
        "line 2, column date: expected at least one usable",
    ),
    "a learner is a BSN": (
        GENERIC + "".join(f"{n},2026-09-14,1,absent\n" for n in BSN_LIKE),
        "these look like BSNs, which are never needed.",
    ),
}


@pytest.mark.parametrize("what", TEXTS)
def test_a_file_that_cannot_be_used_gets_one_sentence_and_leaves_no_folder(
    deliver: Deliver, out: Path, what: str
) -> None:
    content, sentence = TEXTS[what]
    with pytest.raises(BadInput) as refused:
        deliver("generic", content)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not out.exists()
    assert not list(out.parent.glob(".out*"))


def test_an_earlier_import_stays_as_it_was_when_the_next_file_is_refused(deliver: Deliver, out: Path) -> None:
    before = deliver("generic", GENERIC + ROW).everything()
    with pytest.raises(BadInput):
        deliver("generic", GENERIC)
    assert "".join(f.read_text() for f in sorted(out.iterdir())) == before


def test_a_file_of_51_mb_is_refused_before_it_is_read(tmp_path: Path, out: Path) -> None:
    file = tmp_path / "big.csv"
    with file.open("wb") as stream:
        stream.truncate(51 * limits.MEGABYTE)
    with pytest.raises(BadInput, match="at most 50 MB"):
        import_file(file, profile="generic", school="99XX", out=out)


def test_a_workbook_that_unpacks_to_more_than_50_times_its_size_is_refused(
    deliver: Deliver, make_workbook: Callable[..., bytes]
) -> None:
    bomb = make_workbook([["learner"]], extra={})
    package = io.BytesIO(bomb)
    with zipfile.ZipFile(package, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        file.writestr("xl/media/zeros.bin", bytes(30 * limits.MEGABYTE))
    with pytest.raises(BadInput, match="at most 50 times its size"):
        deliver("generic", package.getvalue(), name="a.xlsx")


def test_a_workbook_with_a_document_type_is_refused(
    deliver: Deliver, make_workbook: Callable[..., bytes]
) -> None:
    evil = f'<!DOCTYPE a [<!ENTITY b SYSTEM "{A_FILE}">]><a>&b;</a>'.encode()
    with pytest.raises(BadInput, match="without a DOCTYPE inside"):
        deliver("generic", make_workbook([["learner"]], extra={"xl/sharedStrings.xml": evil}), name="a.xlsx")


@pytest.mark.parametrize("share", [5, 30, 60, 90, 99])
def test_a_workbook_cut_off_is_refused(
    deliver: Deliver, make_workbook: Callable[..., bytes], share: int
) -> None:
    rows = [
        ["learner", "date", "slot", "status"],
        *(["k", "2026-09-14", n % 9 + 1, "absent"] for n in range(300)),
    ]
    whole = make_workbook(rows)
    with pytest.raises(BadInput, match="cut off or damaged"):
        deliver("generic", whole[: len(whole) * share // 100], name="a.xlsx")


def test_a_package_that_is_no_workbook_is_refused(deliver: Deliver) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        file.writestr("content.xml", "<office/>")
    with pytest.raises(BadInput, match="holds something else"):
        deliver("generic", package.getvalue(), name="a.xlsx")


def test_a_cell_at_the_far_corner_of_a_sheet_does_not_take_the_machine_down(
    deliver: Deliver, make_workbook: Callable[..., bytes]
) -> None:
    honest = make_workbook([["learner", "date"], ["far"]])
    corner = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(honest)) as old,
        zipfile.ZipFile(corner, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(
                name, old.read(name).replace(b'r="2"', b'r="1048576"').replace(b'r="A2"', b'r="XFD1048576"')
            )
    with pytest.raises(BadInput, match="a file that can be read within|a file whose reading does not fail"):
        deliver("generic", corner.getvalue(), name="a.xlsx")


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE EDEX [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><EDEX><leerlingen><leerling key='&i;'/></leerlingen></EDEX>"
)
OUTSIDE = (
    f'<?xml version="1.0"?><!DOCTYPE EDEX [<!ENTITY x SYSTEM "{A_FILE}">]>'
    "<EDEX><leerlingen><leerling key='1'><instroomdatum>&x;</instroomdatum></leerling></leerlingen></EDEX>"
)


@pytest.mark.parametrize(
    "text", [BILLION, OUTSIDE, '<!DOCTYPE EDEX SYSTEM "http://127.0.0.1:9/x.dtd"><EDEX/>']
)
def test_xml_with_a_document_type_is_refused_before_anything_is_expanded_or_fetched(
    deliver: Deliver, text: str
) -> None:
    with pytest.raises(BadInput, match="XML without a DOCTYPE"):
        deliver("edexml", text, name="r.xml")


def test_xml_of_another_kind_is_refused_with_what_was_expected(deliver: Deliver) -> None:
    with pytest.raises(BadInput, match="with EDEX outermost"):
        deliver("edexml", "<?xml version='1.0'?><rss/>", name="r.xml")


def test_xml_nested_without_end_is_refused(deliver: Deliver) -> None:
    with pytest.raises(BadInput, match="at most 50 levels"):
        deliver("edexml", "<EDEX>" + "<a>" * 5000, name="r.xml")


def test_a_reader_that_takes_too_long_is_stopped(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(GENERIC + ROW)
    asked = {"ask": "recognise", "file": str(file), "shown": "a.csv"}
    with pytest.raises(BadInput, match="within 0 seconds"):
        confinement.ask_child(asked, seconds=0, progress=lambda text: None)


def test_the_child_may_use_at_most_one_gigabyte() -> None:
    code = "from inbeeld.engine.intake.limits import confine_this_process as c; c(); bytearray(2 * 1024**3)"
    paths = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=paths
    )
    assert ended.returncode == 1
    assert "MemoryError" in ended.stderr


def of(*learners: object) -> str:
    """A generic delivery with one mark for each key."""
    return GENERIC + "".join(f"{learner},2026-09-14,1,absent\n" for learner in learners)


def test_free_text_a_spreadsheet_would_run_leaves_with_an_apostrophe(deliver: Deliver) -> None:
    rows = "k1,2026-09-14,1,=A,\u200b=1+1\nk2,2026-09-14,1,@x,-1\n"
    left = deliver("generic", "learner,date,slot,code,description\n" + rows)
    assert [(r["code"], r["description"]) for r in left.rows("unjudged")] == [
        ("'=A", "'=1+1"),
        ("'@x", "'-1"),
    ]


@pytest.mark.parametrize("key", ["=1+1", "+31", "-7", "@x", "\u200b=1", "\uff1d1", "\u0301=1"])
def test_a_learner_key_a_spreadsheet_would_run_is_refused_and_never_altered(
    deliver: Deliver, key: str
) -> None:
    left = deliver("generic", of(key, "k2"))
    assert [m["learner"] for m in left.rows("marks")] == ["k2"]
    (refused,) = left.rows("refused")
    assert (refused["line"], refused["column"]) == ("2", "learner")
    assert refused["reason"] == (
        "expected a learner's number or key that is not a formula to a spreadsheet: "
        "it begins with =, +, - or @"
    )


def test_a_school_key_a_spreadsheet_would_run_is_refused_and_never_altered(deliver: Deliver) -> None:
    rows = "k1,=9,2026-09-14,1,absent\nk1,99XX,2026-09-14,1,absent\n"
    left = deliver("generic", "learner,school,date,slot,status\n" + rows, school="all")
    assert [m["school"] for m in left.rows("marks")] == ["99XX"]
    assert [(r["line"], r["column"]) for r in left.rows("refused")] == [("2", "school")]


def test_a_number_behind_the_schools_id_may_begin_with_a_sign(deliver: Deliver) -> None:
    left = deliver("magister", "stamnummer;datum;lesuur;aanwezigheidsreden_code\n-7;14-09-2026;1;Z\n")
    assert [r["learner"] for r in left.rows("unjudged")] == ["99XX:-7"]


def test_a_file_whose_nine_digit_keys_are_mostly_bsn_like_is_refused(deliver: Deliver) -> None:
    with pytest.raises(BadInput, match="look like BSNs"):
        deliver("generic", of(*BSN_LIKE[:3], *NOT_BSN_LIKE[:2], "k1", "k2", "k3", "k4"))


def test_nine_digit_keys_that_pass_the_eleven_test_by_chance_are_kept(deliver: Deliver) -> None:
    left = deliver("generic", of(*BSN_LIKE[:3], *NOT_BSN_LIKE[:3]))
    assert (left.imported.marks, left.imported.refused) == (6, 0)


def test_one_bsn_like_key_among_other_numbers_is_a_refused_row(deliver: Deliver) -> None:
    left = deliver("generic", of("k1", BSN_LIKE[0], "12345"))
    assert [m["learner"] for m in left.rows("marks")] == ["k1", "12345"]
    (refused,) = left.rows("refused")
    assert (refused["line"], refused["column"]) == ("3", "learner")
    assert "looks like a BSN" in refused["reason"]
    assert (left.imported.read, left.imported.marks, left.imported.refused) == (3, 2, 1)
    assert str(BSN_LIKE[0]) not in left.everything()


def test_codes_of_a_row_refused_for_its_bsn_leave_no_list_to_fill_in(deliver: Deliver) -> None:
    rows = f"k1,2026-09-14,1,absent,\n{BSN_LIKE[0]},2026-09-14,1,,Q\n"
    left = deliver("generic", "learner,date,slot,status,code\n" + rows)
    assert not (left.out / "codes.todo.csv").exists()
    assert (left.imported.unjudged, left.imported.unmapped) == (0, ())


def test_ragged_rows_are_refused_and_the_rest_is_read(deliver: Deliver) -> None:
    left = deliver(
        "generic", GENERIC + "k1,2026-09-14\n" + ROW + "k1,2026-09-14,2,absent,,\nk1,2026-09-14,2,absent,x\n"
    )
    assert [(r["line"], r["reason"]) for r in left.rows("refused")] == [
        ("2", "expected 4 columns in every row, found 2"),
        ("5", "expected 4 columns in every row, found 5"),
    ]
    assert left.imported.marks == 2


def test_a_value_from_a_persons_column_never_stands_in_a_refusal(deliver: Deliver) -> None:
    left = deliver(
        "generic", GENERIC + ROW + "Jan\x85de Boer,2026-09-14,1,absent\n" + "Piet,maandag,1,absent\n"
    )
    everything = left.everything()
    assert "Jan" not in everything
    assert "Piet" not in everything
    assert "“maandag”" in everything


def test_a_name_in_the_place_of_a_number_is_refused_and_not_shown(deliver: Deliver) -> None:
    left = deliver("generic", GENERIC + ROW + "Piet Hagelaar,2026-09-14,1,absent\n")
    (refused,) = left.rows("refused")
    assert refused["reason"] == "expected a learner's number or key without spaces (not a name)"
    assert "Hagelaar" not in left.everything()


def test_a_file_that_does_not_name_its_school_cannot_be_for_all(deliver: Deliver) -> None:
    with pytest.raises(BadInput, match="Magister Verantwoordingen does not say"):
        deliver("magister", MAGISTER, school="all")


def test_windows_text_reads_as_dutch_and_not_as_central_european(deliver: Deliver) -> None:
    left = deliver("generic", (GENERIC + "Hélène,2026-09-14,1,absent\n").encode("cp1252"))
    assert left.rows("marks")[0]["learner"] == "Hélène"
    assert left.imported.encoding == "cp1252"


def test_the_same_file_gives_the_same_bytes(deliver: Deliver) -> None:
    first = deliver("magister", MAGISTER).everything()
    second = deliver("magister", MAGISTER).everything()
    assert first == second


def test_the_receipt_names_the_file_its_hash_and_every_count(deliver: Deliver) -> None:
    receipt = deliver("magister", MAGISTER).receipt()
    counts = receipt["counts"]
    assert (receipt["file"], receipt["encoding"], receipt["separator"]) == ("delivery.csv", "utf-8", ";")
    assert len(receipt["sha256"]) == 64
    assert counts["read"] == counts["marks"] + counts["present"] + counts["unjudged"] + counts["refused"]


@pytest.mark.parametrize("source", sorted(PROFILES))
def test_a_file_is_recognised_by_its_columns(source: str) -> None:
    (file,) = (Path(__file__).parents[1] / source).glob("sample.*")
    assert recognise(file) == [source]


def test_an_unknown_profile_is_refused_with_the_names_there_are(deliver: Deliver) -> None:
    with pytest.raises(BadInput, match="one of edexml, edfi"):
        deliver("parnassys", GENERIC + ROW)


def test_a_child_that_fails_says_what_failed_but_never_shows_a_traceback(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("INBEELD_SHOW_TRACEBACKS", raising=False)
    asked = {"ask": "import", "file": "/nowhere", "shown": "a.csv"}
    with pytest.raises(BadInput, match="the reader stopped with KeyError"):
        confinement.ask_child(json.loads(json.dumps(asked)), progress=lambda text: None)
    assert "Traceback" not in capfd.readouterr().err
