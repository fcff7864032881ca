"""What the worker does with lists: read what was handed in, lay side by side, begin rounds, remind.

Each step begins from the state in the table and ends with it, so a worker that was killed begins again where
it was. Names are readable in one folder, for as long as a step lasts.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from inbeeld.access.row_security import commanding
from inbeeld.engine.intake import listed_in
from inbeeld.engine.refusal import BadInput
from inbeeld.journal.deed import Deed
from inbeeld.journal.operations import append
from inbeeld.kernel.rounds import is_to_be_reminded
from inbeeld.keys.keyring import KeyRingUnusable
from inbeeld.keys.sealing import SealBroken
from inbeeld.reconciliation import places
from inbeeld.reconciliation.comparing import Outcome, compare_lists
from inbeeld.reconciliation.models import (
    TO_COMPARE,
    Handed,
    ListState,
    Looked,
    Party,
    Round,
    RoundState,
    Said,
)
from inbeeld.reconciliation.operations import begin_due_rounds, compare_when_whole, fresh

#: In the journal a command has the name under which the database knows it.
WORKER = "command:lists"
BEGAN, COMPARED = "round_of_lists_began", "lists_compared"

Say = Callable[[str], None]


def tidy() -> None:
    """What a worker that was killed left readable goes; only for who holds the lock of the worker."""
    places.sweep()


def step(say: Say) -> bool:
    """Do one thing that waits; False when nothing does."""
    return read_next_list(say) or compare_next(say)


def read_next_list(say: Say) -> bool:
    """Read the list that waits longest, and freeze it; False when none waits."""
    one = Handed.objects.filter(state=ListState.RECEIVED).order_by("received_at").first()
    if one is None:
        return False
    one = fresh(one)
    say(f"reading the list {one.party.name}")
    try:
        found = _read(one)
    except BadInput as bad:
        wrong = {name: value for name, value in asdict(bad).items() if name != "file" and value is not None}
        found = {"state": ListState.UNUSABLE, "wrong": wrong}
    except (FileNotFoundError, SealBroken, KeyRingUnusable):
        found = {"state": ListState.UNUSABLE, "wrong": {"expected": "the file; it is not kept any more"}}
    except (DatabaseError, OSError):
        raise  # of the machine, not of the file: it is tried again
    with transaction.atomic():
        rows = Handed.objects.filter(pk=one.pk, state=ListState.RECEIVED, received_at=one.received_at)
        if rows.update(**found):
            compare_when_whole(one.round)
    places.forget(one.round_id, places.received_as(one.party.name))
    return True


def _read(one: Handed) -> dict[str, Any]:
    """What becomes of a list that is read: the fields to set. Raises BadInput."""
    with places.work_folder() as beside:
        file = beside / "list"
        file.write_bytes(places.kept(one.round_id, places.received_as(one.party.name)))
        rows, unsure = listed_in(file)
    places.keep_rows(one.round_id, one.party.name, rows)
    return {"state": ListState.FROZEN, "rows": len(rows), "unsure": unsure, "wrong": {}}


def compare_next(say: Say) -> bool:
    """Lay the lists of one round side by side; False when none waits."""
    one = Round.objects.filter(state__in=TO_COMPARE).select_related("comparison").order_by("asked_at").first()
    if one is None:
        return False
    say(f"laying the lists of {one.comparison.key} side by side, round {one.number}")
    began = timezone.now()
    try:
        outcome = compare_lists(one, progress=say)
    except BadInput as bad:
        wrong = {name: value for name, value in asdict(bad).items() if name != "file" and value is not None}
        Round.objects.filter(pk=one.pk).update(state=RoundState.FAILED, wrong=wrong)
        return True
    except (FileNotFoundError, SealBroken, KeyRingUnusable):
        wrong = {"expected": "the lists as they were handed in; they are not kept any more"}
        Round.objects.filter(pk=one.pk).update(state=RoundState.FAILED, wrong=wrong)
        return True
    _keep(one, outcome, began=began)
    return True


def _keep(one: Round, outcome: Outcome, *, began: Any) -> None:
    """The outcome first, then the state: a worker killed between them works it out again, to the same."""
    for party, rows in outcome.shown.items():
        places.keep_rows(one.pk, party, rows, what=places.SHOWN)
    for name, content in outcome.made.items():
        places.keep(one.pk, places.made_as(name), content)
    places.keep_outcome(one.pk, outcome.found)
    with commanding("lists"), transaction.atomic():
        meanwhile = (
            Said.objects.filter(comparison=one.comparison, said_at__gte=began).exists()
            or Looked.objects.filter(round=one, looked_at__gte=began).exists()
        )
        Round.objects.filter(pk=one.pk).update(
            state=RoundState.AGAIN if meanwhile else RoundState.COMPARED,
            compared_at=one.compared_at or timezone.now(), counts=outcome.counts, coverage=outcome.coverage,
        )  # fmt: skip
        _end_earlier(one)
        _journal(COMPARED, one)


def _end_earlier(one: Round) -> None:
    """Of earlier rounds the numbers stay, and of the last the ids: what changed since is told by them."""
    earlier = one.comparison.rounds.filter(number__lt=one.number)
    earlier.exclude(state=RoundState.ENDED).update(state=RoundState.ENDED)
    names = list(Party.objects.filter(comparison=one.comparison).values_list("name", flat=True))
    for number, old in enumerate(earlier.order_by("-number")):
        if number:
            places.forget_everything(old.pk)
            continue
        places.forget(old.pk, places.OUTCOME)
        for name in names:
            places.forget_rows(old.pk, name)


@transaction.atomic
def each_day(on: date) -> tuple[int, int]:
    """Begin the rounds whose day has come, remind who did not hand in; how many. Twice on a day is once."""
    begun = begin_due_rounds(on=on, at=timezone.now())
    for one in begun:
        _journal(BEGAN, one)
    reminded = 0
    waiting = Handed.objects.filter(
        state__in=(ListState.ASKED, ListState.UNUSABLE), round__state=RoundState.ASKED
    )
    for handed in waiting.select_related("round"):
        if is_to_be_reminded(due=handed.round.due_on, reminded_on=handed.reminded_on, on=on):
            reminded += Handed.objects.filter(pk=handed.pk, reminded_on=handed.reminded_on).update(
                reminded_on=on, reminders=handed.reminders + 1
            )
    return len(begun), reminded


def _journal(action: str, one: Round) -> None:
    append(
        [
            Deed(
                trace=uuid.uuid4(), actor=WORKER, action=action, organisation=one.comparison.led_by.key,
                object=f"round:{one.pk}", origin=WORKER,
            )
        ]
    )  # fmt: skip
