"""A municipality and an SWV with lists of invented children, laid side by side as these tests do it."""

from __future__ import annotations

import csv
import io
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from inbeeld.access.acting import acting
from inbeeld.access.actor import Actor
from inbeeld.engine.schema import LIST_COLUMNS
from inbeeld.kernel.rounds import Compared, ListOf, SideBySide
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again
from inbeeld.organisations.models import Kind, Organisation, Role
from inbeeld.reconciliation import operations, operations_agreed, places
from inbeeld.reconciliation.lying import Lying
from inbeeld.reconciliation.models import Comparison, Handed, Party, Round
from inbeeld.reconciliation.operations_work import step
from inbeeld.reconciliation.seen import ChildSeen, PairSeen

#: The same in each test, as sealed files say where they lie.
COMPARISON, ROUND = uuid.UUID(int=1), uuid.UUID(int=2)
GROUND = "Convenant, artikel 4"
Row = dict[str, str]


def row(id_: str, last: str, call: str, born: str, **more: str) -> Row:
    """A row of a list; the rest is empty."""
    return dict.fromkeys(LIST_COLUMNS, "") | {
        "id": id_, "last_name": last, "call_name": call, "first_names": call, "born_on": born,
        "postcode": "9711AB", "house_number": id_[-2:], **more,
    }  # fmt: skip


def as_csv(rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, LIST_COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def home(id_: str, number: str, last: str, call: str, born: str, **more: str) -> Row:
    """A row with a house number of its own choice."""
    return row(id_, last, call, born, **more) | {"house_number": number}


#: On both lists; only with leerplicht; only with the SWV; a twin of which one is on each list; one with two
#: call names; one of primary school.
BOTH = (("Brinkhof", "Fenna"), ("Oldehinkel", "Jorrit"), ("Zandstra", "Mirthe"), ("Terwisscha", "Hidde"))
LEERPLICHT = [
    *(home(f"LP-{n:02}", f"{n}", last, call, f"2011-0{n}-1{n}") for n, (last, call) in enumerate(BOTH, 1)),
    home("LP-10", "40", "Wouda", "Sipke", "2012-03-02"),
    home("LP-11", "41", "Ritsema", "Aukje", "2011-09-09"),
    home("LP-12", "42", "Postma", "Jan", "2011-07-07"),
    home("LP-13", "43", "Kuipers", "Lotte", "2017-02-01"),
]
SWV_VO = [
    *(home(f"VO-{n:02}", f"{n}", last, call, f"2011-0{n}-1{n}") for n, (last, call) in enumerate(BOTH, 1)),
    home("VO-20", "50", "Haitsma", "Doutzen", "2010-11-30"),
    home("VO-21", "41", "Ritsema", "Baukje", "2011-09-09"),
    home("VO-22", "42", "Postma", "Johannes", "2011-07-07"),
]
LISTS = {"leerplicht": LEERPLICHT, "swv_vo": SWV_VO}


@dataclass
class Region:
    """Who takes part: a leader at the municipality, and a coordinator of the SWV."""

    comparison: Comparison
    anneke: Actor
    marit: Actor
    municipality: Organisation
    swv: Organisation

    def party(self, name: str) -> Party:
        return Party.objects.select_related("organisation", "comparison").get(
            comparison=self.comparison, name=name
        )

    def round(self) -> Round:
        return Round.objects.select_related("comparison__led_by").first()  # type: ignore[return-value]

    def handed(self, name: str) -> Handed:
        return operations.fresh(Handed.objects.filter(party__name=name).order_by("-round__number")[0])

    def lying(self, actor: Actor) -> Lying:
        found = operations.current_round(self.comparison)
        assert found is not None
        return Lying(again(actor), found)

    def child(self, actor: Actor, name: str) -> ChildSeen:
        return next(one for one in self.lying(actor).children if one.name.endswith(name))

    def pair(self, actor: Actor, left: str, right: str) -> PairSeen:
        lying = self.lying(actor)
        found = lying.pair(lying.key_of(("leerplicht", left), ("swv_vo", right)))
        assert found is not None
        return found

    def see_each_other(self) -> None:
        """Both lists are shared with the other party, and both coordinators review."""
        for actor, name, receiver in (
            (self.anneke, "leerplicht", self.swv), (self.marit, "swv_vo", self.municipality),
        ):  # fmt: skip
            do(actor, operations_agreed.share, self.party(name), receiver=receiver, ground=GROUND)
            assert actor.membership is not None
            do(self.anneke, operations_agreed.appoint_reviewer, self.comparison, actor.membership)


def do(actor: Actor, deed: Any, *arguments: Any, **more: Any) -> Any:
    """One of the operations, as this actor, in a transaction of its own that ends in the journal."""
    with acting(again(actor), origin="test") as who:
        return deed(who, *arguments, **more)


def quiet(line: str) -> None:
    """Nobody listens."""


def work() -> None:
    """Everything the worker finds to do."""
    while step(quiet):
        pass


def a_region(*, compared: Compared = Compared.CHILDREN, **lists: str) -> Region:
    """The comparison as a profile would name it."""
    municipality = make.organisation(Kind.MUNICIPALITY, sector="")
    swv = make.organisation(Kind.SWV)
    names = {"leerplicht": municipality.key, "swv_vo": swv.key, **lists}
    if compared is Compared.ROLL:
        names = {"register": municipality.key, "enrolments": municipality.key}
    wanted = SideBySide(
        key="thuiszitters", name="Kinderen die thuiszitten", compared=compared, led_by=municipality.key,
        every_days=21, days_to_deliver=5,
        lists=tuple(ListOf(name, name.replace("_", " "), key) for name, key in names.items()),
    )  # fmt: skip
    Comparison.objects.create(
        id=COMPARISON, region="noorderveen", key="thuiszitters", led_by=municipality, every_days=21,
        days_to_deliver=5,
    )  # fmt: skip
    found = operations_agreed.set_up(wanted, region="noorderveen", at=make.timezone.now())
    return Region(
        found, make.actor(Role.LEERPLICHT_DESK, municipality), make.actor(Role.SWV_COORDINATOR, swv),
        municipality, swv,
    )  # fmt: skip


def hand_in(region: Region, name: str, rows: Iterable[Row], *, by: Actor | None = None) -> None:
    """Hand in a list as who keeps it."""
    keeper = by or (region.marit if name == "swv_vo" else region.anneke)
    do(keeper, operations.hand_in, region.handed(name), as_csv(rows))


def lay(region: Region, lists: dict[str, list[Row]] = LISTS) -> Round:
    """A round from the first question to what it came to, by the engine itself."""
    made = do(region.anneke, operations.begin_round, region.comparison)
    for name, rows in lists.items():
        hand_in(region, name, rows)
    work()
    return Round.objects.select_related("comparison").get(pk=made.pk)


def laid(region: Region, kept: Path, *, on: date) -> Round:
    """The first round, of LISTS, as it lies side by side: worked out once a run, then laid down again."""
    if not (kept / "round.json").is_file():
        _once(region, kept, on=on)
    from django.core import serializers

    for one in serializers.deserialize("json", (kept / "round.json").read_text()):
        one.object.comparison_id = region.comparison.pk
        one.object.asked_by = None
        one.save()
    parties = {one.name: one for one in Party.objects.filter(comparison=region.comparison)}
    for name, rows in LISTS.items():
        Handed.objects.create(
            round_id=ROUND, party=parties[name], state="frozen", rows=len(rows), sha256=name
        )
    shutil.copytree(kept / "files", places.folder_of(ROUND), dirs_exist_ok=True)
    return Round.objects.select_related("comparison").get(pk=ROUND)


def _once(region: Region, kept: Path, *, on: date) -> None:
    from django.core import serializers
    from django.db import transaction

    with transaction.atomic():
        made = Round.objects.create(
            id=ROUND, comparison=region.comparison, number=1, on=on, due_on=on, asked_at=make.timezone.now()
        )
        Handed.objects.bulk_create(
            Handed(round=made, party=one) for one in Party.objects.filter(comparison=region.comparison)
        )
        for name, rows in LISTS.items():
            hand_in(region, name, rows)
        work()
        made.refresh_from_db()
        assert made.state == "compared", made.wrong
        (kept / "round.json").write_text(serializers.serialize("json", [made]))
        shutil.copytree(places.folder_of(ROUND), kept / "files", dirs_exist_ok=True)
        transaction.set_rollback(True)
