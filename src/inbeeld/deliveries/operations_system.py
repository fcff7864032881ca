"""Keys for systems that hand in by themselves: made and ended by who delivers for a school.

With a key a file is received, as from the watched folder, and it can be asked what became of it. Whether it
counts, somebody of the school says.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from inbeeld.access import operations_ground
from inbeeld.access.actor import Actor
from inbeeld.access.ledger import ALLOWED, REFUSED
from inbeeld.access.refusal import Refused
from inbeeld.deliveries.models import OPEN, Delivery, SystemKey, Way
from inbeeld.deliveries.operations import may_deliver, one_at_a_time, take_in_by_itself
from inbeeld.kernel.access import FieldClass
from inbeeld.organisations.models import Organisation

#: So that a secret is known for what it is where it does not belong: in a mail, or in a repository.
PREFIX = "inbeeld_"
LONGEST_DAYS = 400
MOST_AT_A_SCHOOL = 10
#: So many of what systems of a school handed in may wait for a decision; a system in a loop stops here.
MOST_WAITING = 20


class Did(StrEnum):
    """What the journal calls what was done with a key."""

    MAKE = "make_system_key"
    END = "end_system_key"


@transaction.atomic
def make(actor: Actor, *, name: str, until_on: date) -> tuple[SystemKey, str]:
    """A new key for the school of the actor, and its secret, which is told once. Raises Refused."""
    if not may_deliver(actor) or actor.membership is None:
        raise _refused(actor, Did.MAKE, _("Only who keeps the attendance of a school makes keys for it."))
    if not actor.today <= until_on <= actor.today + timedelta(days=LONGEST_DAYS):
        raise _refused(actor, Did.MAKE, _("A key holds from today for at most a school year."))
    school = actor.membership.organisation
    one_at_a_time(school)
    if in_force().filter(school=school).count() >= MOST_AT_A_SCHOOL:
        raise _refused(actor, Did.MAKE, _("There are ten keys already. First end one that is not used."))
    secret = PREFIX + secrets.token_urlsafe(32)
    made = SystemKey.objects.create(
        school=school, name=name, digest=digest_of(secret), made_by=actor.membership,
        made_at=timezone.now(), until_on=until_on,
    )  # fmt: skip
    _did(actor, Did.MAKE, made)
    return made, secret


@transaction.atomic
def end(actor: Actor, key: SystemKey) -> None:
    """A key of the own school or its sites holds no longer; one that ended stays ended. Raises Refused."""
    if not may_deliver(actor) or key.school not in keeps_keys_of(actor):
        raise _refused(actor, Did.END, _("Only who keeps the attendance of a school ends its keys."))
    ended = SystemKey.objects.filter(pk=key.pk, ended_at__isnull=True)
    if ended.update(ended_at=timezone.now(), ended_by=actor.membership):
        _did(actor, Did.END, key)


def keeps_keys_of(actor: Actor) -> QuerySet[Organisation]:
    """The schools whose keys this actor may see and end: their own and its sites, as with deliveries."""
    none: QuerySet[Organisation] = Organisation.objects.none()
    return none if actor.membership is None else actor.membership.organisation.and_below()


def key_for(secret: str) -> SystemKey | None:
    """The key with this secret, if it holds today. How long it takes to look up a digest tells nothing."""
    if not secret.startswith(PREFIX) or not secret.isascii():
        return None
    return in_force().select_related("school").filter(digest=digest_of(secret)).first()


def in_force() -> QuerySet[SystemKey]:
    """The keys that hold today."""
    return SystemKey.objects.filter(ended_at__isnull=True, until_on__gte=timezone.localdate())


class Ended(Exception):
    """The key was ended while the file was on its way."""


class TooMuch(Exception):
    """So much of this school's systems waits already that no more is taken in."""


@transaction.atomic
def receive_from_system(
    key: SystemKey, content: bytes, *, source: str, made_on: date | None, origin: str
) -> tuple[Delivery, bool]:
    """Take in what a system handed in; gives the delivery, and whether it is new. Raises Ended and TooMuch.

    `origin`: the page.
    """
    # Once more, as a file may have been on its way for long; and locked, so that ending it waits for this.
    if not in_force().filter(pk=key.pk).update(used_at=timezone.now()):
        raise Ended
    if Delivery.objects.filter(school=key.school, way=Way.SYSTEM, state__in=OPEN).count() >= MOST_WAITING:
        raise TooMuch
    made, is_new = take_in_by_itself(
        key.school, content, way=Way.SYSTEM, by=_named(key), origin=origin, source=source, made_on=made_on
    )
    if is_new:
        Delivery.objects.filter(pk=made.pk).update(key=key)
    return made, is_new


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is as long as a key, so one SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _named(key: SystemKey) -> str:
    """How the journal names a key."""
    return f"system_key:{key.pk}"


def _refused(actor: Actor, action: Did, sentence: str) -> Refused:
    _did(actor, action, outcome=REFUSED)
    return Refused(sentence)


def _did(actor: Actor, action: Did, key: SystemKey | None = None, *, outcome: str = ALLOWED) -> None:
    about = "" if key is None else _named(key)
    operations_ground.said(actor, action, field_class=FieldClass.ATT, about=about, outcome=outcome)
