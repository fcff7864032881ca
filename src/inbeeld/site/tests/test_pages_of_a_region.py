"""The pages of a whole invented region: what one child's says, and who finds whom."""

from __future__ import annotations

from uuid import uuid4

import pytest

from inbeeld.learners.models import Learner
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import visitor
from inbeeld.organisations.models import Kind, Organisation, Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("region")]


def someone(role, kind, sector=""):
    found = Organisation.objects.filter(kind=kind, **({"sector": sector} if sector else {})).order_by("key")
    return make.actor(role, found[0])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_child_page_shows_ribbon_clauses_and_source(language):
    actor = someone(Role.SWV_COORDINATOR, Kind.SWV, "vo")
    names = {make.name_of(one): one for one in Learner.objects.visible_to(actor)}
    child = next(one for name, one in names.items() if name.startswith("Fenna") and "Brinkhof" in name)
    page = visitor(actor, language).get(f"/kind/{child.reference}/").content.decode()
    assert "<svg" in page
    assert page.count('href="#dag-without"') > 20  # one stands in the legend
    assert 'id="dag-without"' in page
    assert "thuiszitter-swv@2019-08-01" in page
    words = {
        "nl": ["Is langer dan vier weken afwezig zonder toestemming", "afspraak 2", "1 augustus 2027."],
        "en": ["Is away without permission for more than four weeks", "agreement 2", "1 August 2027."],
    }
    for sentence in words[language]:
        assert sentence in page
    assert child.key not in page


def test_a_foreign_child_and_an_unknown_child_are_the_same_page():
    actor = someone(Role.SWV_COORDINATOR, Kind.SWV, "po")
    mine = set(Learner.objects.visible_to(actor).values_list("pk", flat=True))
    foreign = Learner.for_operations.exclude(pk__in=mine).first()
    client = visitor(actor)
    pages = []
    for reference in (foreign.reference, uuid4()):
        response = client.get(f"/kind/{reference}/")
        assert response.status_code == 404
        pages.append(response.content.decode().replace(str(reference), ""))
    anonymous = [page.split("csrfmiddlewaretoken")[0] for page in pages]
    assert anonymous[0] == anonymous[1]
    assert make.name_of(foreign) not in pages[0]


def test_only_youth_health_with_consent_reads_of_sickness_at_other_schools():
    doctor = someone(Role.SCHOOL_DOCTOR, Kind.YOUTH_HEALTH)
    officer = someone(Role.LEERPLICHT_DESK, Kind.MUNICIPALITY)
    child = Learner.objects.visible_to(officer).filter(standing__enrolled=True).order_by("key").first()
    make.involve(child, doctor)
    address = f"/kind/{child.reference}/"
    assert "M@ZL" not in visitor(doctor).get(address).content.decode()
    make.consent(child, "MED", doctor)
    assert "M@ZL" in visitor(doctor).get(address).content.decode()
    page = visitor(officer).get(address).content.decode()
    assert "M@ZL" not in page
    said_by_definitions = ("lang of vaak ziek", "ziek, maar met een plan", "gewone ziektedag")
    for words in said_by_definitions:
        page = page.replace(words, "")
    assert "ziek" not in page.lower()


def test_every_child_the_leerplicht_desk_sees_has_a_page():
    desk = someone(Role.LEERPLICHT_DESK, Kind.MUNICIPALITY)
    client = visitor(desk)
    for child in Learner.objects.visible_to(desk).order_by("-standing__stage", "key")[:40]:
        assert client.get(f"/kind/{child.reference}/").status_code == 200
