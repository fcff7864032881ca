"""How many children are probably on no list, said so that nobody takes a reckoning for a count."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

#: Cautions of kernel.coverage.answer, and what they add where they have a number.
CAUTIONS = {
    "too_few_children": gettext_noop("There are too few children to reckon with: at least 40 are needed."),
    "too_many_lists": gettext_noop("There are too many lists to reckon with all of them together."),
    "no_child_on_both": gettext_noop(
        "No child stands on two lists, so nothing can be said of who is on none."
    ),
    "no_model_fits": gettext_noop("No reckoning fits these numbers, so there is no estimate."),
    "few_on_both": gettext_noop("Few children stand on two lists: the estimate hangs on those few."),
    "list_within_list": gettext_noop(
        "One list lies nearly whole within another: they hardly tell two things."
    ),
    "dependence_unseen": gettext_noop(
        "If who is on one list comes sooner onto the other, as with reports of schools, there are more."
    ),
    "links_not_reviewed": gettext_noop("Nobody looked at a sample of the links yet."),
    "missed_links_not_reviewed": gettext_noop("Nobody looked for missed links yet."),
    "links_not_corrected": gettext_noop(
        "Missed links are not corrected for: the estimate is rather too high."
    ),
    "only_saturated_fits": gettext_noop("The lists hang together in many ways, so the range is wide."),
    "models_disagree": gettext_noop("There are several ways to reckon, and they differ."),
    "models_without_fit": gettext_noop("Some ways to reckon did not fit and were left out."),
    "no_upper_bound": gettext_noop("How many there are at most cannot be said."),
    "strata_pooled": gettext_noop("Groups that are too small were taken together."),
    "strata_not_used": gettext_noop("The groups are too small to reckon with apart."),
}
NUMBERS = {
    "dependence_unseen": gettext_noop("Up to about {total_if_four_times:.0f} in all."),
    "links_not_reviewed": gettext_noop(
        "If one in fifty was missed there are about {total_if_2_percent_missed:.0f} in all."
    ),
    "missed_links_not_reviewed": gettext_noop(
        "If one in fifty was missed there are about {total_if_2_percent_missed:.0f} in all."
    ),
    "models_disagree": gettext_noop("From about {lowest:.0f} to about {highest:.0f} in all."),
}
HUNDRED = 100


@dataclass(frozen=True)
class CoverageSaid:
    """`headline`: of who is on no list; empty when nothing is reckoned. `rests_on`: what to mind."""

    headline: str
    share: str
    rests_on: list[str]


def coverage_said(coverage: Mapping[str, Any]) -> CoverageSaid | None:
    """What coverage.json says of all lists together; None where nothing was reckoned or tried."""
    jointly = coverage.get("jointly")
    if not jointly:
        return None
    return CoverageSaid(
        headline=_headline(jointly["unseen"]) if jointly.get("unseen") else "",
        share=_share(jointly["share"]) if jointly.get("share") else "",
        rests_on=[said for one in jointly.get("warnings", ()) if (said := _caution(one))],
    )


def _caution(one: Mapping[str, Any]) -> str:
    said = [_(CAUTIONS[one["warning"]])] if one["warning"] in CAUTIONS else []
    if form := NUMBERS.get(one["warning"]):
        with suppress(KeyError, TypeError, ValueError):  # of some ways to reckon the number is not known
            said.append(_(form).format(**one))
    return " ".join(said)


def _headline(unseen: Mapping[str, float | None]) -> str:
    low, high = (None if unseen[end] is None else round(unseen[end] or 0) for end in ("low", "high"))
    if high is None:
        return _("Probably at least {low} children stand on no list.").format(low=low)
    if high == 0:
        return _("Probably no child is missing from all of the lists.")
    return _("Probably between {low} and {high} children stand on no list.").format(low=low, high=high)


def _share(share: Mapping[str, float | None]) -> str:
    if share["low"] is None or share["high"] is None:
        return ""
    low, high = round(HUNDRED * share["low"]), round(HUNDRED * share["high"])
    if low == high:
        return _("Together the lists have about {low} of every 100 children.").format(low=low)
    return _("Together the lists have {low} to {high} of every 100 children.").format(low=low, high=high)
