from collections.abc import Callable
from typing import Any

import pytest

from inbeeld.engine.refusal import BadInput

Sample = Callable[..., Any]
SOURCE = "eduarte_waarnemingen"


def test_rows_without_header_are_read_by_their_order(sample: Sample) -> None:
    marks = sample(SOURCE).rows("marks")
    assert [(m["learner"], m["slot"], m["minutes"], m["status"], m["permission"]) for m in marks] == [
        ("99XX:70302", "1", "50", "absent", ""),
        ("99XX:70302", "2", "50", "absent", ""),
        ("99XX:70302", "3", "50", "absent", ""),
    ]


def test_present_and_nvt_are_no_marks(sample: Sample) -> None:
    assert sample(SOURCE).imported.present == 2


def test_partly_absent_is_refused_because_eduarte_never_stores_it(sample: Sample) -> None:
    (refused,) = sample(SOURCE).rows("refused")
    assert (refused["line"], refused["column"]) == ("5", "aanwezig")


def test_the_short_kinds_mean_the_same(deliver: Sample) -> None:
    rows = "".join(
        f"{n};20260914;;20260914;;1;1;;{kind};J\n" for n, kind in enumerate(("A", "P", "N", "A - Afwezig"), 1)
    )
    left = deliver(SOURCE, rows)
    assert (left.imported.marks, left.imported.present) == (2, 2)


def test_a_file_with_other_columns_is_refused(deliver: Sample) -> None:
    with pytest.raises(BadInput, match="10 columns without a header row"):
        deliver(SOURCE, "1;20260914;A\n")
