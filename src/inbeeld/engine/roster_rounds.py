"""Rosters laid one over the other: from what the region began with to the stays that stand.

In the order of their days, whatever the order in which they came; of two of a school for the same day the
later accepted holds. Each is a round for all schools at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from inbeeld.engine.schema import ENROLMENTS, LEARNERS
from inbeeld.engine.tables import reader

if TYPE_CHECKING:
    import duckdb

#: In the tables of a snapshot: learners and enrolments as the region began with them, before any roster.
BEGUN = "begun"
#: What a row of a roster says. Not `clear`: the learner is on it, and nothing else could be read.
SAID = {"learner": "VARCHAR", "born_on": "DATE", "from_on": "DATE", "until_on": "DATE"} | dict.fromkeys(
    ("from_said", "clear"), "BOOLEAN"
)
#: Somebody (s) is enrolled on a day.
COVERS = "s.from_on <= {on} AND (s.until_on IS NULL OR s.until_on >= {on})"


@dataclass(frozen=True)
class Roster:
    """The rows of one roster (a Parquet file with one row a learner), its school and its peildatum."""

    rows: Path
    school: str
    on: date


def lay_over(
    con: duckdb.DuckDBPyConnection,
    tables: Path,
    rosters: Sequence[Roster],
    *,
    begun_on: date,
    schools: Collection[str] = (),
) -> None:
    """Make the tables `stays` of the schools of these rosters and of `schools`, `births` and `met`.

    Also `began_learners`, `began_enrolments`, `spoken` and `said`. `met`: who a roster knew to have been
    there; `seen_on`, of a stay: the last day on which it was known to be.
    """
    for table in (LEARNERS, ENROLMENTS):
        con.execute(
            f"CREATE OR REPLACE TABLE began_{table.name} AS SELECT {', '.join(table.names)} "
            f"FROM {reader((begun_file(tables, table.name),))}"
        )
    con.execute("CREATE OR REPLACE TABLE spoken (school VARCHAR, number INTEGER, spoke_on DATE)")
    con.execute(
        "CREATE OR REPLACE TABLE said (school VARCHAR, number INTEGER, spoke_on DATE, "
        f"{', '.join(f'{name} {kind}' for name, kind in SAID.items())})"
    )
    rounds: dict[str, int] = {}
    for one in sorted(rosters, key=lambda each: each.on):  # which leaves those of a day as they were accepted
        number = rounds[one.school] = rounds.get(one.school, 0) + 1
        con.execute("INSERT INTO spoken VALUES (?, ?, ?)", [one.school, number, one.on])
        con.execute(
            f"INSERT INTO said SELECT ?, ?, ?, {', '.join(SAID)} FROM {reader((one.rows,))}",
            [one.school, number, one.on],
        )
    con.execute(
        "CREATE OR REPLACE TABLE stays AS SELECT school, learner, from_on, until_on, "
        f"CASE WHEN from_on <= DATE '{begun_on}' THEN LEAST(until_on, DATE '{begun_on}') END AS seen_on "
        "FROM began_enrolments WHERE list_contains(?, school) OR school IN (SELECT school FROM spoken)",
        [[*schools]],
    )  # fmt: skip
    con.execute("CREATE OR REPLACE TABLE met (learner VARCHAR, from_on DATE)")
    for number in range(1, max(rounds.values(), default=0) + 1):
        for statement in (
            _AIMS,
            _NEXT_STAYS,
            "INSERT INTO met SELECT learner, from_on FROM aims WHERE from_on <= spoke_on",
        ):
            con.execute(statement.replace("$number", str(number)))
        con.execute("CREATE OR REPLACE TABLE stays AS FROM next_stays")
    con.execute(
        "CREATE OR REPLACE TABLE births AS SELECT learner, born_on FROM said "
        "WHERE clear AND born_on IS NOT NULL "
        "QUALIFY ROW_NUMBER() OVER (PARTITION BY learner ORDER BY spoke_on DESC, school, number DESC) = 1"
    )


def begun_file(tables: Path, name: str) -> Path:
    """The file of a table as the region began with it."""
    began = tables / BEGUN / f"{name}.parquet"
    return began if began.is_file() else tables / f"{name}.parquet"


#: From when a roster says that each learner on it is there. Without a date of entry: from when it was known
#: to be; who left before it was known, is not known.
_AIMS = f"""
CREATE OR REPLACE TABLE aims AS
WITH stood AS (
    SELECT
        r.*,
        MIN(CASE WHEN {COVERS.format(on="r.spoke_on")} THEN s.from_on END) AS open_from,
        MAX(CASE WHEN s.from_on <= r.spoke_on THEN s.from_on END) AS last_from,
        MAX(CASE WHEN s.from_on <= r.spoke_on THEN s.until_on END) AS last_until
    FROM said AS r LEFT JOIN stays AS s USING (school, learner)
    WHERE r.number = $number AND r.clear
    GROUP BY ALL
),
since AS (
    SELECT
        *,
        CASE
            WHEN from_said THEN from_on
            WHEN open_from IS NOT NULL THEN open_from
            WHEN until_on < spoke_on THEN COALESCE(last_from, from_on)
            WHEN last_until >= from_on THEN last_until + 1
            ELSE from_on
        END AS begun_from
    FROM stood
)
SELECT
    school, learner, spoke_on, until_on,
    CASE WHEN until_on < begun_from THEN until_on ELSE begun_from END AS from_on
FROM since
WHERE begun_from IS NOT NULL
"""

#: What stands after it: of who is on it that stay, of who is on it no more an end. A stay in which somebody
#: was seen before the day it now says, was another one and ended before; any other is said anew.
_NEXT_STAYS = """
CREATE OR REPLACE TABLE next_stays AS
SELECT
    s.school, s.learner, s.from_on,
    CASE
        WHEN p.school IS NULL OR (r.learner IS NOT NULL AND a.learner IS NULL) THEN s.until_on
        WHEN r.learner IS NULL AND (s.until_on IS NULL OR s.until_on >= p.spoke_on) THEN p.spoke_on - 1
        WHEN r.learner IS NOT NULL AND (s.until_on IS NULL OR s.until_on >= a.from_on) THEN a.from_on - 1
        ELSE s.until_on
    END AS until_on,
    s.seen_on
FROM stays AS s
LEFT JOIN spoken AS p ON p.school = s.school AND p.number = $number
LEFT JOIN said AS r ON r.school = s.school AND r.learner = s.learner AND r.number = $number
LEFT JOIN aims AS a ON a.school = s.school AND a.learner = s.learner
WHERE
    CASE
        WHEN p.school IS NULL THEN TRUE
        WHEN r.learner IS NULL THEN s.from_on < p.spoke_on
        WHEN a.learner IS NULL THEN TRUE
        ELSE s.until_on < a.from_on OR (s.from_on < a.from_on AND s.seen_on < a.from_on)
    END
UNION ALL
SELECT
    school, learner, from_on, until_on,
    CASE WHEN from_on > spoke_on THEN NULL WHEN until_on < spoke_on THEN until_on ELSE spoke_on END
FROM aims
"""
