"""What the worker does with lists: read what was handed in, lay side by side, begin rounds, remind.

Each step begins from the state in the table and ends with it, so a worker that was killed begins again where
it was. Names are readable in one folder, for as long as a step lasts.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
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
from inbeeld.organisations.models import Kind
from inbeeld.reconciliation import places
from inbeeld.reconciliation.comparing import Outcome, compare_lists
from inbeeld.reconciliation.models import (
    TO_COMPARE,
    Handed,
    ListState,
    Looked,
    Round,
    RoundState,
    Said,
)
from inbeeld.reconciliation.operations import begin_due_rounds, compare_when_whole, fresh, one_at_a_time
from inbeeld.reconciliation.operations_settle import end_what_is_over
from inbeeld.reconciliation.seen import OWN_WORDS

#: In the journal a command has the name under which the database knows it.
WORKER = "command:lists"
BEGAN, COMPARED = "round_of_lists_began", "lists_compared"
NOT_WORKED_IN = "not_worked_in"
#: So long the lists of the last round are kept at most, unless rounds follow one another more slowly.
KEPT_FOR = timedelta(days=90)

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
    rows: list[dict[str, str]] = []
    try:
        rows, unsure = _read(one)
        found = {"state": ListState.FROZEN, "rows": len(rows), "unsure": unsure, "wrong": {}}
    except BadInput as bad:
        found = {"state": ListState.UNUSABLE, "wrong": bad.without_file()}
    except (FileNotFoundError, SealBroken):
        found = {"state": ListState.UNUSABLE, "wrong": {"expected": "the file; it is not kept any more"}}
    except (DatabaseError, OSError, KeyRingUnusable):
        raise  # of the machine, not of the file: it is tried again
    except Exception as error:
        # One that breaks its reader does not keep the others waiting.
        say(f"the reader stopped with {type(error).__name__}")
        expected = f"a file whose reading does not fail (the reader stopped with {type(error).__name__})"
        found = {"state": ListState.UNUSABLE, "wrong": {"expected": expected}}
    with transaction.atomic():
        one_at_a_time(one.round.comparison)
        # Whoever took it back meanwhile, took it back: then nothing of it is kept.
        if Handed.objects.filter(pk=one.pk, state=ListState.RECEIVED, sha256=one.sha256).update(**found):
            if found["state"] == ListState.FROZEN:
                places.keep_rows(one.round_id, one.party.name, rows)
            compare_when_whole(one.round)
    places.forget(one.round_id, places.received_as(one.party.name, one.sha256))
    return True


def _read(one: Handed) -> tuple[list[dict[str, str]], list[int]]:
    """The rows of a list, and the lines with a day that was left open. Raises BadInput."""
    with places.work_folder() as beside:
        file = beside / "list"
        file.write_bytes(places.kept(one.round_id, places.received_as(one.party.name, one.sha256)))
        rows, unsure = listed_in(file)
    if one.party.organisation.kind == Kind.YOUTH_HEALTH:
        for row in rows:
            row[OWN_WORDS] = ""  # as what they list a child may be medical: nobody needs it here
    return rows, unsure


def compare_next(say: Say) -> bool:
    """Lay the lists of one round side by side; False when none waits.

    What cannot be worked in leaves a round that lies there as it was, with a warning.
    """
    one = (
        Round.objects.filter(state__in=TO_COMPARE)
        .select_related("comparison__led_by")
        .order_by("asked_at")
        .first()
    )
    if one is None:
        return False
    say(f"laying the lists of {one.comparison.key} side by side, round {one.number}")
    known = _decided(one)
    try:
        outcome = compare_lists(one, progress=say)
    except BadInput as bad:
        _fail(one, bad.without_file())
    except (FileNotFoundError, SealBroken):
        _fail(one, {"expected": "the lists as they were handed in; they are not kept any more"})
    except (DatabaseError, OSError, KeyRingUnusable):
        raise  # of the machine: it is tried again
    except Exception as error:
        say(f"comparing stopped with {type(error).__name__}")
        why = f"the reader stopped with {type(error).__name__}"
        _fail(one, {"expected": f"lists whose comparing does not fail ({why})"})
    else:
        _keep(one, outcome, known=known)
    return True


def _decided(one: Round) -> tuple[int, int]:
    """How much people said of these lists, and looked at: more means that something came in meanwhile."""
    said = Said.objects.filter(comparison=one.comparison).count()
    return said, Looked.objects.filter(round=one).count()


def _fail(one: Round, wrong: dict[str, Any]) -> None:
    if one.state != RoundState.AGAIN:
        Round.objects.filter(pk=one.pk).update(state=RoundState.FAILED, wrong=wrong)
        return
    warnings = [*one.counts.get("warnings", []), {"warning": NOT_WORKED_IN}]
    counts = {**one.counts, "warnings": warnings}
    Round.objects.filter(pk=one.pk).update(state=RoundState.COMPARED, wrong=wrong, counts=counts)


def _keep(one: Round, outcome: Outcome, *, known: tuple[int, int]) -> None:
    """The outcome first, then the state: a worker killed between them works it out again, to the same."""
    for party, rows in outcome.shown.items():
        places.keep_rows(one.pk, party, rows, what=places.SHOWN)
    for name, content in outcome.made.items():
        places.keep(one.pk, places.made_as(name), content)
    places.keep_outcome(one.pk, outcome.found)
    now = timezone.now()
    with commanding("lists"), transaction.atomic():
        one_at_a_time(one.comparison)
        Round.objects.filter(pk=one.pk).update(
            state=RoundState.COMPARED if _decided(one) == known else RoundState.AGAIN,
            compared_at=one.compared_at or now, counts=outcome.counts, coverage=outcome.coverage, wrong={},
        )  # fmt: skip
        end_what_is_over(one.comparison, lists=outcome.found["lists"], missing=outcome.missing, at=now)
        _end_earlier(one)
        _journal(COMPARED, one)


def _end_earlier(one: Round) -> None:
    """Of earlier rounds the numbers stay, and of the last that lay there the ids: they tell what changed."""
    earlier = one.comparison.rounds.filter(number__lt=one.number)
    earlier.exclude(state=RoundState.ENDED).update(state=RoundState.ENDED)
    last = earlier.filter(compared_at__isnull=False).order_by("-number").first()
    for old in earlier:
        if old != last:
            places.forget_everything(old.pk)
        else:
            places.forget_all_rows(old.pk)


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
    _forget_old(on)
    return len(begun), reminded


def _forget_old(on: date) -> None:
    """The lists of rounds nobody goes on with are not kept for ever, nor those of comparisons that ended."""
    for one in Round.objects.exclude(state=RoundState.ENDED).select_related("comparison"):
        kept_for = max(KEPT_FOR, timedelta(days=2 * one.comparison.every_days))
        ended_at = one.comparison.ended_at
        if on > one.on + kept_for or (ended_at and on > timezone.localdate(ended_at) + KEPT_FOR):
            Round.objects.filter(pk=one.pk).update(state=RoundState.ENDED)
            places.forget_everything(one.pk)


def _journal(action: str, one: Round) -> None:
    append(
        [
            Deed(
                trace=uuid.uuid4(), actor=WORKER, action=action, organisation=one.comparison.led_by.key,
                object=f"round:{one.pk}", origin=WORKER,
            )
        ]
    )  # fmt: skip
