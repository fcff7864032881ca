"""The comparison can fail: each slip in inbeeld is noticed in one plain story of two children."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q

from inbeeld.access import (
    consent_days,
    operations_consent,
    operations_emergency,
    operations_ground,
    operations_involvement,
    operations_work,
    permit,
    scope,
)
from inbeeld.access.models import Consent, Involvement, Kinship
from inbeeld.kernel.access import FieldClass
from tests.promises.life.living import Differs, Life
from tests.promises.life.replay import day_of
from tests.shares import share

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FAM, SUP = FieldClass.FAM, FieldClass.SUP
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def story(life: Life) -> None:
    """What happens around Fenna, who turns twelve, and Sem, who turns sixteen; compared after each step."""

    def does(kind: str, by: str = "command", **of: Any) -> bool:
        done = life.do(kind, by, **of)
        life.compare_touched()
        return done

    def later(much: timedelta) -> None:
        life.pass_time(much)
        life.compare_touched()

    today = day_of(life.now)
    life.compare()
    # Involvement begins with who has the children on the list, and not with oneself.
    assert not does("grant", "coordinator", child="Fenna", to="adviser too")
    assert does("grant", "coordinator", child="Fenna", to="worker", directs=True)
    assert not does("accept", "worker too", tie=0)
    assert does("accept", "worker", tie=0)
    assert not does("grant", "coordinator", child="Fenna", to="doctor")
    assert does("grant", "worker", child="Fenna", to="doctor", until_on=today + 200 * DAY)
    assert does("accept", "doctor", tie=1)
    # Consent of both parents for what the worker is not there for, then for what they are, until Fenna is
    # twelve.
    for leave, purpose in enumerate(("coaching", "help")):
        assert does("ask", "worker", child="Fenna", receiver="help", field_class=FAM, purpose=purpose,
                    until_on=today + 300 * DAY)  # fmt: skip
        assert does("sign", "mother of Fenna", leave=leave)
        assert does("sign", "father of Fenna", leave=leave)
    assert not does("sign", "self of Fenna", leave=1)
    later(life.until_birthday("Fenna") - DAY)
    later(DAY)
    assert does("ask", "worker", child="Fenna", receiver="help", field_class=FAM, until_on=today + 300 * DAY)
    for one in ("mother", "father", "self"):
        assert does("sign", f"{one} of Fenna", leave=2)
    assert does("lose_custody", who="father of Fenna", on=day_of(life.now))
    assert does("withdraw_consent", "mother of Fenna", leave=2)
    # At the table, and an emergency that was not justified.
    assert does("set_stage", "worker", child="Fenna", stage=3)
    assert does("seat", "worker", child="Fenna", to="seat", meeting_on=day_of(life.now) + 15 * DAY)
    later(DAY)
    later(29 * DAY)
    assert does("call", "coordinator", child="Sem")
    later(4 * HOUR)
    assert does("call", "coordinator", child="Sem")
    assert does("review", "officer", tie=4, found="not_justified")
    assert not does("call", "coordinator", child="Sem")
    # Work is handed over, and what was withdrawn stays so when the clock is set back.
    assert does("hand_over_work", "worker", leaving="worker", to="worker too", on=day_of(life.now))
    assert does("accept", "worker too", tie=5)
    later(DAY)
    assert does("withdraw", "worker too", tie=1)
    later(-HOUR)
    later(2 * HOUR)
    assert not does("hand_over_work", "administrator", leaving="adviser", to="adviser too", on=today)
    assert does(
        "hand_over_work", "administrator", leaving="adviser", to="adviser too", on=day_of(life.now)
    )  # fmt: skip
    assert does("set_stage", "worker too", child="Fenna", stage=6)
    # Sem, who is sixteen, lets his mother read about school.
    assert does("grant", "swv", child="Sem", to="doctor")
    assert does("accept", "doctor", tie=6)
    assert does("ask", "doctor", child="Sem", receiver="mother of Sem", field_class=SUP,
                until_on=day_of(life.now) + 100 * DAY)  # fmt: skip
    assert not does("sign", "mother of Sem", leave=3)
    assert does("sign", "self of Sem", leave=3)
    later(91 * DAY)
    later(20 * DAY)


def without(*names: str) -> Callable[..., Any]:
    """`scope.in_force` that forgot to ask something."""
    asked = {"accepted_at__lte": 1, "from_at__lte": 1, "until_at__gt": 1, "ended_at__isnull": True}

    def in_force(*, at: Any = None) -> Any:
        values = {
            name: at if value == 1 and name != "ended_at__isnull" else value
            for name, value in asked.items()
            if name not in names
        }
        return Involvement.for_operations.filter(**values)

    return in_force


def consents_without_an_end(actor: Any) -> Any:
    rows = Consent.for_operations.filter(withdrawn_at__isnull=True, holds_from__lte=actor.today)
    if actor.organisation is not None:
        return rows.filter(receiver=actor.organisation.pk)
    return rows.filter(receiving_kin=actor.kinship.pk)


def consents_withdrawn_or_not(actor: Any) -> Any:
    """As if withdrawing changed only the date of it."""
    receiver = (
        {"receiver": actor.organisation.pk} if actor.organisation else {"receiving_kin": actor.kinship.pk}
    )
    return Consent.for_operations.filter(signatures__isnull=False, until_on__gte=actor.today, **receiver)


def one_guardian_is_enough(signatures: Any, *, born_on: Any, on: Any, guardians: Any) -> bool:
    from inbeeld.kernel.consent import is_signed

    return is_signed(signatures, born_on=born_on, on=on)


SLIPS: dict[str, tuple[Any, str, Any]] = {
    "what was not accepted counts": (scope, "in_force", without("accepted_at__lte")),
    "what has not begun counts": (scope, "in_force", without("from_at__lte")),
    "what is over counts": (scope, "in_force", without("until_at__gt")),
    "what was ended counts": (scope, "in_force", without("ended_at__isnull")),
    "every stage is seen in a list": (scope, "at_stages", lambda stages, *, way: Q()),
    "every stage is the second": (permit, "stage_of", lambda learner: 2),
    "a consent outlives a birthday": (scope, "consents_in_force", consents_without_an_end),
    "a withdrawn consent counts": (scope, "consents_in_force", consents_withdrawn_or_not),
    "a consent counts for any purpose": (permit.Permit, "consent_for", lambda self, involvement, one: (
        next(iter(self.consents.get(one, ())), None))),
    "a consent opens rows for any purpose": (scope, "consents_under", lambda actor, involvement: (
        scope.consents_in_force(actor))),
    "one guardian is enough": (consent_days, "is_signed", one_guardian_is_enough),
    "a list holds everybody": (permit, "is_on_the_list", lambda organisation, learner: True),
    "someone involves themselves": (operations_involvement, "is_the_same_person", lambda *_: False),
    "who directs does not matter": (operations_ground, "who_directs", lambda *_, **__: None),
    "anybody answers": (operations_involvement, "_own", lambda tie, by, action: (
        operations_ground.permit_of(by, tie.child), tie)),
    "any age signs": (operations_consent, "must_sign", lambda born_on, on: frozenset(
        operations_consent.Signer)),
    "the button is never lost": (operations_emergency, "why_the_button_is_lost", lambda by: ""),
    "an emergency takes five hours": (operations_emergency, "EMERGENCY", 5 * HOUR),
    "a table sees a day longer": (operations_involvement, "around", lambda day: (
        day - 14 * DAY, day + 15 * DAY)),
    "an end of one's own is not kept to": (operations_involvement, "end_of", lambda day: (
        operations_ground.end_of(day + DAY))),
    "work is kept when handed over": (operations_work, "OTHER_WORK", None),
    "custody goes on": (Kinship, "save", lambda self, **_: None),
}  # fmt: skip


def test_the_story_is_told_the_same_by_inbeeld_and_by_the_rules():
    story(Life())


@pytest.mark.parametrize("slip", share(sorted(SLIPS)))
def test_a_slip_is_noticed(slip, monkeypatch):
    where, name, instead = SLIPS[slip]
    life = Life()
    if slip == "work is kept when handed over":
        monkeypatch.setattr(operations_work, "_open_of", lambda leaving, by: [])
    else:
        monkeypatch.setattr(where, name, instead)
    with pytest.raises(Differs):
        story(life)
