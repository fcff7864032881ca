"""Who is enrolled where, and what learners are called, as rosters say it: entered, said anew, and taken back.

A name that was said is a token: the name sealed for that child, with its own key. Who keeps tokens, to be
able to take back what a roster said, keeps nothing that outlives the key of the child.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.operations_consent import re_evaluate_many
from inbeeld.keys.opening import batched, open_keys
from inbeeld.keys.operations import keys_for_many
from inbeeld.keys.sealing import SealBroken, Sealed
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
        known = list(Learner.for_operations.filter(key__in=batch).only("key", "reference", "region", "names"))
        keys = open_keys((one.reference, IDENTITY, keyholder_of(one.region)) for one in known)
        for one in known:
            key = keys.get((one.reference, IDENTITY, keyholder_of(one.region)))
            try:
                names = None if key is None else opened_names(one, key)
            except SealBroken:
                names = None
            if called[one.key] and names != _parts(called[one.key]):
                found.add(one.key)
    return found


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
    """Enter who is not known, and seal every name for the child it is of; gives the tokens by key.

    Who is known keeps the name that stands until it is said anew. `municipality`: where who is new is taken
    to live, until somebody knows better.
    """
    new = called.keys() - known_among(called)
    enter_learners(
        Delivered(key=key, region=region, municipality=municipality, **_parts(called[key]))
        for key in sorted(new)
    )
    tokens = {}
    for batch in batched(sorted(key for key, names in called.items() if names)):
        known = list(Learner.for_operations.filter(key__in=batch).only("key", "reference", "region"))
        opened: dict[Any, Any] = {}
        for place in {one.region for one in known}:
            opened |= keys_for_many(
                (one.reference for one in known if one.region == place),
                group=IDENTITY,
                keyholder=keyholder_of(place),
            )
        for one in known:
            seal_names(one, _parts(called[one.key]), key=opened[one.reference])
            tokens[one.key] = bytes(one.names)
    return tokens


@transaction.atomic
@sensitive_variables()
def say_again(
    keys: Iterable[str], *, names: Mapping[str, bytes | None], born: Mapping[str, date | None]
) -> None:
    """Let known learners be born on the day that is said, and be called as these tokens say.

    Who is not in `names` keeps the name that stands; None takes it away. Who is not in `born` has no day.
    """
    for batch in batched(sorted(keys)):
        known = list(
            Learner.for_operations.filter(key__in=batch).only(
                "key", "reference", "region", "names", "born_on"
            )
        )
        moved = [one.pk for one in known if one.born_on != born.get(one.key)]
        nameless = [one for one in known if one.key in names and names[one.key] is None]
        opened = open_keys((one.reference, IDENTITY, keyholder_of(one.region)) for one in nameless)
        for one in known:
            one.born_on = born.get(one.key)
            if (token := names.get(one.key)) is not None:
                one.names = Sealed(token)
        for one in nameless:
            key = opened.get((one.reference, IDENTITY, keyholder_of(one.region)))
            if key is not None and key.is_open:  # of who was erased there is no name to take away
                seal_names(one, {}, key=key)
        Learner.for_operations.bulk_update(known, ["names", "born_on"])
        # Who must sign follows from the birth date.
        re_evaluate_many(moved)


def _parts(names: Names) -> dict[str, str]:
    return {part: names[part] for part in NAME_PARTS if names.get(part)}
