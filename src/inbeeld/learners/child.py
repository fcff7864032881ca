"""Everything on the page of one child, worked out of the snapshot with the definitions themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbeeld.access.actor import Actor
from inbeeld.kernel.attendance import Attendance, ReportDuty, SickAlert
from inbeeld.kernel.definition import Verdict
from inbeeld.kernel.definitions import compulsory_age
from inbeeld.kernel.facts import facts_of_child
from inbeeld.kernel.truth import Outcome
from inbeeld.learners.models import Enrolment, Judgement, Learner, Standing
from inbeeld.learners.queries import ABOUT_SICKNESS
from inbeeld.learners.ribbon import Ribbon, ribbon_of
from inbeeld.learners.snapshot import attendance_of, judged_by
from inbeeld.learners.wording import written

THUISZITTER = gettext_lazy("Thuiszitter: who counts under which agreement")
AT_HOME = gettext_lazy("At home: phases, and absolute absence")
SIGNALS = gettext_lazy("Signals and duties")


@dataclass(frozen=True)
class ChildPage:
    """One child, for one actor, on the day of the judgement."""

    actor: Actor
    learner: Learner
    standing: Standing
    judgement: Judgement
    attendance: Attendance

    @cached_property
    def ribbon(self) -> Ribbon:
        return ribbon_of(self.attendance, sickness=self.actor.reach.sickness)

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Under every definition in force; those on sickness only for who may know of it."""
        facts = facts_of_child(self.attendance.facts, on=self.judgement.on)
        return [
            definition.verdict(facts)
            for definition in judged_by(self.judgement)
            if self.actor.reach.sickness or definition.subject not in ABOUT_SICKNESS
        ]

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
    def duties(self) -> list[ReportDuty]:
        """The duties to report, the latest first."""
        return self.attendance.report_duties[::-1]

    @property
    def report_duty_is_not_known(self) -> bool:
        """Would there be a duty if the absence proved to be without permission?"""
        return any(
            one.definition.subject == "report-duty" and one.outcome is Outcome.UNKNOWN
            for one in self.verdicts
        )

    @property
    def earlier_duties(self) -> list[ReportDuty]:
        """All but the last three."""
        return self.duties[3:]

    @property
    def alerts(self) -> list[SickAlert]:
        """The alerts on sickness, the latest first; none for who may not know of sickness."""
        return self.attendance.sick_alerts[::-1] if self.actor.reach.sickness else []

    @cached_property
    def enrolments(self) -> list[Enrolment]:
        """The schools so far, the latest first."""
        return list(
            Enrolment.objects.visible_to(self.actor)
            .filter(learner=self.learner)
            .select_related("school")
            .order_by("-from_on", "-pk")
        )

    @property
    def not_known(self) -> list[str]:
        """The missing facts, each as a question to someone."""
        return list(self._questions())

    def _questions(self) -> Iterator[str]:
        facts = self.attendance.facts
        school = self.standing.school.name if self.standing.school else _("the school")
        open_since, without = facts.ongoing_open_since, facts.ongoing_without_since
        if open_since is not None and open_since != without:
            yield _("Ask {school}: was the absence since {since} with or without permission?").format(
                school=school, since=written(open_since)
            )
        if facts.born_on is None:
            yield _("Ask {school} or the municipality for the birth date.").format(school=school)
        elif facts.of_compulsory_age is None and facts.basic_qualification is None:
            yield _(
                "Find out whether there is a basic qualification: until eighteen school is compulsory "
                "without it."
            )
        if facts.enrolled and facts.layer_ytd is None:
            yield _(
                "Fewer than {number} school days this year: too few to say which share was missed."
            ).format(number=written(self.attendance.region.layer_minimum_days))
        if facts.phase == 3:
            yield _("Three months have passed: is there a suitable offer? The lists do not say; people do.")
        if not facts.enrolled and not facts.exempt:
            yield _("Which school is going to enrol this child? Ask the municipality and the last school.")


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


def child_page(actor: Actor, reference: UUID, *, judgement: Judgement) -> ChildPage | None:
    """The page of a child this actor may see; None for a child that is foreign or unknown alike."""
    learner = (
        Learner.objects.visible_to(actor)
        .filter(reference=reference)
        .select_related("standing", "standing__school")
        .first()
    )
    if learner is None:
        return None
    return ChildPage(
        actor=actor,
        learner=learner,
        standing=learner.standing,
        judgement=judgement,
        attendance=attendance_of(learner.key, judgement=judgement),
    )
