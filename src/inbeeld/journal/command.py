"""`inbeeld journal`: is the journal as it was written (verify), and what every partner keeps of it (head).

Exit codes: 0 good, 1 something is wrong with the journal, 2 bad input (one sentence on stderr).
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from datetime import date, timedelta
from pathlib import Path

from inbeeld.command_line import BAD_INPUT, Parser, set_up_django
from inbeeld.engine.refusal import BadInput
from inbeeld.journal.database import need_the_database
from inbeeld.journal.heads import HeadOfDay, KeptHead, is_a_region
from inbeeld.journal.naming import named

GOOD, WRONG = 0, 1
REGION = "INBEELD_REGION"


def run(words: list[str]) -> int:
    """Do what the words after `inbeeld journal` say; returns the exit code."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        chosen = _parser().parse_args(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else BAD_INPUT
    try:
        set_up_django()
        _refuse_without_journal()
        with named("journal"):
            return _verify(chosen) if chosen.act == "verify" else _head(chosen)
    except (BadInput, ImproperlyConfigured) as refusal:
        print(refusal, file=sys.stderr)
    except DatabaseError as error:
        why = type(error.__cause__ or error).__name__  # its words could hold what stands in a line
        print(f"The database refused, or stopped answering ({why}).", file=sys.stderr)
    except OSError as error:
        where = "reading or writing" if error.filename is None else error.filename
        print(f"{where}: {(error.strerror or str(error)).lower()}.", file=sys.stderr)
    return BAD_INPUT


def _refuse_without_journal() -> None:
    """Raises BadInput when there is no database with a journal in it."""
    from django.db import connection

    from inbeeld.journal.models import Head

    need_the_database()
    if Head._meta.db_table not in connection.introspection.table_names():
        name = str(connection.settings_dict["NAME"])
        raise BadInput(name, "a database with a journal in it; migrate it first")


def _verify(chosen: argparse.Namespace) -> int:
    from inbeeld.journal import heads
    from inbeeld.journal.verify import verify

    kept: list[KeptHead] = []
    for file in chosen.heads:
        kept += heads.read(file, region=kept[0].region if kept else _region(chosen))
    since = None if chosen.since is None else _known(chosen.since, kept)
    report = verify(heads=kept, progress=_progress, since=since)
    print("The journal is as it was written." if report.sound else "The journal is NOT as it was written.")
    for sentence in report.sentences:
        print(sentence)
    if not report.sound:
        print("Leave the database as it is, keep a copy, and tell the privacy officers of all partners.")
    return GOOD if report.sound else WRONG


def _head(chosen: argparse.Namespace) -> int:
    from django.utils import timezone

    from inbeeld.journal import heads
    from inbeeld.journal.operations import DayIsNotOver, HeadIsGone, close_day

    region = _region(chosen)
    if not region:
        raise BadInput("inbeeld journal head", f"--region KEY, or {REGION} in the settings")
    on = chosen.on or heads.day_of(timezone.now()) - timedelta(days=1)
    try:
        head = close_day(on)
    except DayIsNotOver:
        raise BadInput("--on", "a day that is over", found=on.isoformat()) from None
    except HeadIsGone as error:
        print(error)
        return WRONG
    if head.sequence == 0:
        _progress(f"At the end of {on} nothing was written yet: its head is a row of zeros.")
    if chosen.out is None:
        print(heads.write(head, region=region))
        return GOOD
    if (other := heads.add(head, region=region, to=chosen.out)) is None:
        _progress(f"The head of {on} is in {chosen.out}.")
        return GOOD
    print(f"{other.file}, line {other.line}: the head of {on} was another one. See: inbeeld journal verify.")
    return WRONG


def _region(chosen: argparse.Namespace) -> str:
    """The key of the region, or nothing when nobody said it."""
    from django.conf import settings

    region = str(chosen.region or getattr(settings, REGION, "") or os.environ.get(REGION, ""))
    if region and not is_a_region(region):
        raise BadInput(f"--region or {REGION}", "the key of a region", found=region)
    return region


def _known(on: date, kept: list[KeptHead]) -> HeadOfDay:
    """The head of a day to begin from: a partner's before the journal's own."""
    from inbeeld.journal.models import DayHead

    own = DayHead.objects.filter(on=on).first()
    found = next((head for head in kept if head.on == on), own)
    if found is None:
        raise BadInput("--since", "a day of which there is a head", found=on.isoformat())
    return found


def _progress(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _date(text: str) -> date:
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'expected a date like 2026-09-01, found "{text}"') from None


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="inbeeld journal", description="What was done and who looked: is it as it was written?",
        allow_abbrev=False,
    )  # fmt: skip
    commands = parser.add_subparsers(dest="act", metavar="verify|head", required=True, parser_class=Parser)

    does = "follow the chain through every line, and compare the heads that partners keep"
    verify = commands.add_parser("verify", help=does, description=does, allow_abbrev=False)
    verify.add_argument(
        "--heads", type=Path, nargs="+", action="extend", default=[], metavar="FILE",
        help="heads as partners keep them, one a line",
    )  # fmt: skip
    verify.add_argument("--since", type=_date, metavar="DATE", help="trust the head of this day; begin there")

    does = "the head at the end of a day, for every partner to keep"
    head = commands.add_parser("head", help=does, description=does, allow_abbrev=False)
    head.add_argument("--on", type=_date, metavar="DATE", help="a day that is over (yesterday)")
    head.add_argument("--out", type=Path, metavar="FILE", help="add it to this file, made when absent")
    for one in (verify, head):
        one.add_argument("--region", metavar="KEY", default="", help=f"whose journal ({REGION})")
    return parser
