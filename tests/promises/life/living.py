"""The same events in inbeeld itself, and the comparison of what everybody may then read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from inbeeld.access import operations_consent
from inbeeld.access.acting import write_up
from inbeeld.access.actor import Actor
from inbeeld.access.models import Consent, Involvement, Kinship
from inbeeld.access.operations_ground import permit_of
from inbeeld.access.permit import Permit, permits_for
from inbeeld.access.refusal import Refused
from inbeeld.access.scope_own import own_kinships
from inbeeld.kernel.access import Author, FieldClass
from inbeeld.keys.operations import key_for
from inbeeld.keys.sealing import seal_into
from inbeeld.learners.models import Entry, Learner, Standing
from inbeeld.learners.operations import Delivered, enter_learners
from inbeeld.organisations.models import Membership, Organisation
from tests.promises.life import replay as told
from tests.promises.life.doing import DOES, person
from tests.promises.life.replay import Event
from tests.promises.life.rules import may_happen, replay

#: Being the actor to the database too, while this lasts.
Wall = Callable[[Actor], AbstractContextManager[None]]
START = datetime(2026, 4, 20, 9, 30, tzinfo=told.HERE)
WRITTEN = [FieldClass(value) for value in Entry.Kind.values]
AUTHORS = {"others": Author.OTHERS, "my_organisation": Author.MY_ORGANISATION}
#: What happened already, and so leaves no line: the same seat, the same emergency; work with no child in it.
MAY_BE_SILENT = {"seat", "call", "hand_over_work", "end_work"}
#: Events after which others may read more, or less, than before.
TOUCH_OTHERS = {"sign", "withdraw_consent", "get_custody", "lose_custody", "set_stage"}


class Differs(AssertionError):
    """inbeeld and the replay of what happened say different things."""


class Life:
    """Two children, those around them, and a clock. Everything that happens is an event."""

    def __init__(self, wall: Wall | None = None) -> None:
        self.wall = wall or (lambda _actor: nullcontext())
        self.walled = wall is not None
        self.now = START
        self.events: list[Event] = []
        self.ties: list[Any] = []
        self.leaves: list[Any] = []
        self.touched: set[str] = set()
        self.places = {key: _place(key, kind) for key, kind in told.KINDS.items()}
        people = {name: person(name) for name in sorted({one[0] for one in told.CAST.values()})}
        self.jobs = {
            name: Membership.objects.create(
                person=people[who], organisation=self.places[place], role=role, from_on=told.BEGIN
            ).pk
            for name, (who, role, place) in told.CAST.items()
        }
        self.children = {name: _child(name, born, self.places) for name, born in told.CHILDREN.items()}
        self.kin = {
            name: Kinship.for_operations.create(
                child_id=self.children[child].pk, person=person(name), relation=relation,
                from_on=told.CHILDREN[child],
            ).pk
            for name, (child, relation) in told.FAMILY.items()
        }  # fmt: skip

    # --- who acts --------------------------------------------------------------------------------

    @contextmanager
    def clock(self) -> Iterator[None]:
        """The clock of the computer says what this life says."""
        with patch("django.utils.timezone.now", lambda: self.now):
            yield

    def actor(self, who: str) -> Actor:
        if who in self.kin:
            kinship = Kinship.for_operations.select_related("child").get(pk=self.kin[who])
            return Actor(name=who, kinship=kinship, at=self.now)
        membership = Membership.objects.select_related("organisation").get(pk=self.jobs[who])
        return Actor(name=who, membership=membership, at=self.now)

    def member(self, who: str) -> Membership:
        return Membership.objects.select_related("organisation").get(pk=self.jobs[who])

    def child(self, name: str) -> Learner:
        return Learner.for_operations.select_related("standing__school").get(pk=self.children[name].pk)

    def permit(self, who: str, child: str) -> Permit:
        return permit_of(self.actor(who), self.child(child))

    def tie(self, number: int) -> Involvement:
        return Involvement.for_operations.get(pk=self.ties[number])

    def child_of(self, tie: int) -> str:
        return self.world().ties[tie].child

    def leave(self, number: int) -> Consent:
        return Consent.for_operations.get(pk=self.leaves[number])

    # --- what happens ----------------------------------------------------------------------------

    def do(self, kind: str, by: str = "command", **of: Any) -> bool:
        """Let something happen, and see that inbeeld allows it exactly when the rules do."""
        event = Event(kind, self.now, by, of)
        expected = may_happen(replay(self.events), event)
        with self.clock():
            actor, asked = DOES[kind](self, event)
            with self.wall(actor) if actor is not None else nullcontext():
                happened = self._is_done(event, actor, asked)
        if happened != expected:
            raise Differs(f"{event} {'happened' if happened else 'was refused'}\n{self.so_far()}")
        self.touched |= {one for one in (by, *of.values()) if isinstance(one, str)}
        if happened:
            self.events.append(event)
            self._note_what_is_new()
        if event.tie is not None:
            self.touched.add(self.world().ties[event.tie].job)
        if kind in TOUCH_OTHERS:
            self.touched |= self._with_a_tie()
        return happened

    def _is_done(self, event: Event, actor: Actor | None, asked: Callable[[], Any]) -> bool:
        try:
            asked()
        except Refused:
            happened = False
        except ObjectDoesNotExist:
            if not self.walled:
                raise
            happened = False  # what the database does not show cannot be changed
        else:
            happened = True
        if actor is not None:
            if happened and event.kind not in MAY_BE_SILENT and not actor.ledger.deeds:
                raise Differs(f"{event} left no line in the ledger")
            write_up(actor, origin="life")
        return happened

    def _with_a_tie(self) -> set[str]:
        return {tie.job for tie in self.world().ties} | set(self.kin)

    def _note_what_is_new(self) -> None:
        world = replay(self.events)
        for known, rows, expected in (
            (self.ties, Involvement.for_operations, world.ties),
            (self.leaves, Consent.for_operations, world.leaves),
        ):
            found = rows.exclude(pk__in=known).order_by("child").values_list("pk", flat=True)
            known.extend(found)
            if len(known) != len(expected):
                raise Differs(f"{len(known)} rows, and by the rules {len(expected)}\n{self.so_far()}")

    def pass_time(self, much: timedelta) -> None:
        """The clock goes on, and the daily round is made; or the clock is set back."""
        self.now += much
        self.touched |= self._with_a_tie()
        with self.clock():
            if much > timedelta(0):
                operations_consent.re_evaluate_due()
            else:
                operations_consent.re_evaluate_many(child.pk for child in self.children.values())

    # --- asked of the replay ---------------------------------------------------------------------

    def world(self) -> told.World:
        return replay(self.events)

    def who_directs(self, child: str) -> str | None:
        return told.director(self.world(), child, self.now)

    def who_decides(self, child: str) -> str:
        world = self.world()
        return next((who for who in self.jobs if told.decides(world, who, child, self.now)), "coordinator")

    def who_is_involved(self, child: str) -> list[str]:
        world = self.world()
        return [who for who in self.jobs if told.involved(world, who, child, self.now)]

    def who_left(self) -> list[str]:
        world, today = self.world(), told.day_of(self.now)
        held = {job.name for who, job in world.jobs.items() if told.works(world, who, today)}
        return [who for who, job in world.jobs.items() if job.name not in held]

    def who_signs(self, leave: int) -> list[str]:
        world, today = self.world(), told.day_of(self.now)
        child = world.leaves[leave].child
        return [
            who
            for who, kin in world.kin.items()
            if kin.child == child
            and kin.relation in told.signers(child, today)
            and told.works(world, who, today)
        ]

    def until_birthday(self, child: str) -> timedelta:
        """Until this time of day on the next birthday after which others decide."""
        today, born = told.day_of(self.now), told.CHILDREN[child]
        coming = [born.replace(year=born.year + years) for years in (12, 16, 18)]
        return min((day - today for day in coming if day > today), default=timedelta(0))

    def so_far(self) -> str:
        return "\n".join(
            f"  {event.at:%Y-%m-%d %H:%M} {event.by}: {event.kind} {event.of}" for event in self.events
        )

    # --- what everybody may read -----------------------------------------------------------------

    def compare(self, only: Iterable[str] | None = None) -> None:
        """Both walls say what the replay says, for everybody, about both children and all classes."""
        world = replay(self.events)
        children = {name: self.child(name) for name in self.children}
        with self.clock():
            for who in [*self.jobs, *self.kin] if only is None else only:
                actor = self.actor(who)
                may_log_in = told.works(world, who, actor.today) and told.role(world, who, actor.today) != ""
                self._same(who, "log in", may_log_in, self._may_log_in(actor))
                if may_log_in:
                    with self.wall(actor):
                        self._compare_one(world, who, actor, children)

    def compare_touched(self, *others: str) -> None:
        """For who the last events were about; when time has passed all who ever were involved, and kin."""
        self.compare([one for one in (*self.jobs, *self.kin) if one in self.touched or one in others])
        self.touched.clear()

    def _may_log_in(self, actor: Actor) -> bool:
        """As the middleware asks it."""
        if actor.membership is not None:
            return actor.membership.is_in_force(actor.today)
        assert actor.kinship is not None
        known = own_kinships(actor.kinship.person_id)
        return any(one.pk == actor.kinship.pk for one in known) and bool(actor.role)

    def _compare_one(self, world: told.World, who: str, actor: Actor, children: dict[str, Learner]) -> None:
        permits = permits_for(actor, children.values())
        entries = _entries(Entry.objects.visible_to(actor))
        listed = set(Learner.objects.visible_to(actor).values_list("pk", flat=True))
        if self.walled:  # with the other walls away
            self._same(
                who, "the same list", True, listed == set(Learner.for_operations.values_list("pk", flat=True))
            )
            self._same(who, "the same entries", True, entries == _entries(Entry.for_operations.all()))
        for name, child in children.items():
            mine = permits[child.reference]
            for one in FieldClass:
                reads = {author: told.reads(world, who, name, one, author, self.now) for author in AUTHORS}
                for author, so in reads.items():
                    self._same(
                        who,
                        f"{one.value} of {name} by {author}",
                        so,
                        bool(mine.may(one, author=AUTHORS[author])),
                    )
                if one is FieldClass.IDE:
                    self._same(who, f"{name} in a list", reads["others"], child.pk in listed)
                if one in WRITTEN:
                    for place, organisation in self.places.items():
                        author = "my_organisation" if place == told.place(world, who) else "others"
                        found = (child.pk, one.value, organisation.pk) in entries
                        self._same(who, f"{one.value} of {name} from {place}", reads[author], found)

    def _same(self, who: str, what: str, told_so: bool, found: bool) -> None:
        if told_so != found:
            raise Differs(
                f"{who}, {what}: {told_so} by the rules, {found} in inbeeld at {self.now}\n{self.so_far()}"
            )


def _place(key: str, kind: str) -> Organisation:
    return Organisation.objects.create(
        key=f"life_{key}", region="noorderveen", kind=kind, name=key, sector="vo", municipality="Noorderveen"
    )


def _child(name: str, born: date, places: dict[str, Organisation]) -> Learner:
    """A child at home, of the school, with an entry of every class from every organisation."""
    enter_learners(
        [Delivered(key=name, region="noorderveen", call_name=name, last_name="Brinkhof", born_on=born)]
    )
    child = Learner.for_operations.get(key=name)
    Standing.for_operations.create(
        learner=child, judged_on=START.date(), stage=told.JUDGED_STAGE, phase=1, school=places["school"],
        enrolled=True, exempt=False, of_compulsory_age=True, in_sight=True,
    )  # fmt: skip
    for place in places.values():
        writer = Membership.objects.create(
            person=person(f"{name} {place.key}"), organisation=place, role="analyst", from_on=told.BEGIN
        )
        for one in WRITTEN:
            entry = Entry(
                learner=child, field_class=one.value, organisation=place, written_by=writer, written_at=START
            )
            seal_into(entry, "text", "iets", key=key_for(child.reference, "notes", place.key))
            entry.save()
    return child


def _entries(rows: QuerySet[Entry]) -> set[tuple[int, str, int]]:
    return set(rows.values_list("learner", "field_class", "organisation"))
