"""`python -m benchmarks.journal --url postgresql://…`: how fast the journal is written, verified and asked.

Makes a database of its own on that server and drops it again. The lines asked about are invented and, so that
ten million of them are there in minutes, not chained; those written and verified are.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

LINES = 10_000_000
CHILDREN = 30_000
#: One child whom many looked at: a line in every five hundred.
ONE_IN = 500
THE_CHILD = UUID("c0000000-0000-4000-8000-000000000001")
ROUNDS = 7
VERIFIED = 100_000
Say = Callable[[str], None]

FILL = """
INSERT INTO journal_line
SELECT first + n, timestamptz '2024-09-01 08:00+02' + n * interval '6 seconds', 0,
    md5('trace ' || n / 3)::uuid,
    'membership:' || member, '', 'S' || lpad(mod(member, 300)::text, 5, '0'),
    split_part(key, '/', 1), split_part(key, '/', 2), 'guidance', ground, key,
    CASE WHEN mod(n, 10) < 8 THEN 'listed' WHEN mod(n, 10) = 8 THEN 'read' ELSE 'write' END, 'IDE ATT',
    CASE WHEN mod(n, %(one_in)s) = 0 THEN %(child)s::uuid ELSE md5('child ' || child)::uuid END,
    '', 'allowed', 'in_beeld', false, '', decode(md5('one' || n) || md5('two' || n), 'hex')
FROM (
    SELECT n, (SELECT count(*) FROM journal_line) AS first, 1 + floor(2000 * random() ^ 2)::int AS member,
        floor(random() * %(children)s)::int AS child
    FROM generate_series(1, %(lines)s) AS n OFFSET 0
) AS picked
JOIN json_to_recordset(%(rows)s) AS access_row(number int, key text, ground text)
    ON access_row.number = mod(member, json_array_length(%(rows)s))
"""


def measure(
    lines: int = LINES, *, url: str, verified: int = VERIFIED, say: Say = lambda sentence: None
) -> dict[str, Any]:
    """Medians in milliseconds, on a new database of the server that `url` names. In a process of its own."""
    with scratch(url) as new:
        os.environ |= {"INBEELD_DATABASE_URL": new, "DJANGO_SETTINGS_MODULE": "inbeeld.site.settings"}
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", "journal", verbosity=0, skip_checks=True)
        say("writing and verifying")
        figures = {**_written(), **_verified(verified)}
        say(f"filling in {lines:,} lines")
        _fill(lines)
        say("asking who saw one child")
        figures |= {"lines": lines, **_asked(), **_sizes()}
        connection.close()
    return figures


@contextmanager
def scratch(url: str) -> Iterator[str]:
    """A new database beside the one of the URL, dropped afterwards."""
    import psycopg

    name = f"inbeeld_bench_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _written() -> dict[str, float]:
    """Transactions that add one line, and fifty; with a commit that waits for the disk, and without."""
    from django.db import connection, transaction

    from inbeeld.journal import operations

    found = {}
    for waits in ("off", "on"):
        with connection.cursor() as cursor:
            cursor.execute(f"SET synchronous_commit = {waits}")
        for count in (1, 50):
            page = [_deed() for _ in range(count)]
            with_commit = [_timed(transaction.atomic(operations.append), page)[0] for _ in range(300)]
            disk = "with" if waits == "on" else "without"
            found[f"append_{count}_{disk}_disk_ms"] = _median(with_commit)
    return found


def _verified(lines: int) -> dict[str, float]:
    from django.db import transaction

    from inbeeld.journal import operations
    from inbeeld.journal.verify import verify

    page = [_deed() for _ in range(1000)]
    for _ in range(lines // len(page)):
        transaction.atomic(operations.append)(page)
    spent, report = _timed(verify)
    assert report.sound, report.sentences
    return {"verified_lines_per_second": round(report.sound_to / spent * 1000)}


def _deed() -> Any:
    from inbeeld.journal.deed import Deed
    from inbeeld.kernel.access import ROWS

    row = ROWS[0]
    return Deed(
        trace=uuid4(), actor="membership:12", organisation="S00012", role=row.role,
        involvement=row.involvement.value, purpose="guidance", ground=row.ground, row=row.key,
        action="listed", field_class="IDE ATT", child=uuid4(), origin="in_beeld",
    )  # fmt: skip


def _fill(lines: int) -> None:
    """Fill the table without its indexes, then make them."""
    from django.db import connection

    from inbeeld.journal.models import Line
    from inbeeld.kernel.access import ROWS

    rows = [{"number": number, "key": row.key, "ground": row.ground} for number, row in enumerate(ROWS)]
    with connection.schema_editor() as schema:
        for index in Line._meta.indexes:
            schema.remove_index(Line, index)
    with connection.cursor() as cursor:
        cursor.execute(
            FILL,
            {
                "child": THE_CHILD,
                "one_in": ONE_IN,
                "children": CHILDREN,
                "lines": lines,
                "rows": json.dumps(rows),
            },
        )
    with connection.schema_editor() as schema:
        for index in Line._meta.indexes:
            schema.add_index(Line, index)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE journal_line")


def _asked() -> dict[str, Any]:
    """Who saw this child: by actor, role and organisation, and the newest hundred lines."""
    from django.db.models import Count, Max, Min

    from inbeeld.journal.models import Line

    about = Line.for_operations.filter(child=THE_CHILD)
    grouped = (
        about.values("actor", "role", "organisation")
        .annotate(first=Min("at"), last=Max("at"), times=Count("sequence"))
        .order_by("-last")
    )
    newest = about.order_by("-sequence")[:100]
    found: dict[str, Any] = {"lines_of_the_child": about.count()}
    for name, query in (("newest_100", newest), ("grouped", grouped)):
        spent = [_timed(list, query.all())[0] for _ in range(ROUNDS + 1)]
        found |= {f"{name}_first_ms": round(spent[0], 1), f"{name}_ms": _median(spent[1:])}
    return {**found, "groups": len(grouped)}


def _sizes() -> dict[str, float]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_table_size('journal_line'), pg_indexes_size('journal_line')")
        table, indexes = cursor.fetchone()
    return {"table_gb": round(table / 1e9, 2), "indexes_gb": round(indexes / 1e9, 2)}


def _timed(act: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    """Milliseconds, and what came of it."""
    began = time.perf_counter()
    result = act(*arguments)
    return (time.perf_counter() - began) * 1000, result


def _median(spent: list[float]) -> float:
    return round(statistics.median(spent), 2)


def main(arguments: list[str] | None = None) -> int:
    """Measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.journal", description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES, help=f"lines to fill in ({LINES:,})")
    parser.add_argument("--verified", type=int, default=VERIFIED, help=f"lines to verify ({VERIFIED:,})")
    parser.add_argument("--out", type=Path, help="also as a file")
    parser.add_argument("--url", required=True, help="a PostgreSQL whose user may make databases")
    asked = parser.parse_args(arguments)
    figures = measure(
        asked.lines,
        url=asked.url,
        verified=asked.verified,
        say=lambda line: print(line, file=sys.stderr, flush=True),
    )
    text = json.dumps(figures, indent=2)
    if asked.out:
        asked.out.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
