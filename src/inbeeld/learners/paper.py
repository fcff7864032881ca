"""The visit sheet on paper: a tagged PDF (PDF/UA) with who printed it, what for and where to destroy it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from inbeeld.learners.agenda import AgendaRow
from inbeeld.learners.arranged import Arranged
from inbeeld.learners.insight import calendar_days
from inbeeld.learners.models import Judgement, Permission
from inbeeld.learners.school import SchoolSeen
from inbeeld.learners.seen import SeenStanding
from inbeeld.learners.templatetags import judged
from inbeeld.learners.visit import VisitRow, VisitSheet
from inbeeld.learners.wording import written

LAYOUT = Path(__file__).with_name("visit.typ")


def visit_on_paper(seen: SchoolSeen, sheet: VisitSheet, judgement: Judgement) -> bytes:
    """The PDF of a sheet that was made to be taken out."""
    import typst

    told = json.dumps(_told(seen, sheet, judgement), ensure_ascii=False)
    # Its own fonts: the same sheet on every machine. What people wrote is data, never layout.
    made = typst.compile(
        LAYOUT.read_bytes(),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        sys_inputs={"told": told},
    )
    assert isinstance(made, bytes)
    return made


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
    return {
        "name": one.row.child.name,
        "facts": list(_facts(one.row, seen)),
        "arranged": list(_arranged(one.row.arranged)),
        "questions": list(one.questions),
    }


def _facts(row: AgendaRow, seen: SchoolSeen) -> Iterator[str]:
    standing = row.standing
    yield ", ".join(part for part in (_now(standing), _permission(standing)) if part)
    if missed := judged.missed_this_year(standing):
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
    for entry in arranged.entries:
        on = written(localtime(entry.written_at).date())
        yield f"{pgettext('last agreement', 'Agreed')} {on}: {entry.text}"
    if not arranged.entries and arranged.reads_agreements:
        yield _("Nothing agreed that you may read")
