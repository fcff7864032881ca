"""What people found who looked again at a sample of links, and at children without one (sample.csv)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from inbeeld.engine.fingerprint import sha256_of
from inbeeld.engine.linkage.beside import rows_of
from inbeeld.engine.linkage.lists import ListRead
from inbeeld.engine.refusal import BadInput
from inbeeld.kernel.coverage.review import LinkReview, ReviewRefused, Tally

FILE = "reviews.csv"
NEEDED = (
    "left_list", "right_list", "links_looked_at", "links_right", "unlinked_on", "unlinked_looked_at",
    "unlinked_found",
)  # fmt: skip
#: The column to blame for what cannot be, by what it is about.
COLUMNS = {"links": "links_looked_at", "unlinked": "unlinked_looked_at", "unlinked_on": "unlinked_on"}
WHOLE = re.compile(r"[0-9]{1,9}")


@dataclass
class Reviews:
    """Reviews by the two names of their lists, and on which line each stands."""

    by_lists: dict[frozenset[str], LinkReview] = field(default_factory=dict)
    lines: dict[frozenset[str], int] = field(default_factory=dict)
    file: Path | None = None
    sha256: str | None = None

    def with_decisions(self, counts: Callable[[frozenset[str]], tuple[int, int]]) -> Reviews:
        """The same, told of each two lists how many links people made and how many pairs they held apart."""
        told = {}
        for names, review in self.by_lists.items():
            decided, undone = counts(names)
            told[names] = replace(review, decided=decided, undone=undone)
        return replace(self, by_lists=told)

    def refusal(self, reason: ReviewRefused) -> BadInput:
        """What coverage refuses, with its place in the file."""
        column = COLUMNS[reason.about]
        return BadInput(
            str(self.file), f"a review of these lists: {reason}", line=self.lines[frozenset(reason.pair)],
            column=column,
        )  # fmt: skip


def read_reviews(file: Path | None, lists: Sequence[ListRead]) -> Reviews:
    """The reviews of links between these lists, one for each two of them.

    Raises BadInput for a row that cannot be understood, or that is about other lists.
    """
    found = Reviews()
    if file is None:
        return found
    if not file.is_file():
        raise BadInput(str(file), "an existing file of reviews")
    found.file, found.sha256 = file, sha256_of(file)
    names = [one.name for one in lists]
    for line, row in rows_of(file, NEEDED):
        for column in ("left_list", "right_list"):
            if row[column] not in names:
                raise BadInput(
                    str(file), f"one of {', '.join(names)}", line=line, column=column, found=row[column]
                )
        pair = frozenset((row["left_list"], row["right_list"]))
        if len(pair) == 1:
            raise BadInput(
                str(file), "two different lists", line=line, column="right_list", found=row["right_list"]
            )
        if pair in found.lines:
            raise BadInput(
                str(file), f"each two lists once; they are on line {found.lines[pair]} too", line=line,
                column="right_list", found=row["right_list"],
            )  # fmt: skip
        found.by_lists[pair] = _review(row, pair, line=line, shown=str(file))
        found.lines[pair] = line
    return found


def _review(row: Mapping[str, str], pair: frozenset[str], *, line: int, shown: str) -> LinkReview:
    unlinked = _tally(row, "unlinked_found", "unlinked_looked_at", line=line, shown=shown)
    if row["unlinked_on"] not in pair and (row["unlinked_on"] or unlinked.looked_at):
        raise BadInput(
            shown, f"{' or '.join(sorted(pair))}: on which of the two the children without a link were taken",
            line=line, column="unlinked_on", found=row["unlinked_on"],
        )  # fmt: skip
    links = _tally(row, "links_right", "links_looked_at", line=line, shown=shown)
    return LinkReview(links, unlinked, row["unlinked_on"])


def _tally(row: Mapping[str, str], right: str, looked_at: str, *, line: int, shown: str) -> Tally:
    """So many among so many; an empty cell is 0."""
    for column in (looked_at, right):
        if row[column] and not WHOLE.fullmatch(row[column]):
            raise BadInput(
                shown, "a whole number from 0, or nothing", line=line, column=column, found=row[column]
            )
    most, number = int(row[looked_at] or 0), int(row[right] or 0)
    if number > most:
        raise BadInput(
            shown, f"no more than the {most} that were looked at", line=line, column=right, found=row[right]
        )
    return Tally(number, most)
