"""Changes to organisations and memberships."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from inbeeld.journal import operations as journal
from inbeeld.journal.deed import MOST_DIGITS, Deed, is_key_of_organisation
from inbeeld.organisations.models import KINDS_OF_ROLE, Kind, Membership, Organisation, Role

#: Four characters for a school, six for a site: the BRIN register of DUO.
BRIN = re.compile(r"[0-9]{2}[A-Z]{2}([0-9]{2})?")
POSTCODES = re.compile(r"([1-9][0-9]{3})(,[1-9][0-9]{3})*")
#: Rights are looked through at planned intervals (ISO/IEC 27002:2022, 5.18); here every quarter.
REVIEW_AFTER = timedelta(days=92)
COMMAND = "command:demo"
BATCH = 1000


class Impossible(ValueError):
    """Something that cannot be so; `sentence` (and str) says why, and names no person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@transaction.atomic
def enter_organisations(found: Iterable[Organisation], *, part_of: Mapping[str, str] | None = None) -> None:
    """Enter organisations, or bring the ones known by their key up to date. Raises Impossible.

    `part_of`: of a site the key of its school, of a school that of its board; others stay as they are.
    """
    wanted = list(found)
    for one in wanted:
        _refuse_odd(one)
    _refuse_alike(wanted)
    Organisation.objects.bulk_create(
        wanted,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["region", "kind", "name", "brin", "municipality", "sector"],
    )
    for one in wanted:
        if one.postcodes:  # a delivery that does not say them takes none away
            Organisation.objects.filter(key=one.key).update(postcodes=one.postcodes)
    _put_together(part_of or {})


def _refuse_odd(one: Organisation) -> None:
    # By its name: a key that could be the number of somebody is not repeated.
    if not is_key_of_organisation(one.key):
        raise Impossible(
            _(
                "The key of %(name)s cannot stand in the log: all small letters or all capitals, with "
                "digits, dots, hyphens and underscores; at most %(longest)s characters and %(digits)s digits."
            )
            % {
                "name": one.name,
                "longest": Organisation._meta.get_field("key").max_length,
                "digits": MOST_DIGITS,
            }
        )
    if one.kind not in Kind.values:
        raise Impossible(_("%(key)s is of a kind that is not known here.") % {"key": one.key})
    if one.kind == Kind.SCHOOL and one.brin and not BRIN.fullmatch(one.brin):
        raise Impossible(
            _("The BRIN of %(key)s is no BRIN: 12AB for a school, 12AB03 for a site.") % {"key": one.key}
        )
    if one.postcodes and not (one.kind == Kind.SWV and POSTCODES.fullmatch(one.postcodes)):
        raise Impossible(
            _("The postcodes of %(key)s are for an SWV only: four digits each, with commas.")
            % {"key": one.key}
        )


def _refuse_alike(wanted: Iterable[Organisation]) -> None:
    """A key is a keyholder, where capitals count, and part of a username (appoint), where they do not."""
    known = {key.lower(): key for key in Organisation.objects.values_list("key", flat=True)}
    for one in wanted:
        other = known.setdefault(one.key.lower(), one.key)
        if other != one.key:
            raise Impossible(
                _("%(key)s and %(other)s differ in capitals only: an organisation keeps one key for ever.")
                % {"key": one.key, "other": other}
            )


def _put_together(part_of: Mapping[str, str]) -> None:
    known = Organisation.objects.in_bulk({*part_of, *part_of.values()}, field_name="key")
    changed = []
    for part, whole in part_of.items():
        if part not in known or whole not in known:
            raise Impossible(_("%(key)s is not known here.") % {"key": whole if part in known else part})
        if not _fits(known[part], known[whole]):
            raise Impossible(
                _("%(part)s cannot be part of %(whole)s: a site is part of its school, a school of a board.")
                % {"part": part, "whole": whole}
            )
        known[part].part_of = known[whole]
        changed.append(known[part])
    Organisation.objects.bulk_update(changed, ["part_of"], batch_size=BATCH)


def _fits(part: Organisation, whole: Organisation) -> bool:
    """A site in the school with the first four characters of its BRIN, or a school in a board; one region."""
    if part.kind != Kind.SCHOOL or part.region != whole.region:
        return False
    if whole.kind == Kind.SCHOOL:
        return len(part.brin) == 6 and len(whole.brin) == 4 and part.brin.startswith(whole.brin)
    return whole.kind == Kind.BOARD


@transaction.atomic
def appoint(
    name: tuple[str, str],
    *,
    role: Role,
    at: Organisation,
    from_on: date,
    until_on: date | None = None,
    by: Membership | str = COMMAND,
    trace: UUID | None = None,
) -> Membership:
    """Give a person (call name, last name) a role at an organisation; the same call again changes nothing.

    `by`: a membership, or "command:demo". Raises Impossible.
    """
    if Kind(at.kind) not in KINDS_OF_ROLE[Role(role)]:
        raise Impossible(
            _("There is no %(role)s at an organisation of this kind.") % {"role": Role(role).label}
        )
    if until_on is not None and until_on < from_on:
        raise Impossible(_("The last day is before the first day."))
    username = f"{role.value}.{at.key}".lower()
    person, _is_new = get_user_model().objects.get_or_create(
        username=username, defaults={"first_name": name[0], "last_name": name[1], "password": "!"}
    )
    membership, is_new = Membership.objects.get_or_create(
        person=person, organisation=at, role=role, from_on=from_on, defaults={"until_on": until_on}
    )
    if is_new:
        _log("appoint", membership, by=by, trace=trace)
    return membership


@transaction.atomic
def end_membership(
    membership: Membership, *, on: date, by: Membership | str, trace: UUID | None = None
) -> Membership:
    """Say what the last day of a membership is; one that ends earlier stays as it is. Raises Impossible."""
    found = Membership.objects.select_for_update().get(pk=membership.pk)
    if on < found.from_on:
        raise Impossible(_("The last day is before the first day."))
    if found.until_on is None or found.until_on > on:
        Membership.objects.filter(pk=found.pk).update(until_on=on)
        _log("end_membership", found, by=by, trace=trace)
        membership.until_on = on
    return membership


@transaction.atomic
def confirm_membership(
    membership: Membership, *, on: date, by: Membership | str, trace: UUID | None = None
) -> Membership:
    """Somebody else of the organisation says that a membership still holds. Raises Impossible."""
    if isinstance(by, Membership) and (
        by.person_id == membership.person_id or by.organisation_id != membership.organisation_id
    ):
        raise Impossible(_("A colleague of the same organisation confirms this."))
    if not membership.is_in_force(on):
        raise Impossible(_("This person does not work in this role now."))
    Membership.objects.filter(pk=membership.pk).update(reviewed_on=on)
    _log("confirm_membership", membership, by=by, trace=trace)
    membership.reviewed_on = on
    return membership


def due_for_review(organisation: Organisation, on: date) -> QuerySet[Membership]:
    """The memberships in force that nobody confirmed for a quarter, the longest waiting first."""
    long_ago = on - REVIEW_AFTER
    return (
        Membership.objects.filter(organisation=organisation, from_on__lte=on)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
        .filter(Q(reviewed_on__lt=long_ago) | Q(reviewed_on__isnull=True, from_on__lt=long_ago))
        .select_related("person")
        .order_by("reviewed_on", "from_on", "pk")
    )


def without_a_privacy_officer(on: date) -> list[Organisation]:
    """Where people work, and neither there nor above is a privacy officer: notice of an emergency is lost."""
    everybody = Membership.objects.filter(from_on__lte=on).select_related("organisation__part_of__part_of")
    working = [one for one in everybody if one.is_in_force(on)]
    served = {one.organisation_id for one in working if one.role == Role.PRIVACY_OFFICER}
    places = {one.organisation_id: one.organisation for one in working}.values()
    found = [one for one in places if served.isdisjoint(place.pk for place in one.and_above())]
    return sorted(found, key=lambda one: one.key)


def _log(action: str, about: Membership, *, by: Membership | str, trace: UUID | None) -> None:
    """One line, in the same transaction."""
    is_member = isinstance(by, Membership)
    deed = Deed(
        trace=trace or uuid.uuid4(),
        actor=f"membership:{by.pk}" if isinstance(by, Membership) else by,
        organisation=by.organisation.key if isinstance(by, Membership) else "",
        role=by.role if isinstance(by, Membership) else "",
        action=action,
        object=f"membership:{about.pk}",
        origin="memberships" if is_member else str(by),
    )
    journal.append([deed])


@transaction.atomic
def enter_person(name: tuple[str, str], *, username: str) -> AbstractBaseUser:
    """A person (call name, last name) who cannot log in yet; the same call again changes nothing."""
    person, _new = get_user_model().objects.get_or_create(
        username=username, defaults={"first_name": name[0], "last_name": name[1], "password": "!"}
    )
    return person
