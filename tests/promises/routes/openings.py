"""For whom each page is there: worked out from the description of the region, not from the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from inbeeld.kernel.access import Action, Author, FieldClass, Involvement
from inbeeld.kernel.causes import CLASS_OF_CAUSE
from tests.promises.routes import oracle
from tests.promises.routes.planting import Planted
from tests.promises.routes.population import PLACES, SECTORS_SERVED, Child, Member, Who, World


@dataclass(frozen=True)
class Case:
    """One question: who asks for which address; `child` None: about none, or one that is not there."""

    planted: Planted
    who: Who | None
    child: Child | None
    values: dict[str, Any]

    @property
    def world(self) -> World:
        return self.planted.world


def everybody(case: Case) -> bool:
    return True


def sees(case: Case) -> bool:
    return case.child is not None and case.who is not None and oracle.sees(case.world, case.who, case.child)


def decides(case: Case) -> bool:
    return sees(case) and oracle.directs(case.world, case.who, case.child)  # type: ignore[arg-type]


def reads_the_log(case: Case) -> bool:
    if case.child is None or case.who is None:
        return False
    return sees(case) or oracle.allowed(case.world, case.who, case.child, FieldClass.LOG)


SLUGS = {"besproken": "AGR", "ondersteuning": "SUP", "gezin": "FAM", "medisch": "MED",
         "politie-en-jeugdbescherming": "JUS", "notities": "NOT"}  # fmt: skip


def writes_the_class(case: Case) -> bool:
    named = SLUGS.get(case.values["slug"])
    return named is not None and sees(case) and _may_write(case, FieldClass(named), Author.ME)


def _may_write(case: Case, field_class: FieldClass, author: Author) -> bool:
    assert case.child is not None and case.who is not None
    return oracle.allowed(case.world, case.who, case.child, field_class, Action.WRITE, author=author)


def changes_the_entry(case: Case) -> bool:
    child, member, field_class = case.planted.entries.get(case.values["entry"], ("", "", FieldClass.NOT))
    if not sees(case) or case.child is None or case.child.key != child or not isinstance(case.who, Member):
        return False
    if case.world.members[member].place != case.who.place:
        return False
    author = Author.ME if member == case.who.key else Author.MY_ORGANISATION
    return _may_write(case, field_class, author)


def reads_the_signal(case: Case) -> bool:
    """As the facts of attendance, or as the reason of an absence: whoever may know what it says."""
    said = case.planted.alerts.get(case.values["alert"])
    return (
        said is not None and case.child is not None and said.child == case.child.key and sees(case)
        and oracle.may_know(case.world, case.who, said)
    )  # fmt: skip


def _state_of_the_report(case: Case) -> str:
    """Of a report about this child that may be known of; empty: it is not there."""
    child, place, state = case.planted.reports.get(case.values["report"], ("", "", ""))
    if case.child is None or case.who is None or case.child.key != child or not sees(case):
        return ""
    ours = isinstance(case.who, Member) and case.who.place == place
    known = oracle.allowed(case.world, case.who, case.child, FieldClass.ATT)
    return state if known and (ours or state == "reported") else ""


def reads_the_report(case: Case) -> bool:
    return bool(_state_of_the_report(case))


def prepares_a_report(case: Case) -> bool:
    """For who stands on the list of the own school."""
    return (
        case.child is not None and case.who is not None and sees(case) and oracle.reports(case.who)
        and Involvement.OWN_ORG in oracle.ways(case.world, case.who, case.child)
        and _may_write(case, FieldClass.ATT, Author.ME)
    )  # fmt: skip


def changes_the_report(case: Case) -> bool:
    """Of the own school. What was reported is not changed: then it leads to the report, or says so."""
    place = case.planted.reports.get(case.values["report"], ("", "", ""))[1]
    return (
        bool(_state_of_the_report(case)) and isinstance(case.who, Member) and case.who.place == place
        and oracle.reports(case.who) and _may_write(case, FieldClass.ATT, Author.ME)
    )  # fmt: skip


def answers_the_report(case: Case) -> bool:
    """The school that reported, and leerplicht."""
    if _state_of_the_report(case) != "reported" or not isinstance(case.who, Member):
        return False
    place = case.planted.reports[case.values["report"]][1]
    answering = case.who.role == "attendance_officer" or (
        oracle.reports(case.who) and case.who.place == place
    )
    return answering and _may_write(case, FieldClass.ATT, Author.ME)


def records_a_contact(case: Case) -> bool:
    """Who writes of the absence, or of the agreements."""
    return isinstance(case.who, Member) and sees(case) and any(
        _may_write(case, one, Author.ME) for one in (FieldClass.ATT, FieldClass.AGR)
    )  # fmt: skip


def strikes_the_contact(case: Case) -> bool:
    """One's own, in a class one writes."""
    child, writer, field_class = case.planted.contacts.get(case.values["contact"], ("", "", FieldClass.NOT))
    if not sees(case) or case.child is None or case.child.key != child or not isinstance(case.who, Member):
        return False
    mine = str(case.planted.memberships[case.who.key].pk) == writer
    return mine and _may_write(case, field_class, Author.ME)


def records_a_cause(case: Case) -> bool:
    """Who writes any of the classes a cause can be of."""
    return isinstance(case.who, Member) and sees(case) and any(
        _may_write(case, one, Author.ME) for one in set(CLASS_OF_CAUSE.values())
    )  # fmt: skip


def ends_the_cause(case: Case) -> bool:
    """The organisation that judged, in a class it writes."""
    child, place, field_class = case.planted.causes.get(case.values["cause"], ("", "", FieldClass.NOT))
    if not sees(case) or case.child is None or case.child.key != child or not isinstance(case.who, Member):
        return False
    return case.who.place == place and _may_write(case, field_class, Author.MY_ORGANISATION)


def makes_agreements(case: Case) -> bool:
    """Who writes agreements."""
    return isinstance(case.who, Member) and sees(case) and _may_write(case, FieldClass.AGR, Author.ME)


def reads_the_agreement(case: Case) -> bool:
    """An agreement about this child, and agreements are read."""
    child, _writer, _said = case.planted.agreements.get(case.values["agreement"], ("", "", 0))
    if not sees(case) or case.child is None or case.who is None or case.child.key != child:
        return False
    return oracle.allowed(case.world, case.who, case.child, FieldClass.AGR)


def strikes_the_agreement(case: Case) -> bool:
    """One's own, as long as nothing was said of it."""
    _child, writer, said = case.planted.agreements.get(case.values["agreement"], ("", "", 0))
    if said or not makes_agreements(case) or not reads_the_agreement(case):
        return False
    assert isinstance(case.who, Member)
    return str(case.planted.memberships[case.who.key].pk) == writer


def _tie(case: Case) -> Any:
    return next((one for one in case.world.ties if one.id == case.values["involvement"]), None)


def has_the_tie(case: Case) -> bool:
    tie = _tie(case)
    return sees(case) and tie is not None and case.child is not None and tie.child == case.child.key and (
        case.values.get("deed", "intrekken") in ("intrekken", "verlengen", "regie")
    )  # fmt: skip


def has_the_consent(case: Case) -> bool:
    found = [one.child for one in case.world.leaves if one.id == case.values["consent"]]
    return sees(case) and case.child is not None and found == [case.child.key] and (
        case.values.get("deed", "intrekken") in ("intrekken", "tekenen", "vastleggen")
    )  # fmt: skip


def answers(case: Case) -> bool:
    """What was asked of oneself and waits; or what one is involved in, to stop."""
    tie = _tie(case)
    if tie is None or not isinstance(case.who, Member) or tie.member != case.who.key:
        return False
    if "deed" not in case.values:  # to stop
        return oracle.sees(case.world, case.who, case.world.children[tie.child])
    waits = not tie.accepted and not tie.ended and tie.until_at > case.world.now
    return case.values["deed"] in ("akkoord", "niet-akkoord") and waits and tie.kind is Involvement.INVOLVED


def reviews_rights(case: Case) -> bool:
    return isinstance(case.who, Member) and case.who.role in ("privacy_officer", "application_administrator")


def changes_rights(case: Case) -> bool:
    if not reviews_rights(case) or case.values["deed"] not in ("bevestigen", "beeindigen", "overdragen"):
        return False
    assert isinstance(case.who, Member)
    here = [key for key, one in case.planted.memberships.items() if one.pk == case.values["membership"]]
    return bool(here) and case.world.members[here[0]].place == case.who.place


#: The roles that read the attendance of everybody on a list of their organisation, at some stage.
OF_A_LIST = ("attendance_coordinator", "care_coordinator", "swv_coordinator", "leerplicht_desk")
#: And those of them that may take it out as a file.
TAKE_OUT = ("swv_coordinator", "leerplicht_desk")


def has_children(case: Case) -> bool:
    """Works with children at all: there may be schools to look at."""
    without = ("analyst", "privacy_officer", "application_administrator", "database_administrator")
    return isinstance(case.who, Member) and case.who.role not in without


def sees_the_school(case: Case) -> bool:
    """On the list one works with, or with a child there that one may see."""
    place = PLACES.get(case.values["key"])
    if place is None or place.kind != "school" or not has_children(case):
        return False
    assert isinstance(case.who, Member)
    here = PLACES[case.who.place]
    if case.who.role in OF_A_LIST and here.kind == "school" and here.key in (place.key, place.part_of):
        return True
    if case.who.role in OF_A_LIST and here.kind == "swv":
        return place.region == here.region and place.sector in SECTORS_SERVED[here.sector]
    return any(
        oracle.sees(case.world, case.who, child) and place.key in (child.school, PLACES[child.school].part_of)
        for child in case.world.children.values()
        if child.stage is not None
    )


def takes_the_school_out(case: Case) -> bool:
    return sees_the_school(case) and isinstance(case.who, Member) and case.who.role in TAKE_OUT


def is_privacy_officer(case: Case) -> bool:
    return isinstance(case.who, Member) and case.who.role == "privacy_officer"


def reviews_the_emergency(case: Case) -> bool:
    """Of whoever called it at the own organisation or its parts, or about a pupil there."""
    tie = next((one for one in case.world.ties if one.id == case.values["emergency"]), None)
    if tie is None or tie.kind is not Involvement.EMERGENCY or not is_privacy_officer(case):
        return False
    assert isinstance(case.who, Member)
    child = case.world.children[tie.child]
    places = {case.world.members[tie.member].place, *([child.school] if child.stage is not None else [])}
    for _ in range(2):
        places |= {PLACES[one].part_of for one in places if one}
    return case.who.place in places and case.values.get("deed", "terecht") in ("terecht", "teruggeven")


def delivers(case: Case) -> bool:
    """Hands in for a school; or keeps sight of the deliveries of several, without children."""
    if not isinstance(case.who, Member):
        return False
    watches = ("swv_coordinator", "swv_adviser", "leerplicht_desk", "attendance_officer", "attendance_coach")
    kind = PLACES[case.who.place].kind
    return oracle.hands_in(case.who) or (case.who.role in watches and kind in ("swv", "municipality"))


def keeps_attendance(case: Case) -> bool:
    return case.who is not None and oracle.hands_in(case.who)


def has_the_key(case: Case) -> bool:
    """A key for a system of the own school."""
    place = case.planted.system_keys.get(case.values["key"])
    return keeps_attendance(case) and case.who.place == place


def delivered_here(case: Case) -> bool:
    """A delivery of the own school or its sites; of what was planted, nobody decided about."""
    place = case.planted.deliveries.get(case.values["delivery"])
    return place is not None and case.who is not None and oracle.hands_in_for(case.who, place)


def changes_the_delivery(case: Case) -> bool:
    known = ("kolommen", "andere-kolommen", "codes", "dagen", "aannemen", "niet-aannemen", "intrekken")
    return delivered_here(case) and case.values["deed"] in known
