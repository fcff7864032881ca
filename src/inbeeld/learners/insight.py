"""The sentence on top of a page: what stands out, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inbeeld.kernel.aftercare import Aftercare
from inbeeld.kernel.truth import Outcome
from inbeeld.learners.queries import Counts
from inbeeld.learners.seen import SeenStanding
from inbeeld.learners.wording import written


def of_the_list(counts: Counts, *, under_a_definition: bool) -> str:
    """How many are at home for long, and of how many something is not known that decides."""
    if not counts.long:
        return _("No child in this list has been at home for longer than four weeks.")
    first = ngettext(
        "{number} child in this list has been at home for longer than four weeks.",
        "{number} children in this list have been at home for longer than four weeks.",
        counts.long,
    ).format(number=written(counts.long))
    second = _not_known_whether_they_count(counts) if under_a_definition else _not_said(counts)
    return f"{first} {second}".strip()


def _not_known_whether_they_count(counts: Counts) -> str:
    if not counts.long_not_known:
        return ""
    return ngettext(
        "Of {number} it is not known yet whether it counts.",
        "Of {number} it is not known yet whether they count.",
        counts.long_not_known,
    ).format(number=written(counts.long_not_known))


def _not_said(counts: Counts) -> str:
    if not counts.long_not_known:
        return ""
    return ngettext(
        "Of {number} the school has not said yet for every day whether there is permission.",
        "Of {number} the school has not said yet for every day whether there is permission.",
        counts.long_not_known,
    ).format(number=written(counts.long_not_known))


def of_the_child(name: str, standing: SeenStanding, outcomes: list[Outcome], *, for_kin: bool = False) -> str:
    """Since when, how long, and under how many definitions that counts; kin read no label of their child."""
    sentences = [_how_long(name, standing), *_after_a_return(standing)]
    yes = sum(outcome is Outcome.YES for outcome in outcomes)
    unknown = sum(outcome is Outcome.UNKNOWN for outcome in outcomes)
    if yes and for_kin:
        sentences.append(
            ngettext(
                "Under {number} definition this counts as sitting at home.",
                "Under {number} definitions this counts as sitting at home.",
                yes,
            ).format(number=written(yes))
        )
    elif yes:
        sentences.append(
            ngettext(
                "{number} definition of thuiszitter says yes.",
                "{number} definitions of thuiszitter say yes.",
                yes,
            ).format(number=written(yes))
        )
    if unknown:
        sentences.append(
            ngettext(
                "For {number} definition something is not known yet.",
                "For {number} definitions something is not known yet.",
                unknown,
            ).format(number=written(unknown))
        )
    return " ".join(sentences)


def _how_long(name: str, standing: SeenStanding) -> str:
    if standing.since is not None:
        return _("{name} has been at home since {since}: {days}, {school_days}.").format(
            name=name,
            since=written(standing.since),
            days=calendar_days(standing.calendar_days),
            school_days=_school_days(standing.school_days),
        )
    if not standing.enrolled and standing.off_roll_since is not None:
        return _("{name} has been enrolled at no school since {since}: {days}.").format(
            name=name, since=written(standing.off_roll_since), days=calendar_days(_days_off_roll(standing))
        )
    if not standing.enrolled:
        return _("{name} is enrolled at no school.").format(name=name)
    return _("{name} was at school on the last school day, at least for a part of it.").format(name=name)


def _after_a_return(standing: SeenStanding) -> Iterator[str]:
    """The last time at home, and until when who came back is followed."""
    if not standing.aftercare:
        return
    yield _("Before that at home from {first} to {last}, four weeks or longer.").format(
        first=written(standing.home_from), last=written(standing.home_until)
    )
    if standing.aftercare == Aftercare.RETURNED.value:
        yield _("inbeeld keeps following it until {on}.").format(on=written(standing.kept_until))
    else:
        yield _("The return did not last.")


def calendar_days(number: int | None) -> str:
    """A number of calendar days in words."""
    return ngettext("{number} calendar day", "{number} calendar days", number or 0).format(
        number=written(number)
    )


def _school_days(number: int | None) -> str:
    return ngettext("{number} school day", "{number} school days", number or 0).format(number=written(number))


def _days_off_roll(standing: SeenStanding) -> int | None:
    if standing.off_roll_since is None:
        return None
    return (standing.judged_on - standing.off_roll_since).days + 1
