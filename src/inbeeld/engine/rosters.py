"""Who is enrolled at a school, as its rosters say, and which tables follow from them.

A roster speaks for one school on its peildatum: who is enrolled there that day. Who is on it no more left
the day before, unless it says when; who left is on no roll, and stays known. Withdrawing one is working out
what stands without it. No names come here.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inbeeld.engine.cells import SQL_TYPES
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.roster_rounds import BEGUN, COVERS, SAID, Roster, begun_file, lay_over
from inbeeld.engine.schema import ENROLMENTS, LEARNERS, SCHOOLS
from inbeeld.engine.tables import one_path, quoted, reader

if TYPE_CHECKING:
    import duckdb

NEW, LEFT, BACK, CHANGED = "new", "left", "back", "changed"
_PARQUET = "(FORMAT parquet, COMPRESSION zstd)"


@dataclass(frozen=True)
class KeptRoster:
    """What was kept of an import: learners that were read, and those whose row is on it but not clear."""

    learners: int
    unclear: int


@dataclass(frozen=True)
class Roll:
    """Birth dates by learner, and stays as rows of the table enrolments; also of who is still to come."""

    born: dict[str, date | None]
    stays: list[dict[str, Any]]


@dataclass(frozen=True)
class RosterDifference:
    """A roster beside what stood, in learners: `silent` are those of `left` who are on it no more.

    `stood`, `enrolled`: how many are enrolled there on its peildatum, without it and with it.
    """

    new: int
    left: int
    silent: int
    back: int
    changed: int
    stood: int
    enrolled: int

    @property
    def is_nothing(self) -> bool:
        return not (self.new or self.left or self.back or self.changed)


def known_as(keys: Iterable[str], *, school: str, tables: Path) -> dict[str, str]:
    """By which key the region knows the learner that a school calls so, for marks and rosters alike.

    A learner the region began with at this school has its key; any other number is the school's own. The
    key of another school's learner is nobody here.
    """
    ours, own = _ours(tables, school), f"{school}:"
    found = {}
    for key in keys:
        number = key.removeprefix(own)
        found[key] = key if key in ours else number if number in ours else f"{own}{number}"
    return found


def keep_roster(imported: Path, to: Path, *, school: str, tables: Path) -> KeptRoster:
    """The rows of an import that filled a roster, as the file `to` of a delivery. Raises BadInput."""
    file = imported / "roster.csv"
    if not file.is_file():
        raise BadInput(str(imported), "an import that filled a roster")
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in SAID.items())
    with _connected() as con:
        known = reader((tables / f"{SCHOOLS.name}.parquet",))
        if not con.execute(f"SELECT 1 FROM {known} WHERE school = ?", [school]).fetchall():
            raise BadInput("", "a school whose lesson hours and holidays are known here")
        con.execute(
            f"CREATE TABLE delivered AS SELECT * FROM read_csv('{one_path(file)}', auto_detect=false, "
            f"header=true, delim=',', quote='\"', escape='\"', columns={{{columns}}}, nullstr='')"
        )
        rename_learners(con, "delivered", school=school, tables=tables)
        # Of a learner whose row could be read once, the other row says nothing more.
        once = "ROW_NUMBER() OVER (PARTITION BY learner ORDER BY clear DESC) = 1"
        con.execute(
            f"COPY (SELECT {', '.join(SAID)} FROM delivered QUALIFY {once} ORDER BY learner) "
            f"TO '{quoted(to)}' {_PARQUET}"
        )
        clear, unclear = con.execute(
            f"SELECT COUNT(CASE WHEN clear THEN 1 END), COUNT(CASE WHEN NOT clear THEN 1 END) "
            f"FROM {reader((to,))}"
        ).fetchall()[0]
    return KeptRoster(clear, unclear)


def rename_learners(con: duckdb.DuckDBPyConnection, table: str, *, school: str, tables: Path) -> None:
    """Give the learners of a table of this connection the keys by which the region knows them."""
    keys = [key for (key,) in con.execute(f"SELECT DISTINCT learner FROM {table}").fetchall()]
    con.execute("CREATE OR REPLACE TEMP TABLE known_as (learner VARCHAR, known VARCHAR)")
    if renamed := [
        [key, known] for key, known in known_as(keys, school=school, tables=tables).items() if key != known
    ]:
        con.executemany("INSERT INTO known_as VALUES (?, ?)", renamed)
    con.execute(
        f"UPDATE {table} SET learner = known_as.known FROM known_as WHERE known_as.learner = {table}.learner"
    )


def begins_with(tables: Path, school: str) -> bool:
    """Did the region begin with learners of this school, so that it knows more than an older roster?"""
    return bool(_ours(tables, school))


def compare_roster(
    tables: Path,
    before: Sequence[Roster],
    new: Roster,
    to: Path,
    *,
    begun_on: date,
    renamed: Collection[str] = (),
) -> RosterDifference:
    """Lay a roster beside what stands of its school; each difference is a row of the CSV `to`.

    `before`: the rosters of the school that count, in the order of acceptance; `begun_on`: the day of which
    the tables were when the region began; `renamed`: learners with another name. Who leaves stands first.
    """
    with _connected() as con:
        for rosters, name in ((before, "stood"), ((*before, new), "stands")):
            lay_over(con, tables, rosters, begun_on=begun_on, schools=[new.school])
            for kind in ("stays", "births"):
                con.execute(f"CREATE TABLE {name}_{kind} AS SELECT * FROM {kind}")
        con.execute("CREATE TABLE renamed (learner VARCHAR)")
        if renamed:
            con.executemany("INSERT INTO renamed VALUES (?)", [[one] for one in renamed])
        con.execute(f"CREATE TABLE here AS SELECT learner FROM {reader((new.rows,))}")
        con.execute(_DIFFERENCES)
        order = f"list_position(['{LEFT}', '{BACK}', '{NEW}', '{CHANGED}'], kind)"
        con.execute(f"COPY (SELECT * FROM differences ORDER BY {order}, learner) TO '{quoted(to)}' (HEADER)")
        kinds = dict(con.execute("SELECT kind, COUNT(*) FROM differences GROUP BY kind").fetchall())
        silent = con.execute("SELECT COUNT(*) FROM differences WHERE silent").fetchall()[0][0]
        covers = COVERS.format(on=f"DATE '{new.on}'")
        stood, enrolled = (
            con.execute(f"SELECT COUNT(DISTINCT learner) FROM {name}_stays AS s WHERE {covers}").fetchall()[
                0
            ][0]
            for name in ("stood", "stands")
        )
    amounts = {kind: kinds.get(kind, 0) for kind in (NEW, LEFT, BACK, CHANGED)}
    return RosterDifference(**amounts, silent=silent, stood=stood, enrolled=enrolled)


def put_in_rosters(
    tables: Path, rosters: Sequence[Roster], *, begun_on: date, on: date, as_they_are: Collection[str] = ()
) -> None:
    """Let learners and enrolments in the folder `tables` be what the region began with and these rosters say.

    `rosters`: all that count in the region, those of a school in the order of acceptance. Who is to come to
    a school after `on`, and was nowhere before, is not in the tables yet: it would seem to be on no roll.
    `as_they_are`: schools of which the rosters are lost; for them the tables stay. Writes new files, never in
    those of another snapshot.
    """
    (tables / BEGUN).mkdir(exist_ok=True)
    for name in (LEARNERS.name, ENROLMENTS.name):
        began = tables / BEGUN / f"{name}.parquet"
        if not began.is_file():
            os.link(tables / f"{name}.parquet", began)
    with _connected() as con:
        if rosters or as_they_are:
            lay_over(con, tables, rosters, begun_on=begun_on)
            con.execute(
                f"CREATE TABLE known AS SELECT learner FROM met WHERE from_on <= DATE '{on}' UNION "
                f"SELECT learner FROM stays WHERE from_on <= DATE '{on}'"
            )
            _leave_as_they_are(con, tables, as_they_are)
        for name, rows in ((LEARNERS.name, _LEARNERS), (ENROLMENTS.name, _ENROLMENTS)):
            file, beside = tables / f"{name}.parquet", tables / f"{name}.new"
            if rosters or as_they_are:
                con.execute(f"COPY ({rows}) TO '{quoted(beside)}' {_PARQUET}")
                os.replace(beside, file)
            else:
                file.unlink()  # of this folder: the same file elsewhere stays
                os.link(tables / BEGUN / f"{name}.parquet", file)


def _leave_as_they_are(con: duckdb.DuckDBPyConnection, tables: Path, schools: Collection[str]) -> None:
    """Let the stays of these schools, and who is known by them alone, be those of the tables."""
    for school in schools:
        learners, enrolments = (
            reader((tables / f"{name}.parquet",)) for name in (LEARNERS.name, ENROLMENTS.name)
        )
        con.execute("INSERT INTO spoken VALUES (?, 0, NULL)", [school])
        con.execute(
            f"INSERT INTO stays SELECT school, learner, from_on, until_on, NULL FROM {enrolments} "
            "WHERE school = ?",
            [school],
        )
        own = "starts_with(learner, ? || ':')"
        con.execute(f"INSERT INTO known SELECT learner FROM {learners} WHERE {own}", [school])
        con.execute(f"INSERT INTO births SELECT learner, born_on FROM {learners} WHERE {own}", [school])


def roll_of(tables: Path, rosters: Sequence[Roster], *, begun_on: date, schools: Collection[str]) -> Roll:
    """What these rosters and the region's beginning say, of these schools and of those with a roster."""
    with _connected() as con:
        lay_over(con, tables, rosters, begun_on=begun_on, schools=schools)
        born = con.execute(
            "SELECT learner, COALESCE(n.born_on, b.born_on) FROM (SELECT learner FROM began_learners "
            "UNION SELECT learner FROM said WHERE clear) LEFT JOIN births AS n USING (learner) "
            "LEFT JOIN began_learners AS b USING (learner)"
        ).fetchall()
        stays = con.execute("SELECT learner, school, from_on, until_on FROM stays ORDER BY ALL").fetchall()
    return Roll(dict(born), [dict(zip(ENROLMENTS.names, stay, strict=True)) for stay in stays])


def _ours(tables: Path, school: str) -> set[str]:
    """The keys of the learners the region began with at a school."""
    rows = reader((begun_file(tables, ENROLMENTS.name),))
    with _connected() as con:
        found = con.execute(f"SELECT DISTINCT learner FROM {rows} WHERE school = ?", [school]).fetchall()
    return {key for (key,) in found}


def _connected() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(config={"threads": 2, "memory_limit": "500MB"})


_DIFFERENCES = f"""
CREATE TABLE differences AS
WITH each_before AS (
    SELECT
        learner, MAX(from_on) AS from_on,
        (LIST(until_on ORDER BY from_on, until_on NULLS LAST))[-1] AS until_on,
        LIST((from_on, until_on) ORDER BY from_on, until_on NULLS LAST) AS whole
    FROM stood_stays GROUP BY learner
),
each_after AS (
    SELECT
        learner, MAX(from_on) AS from_on,
        (LIST(until_on ORDER BY from_on, until_on NULLS LAST))[-1] AS until_on,
        LIST((from_on, until_on) ORDER BY from_on, until_on NULLS LAST) AS whole
    FROM stands_stays GROUP BY learner
),
laid_beside AS (
    SELECT
        COALESCE(b.learner, a.learner) AS learner,
        b.learner IS NOT NULL AS stood, a.learner IS NOT NULL AS stands,
        b.from_on AS from_before, b.until_on AS until_before, a.from_on, a.until_on,
        b.whole IS DISTINCT FROM a.whole AS stay_differs,
        COALESCE(ob.born_on, l.born_on) IS DISTINCT FROM COALESCE(nb.born_on, l.born_on) AS born_differs,
        COALESCE(a.learner, b.learner) IN (SELECT learner FROM renamed) AS name_differs
    FROM each_before AS b FULL OUTER JOIN each_after AS a USING (learner)
    LEFT JOIN began_learners AS l ON l.learner = COALESCE(b.learner, a.learner)
    LEFT JOIN stood_births AS ob ON ob.learner = COALESCE(b.learner, a.learner)
    LEFT JOIN stands_births AS nb ON nb.learner = COALESCE(b.learner, a.learner)
)
SELECT
    CASE
        WHEN NOT stood THEN '{NEW}'
        WHEN NOT stands OR (until_before IS NULL AND until_on IS NOT NULL) THEN '{LEFT}'
        WHEN until_before IS NOT NULL AND until_on IS NULL THEN '{BACK}'
        ELSE '{CHANGED}'
    END AS kind,
    learner, from_before, until_before, from_on, until_on,
    (NOT stands OR (until_before IS NULL AND until_on IS NOT NULL)) AND stood
        AND learner NOT IN (FROM here) AS silent,
    stay_differs, stood AND born_differs AS born_differs, stood AND name_differs AS name_differs
FROM laid_beside
WHERE stay_differs OR born_differs OR name_differs
"""

_LEARNERS = f"""
SELECT
    learner, COALESCE(n.born_on, b.born_on) AS born_on,
    b.basic_qualification::{SQL_TYPES["truth"]} AS basic_qualification
FROM (SELECT learner FROM known UNION SELECT learner FROM began_learners)
LEFT JOIN births AS n USING (learner)
LEFT JOIN began_learners AS b USING (learner)
ORDER BY learner
"""

_ENROLMENTS = """
SELECT learner, school, from_on, until_on FROM began_enrolments
WHERE school NOT IN (SELECT school FROM spoken)
UNION ALL
SELECT learner, school, from_on, until_on FROM stays
WHERE
    learner IN (SELECT learner FROM known) OR learner IN (SELECT learner FROM began_learners)
    OR learner IN (SELECT learner FROM began_enrolments)
ORDER BY learner, from_on, school, until_on
"""
