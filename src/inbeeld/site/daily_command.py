"""inbeeld daily: what has to happen once a day, early; done twice it changes nothing more."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

from inbeeld.command_line import BAD_INPUT, Parser, set_up_django
from inbeeld.journal.database import need_the_database

DONE, WRONG = 0, 1
#: Of a list in one sentence.
SHOWN = 10


def run(words: list[str]) -> int:
    """Consents, old drafts and deliveries, mail, and the journal of yesterday; gives the exit code."""
    Parser(prog="inbeeld daily", description=__doc__, allow_abbrev=False).parse_args(words)

    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        set_up_django()
        need_the_database()
        return _today()
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
    except DatabaseError as error:
        why = type(error.__cause__ or error).__name__  # its words could hold what stands in a row
        print(f"The database refused, or stopped answering ({why}).", file=sys.stderr)
    return BAD_INPUT


def _today() -> int:
    from django.conf import settings
    from django.utils import timezone

    from inbeeld.access.operations_consent import re_evaluate_due
    from inbeeld.access.row_security import commanding
    from inbeeld.deliveries.operations_work import KEPT_FOR, forget_old
    from inbeeld.journal.heads import day_of
    from inbeeld.journal.operations import HeadIsGone, close_day
    from inbeeld.kernel.region_error import RegionError
    from inbeeld.learners.operations_draft import delete_old_drafts
    from inbeeld.notices.operations import tell_everybody
    from inbeeld.organisations.operations import without_a_privacy_officer
    from inbeeld.reconciliation.operations_agreed import NotThere
    from inbeeld.reconciliation.operations_work import each_day
    from inbeeld.site.lists import set_up_lists

    with commanding("evaluate"):
        changed = re_evaluate_due()
    with commanding("people"):
        alone = [one.key for one in without_a_privacy_officer(timezone.localdate())]
    if alone:
        print(f"No privacy officer, so notice of an emergency is lost: {_some(alone)}.")
    print(f"Consents: {changed or 'none'} brought up to today.")
    with commanding("drafts"):
        deleted = delete_old_drafts(at=timezone.now(), today=timezone.localdate(), by="command:drafts")
    print(f"Drafts: {deleted or 'none'} deleted that nobody came back to.")
    forgotten = forget_old(before=KEPT_FOR)
    print(f"Deliveries: {forgotten or 'none'} not taken in that nobody decided about.")
    with commanding("lists"):
        try:
            set_up_lists(settings.INBEELD_REGION_PROFILE, region=settings.INBEELD_REGION)
        except (NotThere, RegionError) as error:
            print(f"Lists: not set up; the profile of the region should have {error}.")
        except (OSError, UnicodeDecodeError):
            print("Lists: not set up; the profile of the region cannot be read.")
        begun, reminded = each_day(timezone.localdate())
    print(f"Lists: {begun or 'no'} rounds begun, {reminded or 'none'} reminded of.")
    yesterday = day_of(timezone.now()) - timedelta(days=1)
    try:
        with commanding("journal"):
            head = close_day(yesterday)
        print(f"Journal: {_closed(head)}")
        outcome = DONE
    except HeadIsGone as error:
        print(error)
        outcome = WRONG
    # Last: a server for mail may be slow.
    with commanding("notify"):
        told = tell_everybody(at=timezone.now())
    print(f"Mail: {told or 'nobody'} told that something waits.")
    return outcome


def _closed(head: Any) -> str:
    """What became of a day that is over: one that was passed over has no head of its own."""
    from inbeeld.journal.models import DayHead

    if head.sequence == 0:
        return f"nothing was written before today, so there is no day to close; not {head.on} either."
    if not DayHead.objects.filter(on=head.on).exists():
        return f"nothing was written on {head.on}; it ends with the head of the last day that is closed."
    return f"{head.on} is closed. Every partner keeps its head: inbeeld journal head."


def _some(keys: list[str]) -> str:
    more = len(keys) - SHOWN
    return ", ".join(keys[:SHOWN]) + (f" and {more} more" if more > 0 else "")
