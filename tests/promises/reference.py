"""The access table in the reference, made of the program itself.

`PYTHONPATH=src .venv/bin/python -m tests.promises.reference` writes docs/reference/access.md anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "access.md"
AGAIN = "PYTHONPATH=src .venv/bin/python -m tests.promises.reference"
INTRO = """\
Everything that anybody may see or write about a child stands in this table. What does not stand in it is
refused. It is data in `src/inbeeld/kernel/access.py`; `may()` there answers every question, and nothing
else decides. The site shows the same at `/toegang/`, and per role in sentences; so does `inbeeld access`,
with `--as ROLE`.

This is a proposal from public sources: the privacy officers of the partners decide. How it is signed stands
below."""
MUTATED = """\
Each promise is a sentence, and a condition that every *yes* must satisfy. They know the question and the
answers, never the table. `tests/promises` asks every question there is; then it makes one slip at a time in
the table and in the rules, and looks whether the promises alone notice."""
SIGNED = """\
`src/inbeeld/kernel/access.signed.txt` holds the first table and a line for every change since. Each line is
sealed over all above it. Replayed it must give the table, and the rules must give the answers it counts:
`inbeeld access check` says so. After a change `inbeeld access sign --by NAME --for ORGANISATION --because
TEXT` prints the lines to add; a widening has a line of its own."""


def access_page() -> str:
    """The whole page, in English."""
    from django.utils import translation

    from inbeeld.access.table_page import table_page

    with translation.override("en"):
        page = table_page()
        stamp = page.signature
        parts = [
            "# Who may see what",
            f"<!-- Made by tests/promises/reference.py: {AGAIN} -->",
            INTRO,
            _rows(["Letter", "Means"], ((f"`{one.name}`", one.meaning) for one in page.letters)),
            _rows(
                ["Role", "Way", "Stages", *(one.key for one in page.columns), "Ground"],
                (
                    (
                        f"`{one.role_key}`",
                        one.way,
                        one.stages,
                        *(cell.letter for cell in one.cells),
                        one.ground,
                    )
                    for one in page.lines
                ),
            ),
            f"They exist and see no child: {', '.join(f'`{one.sign}`' for one in page.without_a_row)}.",
            "## Columns",
            _rows(
                ["Key", "Column", "Holds"], ((f"`{one.key}`", one.name, one.meaning) for one in page.columns)
            ),
            "## Stages",
            _rows(["Stage", "", "Means"], ((one.sign, one.name, one.meaning) for one in page.stages)),
            "## Ways to a child",
            _rows(["Key", "Way", "Means"], ((f"`{one.sign}`", one.name, one.meaning) for one in page.ways)),
            "## Promises",
            MUTATED,
        ]
        for group in page.promises:
            parts += [f"### {group.title}", _list(f"`{one.key}` {one.text}" for one in group.sentences)]
        parts += [
            "### What must always be possible",
            _list(f"`{one.key}` {one.text}" for one in page.possible),
            "## Rules that go with it",
            _list(f"**{one.name}.** {one.meaning}" for one in page.rules),
            "## Questions to the privacy officers",
            _list(f"{one.text} **{one.question}** (`{one.key}`)" for one in page.questions),
            "## Signed",
            SIGNED,
            f"First signed on {stamp.on} by {stamp.by}: {stamp.because}. Changes since: {len(stamp.since)}."
            f" Seal of the last line: `{stamp.seal}`.",
        ]
    return "\n\n".join(parts) + "\n"


def _rows(heads: list[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [f"| {' | '.join(line)} |" for line in (heads, *rows)]
    return "\n".join([lines[0], f"|{'---|' * len(heads)}", *lines[1:]])


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def main() -> None:
    """Write the page."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inbeeld.site.settings")
    django.setup()
    FILE.write_text(access_page(), "utf-8")
    print("docs/reference/access.md")


if __name__ == "__main__":
    main()
