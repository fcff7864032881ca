"""Whether two records are one child, as people say it: only added to, and taken up in each round."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from inbeeld.access.actor import Actor
from inbeeld.access.operations_ground import is_the_same_person
from inbeeld.engine.linkage.decisions import NOT_SAME, SAME, UNSURE
from inbeeld.reconciliation import policies
from inbeeld.reconciliation.models import Because, Comparison, Looked, Party, Round, Said
from inbeeld.reconciliation.operations import Did, did, one_at_a_time, refuse, work_out_again
from inbeeld.reconciliation.seen import PairSeen, RowSeen
from inbeeld.reconciliation.standing import stands

DECISIONS = (SAME, NOT_SAME, UNSURE)


@transaction.atomic
def say(
    actor: Actor,
    round_: Round,
    pair: PairSeen,
    *,
    decision: str,
    because: str = Because.SHOWN,
    second: bool = False,
    as_seen: str,
) -> Said:
    """Say of two records: the same child, not the same, or not sure. Raises Refused.

    `second`: somebody else looks too, without seeing this, and until then it does not hold. `as_seen`: of the
    page on which this was decided: what the rows say now must be what was looked at.
    """
    comparison = round_.comparison
    _refuse_who_may_not(actor, comparison, pair, Did.SAY_PAIR)
    if decision not in DECISIONS or because not in Because.values:
        refuse(actor, Did.SAY_PAIR, _("Choose one of the answers given."), comparison)
    one_at_a_time(comparison)
    if as_seen != pair.as_seen:
        sentence = _("Meanwhile something changed about these two. Look again before you decide.")
        refuse(actor, Did.SAY_PAIR, sentence, comparison)
    first = _waiting(comparison, pair)
    asked_it_themselves = first is not None and is_the_same_person(actor, first.said_by)
    if asked_it_themselves and decision != UNSURE:
        sentence = _("You asked somebody else to look. Let them say it, or say that you are not sure.")
        refuse(actor, Did.SAY_PAIR, sentence, comparison)
    made = _record(
        actor, comparison, pair, decision, because=because, second=second and first is None,
        about=None if asked_it_themselves else first,
    )  # fmt: skip
    work_out_again(round_)
    did(actor, Did.SAY_PAIR, made)
    return made


@transaction.atomic
def check(actor: Actor, round_: Round, pair: PairSeen, *, found: bool) -> None:
    """Say of a link of the sample whether it is one child, not knowing that it is a link. Raises Refused.

    A link that turns out wrong is undone with it.
    """
    comparison = round_.comparison
    _refuse_who_may_not(actor, comparison, pair, Did.CHECK_LINK)
    one_at_a_time(comparison)
    left, right = (_party(round_, one.list) for one in (pair.left, pair.right))
    _looked(actor, round_, left, pair.left.mark, right, pair.right.mark, found=found)
    if not found:
        _follow(actor, comparison, pair, NOT_SAME)


@transaction.atomic
def look_for(actor: Actor, round_: Round, row: RowSeen, *, on: Party, pair: PairSeen | None = None) -> None:
    """Say of a child of the sample without a link that it is not on another list, or who it is there.

    Raises Refused.
    """
    comparison = round_.comparison
    seen = policies.lists_seen(actor, comparison)
    if not policies.reviews(actor, comparison) or not {on.name, row.list} <= seen:
        refuse(actor, Did.CHECK_LINK, _who(), comparison)
    if pair is not None and {pair.left.list, pair.right.list} != {on.name, row.list}:
        refuse(actor, Did.CHECK_LINK, _("Choose one of the answers given."), comparison)
    one_at_a_time(comparison)
    _looked(actor, round_, _party(round_, row.list), row.mark, on, "", found=pair is not None)
    if pair is not None:
        _follow(actor, comparison, pair, SAME)


def _looked(
    actor: Actor, round_: Round, left: Party, left_mark: str, right: Party, right_mark: str, *, found: bool
) -> None:
    """That somebody looked; once in a round."""
    _made, is_new = Looked.objects.get_or_create(
        round=round_, left=left, left_mark=left_mark, right=right, right_mark=right_mark,
        defaults={"found": found, "looked_by": actor.membership, "looked_at": actor.at},
    )  # fmt: skip
    if not is_new:
        refuse(actor, Did.CHECK_LINK, _("Somebody has looked at this already."), round_.comparison)
    work_out_again(round_)
    did(actor, Did.CHECK_LINK, round_)


def _follow(actor: Actor, comparison: Comparison, pair: PairSeen, decision: str) -> None:
    """What follows from what was found: said as anything else, so a second pair of eyes stays one."""
    first = _waiting(comparison, pair)
    if first is None or not is_the_same_person(actor, first.said_by):
        _record(actor, comparison, pair, decision, about=first)


def _record(
    actor: Actor,
    comparison: Comparison,
    pair: PairSeen,
    decision: str,
    *,
    because: str = Because.SHOWN,
    second: bool = False,
    about: Said | None = None,
) -> Said:
    left, right = (
        Party.objects.filter(comparison=comparison, name=one.list).order_by("-pk")[0]
        for one in (pair.left, pair.right)
    )
    return Said.objects.create(
        comparison=comparison, left=left, left_mark=pair.left.mark, right=right, right_mark=pair.right.mark,
        decision=decision, because=because, second=second, about=about, seen=pair.shown_as,
        said_by=actor.membership, said_at=actor.at,
    )  # fmt: skip


def _refuse_who_may_not(actor: Actor, comparison: Comparison, pair: PairSeen, action: Did) -> None:
    both = {pair.left.list, pair.right.list}
    if not policies.reviews(actor, comparison) or not both <= policies.lists_seen(actor, comparison):
        refuse(actor, action, _who(), comparison)


def _who() -> str:
    return _("Only who was appointed for it, and may see both lists, says whether two are one child.")


def _waiting(comparison: Comparison, pair: PairSeen) -> Said | None:
    """What a second is to look at, of what was said of a pair."""
    marks = [pair.left.mark, pair.right.mark]
    rows = Said.objects.filter(comparison=comparison, left_mark__in=marks, right_mark__in=marks)
    said = list(rows.select_related("said_by").order_by("said_at", "pk"))
    return stands(said).waits if said else None


def _party(round_: Round, name: str) -> Party:
    return round_.lists.select_related("party").get(party__name=name).party
