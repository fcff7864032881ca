"""What each of four statements of the access table says of every actor and every row of a population."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import connection, models

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access.actor import Actor
from inbeeld.access.models import Consent, Involvement, Kinship, Signature
from inbeeld.access.permit import Permit, permits_for
from inbeeld.access.row_security_policies import guarded
from inbeeld.access.scope import models_about_a_child
from inbeeld.access.scope_journal import log_of_a_child, log_of_the_list
from inbeeld.access.scope_own import signed_by, waiting_for
from inbeeld.agreements.models import Agreement, Step
from inbeeld.alerts.models import Alert, Parking
from inbeeld.causes.models import Judged
from inbeeld.contacts.models import Contact
from inbeeld.duo.models import Answer, Report
from inbeeld.journal.models import Line
from inbeeld.kernel import access
from inbeeld.kernel.access import Action, Author, Circumstances, FieldClass, class_of_a_reason, may, rows_of
from inbeeld.kernel.consent import Relation, role_of
from inbeeld.keys.models import DataKey
from inbeeld.learners.models import Address, Draft, Enrolment, Entry, Learner, Standing, Verdict
from inbeeld.organisations.models import SECTORS_OF_SWV, Kind, Membership, Sector
from tests.database_roles import Walled, as_role
from tests.promises.populations import Population

#: A row about a child: table and key.
Said = frozenset[tuple[str, str]]
IDE, FAM, LOG, ADR, ATT, AGR = (FieldClass(one) for one in ("IDE", "FAM", "LOG", "ADR", "ATT", "AGR"))


@dataclass(frozen=True)
class Difference:
    """A row of which not all statements say the same to one actor."""

    seed: int
    actor: str
    role: str
    row: tuple[str, str]
    yes: frozenset[str]
    no: frozenset[str]

    def __str__(self) -> str:
        table, key = self.row
        return (
            f"seed {self.seed}: {self.role} ({self.actor}) and {table} {key}: "
            f"yes says {', '.join(sorted(self.yes))}; no says {', '.join(sorted(self.no))}"
        )


MAY, PERMIT, VISIBLE, RULES = "may", "permit", "visible_to", "rules"
OF_THE_SITE = (MAY, PERMIT, VISIBLE)


def differences(
    made: Population, walled: Walled | None, *, between: Collection[str] = (*OF_THE_SITE, RULES)
) -> Iterator[Difference]:
    """Everything on which these statements do not agree. Without `walled` the database has none."""
    for membership in made.memberships:
        yield from _differences_for(made, Asking(made, membership=membership), walled, between)
    for kinship in made.kinships:
        yield from _differences_for(made, Asking(made, kinship=kinship), walled, between)


def _differences_for(
    made: Population, asking: Asking, walled: Walled | None, between: Collection[str]
) -> Iterator[Difference]:
    actor = asking.actor
    said: dict[str, Said] = {MAY: frozenset(asking.asked())}
    # Who is not in force gets no further than the middleware: only the database is asked.
    if PERMIT in between and asking.holds:
        said[PERMIT] = frozenset(permitted(made, actor))
    if VISIBLE in between and asking.holds:
        said[VISIBLE] = frozenset(visible(made, actor))
    if RULES in between and walled is not None:
        said[RULES] = frozenset(ruled(walled, actor.key))
    for row in sorted(frozenset().union(*said.values())):
        yes = frozenset(name for name, rows in said.items() if row in rows)
        # Of data keys the second wall says nothing: no page lists them.
        silent = {VISIBLE} if row[0] == DataKey._meta.db_table else set()
        if no := frozenset(said) - yes - silent:
            yield Difference(made.seed, actor.key, actor.role, row, yes, no)


# --- may, row by row -----------------------------------------------------------------------------


class Asking:
    """One actor and a population, in plain Python: reads no database, and nothing of the walls but `may`."""

    def __init__(
        self, made: Population, *, membership: Membership | None = None, kinship: Kinship | None = None
    ) -> None:
        self.made, self.membership, self.kinship = made, membership, kinship
        self.actor = Actor(name="", membership=membership, kinship=kinship, at=made.at)
        self.standing = {one.learner_id: one for one in made.standings}

    @property
    def holds(self) -> bool:
        """Would the middleware let this actor in on this day?"""
        if self.membership is not None:
            return self.membership.person.is_active and self.membership.is_in_force(self.made.today)
        kin = self.kinship
        assert kin is not None
        in_force = kin.from_on <= self.made.today and (
            kin.until_on is None or kin.until_on >= self.made.today
        )
        return kin.person.is_active and in_force and bool(self.role)

    @cached_property
    def role(self) -> str:
        if self.membership is not None:
            return self.membership.role
        assert self.kinship is not None
        born_on, relation = self.kinship.child.born_on, Relation(self.kinship.relation)
        return role_of(relation, born_on=born_on, on=self.made.today) or ""

    @cached_property
    def own_organisations(self) -> frozenset[str]:
        """The keys of where this actor works, of its parts, and of the parts of those."""
        if self.membership is None:
            return frozenset()
        found = {self.membership.organisation_id}
        for _step in range(2):
            found |= {one.pk for one in self.made.organisations if one.part_of_id in found}
        return frozenset(one.key for one in self.made.organisations if one.pk in found)

    def asked(self) -> Iterator[tuple[str, str]]:
        """Every row this actor may read."""
        if not self.holds:
            return
        for model, rows in self.made.rows.items():
            for row in rows:
                if _READS[model](row, self):
                    yield model._meta.db_table, str(row.pk)

    def may(
        self,
        child: Learner,
        field_class: FieldClass,
        *,
        author: Author = Author.OTHERS,
        shielded: bool = False,
        action: Action = Action.READ,
    ) -> bool:
        return any(
            may(
                self.role, row.involvement, self._stage(child), field_class, action,
                Circumstances(
                    consent=self.has_consent(child, field_class, row.involvement), author=author,
                    shielded=shielded,
                ),
            )
            for row in rows_of(self.role)
            if self._belongs(child, row.involvement)
        )  # fmt: skip

    def _stage(self, child: Learner) -> int:
        if child.case_stage is not None:
            return child.case_stage
        standing = self.standing.get(child.pk)
        return 0 if standing is None else standing.stage

    def _belongs(self, child: Learner, how: access.Involvement) -> bool:
        if how is access.Involvement.OWN_ORG:
            return self.membership is not None and self._is_listed(child)
        if how is access.Involvement.SELF:
            return self.kinship is not None and self.kinship.child_id == child.pk
        return any(self.held(child, how))

    def held(self, child: Learner, how: access.Involvement) -> list[Involvement]:
        """The involvements in force of one kind."""
        return [
            one
            for one in self.made.involvements
            if self.membership is not None
            and one.child_id == child.pk and one.membership_id == self.membership.pk and one.kind == how.value
            and one.accepted_at is not None and one.accepted_at <= self.made.at and one.ended_at is None
            and one.from_at <= self.made.at < one.until_at
        ]  # fmt: skip

    def _is_listed(self, child: Learner) -> bool:
        assert self.membership is not None
        here, standing = self.membership.organisation, self.standing.get(child.pk)
        school = None if standing is None else standing.school
        if here.kind == Kind.MUNICIPALITY:
            where = child.region, child.municipality
            return child.municipality != "" and where == (here.region, here.municipality)
        if standing is None or school is None:
            return False
        if here.kind == Kind.SCHOOL:
            return standing.enrolled and here.pk in (school.pk, school.part_of_id)
        served = SECTORS_OF_SWV.get(Sector(here.sector), ()) if here.sector else ()
        return here.kind == Kind.SWV and school.region == here.region and school.sector in served

    def has_consent(self, child: Learner, field_class: FieldClass, how: access.Involvement) -> bool:
        """Is there one in force, for what this actor is involved for in this way; of kin for anything?"""
        held = {one.purpose for one in self.held(child, how)}
        return any(
            how is access.Involvement.SELF or purpose in held
            for purpose in self.purposes_consented(child, field_class)
        )

    def purposes_consented(self, child: Learner, field_class: FieldClass) -> list[str]:
        """For what there is a consent in force that this actor receives."""
        today = self.made.today
        return [
            one.purpose
            for one in self.made.consents
            if one.child_id == child.pk and one.field_class == field_class.value and one.withdrawn_at is None
            and self._receives(one) and one.until_on >= today
            and one.holds_from is not None and one.holds_until is not None
            and one.holds_from <= today < one.holds_until
        ]  # fmt: skip

    def _receives(self, one: Consent) -> bool:
        if self.membership is not None:
            return one.receiver_id == self.membership.organisation_id
        assert self.kinship is not None
        return one.receiving_kin_id == self.kinship.pk

    def author(self, organisation: int | None, member: int | None = None) -> Author:
        mine = self.membership
        if mine is None or organisation != mine.organisation_id:
            return Author.OTHERS
        return Author.ME if member == mine.pk else Author.MY_ORGANISATION

    def of(self, child: object) -> Learner | None:
        """The child of a reference, when it is one of ours."""
        return next((one for one in self.made.learners if one.reference == child), None)


def _reads_verdict(row: Verdict, asking: Asking) -> bool:
    child, author, said = (
        row.standing.learner,
        asking.author(row.delivered_by_id),
        FieldClass(row.field_class),
    )
    if asking.may(child, said, author=author):
        return True
    is_a_reason = said is class_of_a_reason(Author.OTHERS)
    return is_a_reason and author is not Author.OTHERS and asking.may(child, class_of_a_reason(author))


def _reads_alert(row: Alert, asking: Asking) -> bool:
    """As a verdict: what tells of sickness is read back by who delivered all of it."""
    author, said = asking.author(row.delivered_by_id), FieldClass(row.field_class)
    is_a_reason = said is class_of_a_reason(Author.OTHERS) and author is not Author.OTHERS
    return asking.may(row.learner, said, author=author) or (
        is_a_reason and asking.may(row.learner, class_of_a_reason(author))
    )


def _reads_involvement(row: Involvement, asking: Asking) -> bool:
    mine = asking.membership is not None and row.membership_id == asking.membership.pk
    is_open = row.accepted_at is None and row.ended_at is None and row.until_at > asking.made.at
    waits_for_me = mine and row.kind == Involvement.Kind.INVOLVED and is_open
    return waits_for_me or asking.may(row.child, IDE)


def _reads_line(row: Line, asking: Asking) -> bool:
    child = asking.of(row.child)
    if row.actor == asking.actor.key or (child is not None and asking.may(child, LOG)):
        return True
    reads_a_log = any(
        one.involvement is access.Involvement.OWN_ORG and one.cells[LOG] == "r"
        for one in rows_of(asking.role)
    )
    return reads_a_log and row.organisation in asking.own_organisations


def _reads_signature(row: Signature, asking: Asking) -> bool:
    own = asking.kinship is not None and row.by_id == asking.kinship.pk
    return own or asking.may(row.consent.child, FAM)


def _reads_written(row: Entry | Contact | Judged | Parking, asking: Asking) -> bool:
    writer = row.parked_by_id if isinstance(row, Parking) else row.written_by_id
    author = asking.author(row.organisation_id, writer)
    return asking.may(row.learner, FieldClass(row.field_class), author=author)


def _reads_draft(row: Draft, asking: Asking) -> bool:
    """Only one's own, and only of what one may write."""
    mine = asking.author(row.organisation_id, row.written_by_id) is Author.ME
    return mine and asking.may(
        row.learner, FieldClass(row.field_class), author=Author.ME, action=Action.WRITE
    )


_READS: dict[type[models.Model], Callable[[Any, Asking], bool]] = {
    Learner: lambda row, asking: asking.may(row, IDE),
    Enrolment: lambda row, asking: asking.may(row.learner, IDE),
    Standing: lambda row, asking: asking.may(row.learner, ATT),
    Verdict: _reads_verdict,
    Address: lambda row, asking: asking.may(
        row.learner, ADR, author=asking.author(row.entered_by_id), shielded=row.shielded
    ),
    Entry: _reads_written,
    Contact: _reads_written,
    Judged: _reads_written,
    **dict.fromkeys((Agreement, Step), lambda row, asking: asking.may(row.learner, AGR)),
    Draft: _reads_draft,
    Alert: _reads_alert,
    Parking: _reads_written,
    **dict.fromkeys((Report, Answer), lambda row, asking: asking.may(row.learner, ATT)),
    Involvement: _reads_involvement,
    Kinship: lambda row, asking: asking.may(row.child, FAM),
    Consent: lambda row, asking: asking.may(row.child, IDE),
    Signature: _reads_signature,
    DataKey: lambda row, asking: asking.may(asking.of(row.child), IDE),  # type: ignore[arg-type]
    Line: _reads_line,
}


# --- the walls -----------------------------------------------------------------------------------


def permitted(made: Population, actor: Actor) -> Iterator[tuple[str, str]]:
    """The first wall: the same questions, answered by permits from the database."""
    permits = permits_for(actor, Learner.for_operations.select_related("standing__school"))
    asking = _Permitted(made, actor, {one.pk: permits[one.reference] for one in made.learners})
    for model, rows in made.rows.items():
        for row in rows:
            if _READS[model](row, asking):
                yield model._meta.db_table, str(row.pk)


class _Permitted(Asking):
    """Asks a permit where Asking asks `may`."""

    def __init__(self, made: Population, actor: Actor, permits: dict[int, Permit]) -> None:
        super().__init__(made, membership=actor.membership, kinship=actor.kinship)
        self.permits = permits

    def may(
        self,
        child: Learner,
        field_class: FieldClass,
        *,
        author: Author = Author.OTHERS,
        shielded: bool = False,
        action: Action = Action.READ,
    ) -> bool:
        return bool(self.permits[child.pk].may(field_class, action, author=author, shielded=shielded))

    def author(self, organisation: int | None, member: int | None = None) -> Author:
        permit = next(iter(self.permits.values()))
        return (
            Author.OTHERS
            if organisation is None
            else permit.author_of(organisation=organisation, membership=member)
        )


def visible(made: Population, actor: Actor) -> Iterator[tuple[str, str]]:
    """The second wall: what each query gives."""
    for model, manager in models_about_a_child():
        yield from _keys(model, manager.visible_to(actor).values_list("pk", flat=True))
    yield from _keys(Involvement, waiting_for(actor).values_list("pk", flat=True))
    own = signed_by(actor)
    mine = [one for one in made.of(Signature) if one.by_id == (actor.kinship and actor.kinship.pk)]
    yield from _keys(Signature, (one.pk for one in mine if one.consent_id in own))
    if any(row.cells[LOG] != "." for row in actor.rows):  # its page asks the role first
        yield from _keys(Line, log_of_the_list(actor).values_list("pk", flat=True))
    # One's own lines, which log_of_a_child gives of one child at a time to who may not read them all.
    yield from _keys(Line, Line.for_operations.filter(actor=actor.key).values_list("pk", flat=True))
    for permit in permits_for(actor, Learner.for_operations.select_related("standing__school")).values():
        if permit.may(LOG):
            yield from _keys(Line, log_of_a_child(permit).values_list("pk", flat=True))


def ruled(walled: Walled, actor: str, *, operation: str = "", child: str = "") -> Iterator[tuple[str, str]]:
    """The fourth wall: every row of every table, asked as the role of the database that answers requests.

    `child`: by a page about this one alone, by its reference.
    """
    with as_role(walled.app, actor=actor, operation=operation, child=child):
        yield from catalog.rows(connection, EVERYTHING)


#: The tables and keys of all rows that are seen.
EVERYTHING = " UNION ALL ".join(
    f"SELECT '{one.table}', {apps.get_model(one.label)._meta.pk.column}::text FROM {one.table}"
    for one in guarded()
)


def _keys(model: type[models.Model], keys: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for key in keys:
        yield model._meta.db_table, str(key)
