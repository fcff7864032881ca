"""Every address of the site, and for whom it is there: worked out from the description, not from the program.

A pattern that is not in ROUTES fails test_route_matrix with its name: say here what is to be expected of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLResolver, get_resolver

from inbeeld.kernel.access import Action, Author, FieldClass, Involvement
from tests.promises.routes import oracle, try_out
from tests.promises.routes.planting import Planted
from tests.promises.routes.population import PLACES, SECTORS_SERVED, Child, Kin, Member, Who, World
from tests.promises.routes.try_out import words

READING, SENDING = frozenset({"GET", "HEAD"}), frozenset({"POST"})
BOTH = READING | SENDING
CHILD = "kind/<uuid:reference>/"
SCHOOL = "school/<organisation:key>/"


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


#: Is the page there, for somebody who acts in a role?
Open = Callable[[Case], bool]


@dataclass(frozen=True)
class Route:
    """What is expected of one pattern. `public`: also there without a role. `opens`: for whom else."""

    methods: frozenset[str]
    opens: Open
    public: bool = False
    #: About logging in, which has tests of its own: here only that it fails for nobody and tells nothing.
    of_logging_in: bool = False
    #: What a form may be answered with besides, when it is not the form of the page.
    besides: tuple[int, ...] = ()
    #: For each part of the address besides the child: values to try, as (what it is, value).
    parts: dict[str, Callable[[Case], Iterator[tuple[str, Any]]]] = field(default_factory=dict)

    @property
    def about_a_child(self) -> bool:
        return not self.public and self.opens is not everybody


def patterns() -> dict[str, str]:
    """Every pattern of the site with the name of its page, found by walking the resolver."""
    return dict(_below(get_resolver(), ""))


def _below(resolver: Any, before: str) -> Iterator[tuple[str, str]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _below(one, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one.name or ""


# --- for whom a page is there --------------------------------------------------------------------


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


SLUGS = {"afspraken": "AGR", "ondersteuning": "SUP", "gezin": "FAM", "medisch": "MED",
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


def delivered_here(case: Case) -> bool:
    """A delivery of the own school or its sites; of what was planted, nobody decided about."""
    place = case.planted.deliveries.get(case.values["delivery"])
    return place is not None and case.who is not None and oracle.hands_in_for(case.who, place)


def changes_the_delivery(case: Case) -> bool:
    known = ("kolommen", "andere-kolommen", "codes", "dagen", "aannemen", "niet-aannemen", "intrekken")
    return delivered_here(case) and case.values["deed"] in known


ROUTES: dict[str, Route] = {
    "": Route(READING, everybody, public=True),
    "aanmelden/": Route(BOTH, lambda case: False, public=True),
    "afmelden/": Route(BOTH, everybody, public=True),
    "taal/": Route(BOTH | {"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}, everybody, public=True),
    "definities/": Route(READING, everybody, public=True),
    "over/": Route(READING, everybody, public=True),
    # Only where somebody is named to tell of a leak; and the policy it points at only then.
    ".well-known/security.txt": Route(READING, lambda case: False, public=True),
    "toegang/": Route(READING, everybody, public=True),
    "toegang/<slug:role>/": Route(
        READING, lambda case: case.values["role"] != "bestaat-niet", public=True,
        parts={"role": words("mentor", "guardian_16", "bestaat-niet")},
    ),
    "in-beeld/": Route(READING, everybody),
    "mijn-toegang/": Route(READING, everybody),
    "mijn-werk/": Route(READING, everybody),
    "nood/": Route(BOTH, everybody),
    # A form of who may not hand in is answered as if the page were not there.
    "aanleveringen/": Route(BOTH, delivers, besides=(404,)),
    "aanleveringen/codes/": Route(BOTH, keeps_attendance),
    # In a trial only.
    "aanleveringen/voorbeeld.csv": Route(READING, lambda case: False),
    "aanleveringen/<uuid:delivery>/": Route(READING, delivered_here, parts={"delivery": try_out.deliveries}),
    "aanleveringen/<uuid:delivery>/geweigerd.csv": Route(
        READING, delivered_here, parts={"delivery": try_out.deliveries}
    ),
    "aanleveringen/<uuid:delivery>/<slug:deed>/": Route(
        SENDING, changes_the_delivery,
        parts={"delivery": try_out.deliveries,
               "deed": words("kolommen", "codes", "dagen", "aannemen", "niet-aannemen", "intrekken",
                             "bestaat-niet")},
    ),
    "school/": Route(READING, has_children),
    SCHOOL: Route(READING, sees_the_school, parts={"key": try_out.schools}),
    SCHOOL + "lijst/<slug:which>/": Route(
        READING, lambda case: sees_the_school(case) and case.values["which"] == "laag-3",
        parts={"key": words("school-a", "school-b"), "which": words("laag-3", "bestaat-niet")},
    ),
    SCHOOL + "bezoek/": Route(READING, sees_the_school, parts={"key": words("school-a", "school-b")}),
    SCHOOL + "bezoek/afdruk/": Route(
        SENDING, takes_the_school_out, parts={"key": words("school-a", "school-b")}
    ),
    "rechten/": Route(READING, reviews_rights),
    "privacy/": Route(READING, is_privacy_officer),
    CHILD: Route(READING, sees),
    CHILD + "toegang/": Route(READING, sees),
    CHILD + "toegang/vragen/": Route(BOTH, decides, besides=(404,)),
    CHILD + "toestemming/": Route(SENDING, sees),
    CHILD + "inzage/": Route(READING, reads_the_log),
    CHILD + "dossier/<slug:slug>/": Route(
        BOTH, writes_the_class, parts={"slug": words(*SLUGS, "bestaat-niet")}
    ),
    # What a page's script sends while somebody writes: for whom the form itself is there.
    CHILD + "concept/<slug:slug>/": Route(
        SENDING, writes_the_class, parts={"slug": words(*SLUGS, "bestaat-niet")}
    ),
    CHILD + "concept/stuk/<uuid:entry>/": Route(SENDING, changes_the_entry, parts={"entry": try_out.entries}),
    CHILD + "signaal/<uuid:alert>/": Route(BOTH, reads_the_signal, parts={"alert": try_out.alerts}),
    CHILD + "signaal/<uuid:alert>/terug/": Route(SENDING, reads_the_signal, parts={"alert": try_out.alerts}),
    CHILD + "stuk/<uuid:entry>/": Route(BOTH, changes_the_entry, parts={"entry": try_out.entries}),
    CHILD + "toegang/<uuid:involvement>/intrekken/": Route(
        BOTH, has_the_tie, parts={"involvement": try_out.ties}
    ),
    CHILD + "toegang/<uuid:involvement>/<slug:deed>/": Route(
        SENDING, has_the_tie,
        parts={"involvement": try_out.ties, "deed": words("verlengen", "regie", "bestaat-niet")},
    ),
    CHILD + "toestemming/<uuid:consent>/intrekken/": Route(
        BOTH, has_the_consent, parts={"consent": try_out.consents}
    ),
    CHILD + "toestemming/<uuid:consent>/<slug:deed>/": Route(
        SENDING, has_the_consent,
        parts={"consent": try_out.consents, "deed": words("tekenen", "vastleggen", "bestaat-niet")},
    ),
    "mijn-toegang/<uuid:involvement>/stoppen/": Route(BOTH, answers, parts={"involvement": try_out.own_ties}),
    "mijn-toegang/<uuid:involvement>/<slug:deed>/": Route(
        SENDING, answers,
        parts={"involvement": try_out.own_ties, "deed": words("akkoord", "niet-akkoord", "bestaat-niet")},
    ),
    "rechten/<int:membership>/<slug:deed>/": Route(
        SENDING, changes_rights,
        parts={"membership": try_out.members,
               "deed": words("bevestigen", "beeindigen", "overdragen", "bestaat-niet")},
    ),
    "privacy/<uuid:emergency>/niet-terecht/": Route(
        BOTH, reviews_the_emergency, parts={"emergency": try_out.emergencies}
    ),
    "privacy/<uuid:emergency>/<slug:deed>/": Route(
        SENDING, reviews_the_emergency,
        parts={"emergency": try_out.emergencies, "deed": words("terecht", "teruggeven", "bestaat-niet")},
    ),
}  # fmt: skip


LOGGING_IN = (
    "inloggen/", "inloggen/passkey/", "inloggen/tweede-stap/", "inloggen/afgebroken/",
    "inloggen/via/<slug:provider_id>/", "inloggen/via/<slug:provider_id>/terug/", "uitnodiging/<str:token>/",
    "rol/", "account/", "account/begin/", "account/bewijs/", "account/overal-afmelden/",
    "account/wachtwoord/", "account/wachtwoord/kiezen/", "account/app/", "account/app/weg/",
    "account/passkey/", "account/passkey/<int:pk>/weg/", "account/codes/", "account/codes/nieuw/",
)  # fmt: skip
_TRIED = {
    "provider_id": words("bestaat-niet"), "token": words("abc", "a" * 400),
    "pk": words("1", "99999999999999999999"),
}  # fmt: skip
ROUTES |= {
    one: Route(
        BOTH, everybody, public=True, of_logging_in=True,
        parts={name: values for name, values in _TRIED.items() if f":{name}>" in one},
    )
    for one in LOGGING_IN
}  # fmt: skip


def is_kin(who: Who | None) -> bool:
    return isinstance(who, Kin)
