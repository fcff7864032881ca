"""What is said of lists and pairs, in the words of who works with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from inbeeld.reconciliation.models import Reason

REASONS = {
    "to_be_added": gettext_noop("belongs on the list, and will be added"),
    "asks_the_other": gettext_noop("is being asked of the other organisation"),
    "back_at_school": gettext_noop("is back at school"),
    "other_definition": gettext_noop("falls outside what this list keeps"),
    "moved_out": gettext_noop("moved out of the region"),
    "deceased": gettext_noop("died"),
    "private_school": gettext_noop("goes to a private school or a school abroad that counts"),
    "exempt": gettext_noop("is exempt"),
    "other_region": gettext_noop("belongs to another region"),
    "visit": gettext_noop("the family is being visited or called"),
    "asks_the_school": gettext_noop("is being asked of the school"),
    "between_schools": gettext_noop("changes schools this summer: look again in the next round"),
    "abroad": gettext_noop("lives abroad"),
    "on_a_roll": gettext_noop("is enrolled; the list came too late"),
}
WHY_NOT_SURE = {
    "twin": gettext_noop(
        "Perhaps a twin: the same home or name and the same birth date, another first name."
    ),
    "sibling": gettext_noop("Perhaps a brother or sister: the same family by the looks of it."),
    "call_name": gettext_noop("One first name may be a call name of the other."),
    "birth_date": gettext_noop("The birth dates differ more than a slip of the pen."),
    "no_birth_date": gettext_noop("One of the two has no birth date."),
    "rival": gettext_noop("Somebody else on the list is nearly as like."),
    "unlike": gettext_noop("Too little is the same to be sure."),
    "conflict": gettext_noop("Linked like this, two rows of one list would be one child."),
    "decisions_contradict": gettext_noop("What was decided about these and other rows contradicts itself."),
    "decided": gettext_noop("Somebody said so."),
}
FIELDS = {
    "last_name": gettext_noop("Surname"),
    "prefix": gettext_noop("Prefix"),
    "call_name": gettext_noop("Call name"),
    "first_names": gettext_noop("First names"),
    "born_on": gettext_noop("Birth date"),
    "postcode": gettext_noop("Postcode"),
    "house_number": gettext_noop("House number"),
    "school": gettext_noop("School"),
    "since_on": gettext_noop("On the list since"),
    "category": gettext_noop("Listed as"),
}
VERDICTS = {
    "same": gettext_noop("the same"),
    "different": gettext_noop("different"),
    "missing_left": gettext_noop("only here on the right"),
    "missing_right": gettext_noop("only here on the left"),
    "missing_both": gettext_noop("not known"),
}
DECISIONS = {
    "same": gettext_noop("linked"),
    "not_same": gettext_noop("not the same"),
    "unsure": gettext_noop("not sure"),
}
SINCE = {
    "new": gettext_noop("new since the last round"),
    "came": gettext_noop("came to stand on another list"),
    "left": gettext_noop("left a list since the last round"),
}
WARNINGS = {
    "hardly_on_other_lists": gettext_noop(
        "{list}: hardly any child stands on another list. Is it of this region, and of this year?"
    ),
    "postcodes_elsewhere": gettext_noop(
        "{list}: its postcodes lie elsewhere. Is it the list of another region?"
    ),
    "records_of_one_list_would_be_one_child": gettext_noop(
        "{number} links would make two rows of one list one child. They wait for a person."
    ),
    "not_worked_in": gettext_noop(
        "What was decided last could not be worked in: the numbers are those before it."
    ),
    "sample_does_not_fit": gettext_noop(
        "What was found in the sample does not fit these links any more, and was left out."
    ),
    "lists_apart_share": gettext_noop(
        "A child stands on two lists that can share none. Did it change schools, or is the link wrong?"
    ),
    "decisions_contradict_each_other": gettext_noop(
        "{number} decisions contradict each other. Look at them again."
    ),
}


def reason_in_words(reason: Reason) -> str:
    """Why a list lacks a child; a reason of the region's own stands in its own words."""
    return _(REASONS[reason.key]) if reason.key in REASONS else reason.text


def warnings_in_words(warnings: list[dict[str, Any]], titles: Mapping[str, str]) -> list[str]:
    """What to beware of in these lists. `titles`: of the lists by name."""
    found = []
    for one in warnings:
        if form := WARNINGS.get(one["warning"]):
            found.append(_(form).format(**{**one, "list": titles.get(one.get("list", ""), "")}))
    return found
