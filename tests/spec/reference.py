"""The reference made of the program itself.

`PYTHONPATH=src .venv/bin/python -m tests.spec.reference` writes definitions.md and tables.md in
docs/reference anew.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inbeeld.engine.schema import TABLES_IN, Column, Table
from inbeeld.kernel.definition import Definition
from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.kernel.facts import facts_of_child
from tests.spec.fact_rows import NOTHING_SPECIAL
from tests.spec.tables import Section, sections

ROOT = Path(__file__).resolve().parents[2]
MADE = "<!-- Made by tests/spec/reference.py: PYTHONPATH=src .venv/bin/python -m tests.spec.reference -->"
TEXTS = Path(__file__).with_name("reference.toml")
NOTATION = "[how they are written](../../tests/spec/README.md)"


def definitions_page() -> str:
    """Every definition: sentence, clauses, source, dates, what is left to people, and its spec rows."""
    parts = [
        "# Definitions",
        MADE,
        _texts()["pages"]["definitions"],
        "\n".join(
            [
                "| Definition | Key |",
                "|---|---|",
                *(f"| [{one.name}](#{_anchor(one.name)}) | `{one.key}` |" for one in CATALOGUE),
            ]
        ),
    ]
    for one in CATALOGUE:
        parts += _definition(one)
    general = [section for section in sections() if "definition" not in section.settings]
    parts += [
        "## What definitions rest on",
        f"From marks to days, episodes and facts, by example ({NOTATION}).",
    ]
    for section in general:
        parts += [f"### {section.title}", section.text.strip()]
    return "\n\n".join(parts) + "\n"


def _definition(one: Definition) -> Iterator[str]:
    yield f"## {one.name}"
    yield f"`{one.key}`"
    yield f"> {one.in_words} {one.ends_when}"
    clauses = one.verdict(facts_of_child(NOTHING_SPECIAL, on=one.source.last_read_on)).clauses
    yield "\n".join(f"{number}. {clause.words}" for number, clause in enumerate(clauses, 1))
    until = f" to {one.valid_until}" if one.valid_until else ""
    yield "\n".join(
        [
            "| | |",
            "|---|---|",
            f"| Source | {one.source.title}: {one.source.place} |",
            f"| Last read on | {one.source.last_read_on} |",
            f"| In force | from {one.valid_from}{until} |",
            f"| Next review | {one.next_review} |",
            f"| Left to people | {'; '.join(one.left_to_people) or '–'} |",
        ]
    )
    for section in sections():
        if section.settings.get("definition") == one.key:
            yield f"### By example: {_lower(section.title)}"
            yield _with_settings_in_words(section)


def _with_settings_in_words(section: Section) -> str:
    """The section as it stands, without the line that only names the definition."""
    return "\n".join(
        line for line in section.text.splitlines() if not line.startswith("- definition:")
    ).strip()


def _lower(title: str) -> str:
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def _anchor(title: str) -> str:
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


def tables_page() -> str:
    """The tables in and out, column by column."""
    texts = _texts()
    parts = [
        "# Tables",
        MADE,
        texts["pages"]["tables"],
        "## In",
    ]
    for table in TABLES_IN:
        parts += [
            f"### {table.name}",
            texts["in"][table.name],
            *_key(table),
            _columns_in(table, texts["in_columns"]),
        ]
    parts += ["## Out", texts["pages"]["out"]]
    for name, text in texts["out"].items():
        mine = {
            key.split(".")[1]: text for key, text in texts["out_columns"].items() if key.split(".")[0] == name
        }
        lines = [f"| `{column}` | {meaning} |" for column, meaning in mine.items()]
        parts += [f"### {name}", text, "\n".join(["| Column | Means |", "|---|---|", *lines])]
    parts += ["### receipt.json", texts["pages"]["receipt"]]
    return "\n\n".join(parts) + "\n"


def _texts() -> dict[str, Any]:
    return tomllib.loads(TEXTS.read_text("utf-8"))


def _key(table: Table) -> list[str]:
    return [f"No two rows with the same {' and '.join(table.key)}."] if table.key else []


def _columns_in(table: Table, texts: dict[str, Any]) -> str:
    lines = [
        f"| `{column.name}` | {_holds(column)} | {texts[f'{table.name}.{column.name}']} |"
        for column in table.columns
    ]
    return "\n".join(["| Column | Holds | Means |", "|---|---|---|", *lines])


def _holds(column: Column) -> str:
    return column.expects


PAGES = {"definitions.md": definitions_page, "tables.md": tables_page}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (ROOT / "docs" / "reference" / name).write_text(page(), "utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
