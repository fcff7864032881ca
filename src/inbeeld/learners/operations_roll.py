"""Who is enrolled where, and what learners are called, as rosters say it: entered, said anew, and taken back.

A name that was said is a token: the name sealed for that child, with its own key. Who keeps tokens, to be
able to take back what a roster said, keeps nothing that outlives the key of the child.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.operations_consent import re_evaluate_many
from inbeeld.keys.opening import batched, open_keys
from inbeeld.keys.operations import keys_for_many
from inbeeld.keys.sealing import OpenKey, SealBroken, Sealed
from inbeeld.learners.models import Enrolment, Learner
from inbeeld.learners.operations import Delivered, enter_learners, seal_names
from inbeeld.learners.seen import IDENTITY, NAME_PARTS, keyholder_of, opened_names
from inbeeld.organisations.models import Organisation

Names = Mapping[str, str]


@transaction.atomic
def replace_enrolments(rows: Iterable[Mapping[str, Any]], *, of: Collection[int] | None = None) -> int:
    """Replace enrolments by rows of the table `enrolments`; unknown learners or schools are left out.

    `of`: of these schools (primary keys) alone; else all.
    """
    learners = dict(Learner.for_operations.values_list("key", "pk"))
    schools = dict(Organisation.objects.values_list("key", "pk"))
    if of is None:
        Enrolment.for_operations.all().delete()
    else:
        Enrolment.for_operations.filter(school__in=of).delete()
    wanted = (
        Enrolment(
            learner_id=learners[row["learner"]],
            school_id=schools[row["school"]],
            from_on=row["from_on"],
            until_on=row["until_on"],
        )
        for row in rows
        if row["learner"] in learners and row["school"] in schools
    )
    return sum(len(Enrolment.for_operations.bulk_create(batch)) for batch in batched(wanted))


@sensitive_variables()
def with_another_name(called: Mapping[str, Names]) -> set[str]:
    """The keys of known learners who are called otherwise here; a name that cannot be opened is another."""
    found = set()
    for batch in batched(sorted(called)):
        known = list(_not_destroyed(batch).only("key", "reference", "region", "names"))
        keys = _keys_of(known)
        for one in known:
            names = _opened(one, bytes(one.names), keys.get(one.reference))
            if called[one.key] and (names is None or called_now(names, called[one.key]) != names):
                found.add(one.key)
    return found


def called_now(names: Names, said: Names) -> dict[str, str]:
    """What a learner is called after a roster said so: a part it does not say stays as it was.

    A prefix belongs to its last name. Initials stand for first names nobody knows.
    """
    now = dict(names)
    if said.get("last_name"):
        now |= {"last_name": said["last_name"], "prefix": said.get("prefix", "")}
    now |= {part: said[part] for part in ("first_names", "call_name") if said.get(part)}
    if said.get("initials") and not now.get("first_names"):
        now["first_names"] = said["initials"]
    return {part: now[part] for part in NAME_PARTS if now.get(part)}


def known_among(keys: Iterable[str]) -> set[str]:
    """Those of these keys by which a learner is known."""
    return {
        key
        for batch in batched(sorted(keys))
        for key in Learner.for_operations.filter(key__in=batch).values_list("key", flat=True)
    }


def tokens_of(keys: Iterable[str]) -> dict[str, bytes]:
    """The names of known learners as they stand, sealed."""
    return {
        key: bytes(names)
        for batch in batched(sorted(keys))
        for key, names in Learner.for_operations.filter(key__in=batch).values_list("key", "names")
    }


@transaction.atomic
@sensitive_variables()
def name_learners(called: Mapping[str, Names], *, region: str, municipality: str) -> dict[str, bytes]:
    """Enter who is not known, and seal what each is called for the child it is of; gives the tokens by key.

    Who is known keeps the name that stands until it is said again. `municipality`: where who is new is taken
    to live, until somebody knows better.
    """
    new = called.keys() - known_among(called)
    enter_learners(
        Delivered(key=key, region=region, municipality=municipality, **called_now({}, called[key]))
        for key in sorted(new)
    )
    tokens = {}
    for batch in batched(sorted(key for key, names in called.items() if names)):
        known = list(_not_destroyed(batch).only("key", "reference", "region"))
        opened: dict[UUID, OpenKey] = {}
        for place in {one.region for one in known}:
            opened |= keys_for_many(
                (one.reference for one in known if one.region == place),
                group=IDENTITY,
                keyholder=keyholder_of(place),
            )
        for one in known:
            seal_names(one, called[one.key], key=opened[one.reference])
            tokens[one.key] = bytes(one.names)
    return tokens


@transaction.atomic
@sensitive_variables()
def say_again(
    keys: Iterable[str], *, names: Mapping[str, Sequence[bytes]], born: Mapping[str, date | None]
) -> None:
    """Let known learners be born on the day that is said, and be called as these tokens say, in their order.

    Who is not in `names` keeps the name that stands; without a token there is none. Who is not in `born` has
    no day.
    """
    for batch in batched(sorted(keys)):
        known = list(_not_destroyed(batch).only("key", "reference", "region", "names", "born_on"))
        moved = [one.pk for one in known if one.born_on != born.get(one.key)]
        opened = _keys_of(one for one in known if one.key in names)
        for one in known:
            one.born_on = born.get(one.key)
            key = opened.get(one.reference)
            if key is not None and key.is_open:  # of who was erased there is no name to say
                now: dict[str, str] = {}
                for token in names[one.key]:
                    now = called_now(now, _opened(one, token, key) or {})
                seal_names(one, now, key=key)
        Learner.for_operations.bulk_update(known, ["names", "born_on"])
        # Who must sign follows from the birth date.
        re_evaluate_many(moved)


def _not_destroyed(keys: Collection[str]) -> QuerySet[Learner]:
    """Known learners; of whose file was destroyed no name comes back."""
    return Learner.for_operations.filter(key__in=keys).exclude(case_stage=Learner.CaseStage.DESTROYED)


def _keys_of(learners: Iterable[Learner]) -> dict[UUID, OpenKey]:
    """The data key of each learner's identity, if there is one."""
    wanted = [(one.reference, IDENTITY, keyholder_of(one.region)) for one in learners]
    return {reference: key for (reference, _group, _holder), key in open_keys(wanted).items()}


@sensitive_variables()
def _opened(learner: Learner, token: bytes, key: OpenKey | None) -> dict[str, str] | None:
    """What a token calls a learner; None when it cannot be opened."""
    if key is None:
        return None
    try:
        return opened_names(Learner(reference=learner.reference, names=Sealed(token)), key)
    except SealBroken:
        return None
