"""Everything on the page of one child, worked out of the snapshot with the definitions themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbeeld.access.actor import Actor
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.attendance import Attendance, SickAlert
from inbeeld.kernel.calendar import school_year_begin
from inbeeld.kernel.definition import Verdict
from inbeeld.kernel.definitions import compulsory_age
from inbeeld.kernel.duo import Due, dues
from inbeeld.kernel.facts import facts_of_child
from inbeeld.kernel.truth import Outcome
from inbeeld.learners.exemptions import SeenExemption, exemptions_of
from inbeeld.learners.file import EntriesSeen, SeenAddress, addresses_of, entries_of, number_of
from inbeeld.learners.models import Enrolment, Judgement, Learner
from inbeeld.learners.reasons import ABOUT_SICKNESS, known_reasons
from inbeeld.learners.ribbon import Ribbon, ribbon_of
from inbeeld.learners.seen import SeenChild, SeenStanding, see
from inbeeld.learners.snapshot import attendance_of, judged_by
from inbeeld.learners.spells import Pattern, Spell, pattern_of, spells_of, years_of
from inbeeld.learners.timetable import Timetable, timetable_of
from inbeeld.learners.wording import written

THUISZITTER = gettext_lazy("Thuiszitter: who counts under which agreement")
AT_HOME = gettext_lazy("At home: phases, and absolute absence")
SIGNALS = gettext_lazy("Signals and duties")


@dataclass(frozen=True)
class ChildPage:
    """What one actor may see of one child on the day of the judgement, and nothing besides."""

    seen: SeenChild
    ribbon: Ribbon
    timetable: Timetable | None
    #: The first day of the school year that is drawn, and of each that can be.
    year: date
    years: tuple[date, ...]
    spells: tuple[Spell, ...]
    pattern: Pattern
    verdicts: tuple[Verdict, ...]
    dues: tuple[Due, ...]
    alerts: tuple[SickAlert, ...] | None
    exemptions: tuple[SeenExemption, ...]
    enrolments: tuple[Enrolment, ...]
    entries: EntriesSeen
    addresses: tuple[SeenAddress, ...]
    number: str
    #: May an address, or the number, be read where there is one? Then it is said that there is none.
    reads_addresses: bool
    reads_number: bool
    not_known: tuple[str, ...]

    @property
    def standing(self) -> SeenStanding:
        assert self.seen.standing is not None
        return self.seen.standing

    @property
    def striking(self) -> list[tuple[str, list[Verdict]]]:
        """Yes and not known in groups, yes first; being of school age is no news."""
        found = [one for one in self.verdicts if one.outcome is not Outcome.NO and not _is_no_news(one)]
        found.sort(key=lambda one: -one.outcome)
        grouped = [
            (str(title), [one for one in found if _group_of(one) is title])
            for title in (THUISZITTER, AT_HOME, SIGNALS)
        ]
        return [(title, verdicts) for title, verdicts in grouped if verdicts]

    @property
    def others(self) -> list[Verdict]:
        """No, and the definitions that say nothing new."""
        return [one for one in self.verdicts if one.outcome is Outcome.NO or _is_no_news(one)]

    @property
    def thuiszitter_outcomes(self) -> list[Outcome]:
        return [one.outcome for one in self.verdicts if one.definition.subject == "thuiszitter"]

    @property
    def report_duty_is_not_known(self) -> bool:
        """Would there be a duty if the absence proved to be without permission?"""
        return any(
            one.definition.subject == "report-duty" and one.outcome is Outcome.UNKNOWN
            for one in self.verdicts
        )


def _group_of(verdict: Verdict) -> Any:
    subject = verdict.definition.subject
    if subject == "thuiszitter":
        return THUISZITTER
    return AT_HOME if subject.startswith("phase-") or subject == "absolute-absence" else SIGNALS


def _is_no_news(verdict: Verdict) -> bool:
    """Being of school age; and shares that cannot be told yet, said in the box of what is not known."""
    if verdict.definition is compulsory_age.of_compulsory_age:
        return verdict.outcome is Outcome.YES
    return verdict.definition.subject.startswith("layer-") and verdict.outcome is Outcome.UNKNOWN


def child_page(
    actor: Actor, reference: UUID, *, judgement: Judgement, year: int | None = None
) -> ChildPage | None:
    """The page of a child this actor may see; None for a child that is foreign or unknown alike.

    `year`: in which the school year to draw begins; None, or one without marks: that of the judgement.
    """
    learner = learner_for(actor, reference)
    if learner is None:
        return None
    seen = see(actor, [learner]).get(reference)
    if seen is None or seen.standing is None:
        return None
    attendance = attendance_of(learner.key, judgement=judgement)
    knows = known_reasons(seen.permit, attendance)
    alerts = tuple(alert for alert in reversed(attendance.sick_alerts) if knows.until(alert.on))
    facts = facts_of_child(attendance.facts, on=judgement.on)
    verdicts = tuple(
        definition.verdict(facts)
        for definition in judged_by(judgement)
        if definition.subject not in ABOUT_SICKNESS or knows.until(judgement.on)
    )
    years = years_of(attendance)
    drawn = next((one for one in years if one.year == year), school_year_begin(judgement.on))
    timetable = timetable_of(attendance, knows, year=drawn)
    agreed = frozenset() if timetable is None else timetable.days
    return ChildPage(
        seen=seen,
        ribbon=ribbon_of(attendance, alerts=alerts, agreed=agreed, year=drawn),
        timetable=timetable,
        year=drawn,
        years=years,
        spells=spells_of(attendance),
        pattern=pattern_of(attendance, year=drawn),
        verdicts=verdicts,
        dues=dues(attendance),
        alerts=alerts if knows.anything else None,
        exemptions=exemptions_of(seen.permit, attendance),
        enrolments=tuple(
            Enrolment.objects.about(seen.permit.reach).select_related("school").order_by("-from_on", "-pk")
        ),
        entries=entries_of(seen.permit, learner),
        addresses=addresses_of(seen.permit, learner),
        number=number_of(seen.permit, learner),
        reads_addresses=bool(seen.permit.may(FieldClass.ADR)),
        reads_number=bool(seen.permit.may(FieldClass.NUM)),
        not_known=tuple(_questions(seen, attendance)),
    )


def learner_for(actor: Actor | None, reference: UUID) -> Learner | None:
    """The learner with this reference, if the actor may know of it."""
    return (
        Learner.objects.visible_to(actor)
        .filter(reference=reference)
        .select_related("standing", "standing__school")
        .first()
    )


def _questions(seen: SeenChild, attendance: Attendance) -> Iterator[str]:
    """The missing facts, each as a question to someone."""
    facts = attendance.facts
    school = seen.school or _("the school")
    open_since, without = facts.ongoing_open_since, facts.ongoing_without_since
    if open_since is not None and open_since != without:
        yield _("Ask {school}: was the absence since {since} with or without permission?").format(
            school=school, since=written(open_since)
        )
    if facts.born_on is None:
        yield _("Ask {school} or the municipality for the birth date.").format(school=school)
    elif facts.of_compulsory_age is None and facts.basic_qualification is None:
        yield _(
            "Find out whether there is a basic qualification: until eighteen school is compulsory without it."
        )
    if facts.enrolled and facts.layer_ytd is None:
        yield _("Fewer than {number} school days this year: too few to say which share was missed.").format(
            number=written(attendance.region.layer_minimum_days)
        )
    if facts.phase == 3:
        yield _("Three months have passed: is there a suitable offer? The lists do not say; people do.")
    if not facts.enrolled and not facts.exempt:
        yield _("Which school is going to enrol this child? Ask the municipality and the last school.")
