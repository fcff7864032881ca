"""The visit sheet on paper: a tagged PDF (PDF/UA) with who printed it, what for and where to destroy it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from inbeeld.learners.insight import calendar_days
from inbeeld.learners.models import Judgement, Permission
from inbeeld.learners.seen import SeenStanding
from inbeeld.learners.templatetags import judged
from inbeeld.learners.wording import written
from inbeeld.schools.agenda import AgendaRow
from inbeeld.schools.arranged import Arranged, entry_word
from inbeeld.schools.school import SchoolSeen
from inbeeld.schools.visit import VisitRow, VisitSheet

LAYOUT = Path(__file__).with_name("visit.typ")
#: First and last of what the fonts of typst have a letter or sign for: European scripts, and signs in use.
_IN_THE_FONTS = (
    (0x0A, 0x0A), (0x20, 0x7E), (0xA0, 0x4FF), (0x531, 0x58A), (0x5D0, 0x5EA), (0x10D0, 0x10FF),
    (0x1E00, 0x1FFF), (0x2010, 0x2027), (0x202F, 0x203E), (0x2070, 0x20BF), (0x2153, 0x215E),
    (0x2190, 0x22FF), (0x2500, 0x25FF), (0x2713, 0x2714), (0xFB00, 0xFB06),
)  # fmt: skip
_SHOWN = frozenset(
    chr(code)
    for first, last in _IN_THE_FONTS
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)) not in ("Cn", "Cf")
)
#: Stands where somebody wrote what the fonts do not have: a picture, or a letter of a script far away.
NOT_IN_THE_FONTS = "□"
#: An agreement of more lines than this may go over the end of a sheet; a short row stays whole.
LONGEST_ON_ONE_SHEET = 20
LETTERS_ON_A_LINE = 40


class NotOnPaper(Exception):
    """No sheet could be made. Says nothing more: what it is about would be what somebody wrote."""


def visit_on_paper(seen: SchoolSeen, sheet: VisitSheet, judgement: Judgement) -> bytes:
    """The PDF of a sheet that was made to be taken out. Raises NotOnPaper."""
    import typst

    told = json.dumps(_in_letters(_told(seen, sheet, judgement)), ensure_ascii=False)
    # Its own fonts: the same sheet on every machine. What people wrote is data, never layout.
    try:
        made = typst.compile(
            LAYOUT.read_bytes(),
            format="pdf",
            pdf_standards=["ua-1"],
            ignore_system_fonts=True,
            sys_inputs={"told": told},
        )
    except typst.TypstError:
        raise NotOnPaper from None
    assert isinstance(made, bytes)
    return made


def in_letters(text: str) -> str:
    """A text with only what the fonts have, as PDF/UA asks: a row of anything else becomes one □.

    Controls and marks that show nothing are left out; other white space than an end of a line is a space.
    """
    found: list[str] = []
    for letter in unicodedata.normalize("NFC", text.replace("\r\n", "\n")):
        if letter in _SHOWN:
            found.append(letter)
        elif letter.isspace():
            found.append(" ")
        elif not _shows_nothing(letter) and found[-1:] != [NOT_IN_THE_FONTS]:
            found.append(NOT_IN_THE_FONTS)
    return "".join(found)


def _shows_nothing(letter: str) -> bool:
    """A control, or what only says how the letter before it looks."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Mn", "Me")


def _in_letters(told: Any) -> Any:
    """The same data with every text in it `in_letters`."""
    if isinstance(told, str):
        return in_letters(told)
    if isinstance(told, dict):
        return {name: _in_letters(one) for name, one in told.items()}
    return [_in_letters(one) for one in told] if isinstance(told, list) else told


def _told(seen: SchoolSeen, sheet: VisitSheet, judgement: Judgement) -> dict[str, Any]:
    actor = seen.actor
    titles = {
        "new": _("New on the register"),
        "longer": _("Still on the register"),
        "returned": pgettext("to school", "Returned"),
        "off_roll": _("On no roll any more, last at this school"),
    }
    printed = _("Printed on {at} by {name}, {role}, {place}").format(
        at=f"{written(localtime(actor.at).date())}, {localtime(actor.at):%H:%M}",
        name=actor.name, role=actor.role_name, place=actor.place,
    )  # fmt: skip
    return {
        "language": get_language() or "nl",
        "title": _("Visit sheet of {name}").format(name=seen.school.name),
        "period": _period(judgement),
        "printed": printed,
        "purpose": _("For the monthly visit to {name}, and for nothing else.").format(name=seen.school.name),
        "destroy": _(
            "Personal data of children. Hand it to nobody. Destroy it after the visit, in the paper shredder "
            "of {place}."
        ).format(place=actor.place),
        "page": _("Page"),
        "child": _("Child and what it is about"),
        "ask": _("To ask"),
        "agreed": _("Agreed: who, what, by when"),
        "nobody": _("Nobody on the register"),
        "parts": [
            {"title": f"{titles[key]} ({len(rows)})", "rows": [_row(one, seen) for one in rows]}
            for key, rows in sheet.parts
            if rows
        ],
    }


def _period(judgement: Judgement) -> str:
    if judgement.compared_with is None:
        return _("The register of long absence on {on}").format(on=written(judgement.on))
    return _("The register of long absence from {since} to {on}").format(
        since=written(judgement.compared_with), on=written(judgement.on)
    )


def _row(one: VisitRow, seen: SchoolSeen) -> dict[str, Any]:
    arranged = list(_arranged(one.row.arranged))
    return {
        "name": one.row.child.name,
        "facts": list(_facts(one.row, seen)),
        "arranged": arranged,
        "questions": list(one.questions),
        "long": sum(map(_lines, arranged)) > LONGEST_ON_ONE_SHEET,
    }


def _lines(text: str) -> int:
    """About how many lines a text takes in its column."""
    return sum(1 + len(line) // LETTERS_ON_A_LINE for line in text.splitlines())


def _facts(row: AgendaRow, seen: SchoolSeen) -> Iterator[str]:
    standing = row.standing
    yield ", ".join(part for part in (_now(standing), _permission(standing)) if part)
    if standing.enrolled and (missed := judged.missed_this_year(standing)):
        lately = judged.missed_lately(standing) or "–"
        yield _(
            "missed {share} percent this school year, {lately} percent in the last four school weeks"
        ).format(share=missed, lately=lately)
    if row.about.report_duty == "yes":
        yield _("Duty to report reached this school year")
    elif row.about.report_duty:
        yield _("Whether a report is due is not known")
    if row.about.sick:
        yield _("Signal of sickness (M@ZL)")
    if row.child.school and row.child.school != seen.school.name and standing.enrolled:
        yield row.child.school


def _now(standing: SeenStanding) -> str:
    words = judged.phase_words(standing)
    if standing.counts_from is None:
        return words
    return _("{phase}, since {since}: {days}").format(
        phase=words, since=written(standing.counts_from), days=calendar_days(standing.calendar_days)
    )


def _permission(standing: SeenStanding) -> str:
    if standing.permission == Permission.UNKNOWN.value:
        return _("permission not known")
    if standing.permission == Permission.WITHOUT.value and standing.open_since != standing.without_since:
        return _("without permission; earlier days not known")
    return standing.permission_in_words


def _arranged(arranged: Arranged) -> Iterator[str]:
    held = arranged.direction
    if held is None:
        yield _("Nobody holds direction")
    elif arranged.direction_until is None:
        yield _("Direction: {name}, {place}").format(name=held.name, place=held.organisation)
    else:
        yield _("Direction: {name}, {place}, until {on}").format(
            name=held.name, place=held.organisation, on=written(arranged.direction_until)
        )
    for one in arranged.agreements:
        yield _("By {on}, {who}: {what}").format(
            on=written(one.course.due_on), who=one.who, what=one.what
        ) + (f" ({one.when})" if one.is_late else "")
    for entry in arranged.entries:
        yield f"{entry_word(entry)} {written(localtime(entry.written_at).date())}: {entry.text}"
    if not arranged.entries and not arranged.agreements and arranged.reads_agreements:
        yield _("Nothing agreed that you may read")
