"""Months around two children, in any order: after each step everybody reads what the rules say."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inbeeld.kernel.access import FieldClass
from tests.promises.life.living import Life
from tests.promises.life.replay import CHILDREN, OF_USE, counts, day_of, is_open

pytestmark = [pytest.mark.django_db, pytest.mark.database]
#: A life has up to eighty events, so a case of other tests is a fortieth of one.
LONG = int(os.environ.get("INBEELD_LONG_CASES") or 6000) // 40
#: Not all events are as likely to be tried by who may as by who may not.
MOSTLY = st.sampled_from([True] * 5 + [False])
FORWARD = [
    timedelta(minutes=1), timedelta(hours=3), timedelta(hours=5), timedelta(days=1), timedelta(days=3),
    timedelta(days=15), timedelta(days=50), timedelta(days=91),
]  # fmt: skip
BACK = [timedelta(seconds=-1), timedelta(minutes=-10), timedelta(hours=-2)]
PURPOSES = st.sampled_from(["help", "help", "coaching"])
CONSENTS = [(place, FieldClass(one)) for place, one in sorted(OF_USE)] * 4 + [
    (f"{who} of {child}", FieldClass(one))
    for child in CHILDREN
    for who in ("mother", "self")
    for one in ("FAM", "MED", "SUP", "AGR")
]


class Months(RuleBasedStateMachine):
    """What can happen around two children, in an order nobody thought of."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        try:
            self.life = Life()
        except BaseException:
            self.teardown()
            raise
        self.steps = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # --- choosing --------------------------------------------------------------------------------

    def do(self, kind, by="command", **of):
        return self.life.do(kind, by, **of)

    def job(self, data):
        return data.draw(st.sampled_from(list(self.life.jobs)), "who")

    def decider(self, data, child):
        if data.draw(MOSTLY, "who decides"):
            return self.life.who_decides(child) or "coordinator"
        return self.job(data)

    def a_tie(self, data, wanted):
        """The number of an involvement that fits, nearly always; now and then of any."""
        ties = self.life.world().ties
        fitting = [number for number, one in enumerate(ties) if wanted(one)]
        if not data.draw(MOSTLY, "one that fits"):
            fitting = list(range(len(ties)))
        assume(fitting)
        return data.draw(st.sampled_from(fitting), "involvement")

    def day(self, data, *days):
        return day_of(self.life.now) + timedelta(days=data.draw(st.sampled_from(days), "days from now"))

    def there_are_ties(self):
        return bool(self.life.ties)

    def there_are_leaves(self):
        return bool(self.life.leaves)

    # --- involvement -----------------------------------------------------------------------------

    @initialize(child=st.sampled_from(list(CHILDREN)), to=st.sampled_from(["doctor", "worker", "adviser"]),
                how_far=st.integers(0, 5), purpose=PURPOSES)  # fmt: skip
    def begins_somewhere(self, child, to, how_far, purpose):
        """Most lives begin with somebody involved, so that the rest has something to stand on."""
        steps = [
            lambda: self.do("grant", "swv", child=child, to=to, directs=how_far % 2 == 1, purpose=purpose),
            lambda: self.do("accept", to, tie=0),
            lambda: self.do("grant", self.life.who_decides(child), child=child, to="case director"),
            lambda: self.do("set_stage", self.life.who_decides(child), child=child, stage=3),
            lambda: self.asked_and_signed(to, child),
        ]
        for step in steps[:how_far]:
            step()

    def asked_and_signed(self, by, child):
        for receiver, field_class in sorted(OF_USE):
            self.do(
                "ask", by, child=child, receiver=receiver, field_class=FieldClass(field_class),
                until_on=day_of(self.life.now) + timedelta(days=300),
            )  # fmt: skip
        for leave in range(len(self.life.leaves)):
            for one in self.life.who_signs(leave):
                self.do("sign", one, leave=leave)

    @rule(data=st.data(), child=st.sampled_from(list(CHILDREN)), directs=st.booleans(), purpose=PURPOSES)
    def grant(self, data, child, directs, purpose):
        until_on = None if data.draw(st.booleans()) else self.day(data, -1, 0, 1, 30, 365, 366)
        self.do(
            "grant", self.decider(data, child), child=child, to=self.job(data), until_on=until_on,
            directs=directs, purpose=purpose,
        )  # fmt: skip

    @rule(
        child=st.sampled_from(list(CHILDREN)),
        to=st.sampled_from(["doctor", "worker", "adviser", "mentor", "coordinator", "worker too"]),
        purpose=PURPOSES,
    )
    def grant_and_accept(self, child, to, purpose):
        if self.do("grant", self.life.who_decides(child), child=child, to=to, purpose=purpose):
            self.do("accept", to, tie=len(self.life.ties) - 1)

    @precondition(there_are_ties)
    @rule(data=st.data(), kind=st.sampled_from(["accept"] * 5 + ["refuse"]))
    def answer(self, data, kind):
        tie = self.a_tie(data, lambda one: one.accepted is None and is_open(one, self.life.now))
        receiver = self.life.world().ties[tie].job
        self.do(kind, receiver if data.draw(MOSTLY) else self.job(data), tie=tie)

    @precondition(there_are_ties)
    @rule(data=st.data())
    def stop(self, data):
        tie = self.a_tie(data, lambda one: counts(one, self.life.now))
        receiver = self.life.world().ties[tie].job
        self.do("stop", receiver if data.draw(MOSTLY) else self.job(data), tie=tie)

    @precondition(there_are_ties)
    @rule(data=st.data())
    def withdraw(self, data):
        tie = self.a_tie(data, lambda one: is_open(one, self.life.now) and one.kind != "emergency")
        self.do("withdraw", self.decider(data, self.life.world().ties[tie].child), tie=tie)

    @precondition(there_are_ties)
    @rule(data=st.data())
    def extend(self, data):
        tie = self.a_tie(data, lambda one: one.kind == "involved" and is_open(one, self.life.now))
        by = self.decider(data, self.life.world().ties[tie].child)
        self.do("extend", by, tie=tie, until_on=self.day(data, 100, 200, 364, 365, 366, 5, -1))

    @precondition(there_are_ties)
    @rule(data=st.data())
    def hand_over_direction(self, data):
        tie = self.a_tie(
            data,
            lambda one: one.kind == "involved" and counts(one, self.life.now) and not one.directs,
        )
        self.do("hand_over_direction", self.decider(data, self.life.world().ties[tie].child), tie=tie)

    @rule(data=st.data(), child=st.sampled_from(list(CHILDREN)), likely=MOSTLY)
    def seat(self, data, child, likely):
        by = data.draw(st.sampled_from(["case director", self.decider(data, child)]))
        to = "seat" if likely else self.job(data)
        self.do("seat", by, child=child, to=to, meeting_on=self.day(data, -15, -14, 0, 13, 14, 15, 40))

    @rule(data=st.data(), kind=st.sampled_from(["hand_over_work", "hand_over_work", "end_work"]))
    def leave(self, data, kind):
        held = [one.job for one in self.life.world().ties if not one.over] or list(self.life.jobs)
        leaving = data.draw(st.sampled_from(held))
        colleague = {"coordinator": "colleague"}.get(leaving, f"{leaving} too")
        if colleague not in self.life.jobs or not data.draw(MOSTLY, "to a colleague"):
            colleague = self.job(data)
        to = {"to": colleague} if kind == "hand_over_work" else {}
        by = data.draw(st.sampled_from([leaving, "administrator", self.job(data)]))
        self.do(kind, by, leaving=leaving, on=self.day(data, -3000, -1, 0, 0, 0, 2, 2), **to)

    @rule(data=st.data())
    def come_back(self, data):
        gone = self.life.who_left()
        if gone:
            was = data.draw(st.sampled_from(gone))
            name = self.life.world().jobs[was].name
            self.do("come_back", job=f"{name} {len(self.life.jobs)}", name=name, was=was)

    @rule(
        data=st.data(), child=st.sampled_from(list(CHILDREN)), stage=st.sampled_from([3, 3, 4, None, None, 6])
    )
    def set_stage(self, data, child, stage):
        closed = self.life.world().stages[child] == 6
        by = "command" if closed else data.draw(
            st.sampled_from(["case director", self.decider(data, child)])
        )  # fmt: skip
        self.do("set_stage", by, child=child, stage=None if closed else stage)

    # --- emergency -------------------------------------------------------------------------------

    @rule(data=st.data(), child=st.sampled_from(list(CHILDREN)), likely=MOSTLY)
    def call(self, data, child, likely):
        who = data.draw(st.sampled_from(["doctor", "worker", "coordinator"])) if likely else self.job(data)
        self.do("call", who, child=child)

    @precondition(there_are_ties)
    @rule(data=st.data(), found=st.sampled_from(["justified", "not_justified"]), likely=MOSTLY)
    def review(self, data, found, likely):
        tie = self.a_tie(data, lambda one: one.kind == "emergency" and not one.found)
        if self.life.world().ties[tie].kind == "emergency":
            who = data.draw(st.sampled_from(["officer", "officer of health"])) if likely else self.job(data)
            self.do("review", who, tie=tie, found=found)

    @precondition(there_are_ties)
    @rule(data=st.data(), likely=MOSTLY)
    def give_back(self, data, likely):
        tie = self.a_tie(data, lambda one: one.found == "not_justified")
        if self.life.world().ties[tie].kind == "emergency":
            self.do("give_back", "officer" if likely else self.job(data), tie=tie)

    # --- consent ---------------------------------------------------------------------------------

    @rule(
        data=st.data(), child=st.sampled_from(list(CHILDREN)), asked=st.sampled_from(CONSENTS), likely=MOSTLY,
        purpose=PURPOSES,
    )  # fmt: skip
    def ask(self, data, child, asked, likely, purpose):
        receiver, field_class = asked
        if not self.life.who_is_involved(child):
            child = next((one for one in CHILDREN if self.life.who_is_involved(one)), child)
        involved = self.life.who_is_involved(child)
        by = data.draw(st.sampled_from(involved)) if likely and involved else self.job(data)
        until_on = self.day(data, -1, 10, 365, 365, 366)
        self.do(
            "ask", by, child=child, receiver=receiver, field_class=field_class, until_on=until_on,
            purpose=purpose,
        )  # fmt: skip

    @precondition(there_are_leaves)
    @rule(data=st.data())
    def sign(self, data):
        leave = data.draw(st.integers(0, len(self.life.leaves) - 1))
        self.do("sign", data.draw(st.sampled_from(list(self.life.kin))), leave=leave)

    @precondition(there_are_leaves)
    @rule(data=st.data())
    def sign_all(self, data):
        leave = data.draw(st.integers(0, len(self.life.leaves) - 1))
        for one in self.life.who_signs(leave):
            self.do("sign", one, leave=leave)

    @precondition(there_are_leaves)
    @rule(data=st.data(), likely=MOSTLY)
    def sign_on_paper(self, data, likely):
        leave = data.draw(st.integers(0, len(self.life.leaves) - 1))
        involved = self.life.who_is_involved(self.life.world().leaves[leave].child)
        recorder = data.draw(st.sampled_from(involved)) if likely and involved else self.job(data)
        signer = data.draw(st.sampled_from(self.life.who_signs(leave) or list(self.life.kin)))
        self.do("sign", signer, leave=leave, recorder=recorder, on=self.day(data, -1, 0, 0, 1))

    @precondition(there_are_leaves)
    @rule(data=st.data())
    def withdraw_consent(self, data):
        leave = data.draw(st.integers(0, len(self.life.leaves) - 1))
        who = data.draw(st.sampled_from([*self.life.kin, *self.life.who_is_involved(
            self.life.world().leaves[leave].child), self.job(data)]))  # fmt: skip
        if not self.life.world().leaves[leave].withdrawn:
            self.do("withdraw_consent", who, leave=leave)

    @rule(data=st.data(), child=st.sampled_from(list(CHILDREN)))
    def get_custody(self, data, child):
        self.do("get_custody", who=f"stepmother {len(self.life.kin)} of {child}", child=child,
                from_on=self.day(data, -30, 0, 2))  # fmt: skip

    @rule(data=st.data())
    def lose_custody(self, data):
        guardians = [who for who in self.life.kin if not who.startswith("self")]
        self.do("lose_custody", who=data.draw(st.sampled_from(guardians)), on=self.day(data, -1, 0, 2))

    # --- time ------------------------------------------------------------------------------------

    @rule(much=st.sampled_from(FORWARD + BACK))
    def time_passes(self, much):
        self.life.pass_time(much)

    @rule(child=st.sampled_from(list(CHILDREN)), days=st.sampled_from([-1, 0]))
    def a_birthday(self, child, days):
        much = self.life.until_birthday(child) + timedelta(days=days)
        if much > timedelta(0):
            self.life.pass_time(much)

    # --- always ----------------------------------------------------------------------------------

    @invariant()
    def everybody_reads_what_the_rules_say(self):
        """Who this step was about and one other."""
        names = [*self.life.jobs, *self.life.kin]
        self.steps += 1
        self.life.compare_touched(names[self.steps % len(names)])


def live(lives: int, steps: int) -> None:
    run_state_machine_as_test(
        Months,
        settings=settings(
            max_examples=lives, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.fixture
def without_a_wall() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("on PostgreSQL these lives are led behind the wall")


@pytest.mark.usefixtures("without_a_wall")
def test_whatever_happens_everybody_reads_what_the_rules_say():
    live(8, 25)


@pytest.mark.long
@pytest.mark.usefixtures("without_a_wall")
def test_whatever_happens_for_a_long_time_everybody_reads_what_the_rules_say():
    live(LONG, 80)
