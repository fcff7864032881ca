"""Small invented regions for the tests of this room and of the site."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from inbeeld.access.actor import Actor
from inbeeld.access.models import Consent, Involvement
from inbeeld.journal import operations as journal
from inbeeld.journal.deed import Deed
from inbeeld.kernel.definitions import CATALOGUE
from inbeeld.keys.models import KeyGroup
from inbeeld.keys.opening import open_keys
from inbeeld.learners.models import Enrolment, Judgement, Learner, Standing, Verdict
from inbeeld.learners.operations import Delivered, enter_learners
from inbeeld.learners.seen import full_name, keyholder_of, opened_names
from inbeeld.organisations.models import Kind, Membership, Organisation, Role

ON = date(2026, 4, 17)
SWV = "thuiszitter-swv@2019-08-01"
#: They stand in names, where tests look whether a year of birth is told.
_numbers = count(3000)


def organisation(kind: Kind = Kind.SCHOOL, *, sector: str = "vo", municipality: str = "Noorderveen",
                 region: str = "noorderveen") -> Organisation:  # fmt: skip
    number = next(_numbers)
    return Organisation.objects.create(
        key=f"O{number}", kind=kind, name=f"Het Anker {number}", sector=sector, municipality=municipality,
        region=region,
    )  # fmt: skip


def actor(role: Role, at: Organisation, *, until_on: date | None = None) -> Actor:
    person = get_user_model().objects.create(
        username=f"p{next(_numbers)}", first_name="Marit", last_name="Hoog"
    )
    membership = Membership.objects.create(
        person=person, organisation=at, role=role, from_on=date(2020, 8, 1), until_on=until_on
    )
    return Actor(membership=membership, name=person.get_full_name())


def learner(
    school: Organisation | None,
    *,
    stage: int = 2,
    days: int | None = 40,
    municipality: str = "Noorderveen",
    region: str = "noorderveen",
    enrolled: bool = True,
    verdicts: dict[str, str] | None = None,
    born_on: date | None = date(2012, 5, 1),
    **standing: Any,
) -> Learner:
    """A learner with a standing: `days` at home without permission on the day of judging.

    `verdicts`: outcome by definition, "unknown:permission" with what is missing.
    """
    number = next(_numbers)
    key = f"L{number}"
    name = Delivered(key=key, region=region, call_name=f"Fenna{number}", last_name="Brinkhof",
                     born_on=born_on, municipality=municipality)  # fmt: skip
    enter_learners([name])
    child = Learner.for_operations.get(key=key)
    since = None if days is None else ON - timedelta(days=days - 1)
    if school is not None:
        Enrolment.for_operations.create(learner=child, school=school, from_on=date(2024, 8, 1))
    values: dict[str, Any] = {
        "judged_on": ON, "stage": stage, "phase": 0 if days is None else 1 + (days > 28) + (days > 92),
        "school": school, "enrolled": enrolled, "exempt": False, "of_compulsory_age": True, "in_sight": True,
        "since": since, "without_since": since, "open_since": since, "counts_from": since,
        "calendar_days": days, "school_days": days, "permission": "" if days is None else "without",
        "passes_four_weeks_on": None if since is None else since + timedelta(days=28),
        "passes_three_months_on": None if since is None else since + timedelta(days=92),
    }  # fmt: skip
    found = Standing.for_operations.create(learner=child, **{**values, **standing})
    for key, outcome in (verdicts if verdicts is not None else {SWV: "yes"}).items():
        word, _, missing = outcome.partition(":")
        Verdict.for_operations.create(
            standing=found, definition=key, outcome=word, missing=missing,
            field_class="MED" if key.startswith("sickness") else "ATT",
        )  # fmt: skip
    return child


def name_of(child: Learner) -> str:
    """The name as it is sealed."""
    wanted = (child.reference, KeyGroup.IDENTITY, keyholder_of(child.region))
    return full_name(opened_names(child, open_keys([wanted])[wanted]))


def involve(
    child: Learner, actor: Actor, *, days: int = 90, kind: str = "involved", **values: Any
) -> Involvement:
    """Involve an actor's membership with a child from now on, accepted."""
    assert actor.membership is not None
    now = timezone.now() - timedelta(minutes=1)
    return Involvement.for_operations.create(**{
        "child": child, "membership": actor.membership, "kind": kind, "purpose": "guidance",
        "granted_at": now, "accepted_at": now, "from_at": now, "until_at": now + timedelta(days=days),
        **values,
    })  # fmt: skip


def consent(child: Learner, field_class: str, actor: Actor, **values: Any) -> Consent:
    """A consent in force to share a class with the actor's organisation, for the purpose of `involve`."""
    assert actor.membership is not None
    return Consent.for_operations.create(**{
        "child": child, "field_class": field_class, "receiver": actor.membership.organisation,
        "purpose": "guidance", "text_version": "2026-1", "asked_by": actor.membership,
        "asked_at": timezone.now(), "until_on": timezone.localdate() + timedelta(days=300),
        "holds_from": timezone.localdate(), "holds_until": timezone.localdate() + timedelta(days=300),
        **values,
    })  # fmt: skip


def line(actor: Actor, **values: Any) -> None:
    """A line in the journal by this actor's membership."""
    assert actor.organisation is not None
    deed = {"trace": uuid4(), "actor": actor.key, "organisation": actor.organisation.key, "role": actor.role,
            "action": "read", "origin": "test", **values}  # fmt: skip
    with transaction.atomic():
        journal.append([Deed(**deed)])


def judgement(**values: Any) -> Judgement:
    return Judgement.objects.create(
        on=ON, tables="region", judged="judged", receipt=f"{next(_numbers):064x}",
        definitions=[one.key for one in CATALOGUE], **values,
    )  # fmt: skip


def receipt(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "receipt.json").read_text(encoding="utf-8")))
