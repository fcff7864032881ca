"""Words of the kernel, dates and counters in templates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from inbeeld.kernel.attendance import SickAlert
from inbeeld.kernel.calendar import school_year_end
from inbeeld.kernel.definition import Clause
from inbeeld.kernel.definitions.early_absence import ALTERNATING_DAYS
from inbeeld.kernel.truth import Outcome
from inbeeld.learners import missing, wording
from inbeeld.learners.models import Judgement
from inbeeld.learners.ribbon import Cell, Half
from inbeeld.learners.seen import SeenStanding
from inbeeld.learners.snapshot import begun_on, is_old

register = template.Library()


@register.filter
def said(words: str) -> str:
    """A kernel sentence in the reader's language."""
    return wording.said(words)


@register.filter
def translated(words: str) -> str:
    """As said, without the capital."""
    return gettext(words)


@register.filter
def reasons(clause: Clause) -> list[str]:
    """The reasons for an answer in words, each once."""
    return list(dict.fromkeys(wording.in_words(because) for because in clause.truth.because))


@register.filter
def answer(outcome: Outcome) -> str:
    return wording.answer(outcome)


@register.filter
def answer_key(outcome: Outcome) -> str:
    """yes, no or unknown: for a class name."""
    return outcome.word


@register.filter
def day(value: date | None) -> str:
    return wording.written(value) if value else "–"


@register.filter
def short_day(value: date | None) -> str:
    return wording.short(value) if value else "–"


@register.filter
def weekday_and_day(value: date) -> str:
    return wording.short(value, with_year=False)


@register.filter
def month(value: date) -> str:
    return wording.month_of(value)


@register.filter
def runs(numbers: Sequence[int]) -> str:
    return wording.in_runs(numbers)


@register.filter
def number(value: int | None) -> str:
    return wording.written(value)


@register.filter
def article_words(article: str) -> str:
    """An article as people say it: 5a in the tables is article 5 under a; article 5a is another one."""
    return f"{article[0]} onder {article[1]}" if article in ("5a", "5b", "5c") else article


@register.filter
def hours(minutes: int) -> str:
    """Minutes as hours, one decimal where needed."""
    whole, rest = divmod(minutes, 60)
    return str(number_format(whole if not rest else round(minutes / 60, 1)))


@register.filter
def per_cent(thousandths: int) -> str:
    """Parts of a thousand as a percentage with one decimal."""
    return str(number_format(Decimal(thousandths) / 10, decimal_pos=1))


@register.filter
def missed_this_year(standing: SeenStanding) -> str:
    """The share missed this school year in percent; rounded down, so that it never passes a cut."""
    return per_cent(1000 * standing.absent // standing.scheduled) if standing.scheduled else ""


@register.filter
def missed_lately(standing: SeenStanding) -> str:
    """The same of the last four school weeks."""
    return per_cent(1000 * standing.absent_4w // standing.scheduled_4w) if standing.scheduled_4w else ""


@register.filter
def layer_range(layer: int, cuts: Sequence[int]) -> str:
    """Which share missed a layer of the pyramid is of."""
    if layer == 0:
        return gettext("less than {end} percent").format(end=cuts[0])
    if layer == len(cuts):
        return gettext("{begin} percent or more").format(begin=cuts[-1])
    return gettext("{begin} to {end} percent").format(begin=cuts[layer - 1], end=cuts[layer])


@register.filter
def phase_words(standing: SeenStanding) -> str:
    """What the badge says."""
    if standing.phase:
        return gettext("Phase {number}").format(number=standing.phase)
    if standing.exempt:
        return gettext("Exempt")
    if not standing.enrolled:
        return gettext("At no school")
    if standing.aftercare and standing.since is None:
        return gettext("Back at school")
    return gettext("Comes and goes") if _alternates(standing) else gettext("At school")


@register.filter
def phase_range(standing: SeenStanding) -> str:
    """How long a phase is."""
    words = {1: gettext("up to 4 weeks"), 2: gettext("4 weeks to 3 months"), 3: gettext("over 3 months")}
    return words.get(standing.phase, "")


@register.filter
def phase_key(standing: SeenStanding) -> str:
    """For a class name."""
    if standing.phase:
        return str(standing.phase)
    if standing.exempt or not standing.enrolled:
        return "out"
    if standing.aftercare and standing.since is None:
        return "present"
    return "alternating" if _alternates(standing) else "present"


def _alternates(standing: SeenStanding) -> bool:
    return standing.alternating_days >= ALTERNATING_DAYS


@register.filter
def cell_words(cell: Cell) -> str:
    """What happened on a day, in words."""
    permission = {
        "with": gettext("with permission"),
        "without": gettext("without permission"),
        "unknown": gettext("permission not known"),
    }.get(cell.state.removeprefix("part-"), "")
    if cell.state.startswith("part-"):
        return gettext("missed {missed} of {slots} parts of the day, {permission}").format(
            missed=cell.missed, slots=cell.slots, permission=permission
        )
    return gettext("away the whole day, {permission}").format(permission=permission)


@register.simple_tag
def cells(half: Half) -> SafeString:
    """The days of half a year, each as the shape of its state at its place; an absence says what it was."""
    return format_html_join(
        "\n",
        '<use href="#dag-{}" x="{}" y="{}">{}</use>',
        ((cell.state, cell.x, cell.y, _in_a_title(cell)) for cell in half.cells),
    )


def _in_a_title(cell: Cell) -> str:
    if not cell.is_absence:
        return ""
    return format_html("<title>{}: {}</title>", weekday_and_day(cell.day), cell_words(cell))


@register.simple_tag
def missing_for(keys: str) -> str:
    """Why an answer is not known yet, in words; `keys` as stored with the verdict."""
    words = {
        missing.OFFER: gettext("whether there is a suitable offer"),
        missing.PERMISSION: gettext("whether there was permission"),
        missing.BIRTH_DATE: gettext("birth date"),
        missing.BASIC_QUALIFICATION: gettext("basic qualification"),
        missing.SCHOOL_DAYS: gettext("enough school days this school year"),
    }
    return "; ".join(words[key] for key in keys.split(",") if key in words) or pgettext("of a fact", "a fact")


@register.filter
def alert_words(alert: SickAlert) -> str:
    if alert.rule == "fourth_report":
        return gettext("fourth sick report within twelve school weeks")
    return gettext("seventh school day of sickness in a row")


@register.filter
def school_year(begin: date) -> str:
    """A school year by its first day, as people call it."""
    return f"{begin.year}-{school_year_end(begin).year}"


@register.filter
def is_old_for(judgement: Judgement, today: date) -> bool:
    """Is a judgement so old that a page says of which day it is?"""
    return is_old(judgement.on, today=today)


@register.filter
def is_the_first(judgement: Judgement) -> bool:
    """Is it of the day on which this site began, so that no signal can have been seen before?"""
    return judgement.on == begun_on()


@register.filter
def years_old(born_on: date, on: date) -> int:
    """Age in whole years on a day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
