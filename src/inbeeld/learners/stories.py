"""In a trial: the invented children whose year tells something, so that a visitor finds them."""

from __future__ import annotations

import csv

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from inbeeld.access.actor import Actor
from inbeeld.learners.models import Judgement, Learner
from inbeeld.learners.seen import SeenChild, see
from inbeeld.learners.snapshot import tables_of

TITLES = {
    "refusal_after_bullying": gettext_noop("Does not dare to go to school after bullying"),
    "sick_child": gettext_noop("Often ill: the fourth sick report falls in week eleven of twelve"),
    "on_no_roll": gettext_noop("On no school's roll since the summer"),
    "exempted": gettext_noop("Exempt, but could learn two hours a day"),
    "four_year_old": gettext_noop("Four years old and at home for weeks"),
    "twins": gettext_noop("Twins: one at home, the other playing truant"),
    "moved": gettext_noop("Moved while at home: the absence goes along to the new school"),
    "relapsed": gettext_noop("Back at school, and at home again in month nine"),
    "board_must_take": gettext_noop("No school wants to take him: a board must place him"),
}


def stories_for(actor: Actor, judgement: Judgement) -> list[tuple[str, SeenChild]]:
    """(title, child) of the story children this actor may see; none outside a trial."""
    file = tables_of(judgement) / "story.csv"
    if not settings.INBEELD_TRIAL or not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as rows:
        told = {row["learner"]: row["story"] for row in csv.DictReader(rows)}
    rows = Learner.objects.visible_to(actor).filter(key__in=told).select_related("standing__school")
    found = [one for one in rows.order_by("key") if told[one.key] in TITLES]
    seen = see(actor, found, action="listed")
    return [(gettext(TITLES[told[one.key]]), seen[one.reference]) for one in found if one.reference in seen]
