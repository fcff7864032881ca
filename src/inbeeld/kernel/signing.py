"""Making signed lines: the text of a first table, and the lines to add after a change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from inbeeld.kernel.access import ROWS, FieldClass, Row
from inbeeld.kernel.signed_access import (
    AFTER_THE_LETTERS,
    BEFORE_THE_LETTERS,
    FILE,
    FIRST,
    Unsigned,
    changes,
    read,
    sealed,
)
from inbeeld.kernel.signed_answers import answers_of

LONGEST_WORDS = 300
LINE_END = "\n"
ABOUT = """\
# Who may see what: the signed access table of inbeeld.
#
# First the table as it was signed first, then every change since, in order. Lines are added; none is ever
# altered or taken away. A signed line says: day | kind of change | what | questions answered yes, before and
# after | who signed for which organisation | why | seal. The seal is SHA-256 over the seal before it and the
# line (of the first: over all above it). `inbeeld access check` holds the program to this file; after a
# change `inbeeld access sign` prints the lines to add.
#
# Letters: . nothing · r read · w read and write · o own entries only · c read with consent.
# Stages: 1 signal · 2 at home · 3 taskforce · 4 aftercare · 5 out of sight · 6 closed.
# yes and digest: how many questions the row answers with yes (stage x class x action x consent x author x
# shielded address), and the SHA-256 of those questions, shortened. A change of the rules shows there.
#
"""


def signature(*, by: str, organisation: str, because: str) -> tuple[str, str]:
    """Who signs for whom, and why, as in a signed line. Raises Unsigned on words that do not fit."""
    for name, words in (("by", by), ("for", organisation), ("because", because)):
        if not words.strip() or "|" in words or not words.isprintable() or len(words) > LONGEST_WORDS:
            raise Unsigned(f"--{name} is one line of words without |, at most {LONGEST_WORDS} characters")
    return f"{by.strip()}, for {organisation.strip()}", because.strip()


def lines_to_add(
    text: str | None = None,
    *,
    by: str,
    organisation: str,
    because: str,
    on: date,
    rows: Iterable[Row] = ROWS,
) -> list[str]:
    """A sealed line for each change since the last signature. Raises Unsigned, also when nothing changed."""
    text = FILE.read_text("utf-8") if text is None else text
    signed = read(text)
    who, why = signature(by=by, organisation=organisation, because=because)
    found = changes(signed, rows)
    if not found:
        raise Unsigned("nothing changed since the last signature: there is nothing to sign")
    lines: list[str] = []
    seal = signed.last.seal
    for change in found:
        body = f"{on} | {change.kind} | {change.key} {change.what} | {change.answers} | {who} | {why}"
        seal = sealed(seal, body)
        lines.append(f"{body} | {seal}")
    read(text + "".join(f"{line}\n" for line in lines))
    return lines


def first_text(rows: Iterable[Row], *, by: str, organisation: str, because: str, on: date) -> str:
    """The whole text of a table that is signed for the first time."""
    who, why = signature(by=by, organisation=organisation, because=because)
    table = [(*BEFORE_THE_LETTERS, *(one.value for one in FieldClass), *AFTER_THE_LETTERS)]
    for row in rows:
        stages = "".join(map(str, sorted(row.stages)))
        counted = answers_of(row)
        table.append(
            (row.role, row.involvement.value, stages, *(row.cells[one] for one in FieldClass))
            + (str(counted.count), counted.digest, row.ground)
        )  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in table]
    text = ABOUT + "\n".join([f"# {lines[0]}", *(f"  {line}" for line in lines[1:])]) + "\n\n"
    given = sum(int(line[-3]) for line in table[1:])
    body = f"{on} | {FIRST} | {len(table) - 1} rows | {given} yes | {who} | {why}"
    return f"{text}{body} | {sealed(sealed('', text.removesuffix(LINE_END)), body)}{LINE_END}"
