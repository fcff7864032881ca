"""The reads behind the list In beeld: one query for the rows, one for the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Value

from inbeeld.access.actor import Actor
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.aftercare import Aftercare
from inbeeld.kernel.definition import Definition
from inbeeld.learners.access_page import SeenDirection
from inbeeld.learners.directing import directions_of
from inbeeld.learners.models import Judgement, Standing, Verdict
from inbeeld.learners.reasons import ABOUT_SICKNESS
from inbeeld.learners.seen import SeenChild, see
from inbeeld.learners.snapshot import judged_by
from inbeeld.organisations.models import Kind, Organisation, Role, Sector

ROWS_ON_A_PAGE = 50
#: 0: not at home in the sense of the phases, so on no roll, exempt, or coming and going
PHASES = ("1", "2", "3", "0")
OUTCOMES = ("yes", "unknown")
#: How it goes after a return, within a year.
COURSES = tuple(one.value for one in Aftercare)
#: Who stands on the list when no definition is chosen.
ON_THE_LIST = Q(in_sight=True) | Q(aftercare__in=COURSES)
NO_LIST = frozenset({"compulsory-age"})
FIRST_CHOICE = {
    Role.SWV_COORDINATOR.value: "thuiszitter-swv",
    Role.LEERPLICHT_DESK.value: "thuiszitter-lrv",
}
EVERYONE = "everyone"
#: The school has not said of every day of the absence whether there was permission.
NOT_SAID = Q(open_since__isnull=False) & (
    Q(without_since__isnull=True) | Q(open_since__lt=F("without_since"))
)


@dataclass(frozen=True)
class Choice:
    """What the visitor asked of the list; every part comes from the address and is checked."""

    definition: Definition | None = None
    outcome: str = ""
    phase: str = ""
    course: str = ""
    sector: str = ""
    municipality: str = ""
    school: str = ""

    def address(self, *, page: int | None = None, **changes: str) -> str:
        """The address of the list with some parts changed."""
        chosen = replace(self, **changes) if changes else self
        parts = {
            "definition": chosen.definition.key if chosen.definition else EVERYONE,
            "outcome": chosen.outcome,
            "phase": chosen.phase,
            "course": chosen.course,
            "sector": chosen.sector,
            "municipality": chosen.municipality,
            "school": chosen.school,
            "page": str(page) if page and page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    @property
    def is_filtered(self) -> bool:
        return any((self.outcome, self.phase, self.course, self.sector, self.municipality, self.school))


@dataclass(frozen=True)
class Counts:
    """How many children: under the choice, by answer, by phase, after a return, and for the sentence on top.

    `long` and `long_not_known` are of exactly the rows of the list: not known is whether a child counts,
    or without a definition whether there is permission.
    """

    all: int
    yes: int
    unknown: int
    phases: Mapping[str, int]
    all_phases: int
    courses: Mapping[str, int]
    all_courses: int
    long: int
    long_not_known: int


@dataclass(frozen=True)
class InSight:
    """The list In beeld for one actor and one choice."""

    actor: Actor
    judgement: Judgement
    choice: Choice

    @cached_property
    def counts(self) -> Counts:
        """One query that counts alike rows together; each count leads to a list of exactly that many rows."""
        alike = (
            self._base()
            .annotate(not_said=ExpressionWrapper(NOT_SAID, output_field=BooleanField()))
            .values_list("outcome", "phase", "aftercare", "not_said")
            .annotate(number=Count("pk"))
            .order_by()
        )
        here: Counter[str] = Counter()
        phases: Counter[str] = Counter()
        courses: Counter[str] = Counter()
        chosen = self.choice
        for outcome, phase, course, not_said, number in alike:
            has_outcome = chosen.definition is None or chosen.outcome in ("", outcome)
            has_phase, has_course = chosen.phase in ("", str(phase)), chosen.course in ("", course)
            phases[str(phase)] += number if has_outcome and has_course else 0
            courses[course] += number if has_outcome and has_phase else 0
            if not has_phase or not has_course:
                continue
            here["all"] += number
            here[outcome] += number
            if phase >= 2 and has_outcome:
                here["long"] += number
                not_known = not_said if chosen.definition is None else outcome == "unknown"
                here["long_not_known"] += number if not_known else 0
        return Counts(
            all=here["all"],
            yes=here["yes"],
            unknown=here["unknown"],
            phases={phase: phases[phase] for phase in PHASES},
            all_phases=phases.total(),
            courses={course: courses[course] for course in COURSES},
            all_courses=courses.total(),
            long=here["long"],
            long_not_known=here["long_not_known"],
        )

    def page(self, number: str) -> Page[Standing]:
        """One page of rows, longest away first."""
        rows = self._within_course(self._within_phase(self._within_outcome(self._base())))
        ordered = rows.select_related("learner", "school").order_by(
            F("counts_from").asc(nulls_last=True),
            F("home_until").desc(nulls_last=True),  # of who came back, the last to do so first
            "-alternating_days",
            "pk",
        )
        paginator = Paginator(ordered, ROWS_ON_A_PAGE)
        # The count is known already: do not ask it twice.
        paginator.count = self._rows_counted()
        return paginator.get_page(number)

    @cached_property
    def returned(self) -> tuple[int, str]:
        """How many came back, and the list of them. A definition of who is at home now leaves none of them:
        then all who came back are listed without it."""
        course = Aftercare.RETURNED.value
        here = self.counts.courses[course]
        if here or self.choice.definition is None:
            return here, self.choice.address(course=course)
        wide = replace(self.choice, definition=None, outcome="", phase="", course=course)
        return replace(self, choice=wide).counts.all, wide.address()

    def _rows_counted(self) -> int:
        if self.choice.outcome == "yes":
            return self.counts.yes
        return self.counts.unknown if self.choice.outcome == "unknown" else self.counts.all

    def _base(self) -> QuerySet[Standing]:
        rows = Standing.objects.visible_to(self.actor)
        if self.choice.definition is None:
            rows = rows.filter(ON_THE_LIST).annotate(outcome=Value(""), missing=Value(""))
        else:
            verdicts = Verdict.objects.visible_to(self.actor).filter(definition=self.choice.definition.key)
            rows = rows.filter(verdicts__in=verdicts.values("pk")).annotate(
                outcome=F("verdicts__outcome"), missing=F("verdicts__missing")
            )
        if self.choice.sector:
            rows = rows.filter(school__sector=self.choice.sector)
        if self.choice.municipality:
            rows = rows.filter(learner__municipality=self.choice.municipality)
        if self.choice.school:
            rows = rows.filter(school__key=self.choice.school)
        return rows

    def _within_phase(self, rows: QuerySet[Standing]) -> QuerySet[Standing]:
        return rows.filter(phase=int(self.choice.phase)) if self.choice.phase else rows

    def _within_course(self, rows: QuerySet[Standing]) -> QuerySet[Standing]:
        return rows.filter(aftercare=self.choice.course) if self.choice.course else rows

    def _within_outcome(self, rows: QuerySet[Standing]) -> QuerySet[Standing]:
        if not self.choice.outcome or self.choice.definition is None:
            return rows
        return rows.filter(outcome=self.choice.outcome)


def definitions_for(actor: Actor, judgement: Judgement) -> list[Definition]:
    """The definitions an actor may sort children by, those of thuiszitter first."""
    allowed = [
        one
        for one in judged_by(judgement)
        if one.subject not in NO_LIST and (one.subject not in ABOUT_SICKNESS or _learns_reasons(actor))
    ]
    return sorted(allowed, key=lambda one: one.subject != "thuiszitter")


def _learns_reasons(actor: Actor) -> bool:
    """Could there be a reason this actor may know? Which, the rows say."""
    at_school = actor.organisation is not None and actor.organisation.kind == Kind.SCHOOL
    return at_school or any(row.cells[FieldClass.MED] != "." for row in actor.rows)


@dataclass(frozen=True)
class SeenRow:
    """One row of the list: the child, its verdict under the definition of choice, and who holds direction.

    `cause`: those one may read; `contact`, `agreement`: the last and the next one, as rooms above say it.
    """

    child: SeenChild
    outcome: str
    missing: str
    direction: SeenDirection | None
    cause: str = ""
    contact: str = ""
    agreement: str = ""


def seen_rows(actor: Actor, page: Page[Standing]) -> list[SeenRow]:
    """What the actor may see of the rows of a page, noted for the log."""
    rows = list(page.object_list)
    seen = see(actor, [row.learner for row in rows], action="listed")
    directions = directions_of(actor, Q(child__in=[row.learner_id for row in rows]))
    return [
        SeenRow(seen[row.learner.reference], row.outcome, row.missing, directions.get(row.learner_id))
        for row in rows
        if row.learner.reference in seen and seen[row.learner.reference].standing is not None
    ]


def choice_of(asked: Mapping[str, str], *, definitions: list[Definition], actor: Actor) -> Choice:
    """Read the address; what is not one of the possible answers is left out."""
    first = FIRST_CHOICE.get(actor.role, EVERYONE)
    definition = None
    if asked.get("definition") != EVERYONE:
        definition = _named(asked.get("definition", ""), definitions) or _named(first, definitions)
    return Choice(
        definition=definition,
        outcome=_one_of(asked.get("outcome", ""), OUTCOMES) if definition else "",
        phase=_one_of(asked.get("phase", ""), PHASES),
        course=_one_of(asked.get("course", ""), COURSES),
        sector=_one_of(asked.get("sector", ""), Sector.values),
        municipality=_plain(asked.get("municipality", "")),
        school=_plain(asked.get("school", "")),
    )


def places_of(actor: Actor) -> tuple[list[Organisation], list[str]]:
    """The schools and the municipalities to filter by: none for a school, no other for a municipality."""
    here = actor.organisation
    if here is None or here.kind == Kind.SCHOOL:
        return [], []
    listed = Standing.objects.visible_to(actor).filter(ON_THE_LIST)
    found = set(listed.values_list("school", "learner__municipality").distinct())
    schools = Organisation.objects.filter(pk__in={school for school, _ in found if school is not None})
    municipalities = {name for _, name in found if name and here.kind != Kind.MUNICIPALITY}
    return list(schools.order_by("name", "key")), sorted(municipalities)


def _named(key: str, definitions: list[Definition]) -> Definition | None:
    """The definition with this key, with or without its version."""
    return next((one for one in definitions if key in (one.key, one.key.split("@")[0])), None)


def _plain(value: str) -> str:
    """A short text without control characters, which no database should be asked for."""
    return value[:100] if value.isprintable() else ""


def _one_of(value: str, possible: tuple[str, ...] | list[str]) -> str:
    return value if value in possible else ""
