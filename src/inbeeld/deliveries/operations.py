"""What a school does with its deliveries. The only place, with operations_work.py, that writes here.

A delivery is received, read by the worker, looked at, and then accepted or not: nothing counts before
somebody of the school has seen what would change. Two who decide about the same delivery: the first decides.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from inbeeld.access import operations_ground
from inbeeld.access.actor import Actor
from inbeeld.access.ledger import ALLOWED, REFUSED
from inbeeld.access.refusal import Refused
from inbeeld.deliveries import places
from inbeeld.deliveries.models import (
    OPEN,
    PRESENT,
    CodeMeaning,
    ColumnName,
    Delivery,
    Fills,
    State,
    Way,
)
from inbeeld.deliveries.reading import unknown_codes
from inbeeld.engine.intake import OWN_TABLE, PROFILES
from inbeeld.engine.schema import REASONS
from inbeeld.journal.deed import Deed
from inbeeld.journal.operations import append
from inbeeld.kernel.access import FieldClass, Involvement
from inbeeld.kernel.attendance import TIMETABLE
from inbeeld.organisations.models import Kind, Membership, Organisation

LARGEST_FILE = 50 * 1024 * 1024
LONGEST_CODE = 100
LONGEST_SPAN_DAYS = 400
#: What a code can mean, as people choose it: status, reason and permission of the table marks.
MEANINGS = {
    "present": (PRESENT, "", ""),
    "late": ("late", "", ""),
    "removed": ("removed", "", ""),
    "sick": ("absent", "sick", "true"),
    "appointment": ("absent", "appointment", "true"),
    "leave": ("absent", "leave", "true"),
    "other-with": ("absent", "unknown", "true"),
    "truant": ("absent", "truant", "false"),
    "other-without": ("absent", "unknown", "false"),
    "not-known": ("absent", "unknown", ""),
    "timetable": ("other", TIMETABLE, ""),
    "other": ("other", "", ""),
}


class Did(StrEnum):
    """What the journal calls what was done with a delivery."""

    RECEIVE = "receive_delivery"
    NAME_COLUMNS = "name_columns"
    SAY_CODES = "say_codes"
    SAY_DAYS = "say_days_of_delivery"
    ACCEPT = "accept_delivery"
    DISMISS = "dismiss_delivery"
    WITHDRAW = "withdraw_delivery"


def may_deliver(actor: Actor | None) -> bool:
    """Who writes attendance of everybody on the list of their school, says the access table."""
    if actor is None or actor.membership is None or actor.membership.organisation.kind != Kind.SCHOOL:
        return False
    return any(
        row.involvement is Involvement.OWN_ORG and "w" in row.cells[FieldClass.ATT] for row in actor.rows
    )


@transaction.atomic
def receive(
    actor: Actor, content: bytes, *, way: Way, source: str = "", made_on: date | None = None
) -> tuple[Delivery, bool]:
    """Take in a file; gives the delivery, and whether it is new: the same file twice is one delivery.

    `source`: one of the profiles, or nothing to have it recognised; `made_on`: the day the file was made.
    Raises Refused.
    """
    school = _school_of(actor, Did.RECEIVE)
    if source and source not in PROFILES:
        raise _refused(actor, Did.RECEIVE, _("Choose one of the systems given."))
    if sentence := why_not_taken_in(content):
        raise _refused(actor, Did.RECEIVE, sentence)
    if sentence := why_not_made_on(made_on):
        raise _refused(actor, Did.RECEIVE, sentence)
    made, is_new = take_in(school, content, way=way, source=source, made_on=made_on, by=actor.membership)
    if is_new:
        _did(actor, Did.RECEIVE, made)
    return made, is_new


def why_not_taken_in(content: bytes) -> str:
    """Why a file is refused before anybody reads it, in a sentence; empty when it is not."""
    if not content.strip():
        return _("This is empty: there are no rows in it.")
    return too_large() if len(content) > LARGEST_FILE else ""


def why_not_made_on(made_on: date | None) -> str:
    """Why a file cannot have been made on a day, in a sentence; empty when it can."""
    if made_on is None or made_on <= timezone.localdate():
        return ""
    return _("The day on which the file was made lies in the future.")


def too_large() -> str:
    """What is said of a file that is larger than can be taken in."""
    return _("A file can be at most 50 MB. Deliver it in parts, a month each.")


def take_in(
    school: Organisation,
    content: bytes,
    *,
    way: Way,
    source: str = "",
    made_on: date | None = None,
    by: Membership | None = None,
) -> tuple[Delivery, bool]:
    """Keep a file, sealed, as a delivery that waits to be read; in the transaction of the caller.

    The same file of a school, as long as it waits or counts, is the delivery that is there already.
    """
    one_at_a_time(school)
    digest = hashlib.sha256(content).hexdigest()
    waits = Q(state__in=OPEN, made_on=made_on)
    if source:  # read as what another system gives, the same file says something else
        waits &= Q(source=source)
    # Of those that count only the last of its kind: what another came over is delivered anew.
    last = [one.pk for kind in Fills if (one := Delivery.objects.counting(school, kind).last()) is not None]
    same = Delivery.objects.filter(waits | Q(pk__in=last), school=school, sha256=digest)
    if (known := same.order_by("received_at").last()) is not None:
        return known, False
    made = Delivery(
        id=uuid.uuid4(), school=school, way=way, source=source, sha256=digest, size=len(content),
        received_at=timezone.now(), received_by=by, made_on=made_on,
    )  # fmt: skip
    places.keep(made.pk, places.FILE, content)  # first the file: a row without one could never be read
    made.save(force_insert=True)
    return made, True


def take_in_by_itself(
    school: Organisation,
    content: bytes,
    *,
    way: Way,
    by: str,
    origin: str,
    source: str = "",
    made_on: date | None = None,
) -> tuple[Delivery, bool]:
    """The same without anybody logged in, with its line in the journal: `by` whom, from which `origin`."""
    made, is_new = take_in(school, content, way=way, source=source, made_on=made_on)
    if is_new:
        deed = Deed(
            trace=uuid.uuid4(), actor=by, action=Did.RECEIVE, organisation=school.key,
            object=f"delivery:{made.pk}", field_class=FieldClass.ATT.value, origin=origin,
        )  # fmt: skip
        append([deed])
    return made, is_new


@transaction.atomic
def name_columns(actor: Actor, delivery: Delivery, columns: Mapping[str, str]) -> None:
    """Say in which column of the school's own table each field stands; then it is read again. Raises Refused.

    `columns`: field of the source `generic` → name of the column, one of those in the file.
    """
    now = _opened(actor, delivery, Did.NAME_COLUMNS, states=(State.UNNAMED,))
    profile, found = PROFILES[OWN_TABLE], places.kept_columns(now.pk)
    known = {one.name: one for one in profile.fields}
    said = {field: column for field, column in columns.items() if column}
    if not set(said) <= set(known) or not set(said.values()) <= set(found):
        raise _refused(actor, Did.NAME_COLUMNS, _("Choose one of the columns in the file."), now)
    if len(set(said.values())) < len(said):
        raise _refused(actor, Did.NAME_COLUMNS, _("One column was chosen twice."), now)
    if any(one.required and one.name not in said for one in profile.fields):
        raise _refused(
            actor, Did.NAME_COLUMNS, _("Without the learner's number and the day nothing can be read."), now
        )
    ColumnName.objects.filter(school=now.school).delete()
    ColumnName.objects.bulk_create(
        ColumnName(
            school=now.school, field=field, column=column, said_by=actor.membership, said_at=timezone.now()
        )
        for field, column in said.items()
    )
    Delivery.objects.filter(pk=now.pk).update(state=State.RECEIVED, source=profile.name)
    _did(actor, Did.NAME_COLUMNS, now)


@transaction.atomic
def say_codes(actor: Actor, delivery: Delivery, meanings: Mapping[str, str]) -> None:
    """Say what codes of the school mean in the source of this delivery; it is read again. Raises Refused.

    `meanings`: code → one of MEANINGS. For all days, until somebody says otherwise from a day on.
    """
    now = _opened(actor, delivery, Did.SAY_CODES, states=(State.TO_REVIEW,))
    said = {code: meaning for code, meaning in meanings.items() if meaning}
    if not said:
        raise _refused(actor, Did.SAY_CODES, _("Choose what at least one code means."), now)
    asked = {one.code for one in unknown_codes(now.pk)}
    if not set(said) <= asked or not set(said.values()) <= set(MEANINGS):
        raise _refused(actor, Did.SAY_CODES, _("Choose one of the meanings given."), now)
    if any(len(code) > LONGEST_CODE for code in said):
        raise _refused(
            actor, Did.SAY_CODES, _("This code is too long to be one: is it in the right column?"), now
        )
    for code, meaning in said.items():
        mean(now.school, now.source, code, meaning, from_on=None, by=actor)
    Delivery.objects.filter(pk=now.pk).update(state=State.RECEIVED)
    _did(actor, Did.SAY_CODES, now)


@transaction.atomic
def mean_anew(actor: Actor, known: CodeMeaning, meaning: str, *, from_on: date | None) -> None:
    """Say that a code means something else, from a day on or (nothing) always. Raises Refused.

    What counts already keeps the meaning it was read with: deliver those days again.
    """
    school = _school_of(actor, Did.SAY_CODES)
    if known.school_id != school.pk or meaning not in MEANINGS:
        raise _refused(actor, Did.SAY_CODES, _("Choose one of the meanings given."))
    mean(school, known.source, known.code, meaning, from_on=from_on, by=actor)
    _did(actor, Did.SAY_CODES)


@transaction.atomic
def forget_columns(actor: Actor, delivery: Delivery) -> None:
    """The columns of the school's own table were chosen wrong: it is asked again. Raises Refused."""
    now = _opened(actor, delivery, Did.NAME_COLUMNS, states=(State.TO_REVIEW, State.UNUSABLE))
    gone, _each = ColumnName.objects.filter(school=now.school).delete()
    if not gone:
        raise _refused(actor, Did.NAME_COLUMNS, _("Nobody chose columns for this school."), now)
    Delivery.objects.filter(pk=now.pk).update(state=State.RECEIVED, source=OWN_TABLE)
    _did(actor, Did.NAME_COLUMNS, now)


def mean(
    school: Organisation, source: str, code: str, meaning: str, *, from_on: date | None, by: Actor | None
) -> CodeMeaning:
    """From a day on a code means this; what it meant before ends the day before, or gives way."""
    rows = CodeMeaning.objects.filter(school=school, source=source, code=code)
    if from_on is None:
        rows.delete()
    else:
        rows.filter(from_on__gte=from_on).delete()
        rows.filter(Q(until_on__isnull=True) | Q(until_on__gte=from_on)).update(
            until_on=from_on - timedelta(days=1)
        )
    status, reason, permission = MEANINGS[meaning]
    assert reason in ("", *REASONS)
    return CodeMeaning.objects.create(
        school=school, source=source, code=code, status=status, reason=reason, permission=permission,
        from_on=from_on, said_by=None if by is None else by.membership, said_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def say_days(actor: Actor, delivery: Delivery, *, from_on: date, until_on: date) -> None:
    """Say for which days a delivery speaks, both included; then it is compared again. Raises Refused."""
    now = _opened(actor, delivery, Did.SAY_DAYS, states=(State.TO_REVIEW,))
    if now.is_roster:
        raise _refused(actor, Did.SAY_DAYS, _("A roster speaks for its own day, and for no other."), now)
    if until_on < from_on:
        raise _refused(actor, Did.SAY_DAYS, _("The last day lies before the first."), now)
    if until_on > timezone.localdate():
        raise _refused(actor, Did.SAY_DAYS, _("A delivery cannot speak for days to come."), now)
    if (until_on - from_on).days >= LONGEST_SPAN_DAYS:
        raise _refused(actor, Did.SAY_DAYS, _("A delivery speaks for at most one school year."), now)
    marks = (now.counts.get("first_on") or "", now.counts.get("last_on") or "")
    if marks[0] and not from_on.isoformat() <= marks[0] <= marks[1] <= until_on.isoformat():
        raise _refused(actor, Did.SAY_DAYS, _("There are rows in it of days before or after that."), now)
    Delivery.objects.filter(pk=now.pk).update(
        state=State.RECEIVED, from_on=from_on, until_on=until_on, days_said=True
    )
    _did(actor, Did.SAY_DAYS, now)


def accept(actor: Actor, delivery: Delivery, *, as_read: str, although_many_leave: bool = False) -> None:
    """Let a delivery count. Raises Refused.

    `although_many_leave`: a roster on which many are no more asks for a second yes: half an export looks so.
    `as_read`: of the page on which this was decided. When it was read again since, or another delivery came
    to count, it is shown anew first: nobody accepts what they did not see.
    """
    with transaction.atomic():
        now = _opened(actor, delivery, Did.ACCEPT, states=(State.TO_REVIEW,))
        if now.counts.get("unknown_codes"):
            sentence = _("First say what the codes mean: absence without a meaning would be lost.")
            raise _refused(actor, Did.ACCEPT, sentence, now)
        if (now.until_on - now.from_on).days >= LONGEST_SPAN_DAYS:
            sentence = _("It speaks for more than a school year: is there a wrong date in it?"
                         " Mend it, and hand it in again.")  # fmt: skip
            raise _refused(actor, Did.ACCEPT, sentence, now)
        if as_read != now.as_read:
            sentence = _("Meanwhile somebody changed this delivery. Look again before you say yes.")
            raise _refused(actor, Did.ACCEPT, sentence, now)
        if now.counts.get("asks_twice") and not although_many_leave:
            sentence = _(
                "Many learners are on this roster no more. Say that they really left, or hand in a whole one."
            )
            raise _refused(actor, Did.ACCEPT, sentence, now)
        counting = Delivery.objects.counting(now.school, now.fills)
        if seen := now.compared_with == [str(one.pk) for one in counting]:
            last = Delivery.objects.filter(school=now.school).aggregate(last=Max("order"))["last"]
            changed = {"state": State.ACCEPTED, "order": (last or 0) + 1, "decided_by": actor.membership}
            Delivery.objects.filter(pk=now.pk).update(**changed, decided_at=timezone.now())
            _did(actor, Did.ACCEPT, now)
        else:
            Delivery.objects.filter(pk=now.pk).update(state=State.RECEIVED)
    if not seen:
        sentence = _(
            "Meanwhile something else came to count for this school: it is being compared anew. Look again."
        )
        raise _refused(actor, Did.ACCEPT, sentence, now)


@transaction.atomic
def dismiss(actor: Actor, delivery: Delivery) -> None:
    """Do not take a delivery in; the worker deletes what was delivered. Raises Refused."""
    now = _opened(actor, delivery, Did.DISMISS, states=(*OPEN, State.UNUSABLE))
    Delivery.objects.filter(pk=now.pk).update(
        state=State.DISMISSED, decided_at=timezone.now(), decided_by=actor.membership
    )
    _did(actor, Did.DISMISS, now)


@transaction.atomic
def withdraw(actor: Actor, delivery: Delivery) -> None:
    """Take back a delivery that counts: then it is as if it never came. Raises Refused."""
    now = _opened(actor, delivery, Did.WITHDRAW, states=(State.STANDS,))
    if now.way == Way.FIRST:
        raise _refused(actor, Did.WITHDRAW, _("What was there at the beginning cannot be withdrawn."), now)
    Delivery.objects.filter(pk=now.pk).update(
        state=State.WITHDRAWING, decided_at=timezone.now(), decided_by=actor.membership
    )
    _did(actor, Did.WITHDRAW, now)


def _school_of(actor: Actor, action: Did) -> Organisation:
    if not may_deliver(actor):
        raise _refused(actor, action, _("Only who keeps the attendance of a school delivers for it."))
    assert actor.membership is not None
    return actor.membership.organisation


def _opened(actor: Actor, delivery: Delivery, action: Did, *, states: Collection[State]) -> Delivery:
    """The delivery as it is now, locked; refused when it is another school's or in another state."""
    school = _school_of(actor, action)
    if delivery.school_id not in {school.pk, *school.and_below().values_list("pk", flat=True)}:
        raise _refused(actor, action, _("This delivery is of another school."))
    one_at_a_time(delivery.school)
    now = Delivery.objects.select_related("school", "decided_by__person").get(pk=delivery.pk)
    if now.state not in states:
        raise _refused(actor, action, _already(now), now)
    return now


def _already(now: Delivery) -> str:
    if now.waits:
        return _("This delivery is being worked on just now. Look again in a moment.")
    if now.decided_by is not None and now.decided_at is not None:
        name = now.decided_by.person.get_full_name()
        return _("{name} has decided about this delivery already.").format(name=name)
    return _("That cannot be done with this delivery any more.")


def one_at_a_time(school: Organisation) -> None:
    """Until the transaction ends nobody else decides about this school; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"inbeeld: deliveries {school.pk}"])


def _refused(actor: Actor, action: Did, sentence: str, delivery: Delivery | None = None) -> Refused:
    _did(actor, action, delivery, outcome=REFUSED)
    return Refused(sentence)


def _did(actor: Actor, action: Did, delivery: Delivery | None = None, *, outcome: str = ALLOWED) -> None:
    about = "" if delivery is None else f"delivery:{delivery.pk}"
    operations_ground.said(actor, action, field_class=FieldClass.ATT, about=about, outcome=outcome)
