"""What waits for somebody: each thing with its number, which is that of the list it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import ngettext

from inbeeld.access.actor import Actor
from inbeeld.agreements.queries import ASKED, WEEK, Choice, mine
from inbeeld.alerts import queries as work
from inbeeld.deliveries.models import OPEN, Delivery
from inbeeld.deliveries.operations import may_deliver
from inbeeld.deliveries.watch import LATE, NOTHING, SILENT, schools_of, watched, watched_on, watches
from inbeeld.kernel.attention import rules_for
from inbeeld.learners.models import Judgement
from inbeeld.learners.snapshot import begun_on
from inbeeld.organisations.models import Role
from inbeeld.reconciliation.waiting import (
    children_to_do_something_about,
    lists_to_hand_in,
    pairs_to_look_at,
)


class Thing(StrEnum):
    """What can wait."""

    REQUESTS = "requests"
    EMERGENCIES = "emergencies"
    DELIVERIES = "deliveries"
    NEW_SIGNALS = "new_signals"
    DUE = "due"
    ASKED = "asked"
    AGREEMENTS = "agreements"
    SCHOOLS = "schools"
    LISTS = "lists"
    PAIRS = "pairs"
    MISSING = "missing"


@dataclass(frozen=True)
class Waiting:
    """So many of a thing wait, and where. `is_new`: came since somebody was told, or looked for them.

    Of a request, and of an emergency, people are told at once: in what is sent later it is no news.
    """

    thing: Thing
    number: int
    address: str
    is_new: bool

    @property
    def words(self) -> str:
        """With its number."""
        return _words(self.thing, self.number).format(number=self.number)


def waiting_for(actor: Actor, judgement: Judgement | None, *, since: datetime | None = None) -> list[Waiting]:
    """Everything that waits for this actor. `since`: what came after that moment is news; None: all of it."""
    found = [
        _requests(actor), _deliveries(actor, since), *_signals(actor, judgement, since), *_agreements(actor),
        _schools(actor), *_lists(actor, since),
    ]  # fmt: skip
    return [one for one in found if one is not None and one.number]


def _requests(actor: Actor) -> Waiting:
    officer = actor.role == Role.PRIVACY_OFFICER
    thing, page = (Thing.EMERGENCIES, "privacy") if officer else (Thing.REQUESTS, "mine")
    return Waiting(thing, actor.waits, reverse(page), is_new=False)


def _deliveries(actor: Actor, since: datetime | None) -> Waiting | None:
    if not may_deliver(actor):
        return None
    received = list(Delivery.objects.of(actor).filter(state__in=OPEN).values_list("received_at", flat=True))
    is_new = any(since is None or at > since for at in received)
    return Waiting(Thing.DELIVERIES, len(received), reverse("deliveries"), is_new=is_new)


def _signals(actor: Actor, judgement: Judgement | None, since: datetime | None) -> list[Waiting]:
    if judgement is None or not actor.has_a_list or not rules_for(actor.role):
        return []
    found = work.Work(actor, judgement, work.Choice())
    address = reverse("work")
    news, first = found.chosen(show=work.NEW), _first_day_of_news(since)
    return [
        Waiting(
            Thing.NEW_SIGNALS,
            len(news),
            address + found.choice.address(show=work.NEW),
            is_new=first is not None and any(row.opened_on >= first for row in news),
        ),
        Waiting(
            Thing.DUE,
            len(found.chosen(show=work.WEEK)),
            address + found.choice.address(show=work.WEEK),
            is_new=False,
        ),
    ]


def _first_day_of_news(since: datetime | None) -> date | None:
    """The day of the first judgement that was published after a moment; a signal bears the day of its own."""
    published = Judgement.objects.order_by("published_at", "pk")
    if since is not None:
        published = published.filter(published_at__gt=since)
    return published.values_list("on", flat=True).first()


def _agreements(actor: Actor) -> list[Waiting]:
    if not actor.has_a_list:
        return []
    asked, due = mine(actor, ASKED, WEEK)
    page = reverse("agreements")
    return [
        Waiting(Thing.ASKED, len(asked), page + Choice(show=ASKED).address(), is_new=False),
        Waiting(Thing.AGREEMENTS, len(due), page + Choice(show=WEEK).address(), is_new=False),
    ]


def _schools(actor: Actor) -> Waiting | None:
    if not watches(actor):
        return None
    stands = watched(schools_of(actor), on=watched_on(actor), begun_on=begun_on())
    number = sum(one.stands in (SILENT, LATE, NOTHING) for one in stands)
    return Waiting(Thing.SCHOOLS, number, reverse("deliveries"), is_new=False)


def _lists(actor: Actor, since: datetime | None) -> list[Waiting]:
    """By comparison, as each has pages of its own."""
    return [
        Waiting(
            thing,
            one.number,
            one.address,
            is_new=since is None or (one.newest_at is not None and one.newest_at > since),
        )
        for thing, found in (
            (Thing.LISTS, lists_to_hand_in(actor)),
            (Thing.PAIRS, pairs_to_look_at(actor)),
            (Thing.MISSING, children_to_do_something_about(actor)),
        )
        for one in found
    ]


def _words(thing: Thing, number: int) -> str:
    return {
        Thing.REQUESTS: ngettext(
            "{number} request to be involved", "{number} requests to be involved", number
        ),
        Thing.EMERGENCIES: ngettext(
            "{number} emergency to look at", "{number} emergencies to look at", number
        ),
        Thing.LISTS: ngettext(
            "{number} list to hand in, to be laid beside the others",
            "{number} lists to hand in, to be laid beside the others",
            number,
        ),
        Thing.PAIRS: ngettext(
            "{number} pair on lists that may be one child",
            "{number} pairs on lists that may be one child",
            number,
        ),
        Thing.MISSING: ngettext(
            "{number} child missing on a list, for your organisation to do something about",
            "{number} children missing on a list, for your organisation to do something about",
            number,
        ),
        Thing.DELIVERIES: ngettext(
            "{number} delivery to look through", "{number} deliveries to look through", number
        ),
        Thing.NEW_SIGNALS: ngettext(
            "{number} new signal in seven days", "{number} new signals in seven days", number
        ),
        Thing.DUE: ngettext(
            "{number} signal due this week or overdue", "{number} signals due this week or overdue", number
        ),
        Thing.ASKED: ngettext(
            "{number} agreement that asks for your yes or no",
            "{number} agreements that ask for your yes or no",
            number,
        ),
        Thing.AGREEMENTS: ngettext(
            "{number} agreement of yours due within a week or overdue",
            "{number} agreements of yours due within a week or overdue",
            number,
        ),
        Thing.SCHOOLS: ngettext(
            "{number} school that is late, silent or suddenly reports nothing",
            "{number} schools that are late, silent or suddenly report nothing",
            number,
        ),
    }[thing]
