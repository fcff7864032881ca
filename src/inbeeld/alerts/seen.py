"""A signal as one actor may see it: frozen, with what was permitted and no more, noted for the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from inbeeld.access.actor import Actor
from inbeeld.access.in_words import role_word
from inbeeld.access.permit import Permit
from inbeeld.alerts import wording
from inbeeld.alerts.models import Alert, Parking
from inbeeld.kernel.access import Action, Author, Decision, FieldClass, class_of_a_reason
from inbeeld.kernel.attention import CLASS_OF_PARKING, Attention, Parked, Taken, attention_of
from inbeeld.kernel.truth import Outcome
from inbeeld.learners.access_page import knows_who_is_involved
from inbeeld.learners.wording import when


@dataclass(frozen=True)
class SeenParking:
    """Until when a signal is off the list of an organisation, and why. `is_ours`: of who looks.

    `name` and `place` are empty for who may not know who is involved, and so is a `because` that is no fact.
    """

    id: UUID
    until_on: date
    because: str
    name: str
    place: str
    may_end: bool
    is_ours: bool


@dataclass(frozen=True)
class SeenAlert:
    """One signal: why, since when, what to do next, by which day.

    `step`: of the role of who looks; `asks`: all of them, each with its roles. `done`: what was done already
    and what follows, which then stands in the place of the step; "" as long as the step is to be taken.
    """

    id: UUID
    name: str
    sentence: str
    step: str
    done: str
    asks: tuple[tuple[str, str], ...]
    outcome: str
    opened_on: date
    began_on: date
    due_on: date | None
    when: str
    is_late: bool
    spell: int
    unconfirmed_since: date | None
    closed_on: date | None
    parked: SeenParking | None
    may_park: bool

    @property
    def is_off_the_list(self) -> bool:
        """Of the organisation of who looks; what others parked is said, and asks all the same."""
        return self.parked is not None and self.parked.is_ours


def seen_alert(
    permit: Permit,
    alert: Alert,
    parking: Parking | None,
    *,
    on: date,
    done: str = "",
    action: str = Action.READ.value,
) -> SeenAlert | None:
    """The view of one signal, noted for the log; None for what this actor may not know.

    `parking`: the one that holds, of those they may read. `on`: the day from which is counted. `done`: what
    a room above knows was done about it, as this actor may know it.
    """
    author, decision = decided(permit, alert)
    rule = attention_of(alert.rule)
    if not decision or rule is None:
        return None
    permit.actor.ledger.note(permit, decision, _class_of(alert, author), action=action)
    return SeenAlert(
        id=alert.pk,
        name=wording.name_of_rule(alert.rule),
        sentence=wording.sentence(alert),
        step=_step(rule, permit.actor.role, alert),
        done=done,
        asks=_asks(rule, alert),
        outcome=alert.answer,
        opened_on=alert.opened_on,
        began_on=alert.began_on,
        due_on=alert.due_on,
        when=when(alert.due_on, on=on),
        is_late=alert.due_on is not None and alert.due_on <= on,
        spell=alert.spell,
        unconfirmed_since=alert.unconfirmed_since,
        closed_on=alert.closed_on,
        parked=None if parking is None else _seen_parking(permit, parking, action=action),
        may_park=alert.closed_on is None and bool(reasons_for(permit, alert)),
    )


def decided(permit: Permit, alert: Alert) -> tuple[Author, Decision]:
    """May this actor know of this signal: as the facts of attendance, or as the reason of an absence?"""
    if alert.field_class != FieldClass.MED.value:
        return Author.OTHERS, permit.may(FieldClass.ATT)
    author = Author.OTHERS
    if alert.delivered_by_id is not None:
        author = permit.author_of(organisation=alert.delivered_by_id)
    return author, permit.may_know_the_reason(author)


def _class_of(alert: Alert, author: Author) -> FieldClass:
    return class_of_a_reason(author) if alert.field_class == FieldClass.MED.value else FieldClass.ATT


def _asks(rule: Attention, alert: Alert) -> tuple[tuple[str, str], ...]:
    """Each step with the roles it is asked of, in words."""
    found: dict[str, list[str]] = {}
    for role in rule.asks:
        found.setdefault(_step(rule, role, alert), []).append(role_word(role))
    return tuple((", ".join(roles), step) for step, roles in found.items())


def _step(rule: Attention, role: str, alert: Alert) -> str:
    step = rule.step_for(role, alert.outcome)
    return "" if step is None else wording.step_in_words(step, alert)


def reasons_for(permit: Permit, alert: Alert) -> list[Parked]:
    """For which reasons this actor may take the signal off the list: the table says who writes them.

    That it was reported to DUO is no reason where no report is asked.
    """
    rule = attention_of(alert.rule)
    return [
        one
        for one, field_class in CLASS_OF_PARKING.items()
        if permit.may(field_class, Action.WRITE, author=Author.ME)
        and (one is not Parked.REPORTED or (rule is not None and rule.asks_for_a_report))
    ]


def _seen_parking(permit: Permit, parking: Parking, *, action: str) -> SeenParking | None:
    author = permit.author_of(organisation=parking.organisation_id, membership=parking.parked_by_id)
    decision = permit.may(FieldClass(parking.field_class), author=author)
    if not decision:
        return None
    field_class = FieldClass(parking.field_class)
    permit.actor.ledger.note(permit, decision, field_class, action=action)
    # Who parks is involved (docs/decisions/0015, point 5); what one did oneself tells nothing.
    who = knows_who_is_involved(permit)
    if who is not None:
        permit.actor.ledger.note(permit, who, FieldClass.AGR, action=action)
    named = who is not None or author is Author.ME
    return SeenParking(
        id=parking.pk,
        until_on=parking.until_on,
        because=str(parking.get_because_display()) if named or field_class is FieldClass.ATT else "",
        name=parking.parked_by.person.get_full_name() if named else "",
        place=parking.organisation.name if named else "",
        may_end=may_end(permit, parking),
        is_ours=author is not Author.OTHERS,
    )


def may_end(permit: Permit, parking: Parking) -> bool:
    """Who wrote it, and colleagues of their organisation who may write the same."""
    author = permit.author_of(organisation=parking.organisation_id, membership=parking.parked_by_id)
    written = permit.may(FieldClass(parking.field_class), Action.WRITE, author=author)
    return author is not Author.OTHERS and bool(written)


class Asking(NamedTuple):
    """What of a signal decides whether a parking still holds."""

    pk: UUID
    answer: str
    reached_on: date


def parkings_of(actor: Actor, *, about: Permit | None = None) -> dict[UUID, list[Parking]]:
    """The parkings that are not over and not taken back, which this actor may read, by signal, latest first.

    `about`: of one child; None: of all. One query.
    """
    rows = Parking.objects.visible_to(actor) if about is None else Parking.objects.about(about.reach)
    rows = rows.filter(ended_at__isnull=True, until_on__gt=actor.today)
    found: dict[UUID, list[Parking]] = {}
    for one in rows.select_related("parked_by__person", "organisation").order_by("-until_on", "pk"):
        found.setdefault(one.alert_id, []).append(one)
    return found


def holding(parkings: Mapping[UUID, list[Parking]], alert: Alert | Asking, *, actor: Actor) -> Parking | None:
    """The parking that holds for a signal now, of the own organisation first; none when it got worse."""
    here = None if actor.organisation is None else actor.organisation.pk
    held = [
        one
        for one in parkings.get(alert.pk, ())
        if Taken(one.until_on, _OUTCOMES[one.answer], one.reached_on).holds(
            today=actor.today, outcome=_OUTCOMES[alert.answer], reached_on=alert.reached_on
        )
    ]
    return min(held, key=lambda one: one.organisation_id != here, default=None)


_OUTCOMES = {one.word: one for one in Outcome}
