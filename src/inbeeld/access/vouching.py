"""What a session rests on: which passkeys and codes it showed, and on whose word it stands.

An organisation whose log-in says who somebody is can make itself anybody in it. So what comes of its word
alone opens that organisation and nothing else: the session itself, and every way to log in that was set up
in such a session (docs/decisions/0014).
"""

from __future__ import annotations

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from inbeeld.access.scope_own import own_kinships
from inbeeld.organisations.models import Membership, Organisation, Vouched

#: Ways to log in that leave a record in the session.
INVITATION, PASSWORD, SECOND_FACTOR, ORGANISATION = "invitation", "password", "mfa", "socialaccount"
#: What somebody has of their own, or from us by their invitation; an organisation's log-in is neither.
OWN = {INVITATION, PASSWORD, SECOND_FACTOR}


def records_that_count(request: HttpRequest) -> list[dict[str, Any]]:
    """How this session logged in; a passkey, app or list of codes that was removed since counts no more.

    So who removes a passkey that got lost ends what was begun with it, wherever that is.
    """
    records = get_authentication_records(request, request.user)
    shown = frozenset(one["id"] for one in records if one["method"] == SECOND_FACTOR and "id" in one)
    if not shown:
        return records
    there = _still_there(request, shown)
    return [one for one in records if one["method"] != SECOND_FACTOR or one.get("id") in {None, *there}]


def _still_there(request: HttpRequest, shown: frozenset[int]) -> frozenset[int]:
    """Asked once in a request, however often it is needed."""
    known: dict[frozenset[int], frozenset[int]] = request.__dict__.setdefault("_factors_still_there", {})
    if shown not in known:
        theirs = Authenticator.objects.filter(user=request.user.pk, pk__in=shown)
        known[shown] = frozenset(theirs.values_list("pk", flat=True))
    return known[shown]


def vouching(request: HttpRequest) -> set[str]:
    """The keys of the organisations on whose word alone this session stands; empty: on nobody's.

    Those through whose own log-in it came; and, when something of one's own was shown, those on whose word
    that was set up. Of two nobody vouches for the whole, so nothing is open.
    """
    records = get_authentication_records(request, request.user)
    keys = {organisation_of(record.get("provider")) for record in records if record["method"] == ORGANISATION}
    if any(record["method"] in (PASSWORD, SECOND_FACTOR) for record in records):
        keys |= _vouched_ways_of(request)
    return keys


def _vouched_ways_of(request: HttpRequest) -> set[str]:
    """On whose word this person's own ways to log in were set up. Asked once in a request."""
    known: dict[Any, set[str]] = request.__dict__.setdefault("_vouched_ways", {})
    if request.user.pk not in known:
        rows = Vouched.objects.filter(person=request.user.pk)
        known[request.user.pk] = set(rows.values_list("organisation__key", flat=True))
    return known[request.user.pk]


def organisation_of(provider: str | None) -> str:
    """The key of the organisation whose log-in this is; empty when there is no such log-in (any more)."""
    found = settings.INBEELD_PROVIDERS.get(provider)
    return "" if found is None else str(found.organisation)


def vouched_for(request: HttpRequest, organisation: Organisation) -> bool:
    """Are the roles at this organisation open to this session?"""
    keys = vouching(request)
    return not keys or keys == {organisation.key}


def only_word_of(request: HttpRequest) -> set[str]:
    """The organisations on whose word alone something would be set up now; empty: more was shown."""
    records = get_authentication_records(request, request.user)
    return set() if any(record["method"] in OWN for record in records) else vouching(request)


def must_be_invited_first(request: HttpRequest) -> bool:
    """Would what is set up now open more than the organisation vouches for? Then only an invitation does."""
    keys = only_word_of(request)
    return bool(keys) and not (len(keys) == 1 and _is_only_at(request.user.pk, next(iter(keys))))


def _is_only_at(person: int | None, key: str) -> bool:
    """Has this person roles, now or to come, at this organisation, and nowhere else any?"""
    assert person is not None
    held = Membership.objects.filter(person=person).exclude(until_on__lt=timezone.localdate())
    return set(held.values_list("organisation__key", flat=True)) == {key} and not own_kinships(person)
