"""Browsing as somebody: for the tests of pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils.html import strip_tags

from inbeeld.access.acting import acting
from inbeeld.access.actor import KINSHIP, MEMBERSHIP, Actor
from inbeeld.access.models import Kinship
from inbeeld.access.permit import permits_for
from inbeeld.access.proving import PROOF
from inbeeld.access.sessions import ACTING_AS, mark_of
from inbeeld.kernel.access import FieldClass
from inbeeld.learners.models import Learner
from inbeeld.learners.operations_file import write_entry
from inbeeld.learners.tests import factories as make

#: A birth date that makes a child so old today.
TODAY = date.today  # noqa: DTZ011  (a day here, as the pages say it)


def visitor(actor: Actor, language: str = "en") -> Client:
    """A browser in which this actor is logged in."""
    client = Client()
    if actor.membership is not None:
        client.force_login(actor.membership.person)
        key, value = MEMBERSHIP, actor.membership.pk
    else:
        assert actor.kinship is not None
        client.force_login(actor.kinship.person)
        key, value = KINSHIP, str(actor.kinship.pk)
    session = client.session
    session[key] = value
    session.save()
    client.cookies["inbeeld_language"] = language
    return client


def post(actor: Actor, address: str, *, proved: bool = True, **data: Any) -> Any:
    """What a form of a page made in this actor's role sends; with the proof of a demo, which is a button."""
    marks = {ACTING_AS: mark_of(actor), **({PROOF: "1"} if proved else {})}
    return visitor(actor).post(address, {**marks, **data})


def kin(child: Learner, relation: str = "guardian", *, name: tuple[str, str] = ("Hanneke", "Zwart")) -> Actor:
    """The learner or a guardian, as somebody who logs in."""
    person = get_user_model().objects.create(
        username=f"k{next(make._numbers)}", first_name=name[0], last_name=name[1]
    )
    kinship = Kinship.for_operations.create(
        person=person, child=child, relation=relation, from_on=date(2020, 1, 1)
    )
    return Actor(name=person.get_full_name(), kinship=kinship)


def born(age: int) -> date:
    """A birth date of somebody who has been this age for a while."""
    today = TODAY()
    return date(today.year - age - (today.month == 1), (today.month - 2) % 12 + 1, 1)


def permit_for(actor: Actor, child: Learner) -> Any:
    found = Learner.for_operations.select_related("standing", "standing__school").get(pk=child.pk)
    return permits_for(actor, [found])[child.reference]


def wrote(actor: Actor, child: Learner, field_class: str, text: str) -> None:
    """An entry of this class in the file of a child, written by somebody who may."""
    permit = permit_for(actor, child)
    with acting(permit.actor, origin="test"):
        write_entry(permit, child=child, field_class=FieldClass(field_class), text=text)


def words(response: Any) -> str:
    """What stands on a page, without marks, in one line."""
    return " ".join(strip_tags(response.content.decode()).split())
