"""Every address of the site, and for whom it is there: worked out from the description, not from the program.

A pattern that is not in ROUTES fails test_route_matrix with its name: say here what is to be expected of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLResolver, get_resolver

from tests.promises.routes import openings_of_lists as lists
from tests.promises.routes import try_out
from tests.promises.routes.openings import (
    SLUGS,
    Case,
    answers,
    answers_the_report,
    changes_rights,
    changes_the_delivery,
    changes_the_entry,
    changes_the_report,
    decides,
    delivered_here,
    delivers,
    ends_the_cause,
    everybody,
    has_children,
    has_the_consent,
    has_the_key,
    has_the_tie,
    is_privacy_officer,
    keeps_attendance,
    makes_agreements,
    prepares_a_report,
    reads_the_agreement,
    reads_the_log,
    reads_the_report,
    reads_the_signal,
    records_a_cause,
    records_a_contact,
    reviews_rights,
    reviews_the_emergency,
    sees,
    sees_the_school,
    strikes_the_agreement,
    strikes_the_contact,
    takes_the_school_out,
    writes_the_class,
)
from tests.promises.routes.try_out import words

READING, SENDING = frozenset({"GET", "HEAD"}), frozenset({"POST"})
BOTH = READING | SENDING
CHILD = "kind/<uuid:reference>/"
AGREEMENT = CHILD + "afspraak/<uuid:agreement>/"
REPORT = CHILD + "melding/<uuid:report>/"
SCHOOL = "school/<organisation:key>/"
LISTS = "lijsten/<uuid:comparison>/"
COMPARED = {"comparison": lists.comparisons}
PARTIES = words("leerplicht", "swv_vo", "bestaat-niet")


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
    #: A door for systems: whoever shows no key is refused, also who is logged in.
    by_key: bool = False
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
    "uit-beeld/": Route(READING, everybody),
    "afspraken/": Route(READING, everybody),
    "berichten/": Route(BOTH, everybody),
    "nood/": Route(BOTH, everybody),
    # A form of who may not hand in is answered as if the page were not there.
    "aanleveringen/": Route(BOTH, delivers, besides=(404,)),
    "aanleveringen/codes/": Route(BOTH, keeps_attendance),
    "aanleveringen/sleutels/": Route(BOTH, keeps_attendance),
    "aanleveringen/sleutels/<uuid:key>/beeindigen/": Route(
        SENDING, has_the_key, parts={"key": try_out.system_keys}
    ),
    "aanleveringen/systeem/": Route(SENDING, everybody, public=True, by_key=True),
    "aanleveringen/systeem/<uuid:delivery>/": Route(
        READING, everybody, public=True, by_key=True, parts={"delivery": try_out.deliveries}
    ),
    # In a trial only.
    "aanleveringen/voorbeeld.csv": Route(READING, lambda case: False),
    "aanleveringen/voorbeeld.xml": Route(READING, lambda case: False),
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
    "lijsten/": Route(READING, lists.keeps_a_list),
    LISTS: Route(READING, lists.takes_part, parts=COMPARED),
    LISTS + "ronde/": Route(SENDING, lists.takes_part, parts=COMPARED),
    LISTS + "lijst/<uuid:handed>/": Route(
        SENDING, lists.hands_in, parts={**COMPARED, "handed": lists.handed}
    ),
    LISTS + "lijst/<uuid:handed>/<slug:deed>/": Route(
        SENDING, lists.changes_the_list,
        parts={**COMPARED, "handed": lists.handed,
               "deed": words("teruggenomen", "weggelaten", "bestaat-niet")},
    ),
    # In a trial only.
    LISTS + "voorbeeld/<slug:party>.csv": Route(
        READING, lambda case: False, parts={**COMPARED, "party": words("leerplicht")}
    ),
    LISTS + "mist/<slug:party>/": Route(BOTH, lists.of_a_list, parts={**COMPARED, "party": PARTIES}),
    LISTS + "mist/<slug:party>/bestand/": Route(
        SENDING, lists.of_a_list, parts={**COMPARED, "party": PARTIES}
    ),
    LISTS + "koppelen/": Route(READING, lists.reviews, parts=COMPARED),
    LISTS + "koppelen/<slug:pair>/": Route(
        BOTH, lists.sees_the_pair, parts={**COMPARED, "pair": lists.pairs}
    ),
    LISTS + "steekproef/": Route(READING, lists.reviews, parts=COMPARED),
    LISTS + "steekproef/<slug:item>/": Route(
        BOTH, lists.has_the_item, parts={**COMPARED, "item": lists.items}
    ),
    LISTS + "gekoppeld/": Route(READING, lists.lies_there, parts=COMPARED),
    LISTS + "zoeken/<slug:child>/<slug:party>/": Route(
        READING, lists.looks_for, parts={**COMPARED, "child": lists.children, "party": PARTIES}
    ),
    LISTS + "afgesproken/": Route(READING, lists.takes_part, parts=COMPARED),
    # A form that names no list of one's own is answered as if it were not there.
    LISTS + "afgesproken/<slug:deed>/": Route(
        SENDING, lists.changes_what_was_agreed, besides=(404,),
        parts={**COMPARED, "deed": words("delen", "beoordelaar", "reden", "bestaat-niet")},
    ),
    LISTS + "afgesproken/<slug:what>/<uuid:one>/beeindigen/": Route(
        SENDING, lists.ends_what_was_agreed,
        parts={**COMPARED, "one": lists.agreed,
               "what": words("delen", "beoordelaar", "reden", "bestaat-niet")},
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
    CHILD + "contact/nieuw/": Route(BOTH, records_a_contact),
    CHILD + "contact/<uuid:contact>/doorhalen/": Route(
        BOTH, strikes_the_contact, parts={"contact": try_out.contacts}
    ),
    CHILD + "oorzaak/nieuw/": Route(BOTH, records_a_cause),
    CHILD + "oorzaak/<uuid:cause>/beeindigen/": Route(
        BOTH, ends_the_cause, parts={"cause": try_out.causes}
    ),
    CHILD + "afspraak/nieuw/": Route(BOTH, makes_agreements),
    AGREEMENT: Route(BOTH, reads_the_agreement, parts={"agreement": try_out.agreements}),
    AGREEMENT + "doorhalen/": Route(
        BOTH, strikes_the_agreement, parts={"agreement": try_out.agreements}
    ),
    CHILD + "melding/nieuw/": Route(BOTH, prepares_a_report),
    REPORT: Route(BOTH, reads_the_report, parts={"report": try_out.reports}),
    REPORT + "wijzigen/": Route(BOTH, changes_the_report, parts={"report": try_out.reports}),
    REPORT + "antwoord/": Route(BOTH, answers_the_report, parts={"report": try_out.reports}),
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
