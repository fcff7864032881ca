"""Changes to learners, and the publishing of a judgement. The only place that writes here."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.views.decorators.debug import sensitive_variables

from inbeeld.access.operations_consent import re_evaluate_many
from inbeeld.engine import reading
from inbeeld.kernel.access import FieldClass, Stage
from inbeeld.kernel.aftercare import Home, last_home
from inbeeld.kernel.disclosure import per_mille, told
from inbeeld.keys.keyring import lookup_of
from inbeeld.keys.models import KeyGroup
from inbeeld.keys.opening import open_keys
from inbeeld.keys.operations import keys_for_many
from inbeeld.keys.sealing import OpenKey, SealBroken, seal_into, unseal_from
from inbeeld.learners.earlier import NOT_KNOWN, Before, before_of, compared_with
from inbeeld.learners.missing import missing_of
from inbeeld.learners.models import Enrolment, Judgement, Learner, Presence, Standing, Verdict
from inbeeld.learners.reasons import ABOUT_SICKNESS, only_school
from inbeeld.learners.seen import NAME_PARTS, keyholder_of
from inbeeld.learners.snapshot import judged_by, region_from_settings
from inbeeld.learners.standing import GONE, NO_STAGE, counted
from inbeeld.organisations.models import Kind, Organisation

BATCH = 2000
#: Names are padded to this many characters, so that nearly all are equally long when sealed.
ALL_ALIKE = 120
#: What the presence of a school is worked out from, in slots.
PRESENCE = ("absent", "scheduled", "absent_4w", "scheduled_4w")
#: Of everybody: a fact of the standing, not a verdict that makes a list.
NOT_A_LIST = "compulsory-age"
NOT_THE_JUDGEMENT = frozenset({"seconds"})


@dataclass(frozen=True)
class Delivered:
    """A learner as delivered: the key, who it is, and where it lives. Names and number get sealed."""

    key: str
    region: str
    call_name: str = ""
    first_names: str = ""
    prefix: str = ""
    last_name: str = ""
    born_on: date | None = None
    municipality: str = ""
    number: str = ""


@transaction.atomic
def enter_learners(found: Iterable[Delivered]) -> int:
    """Enter learners, or bring the ones known by their key up to date; returns how many.

    One at a time: names are sealed for a reference, which two who meet the same new key would each make up.
    """
    _one_at_a_time()
    return sum(len(_enter(batch)) for batch in _batches(found))


def _one_at_a_time() -> None:
    """Wait until nobody else enters learners; SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('inbeeld: entering learners'))")


def _enter(batch: list[Delivered]) -> list[Learner]:
    known = dict(
        Learner.for_operations.filter(key__in=[one.key for one in batch]).values_list("key", "reference")
    )
    references = {one.key: known.get(one.key) or uuid.uuid4() for one in batch}
    opened: dict[UUID, OpenKey] = {}
    for region in {one.region for one in batch}:
        opened |= keys_for_many(
            (references[one.key] for one in batch if one.region == region),
            group=KeyGroup.IDENTITY,
            keyholder=keyholder_of(region),
        )
    learners = [_sealed(one, references[one.key], key=opened[references[one.key]]) for one in batch]
    entered = Learner.for_operations.bulk_create(
        learners,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["region", "names", "number", "number_lookup", "born_on", "municipality"],
    )
    # Who must sign follows from the birth date, which may have been corrected.
    re_evaluate_many(Learner.for_operations.filter(key__in=known).values_list("pk", flat=True))
    return entered


@sensitive_variables()
def _sealed(one: Delivered, reference: UUID, *, key: OpenKey) -> Learner:
    learner = Learner(
        reference=reference,
        key=one.key,
        region=one.region,
        born_on=one.born_on,
        municipality=one.municipality,
        number_lookup=lookup_of(one.number).hex() if one.number else "",
    )
    seal_names(learner, {part: value for part in NAME_PARTS if (value := getattr(one, part))}, key=key)
    seal_into(learner, "number", one.number or None, key=key)
    return learner


@sensitive_variables()
def seal_names(learner: Learner, names: Mapping[str, str], *, key: OpenKey) -> None:
    """Set the names of a learner, saved or not, sealed; as long as nearly all others."""
    seal_into(learner, "names", json.dumps(names, ensure_ascii=False).ljust(ALL_ALIKE), key=key)


@sensitive_variables()
def has_a_number(which: Callable[[str], bool]) -> bool:
    """Is there a learner with a personal number of this kind? Which learner and number is not said.

    A number whose key is gone or damaged is no number any more.
    """
    numbered = Learner.for_operations.filter(number__isnull=False).only("reference", "region", "number")
    for batch in _batches(numbered.iterator(BATCH)):
        keys = open_keys((one.reference, KeyGroup.IDENTITY, keyholder_of(one.region)) for one in batch)
        for one in batch:
            key = keys.get((one.reference, KeyGroup.IDENTITY, keyholder_of(one.region)))
            try:
                if key is not None and which(unseal_from(one, "number", key=key) or ""):
                    return True
            except SealBroken:
                continue
    return False


@dataclass(frozen=True)
class Arriving:
    """Who comes with a judgement. `born`: birth dates by key; `enter`: enters them, in its transaction."""

    born: Mapping[str, date | None]
    enter: Callable[[], None]


#: Nobody who is not known already.
NOBODY = Arriving({}, lambda: None)


def publish_judgement(
    judged: Path,
    *,
    tables: Path,
    within: Path,
    arriving: Arriving = NOBODY,
    also: Callable[[Judgement], None] = lambda judgement: None,
) -> Judgement:
    """Make a judged snapshot the one everybody sees, as a whole; the same one again changes nothing.

    `judged` and `tables` are folders inside `within`, so that the data folder can move. The tables are judged
    once more on an earlier day, to compare with: before anything is written, as it takes a while.
    `also`: what belongs with it, done in the same transaction.
    """
    receipt = json.loads((judged / "receipt.json").read_text(encoding="utf-8"))
    digest = _digest(receipt)
    if (current := _current_if(digest)) is not None:
        with transaction.atomic():
            arriving.enter()
            also(current)
        return current
    before = before_of(
        tables,
        on=date.fromisoformat(receipt["on"]),
        region=region_from_settings(receipt["region"]),
        born=dict(Learner.for_operations.values_list("key", "born_on")) | dict(arriving.born),
    )
    with transaction.atomic():
        arriving.enter()
        made = _published(
            receipt, digest, judged, tables.relative_to(within), judged.relative_to(within), before
        )
        also(made)
    return made


def _current_if(digest: str) -> Judgement | None:
    """The current judgement, if it is this one."""
    current = Judgement.objects.order_by("published_at", "pk").last()
    return current if current is not None and current.receipt == digest else None


def _published(
    receipt: Mapping[str, Any],
    digest: str,
    judged: Path,
    tables_named: Path,
    judged_named: Path,
    before: Mapping[str, Before],
) -> Judgement:
    if (current := _current_if(digest)) is not None:  # somebody else was first
        return current
    on = date.fromisoformat(receipt["on"])
    Judgement.objects.filter(receipt=digest).delete()
    judgement = Judgement.objects.create(
        on=on,
        compared_with=compared_with(on),
        region=receipt["region"],
        tables=str(tables_named),
        judged=str(judged_named),
        receipt=digest,
        code_version=receipt["code_version"],
        definitions=receipt["definitions"],
    )
    seen_before = set(Standing.for_operations.exclude(stage=NO_STAGE).values_list("learner_id", flat=True))
    Verdict.for_operations.all().delete()
    Standing.for_operations.all().delete()
    found = _standings(judged, on=judgement.on, before=before)
    for batch in _batches(_closed_after(seen_before, found, on=judgement.on)):
        Standing.for_operations.bulk_create(batch)
    _replace_presence()
    for verdicts in _batches(_verdicts(judged, judgement=judgement)):
        Verdict.for_operations.bulk_create(verdicts)
    return judgement


def _digest(receipt: Mapping[str, Any]) -> str:
    """One name for the same judgement made twice: how many seconds it took is no part of it."""
    same = {name: value for name, value in receipt.items() if name not in NOT_THE_JUDGEMENT}
    return hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()


def _replace_presence() -> None:
    """Of each school with its sites how much its pupils were there, from how they stand: what may be told.

    Of a school with a site too small to tell of nothing is told: the others, taken off the whole, would tell.
    """
    Presence.objects.all().delete()
    sums = {name: Sum(name) for name in PRESENCE}
    rows = Standing.for_operations.filter(enrolled=True, school__isnull=False)
    rows = rows.values("school", "school__part_of", "school__part_of__kind")
    parts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.annotate(learners=Count("pk"), **sums).order_by("school"):
        parts[row["school"]].append(row)
        if row["school__part_of__kind"] == Kind.SCHOOL:
            parts[row["school__part_of"]].append(row)
    Presence.objects.bulk_create(_presence(school, some) for school, some in parts.items())


def _presence(school: int, parts: list[dict[str, Any]]) -> Presence:
    if any(told(one["learners"]) is None for one in parts):
        return Presence(school_id=school)
    whole = {name: sum(one[name] for one in parts) for name in ("learners", *PRESENCE)}
    number, scheduled, lately = whole["learners"], whole["scheduled"], whole["scheduled_4w"]
    return Presence(
        school_id=school,
        learners=told(number),
        this_year=per_mille(scheduled - whole["absent"], scheduled, of=number),
        four_weeks=per_mille(lately - whole["absent_4w"], lately, of=number),
    )


def _standings(judged: Path, *, on: date, before: Mapping[str, Before]) -> Iterator[Standing]:
    learners = {
        key: (pk, born) for key, pk, born in Learner.for_operations.values_list("key", "pk", "born_on")
    }
    schools = dict(Organisation.objects.values_list("key", "pk"))
    last = _last_enrolments(on)
    so_far: dict[str, int] = {}
    ended: dict[str, list[Home]] = defaultdict(list)
    for row in reading.rows(judged / "episodes.parquet"):
        if row["family"] == "any" and row["ongoing"]:
            so_far[row["learner"]] = row["school_days"]
        elif row["family"] == "any" and (home := Home(row["first_on"], row["last_on"])).is_long():
            ended[row["learner"]].append(home)
    for fact in reading.rows(judged / "facts.parquet"):
        if fact["learner"] not in learners:
            continue
        pk, born_on = learners[fact["learner"]]
        last_school, off_roll_since = last.get(pk, (None, None))
        then = before.get(fact["learner"], NOT_KNOWN)
        yield Standing(
            learner_id=pk,
            judged_on=on,
            # A former school only of who is at none: it would see the children of another school.
            school_id=schools.get(fact["school"], None if fact["enrolled"] else last_school),
            enrolled=fact["enrolled"],
            exempt=fact["exempt"],
            of_compulsory_age=fact["of_compulsory_age"],
            since=fact["ongoing_since"],
            without_since=fact["ongoing_without_since"],
            open_since=fact["ongoing_open_since"],
            off_roll_since=None if fact["enrolled"] else off_roll_since,
            alternating_days=fact["alternating_days_15w"],
            absent=fact["absent_ytd"],
            scheduled=fact["scheduled_ytd"],
            absent_4w=fact["absent_4w"],
            scheduled_4w=fact["scheduled_4w"],
            layer=fact["layer_ytd"],
            layer_before=then.layer,
            on_register_before=then.on_register,
            school_days=so_far.get(fact["learner"]) if fact["ongoing_since"] else None,
            **asdict(
                counted(
                    fact,
                    on=on,
                    born_on=born_on,
                    off_roll_since=None if fact["enrolled"] else off_roll_since,
                    home=last_home(ended.get(fact["learner"], ()), on=on),
                )
            ),
        )


def _closed_after(seen_before: set[int], found: Iterable[Standing], *, on: date) -> Iterator[Standing]:
    """Who was in a stage and is in none any more is closed: the family can still ask who saw it (GDPR 15)."""
    left = set(seen_before)
    for one in found:
        if one.learner_id in left and one.stage == NO_STAGE:
            one.stage = Stage.CLOSED.value
        left.discard(one.learner_id)
        yield one
    for pk in sorted(left):  # no longer delivered
        yield Standing(
            learner_id=pk, judged_on=on, enrolled=False, exempt=False,
            **{**asdict(GONE), "stage": Stage.CLOSED.value},
        )  # fmt: skip


def _last_enrolments(on: date) -> dict[int, tuple[int, date | None]]:
    """Of each learner: the school of the enrolment that ended last, and the first day without one."""
    ended = (
        Enrolment.for_operations.filter(until_on__lt=on)
        .order_by("until_on", "pk")
        .values_list("learner_id", "school_id", "until_on")
    )
    return {learner: (school, until_on + timedelta(days=1)) for learner, school, until_on in ended}


def _verdicts(judged: Path, *, judgement: Judgement) -> Iterator[Verdict]:
    standings = dict(Standing.for_operations.values_list("learner__key", "pk"))
    tells_a_reason = {one.key for one in judged_by(judgement) if one.subject in ABOUT_SICKNESS}
    found = [
        row
        for row in reading.rows(judged / "verdicts.parquet")
        if row["outcome"] != "no"
        and row["learner"] in standings
        and not row["definition"].startswith(NOT_A_LIST)
    ]
    delivered_by = _only_schools(
        {row["learner"] for row in found if row["definition"] in tells_a_reason}, on=judgement.on
    )
    missing = _missing(judged, judgement, [row for row in found if row["outcome"] == "unknown"])
    for row in found:
        yield Verdict(
            standing_id=standings[row["learner"]],
            definition=row["definition"],
            outcome=row["outcome"],
            missing=missing.get((row["learner"], row["definition"]), ""),
            field_class=(FieldClass.MED if row["definition"] in tells_a_reason else FieldClass.ATT).value,
            delivered_by_id=delivered_by.get(row["learner"]) if row["definition"] in tells_a_reason else None,
        )


def _only_schools(learners: Iterable[str], *, on: date) -> dict[str, int | None]:
    """Of each of these learners: the one school that delivered what a verdict about sickness rests on."""
    stays: dict[str, list[tuple[int, date, date | None]]] = {}
    for batch in _batches(learners):
        rows = Enrolment.for_operations.filter(learner__key__in=batch)
        for key, *stay in rows.values_list("learner__key", "school_id", "from_on", "until_on"):
            stays.setdefault(key, []).append(tuple(stay))
    return {key: only_school(found, on) for key, found in stays.items()}


def _missing(judged: Path, judgement: Judgement, unknown: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """What is missing, by learner and definition, said by the definitions themselves."""
    wanted = {row["learner"] for row in unknown}
    born = dict(Learner.for_operations.values_list("key", "born_on"))
    definitions = {one.key: one for one in judged_by(judgement)}
    facts = {
        fact["learner"]: fact for fact in reading.rows(judged / "facts.parquet") if fact["learner"] in wanted
    }
    return {
        (key, name): missing_of(definitions[name], facts[key], on=judgement.on, born_on=born[key])
        for key, name in ((row["learner"], row["definition"]) for row in unknown)
        if name in definitions and key in facts
    }


def _batches(found: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(found)
    while batch := list(islice(waiting, BATCH)):
        yield batch
