"""The steps from marks to verdicts: the SQL of sql/, run in the order of the file names.

What a definition says comes from the kernel as an expression, so nobody writes a rule twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from inbeeld.engine.tables import Source, quoted, reader, within
from inbeeld.kernel.calendar import ONE_DAY, school_year_begin
from inbeeld.kernel.definitions import early_absence, phases, report_duty
from inbeeld.kernel.definitions.compulsory_age import of_compulsory_age
from inbeeld.kernel.facts import FACT_COLUMNS, facts_as_columns
from inbeeld.kernel.region import Region

if TYPE_CHECKING:
    import duckdb

SQL = Path(__file__).parent / "sql"
MARKS_AT_ONCE = 12_000_000

TABLES_OUT = {
    "episodes": (
        "SELECT learner, family, first_on, last_on, school_days, ongoing "
        "FROM episodes JOIN learner_ids USING (id) ORDER BY id, family, first_on"
    ),
    "report_duties": (
        "SELECT learner, begins_on, ends_on, hours "
        "FROM report_duties JOIN learner_ids USING (id) ORDER BY id, ends_on"
    ),
    "sick_alerts": (
        'SELECT learner, alert_on AS "on", rule '
        "FROM sick_alerts JOIN learner_ids USING (id) ORDER BY id, alert_on, rule"
    ),
    "facts": f"SELECT {', '.join(FACT_COLUMNS)} FROM wide_facts ORDER BY learner",
    "verdicts": "SELECT learner, definition, outcome FROM verdicts ORDER BY learner, definition",
}


@dataclass
class Run:
    """One judgement under way: where it writes, how long each stage took, and what was not counted."""

    con: duckdb.DuckDBPyConnection
    on: date
    region: Region
    progress: Callable[[str], None]
    beside: Path
    seconds: dict[str, float] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    not_in_learners: int = 0
    without_minutes: int = 0
    answers: dict[str, dict[str, int]] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; stages of the same name add up."""
        began = time.perf_counter()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - began, 3)

    def everyone(self, sources: dict[str, Source]) -> None:
        """Judge all learners, range by range of their keys, so that memory does not grow with the country."""
        ranges = self.learner_ranges(sources)
        self.relate(sources, "TRUE")
        with self.stage("calendars"):
            self.run("01_calendars", hour_units=self.hour_units())
        for number, condition in enumerate(ranges):
            self.progress(f"judging, part {number + 1} of {len(ranges)}")
            self.relate(sources, condition)
            self.these_learners(sources, condition)
            with self.stage("writing"):
                self.write(number, last=len(ranges) - 1)

    def learner_ranges(self, sources: dict[str, Source]) -> list[str]:
        """Conditions on the learner key that split the region into parts of about MARKS_AT_ONCE marks."""
        parts = -(-sources["marks"].rows // MARKS_AT_ONCE)
        if parts <= 1:
            return ["TRUE"]
        known = " UNION ".join(
            f"SELECT learner FROM {sources[name].relation}" for name in ("learners", "enrolments")
        )
        cuts = [
            key.replace("'", "''")
            for (key,) in self.con.execute(
                f"SELECT MIN(learner) FROM (SELECT learner, NTILE({parts}) OVER (ORDER BY learner) AS part "
                f"FROM ({known})) GROUP BY part ORDER BY part"
            ).fetchall()[1:]
        ]
        if not cuts:
            return ["TRUE"]
        between = [
            f"learner >= '{low}' AND learner < '{high}'" for low, high in zip(cuts, cuts[1:], strict=False)
        ]
        return [f"learner < '{cuts[0]}'", *between, f"learner >= '{cuts[-1]}'"]

    def relate(self, sources: dict[str, Source], condition: str) -> None:
        """Name the tables of contract §2 as views, those about learners narrowed to one range."""
        for name, source in sources.items():
            narrowed = source if name in ("schools", "calendar") else within(source, condition)
            self.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {narrowed.relation}")

    def these_learners(self, sources: dict[str, Source], condition: str) -> None:
        """Marks to facts to verdicts for the learners the views now show."""
        with self.stage("marks to days"):
            self.run("02_stays")
            self.run("03_marked_days", marks="marks", missed=_sql("03_missed_columns"))
            self.repair(sources["marks"], condition)
            self.run("05_days")
            self.count_marks()
        with self.stage("days to facts"):
            self.run("06_episodes")
            minutes = report_duty.HOURS * report_duty.MINUTES_IN_AN_HOUR
            self.run("07_report_duties", minutes=minutes, school_weeks=report_duty.SCHOOL_WEEKS)
            self.run(
                "08_sick_alerts",
                reports=early_absence.MAZL_REPORTS,
                school_weeks=early_absence.MAZL_SCHOOL_WEEKS,
                days_in_a_row=early_absence.MAZL_DAYS_IN_A_ROW,
            )
            self.run(
                "09_shares",
                before_year=school_year_begin(self.on) - ONE_DAY,
                alternating_weeks=early_absence.ALTERNATING_SCHOOL_WEEKS,
                alternating_parts=early_absence.ALTERNATING_PARTS,
            )
            self.run(
                "10_facts",
                phase_two_from=phases.FIRST_PHASE.latest_first_exceeding(self.on),
                phase_three_from=phases.SECOND_PHASE.latest_first_exceeding(self.on),
                of_compulsory_age=of_compulsory_age.sql(facts_as_columns(on=self.on)),
                **{f"layer_{window}": self.layer(window) for window in ("ytd", "4w", "12w")},
            )
        with self.stage("facts to verdicts"):
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE verdicts AS {self.verdicts()}")
            self.count_answers()

    def run(self, step: str, **values: object) -> None:
        """Run one file of SQL with its gaps filled."""
        gaps = {"on": self.on.isoformat(), "year_begin": school_year_begin(self.on).isoformat()} | values
        self.con.execute(Template(_sql(step)).substitute(gaps))

    def repair(self, marks: Source, condition: str) -> None:
        """Decide marks that were delivered twice, if there are any."""
        found = self.con.execute("SELECT COUNT(*) FROM repeated_days").fetchone()
        placed = (
            f"(SELECT * FROM {marks.placed()} WHERE {condition})"
            if found and found[0]
            else self.no_marks(marks)
        )
        self.run("04_repeated_marks", placed_marks=placed, missed=_sql("03_missed_columns"))

    def no_marks(self, marks: Source) -> str:
        return f"(SELECT *, 0 AS file_no, 0 AS row_no FROM {marks.relation} LIMIT 0)"

    def hour_units(self) -> str:
        return " ".join(
            f"WHEN '{sector}' THEN '{unit}'" for sector, unit in sorted(self.region.hour_units.items())
        )

    def layer(self, window: str) -> str:
        """The layer of the pyramid as SQL; compared as whole numbers, never as a rounded share (§3.7)."""
        absent, scheduled = f"COALESCE(missed.absent_{window}, 0)", f"scheduled.scheduled_{window}"
        reached = " + ".join(
            f"CASE WHEN {absent} * 100 >= {scheduled} * {cut} THEN 1 ELSE 0 END"
            for cut in self.region.layer_cuts
        )
        enough = f"scheduled.days_{window} >= {self.region.layer_minimum_days} AND {scheduled} > 0"
        return f"CASE WHEN {enough} THEN CAST({reached} AS INTEGER) END"

    def verdicts(self) -> str:
        """One SELECT per definition in force; *no* is left out. Before any was in force, nothing is said."""
        columns = facts_as_columns(on=self.on)
        said = [
            f"SELECT learner, '{one.key}' AS definition, "
            "CASE WHEN says THEN 'yes' ELSE 'unknown' END AS outcome "
            f"FROM (SELECT learner, {one.sql(columns)} AS says FROM wide_facts) "
            "WHERE says IS DISTINCT FROM FALSE"
            for one in self.region.definitions(self.on)
        ]
        return " UNION ALL ".join(
            said or ["SELECT learner, '' AS definition, '' AS outcome FROM wide_facts LIMIT 0"]
        )

    def count_answers(self) -> None:
        """How many learners each definition says yes or not known of; a figure that leads to its rows."""
        for one in self.region.definitions(self.on):
            self.answers.setdefault(one.key, {"yes": 0, "unknown": 0})
        found = self.con.execute("SELECT definition, outcome, COUNT(*) FROM verdicts GROUP BY ALL").fetchall()
        for definition, outcome, number in found:
            self.answers[definition][outcome] += number

    def count_marks(self) -> None:
        """Every delivered mark is counted or has a reason why not."""
        found = self.con.execute(Template(_sql("05_marks_counted")).substitute(on=self.on.isoformat()))
        names = [column[0] for column in found.description or ()]
        for name, number in zip(names, found.fetchall()[0], strict=True):
            self.marks[name] = self.marks.get(name, 0) + int(number)
        self.not_in_learners += self._number(
            "SELECT COUNT(*) FROM learner_ids WHERE learner NOT IN (SELECT learner FROM learners)"
        )
        self.without_minutes += self._number(
            "SELECT COUNT(*) FROM marks JOIN learner_ids USING (learner) JOIN days USING (id, date) "
            "JOIN periods ON periods.id = days.id AND days.date BETWEEN periods.from_on AND periods.until_on "
            "JOIN school_ids ON school_ids.school_id = periods.school_id WHERE marks.minutes IS NULL "
            "AND status = 'absent' AND marks.permission = FALSE AND hour_unit = 'clock' AND days.counts"
        )

    def _number(self, select: str) -> int:
        return int(self.con.execute(select).fetchall()[0][0])

    def write(self, number: int, *, last: int) -> None:
        """Write this part; after the last one, join the parts in order."""
        for name, select in TABLES_OUT.items():
            final = self.beside / f"{name}.parquet"
            part = final if last == 0 else self.beside / f"{name}.{number}.part"
            self.copy(select, part)
            if last and number == last:
                parts = [self.beside / f"{name}.{one}.part" for one in range(last + 1)]
                self.copy(f"SELECT * FROM {reader(tuple(parts))}", final)
                for one in parts:
                    one.unlink()

    def copy(self, select: str, file: Path) -> None:
        """Write rows in their order: the same rows give the same bytes."""
        self.con.execute("SET preserve_insertion_order = true")
        self.con.execute(f"COPY ({select}) TO '{quoted(file)}' (FORMAT parquet, COMPRESSION zstd)")
        self.con.execute("SET preserve_insertion_order = false")


def _sql(step: str) -> str:
    return (SQL / f"{step}.sql").read_text(encoding="utf-8")
