"""What happens to children and people between two page views: in the database, and in the description.

Written straight into the tables, as the walk is about reading: what operations may do has tests of its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from inbeeld.access.models import Consent, Involvement, Kinship
from inbeeld.kernel.access import Involvement as How
from inbeeld.learners.models import Learner, Standing
from inbeeld.organisations.models import Membership
from tests.promises.routes.planting import Planted, as_it_is_now
from tests.promises.routes.population import COACHING, HELP, Member, tied_roles

DAY = timedelta(days=1)
#: So many days pass at most between two page views; a child of fifteen soon is sixteen.
MOST_DAYS = 40


class Clock:
    """The clock of the program, moved on by hand. `timezone.now()` reads it."""

    def __init__(self, monkeypatch: Any) -> None:
        self.ahead = timedelta()
        clock = self

        class Moved(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + clock.ahead

        monkeypatch.setattr(timezone, "datetime", Moved)


class Changes:
    """Changes at random, each as likely as another."""

    def __init__(self, planted: Planted, clock: Clock, dice: random.Random) -> None:
        self.planted, self.clock, self.dice = planted, clock, dice
        self.kinds: tuple[Callable[[], object], ...] = (
            self.end_a_tie, self.accept_a_tie, self.tie, self.tie, self.withdraw_a_consent, self.consent,
            self.consent, self.set_a_stage, self.judge_anew, self.move, self.leave_work, self.come_back,
            self.lose_or_get_custody, self.let_days_pass,
        )  # fmt: skip

    def one(self) -> None:
        """Change one thing, and describe anew what the oracle decides from."""
        self.dice.choice(self.kinds)()
        as_it_is_now(self.planted)

    def _child(self) -> str:
        return self.dice.choice(list(self.planted.world.children))

    def _member(self) -> Member:
        return self.dice.choice([one for one in self.planted.world.members.values() if not one.ended])

    def end_a_tie(self) -> None:
        rows = list(Involvement.for_operations.filter(ended_at__isnull=True).values_list("pk", flat=True))
        Involvement.for_operations.filter(pk=self.dice.choice(rows)).update(
            ended_at=timezone.now(), ended_because="withdrawn", directs=False
        )

    def accept_a_tie(self) -> None:
        Involvement.for_operations.filter(accepted_at__isnull=True).update(accepted_at=timezone.now())

    def tie(self) -> None:
        """Somebody is involved, sits at a table, or calls an emergency; accepted at once or not."""
        member, now = self._member(), timezone.now()
        kinds = [kind for kind in (How.INVOLVED, How.TABLE, How.EMERGENCY) if member.role in tied_roles(kind)]
        if not kinds:
            return
        kind = self.dice.choice(kinds)
        lasts = timedelta(hours=4) if kind is How.EMERGENCY else self.dice.choice((1, 20, 90)) * DAY
        begins = now - self.dice.choice((timedelta(minutes=1), -DAY))
        Involvement.for_operations.create(
            child=self.planted.learners[self._child()], membership=self.planted.memberships[member.key],
            kind=kind.value, purpose=self.dice.choice((HELP, COACHING)), granted_at=now, from_at=begins,
            until_at=begins + lasts,
            accepted_at=self.dice.choice((now, now, None)),
            granted_by=self.planted.memberships[
                "mentor" if member.key == "colleague-ggd" else "colleague-ggd"
            ],
        )  # fmt: skip

    def withdraw_a_consent(self) -> None:
        rows = list(Consent.for_operations.filter(withdrawn_at__isnull=True).values_list("pk", flat=True))
        if rows:
            Consent.for_operations.filter(pk=self.dice.choice(rows)).update(withdrawn_at=timezone.now())

    def consent(self) -> None:
        """To an organisation, or to one of kin; in force from today, from tomorrow, or not signed yet."""
        today, child = timezone.localdate(), self._child()
        kin = [
            one for key, one in self.planted.kinships.items() if self.planted.world.kin[key].child == child
        ]
        to_kin = self.dice.choice(kin) if kin and self.dice.random() < 0.5 else None
        member = self.planted.memberships[self._member().key]
        from_on = self.dice.choice((today, today + DAY, None))
        Consent.for_operations.create(
            child=self.planted.learners[child], field_class=self.dice.choice(("AGR", "SUP", "FAM", "MED")),
            receiver=None if to_kin else member.organisation, receiving_kin=to_kin,
            purpose=self.dice.choice((HELP, COACHING)), text_version="2026-04", asked_by=member,
            asked_at=timezone.now(), until_on=today + 60 * DAY,
            holds_from=from_on,
            holds_until=None if from_on is None else from_on + self.dice.choice((2, 50)) * DAY,
        )  # fmt: skip

    def set_a_stage(self) -> None:
        stage = self.dice.choice((None, None, None, 3, 4, 6, 7))
        Learner.for_operations.filter(pk=self.planted.learners[self._child()].pk).update(case_stage=stage)

    def judge_anew(self) -> None:
        key, stage = self._child(), self.dice.choice((0, 1, 2, 5))
        changed = Standing.for_operations.filter(learner=self.planted.learners[key].pk).update(stage=stage)
        if changed:
            self.planted.world.children[key].stage = stage

    def move(self) -> None:
        """To another municipality, or off the roll and back."""
        key = self._child()
        child = self.planted.world.children[key]
        child.municipality = self.dice.choice(("Noorderveen", "Zuiderbroek"))
        child.enrolled = self.dice.random() < 0.8
        Learner.for_operations.filter(pk=self.planted.learners[key].pk).update(
            municipality=child.municipality
        )
        Standing.for_operations.filter(learner=self.planted.learners[key].pk).update(enrolled=child.enrolled)

    def leave_work(self) -> None:
        """Unless half of them left already: who does nothing shows nothing."""
        members = self.planted.world.members.values()
        if 2 * sum(one.ended for one in members) < len(members):
            self._work_until(self._member(), timezone.localdate() - DAY)

    def come_back(self) -> None:
        left = [one for one in self.planted.world.members.values() if one.ended]
        if left:
            self._work_until(self.dice.choice(left), None)

    def _work_until(self, member: Member, last: Any) -> None:
        Membership.objects.filter(pk=self.planted.memberships[member.key].pk).update(until_on=last)
        self.planted.world.members[member.key] = Member(
            member.key, member.role, member.place, member.person, ended=last is not None
        )

    def lose_or_get_custody(self) -> None:
        key = self.dice.choice(list(self.planted.world.kin))
        one = self.planted.world.kin[key]
        ended = not one.ended
        until = timezone.localdate() - DAY if ended else None
        Kinship.for_operations.filter(pk=self.planted.kinships[key].pk).update(until_on=until)
        self.planted.world.kin[key] = type(one)(one.key, one.child, one.relation, ended, one.person)

    def let_days_pass(self) -> None:
        """Birthdays, the ends of involvements and consents, tables that are over."""
        self.clock.ahead += self.dice.randint(1, MOST_DAYS) * DAY
