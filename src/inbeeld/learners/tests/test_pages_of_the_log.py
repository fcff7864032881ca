"""Who saw this child: the whole of it for the family and the privacy officer, one's own for others."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inbeeld.access.acting import acting
from inbeeld.access.lines import LINES_ON_A_PAGE
from inbeeld.journal.deed import Deed
from inbeeld.journal.models import Line
from inbeeld.journal.operations import append
from inbeeld.learners.models import Learner
from inbeeld.learners.operations_file import enter_address
from inbeeld.learners.seen import see
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import born, kin, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def child(school):
    return make.learner(school, born_on=born(9))


@pytest.fixture
def coordinator(school, child):
    actor = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, actor, directs=True)
    return actor


@pytest.fixture
def desk():
    actor = make.actor(Role.LEERPLICHT_DESK, make.organisation(Kind.MUNICIPALITY))
    actor.membership.person.first_name = "Anneke"
    actor.membership.person.save()
    return actor


@pytest.fixture
def officer(school):
    return make.actor(Role.PRIVACY_OFFICER, school)


def look(actor, child, *, times=1, action="read"):
    """Somebody looks, each time in another request."""
    for _ in range(times):
        again = type(actor)(name=actor.name, membership=actor.membership, kinship=actor.kinship)
        rows = Learner.objects.visible_to(again).filter(pk=child.pk)
        with acting(again, origin="test"):
            assert see(again, rows.select_related("standing", "standing__school"), action=action)


def log(actor, child, query=""):
    return visitor(actor).get(f"/kind/{child.reference}/inzage/{query}")


def test_who_signed_did_not_read_and_what_was_done_has_its_own_words(child, coordinator):
    mother = kin(child)
    named = {"actor": mother.key, "role": mother.role, "child": child.reference, "origin": "test"}
    with transaction.atomic():
        append([
            Deed(trace=mother.trace, action="sign_consent", field_class="MED", **named),
            Deed(trace=uuid4(), action="read", field_class="IDE", **named),
        ])  # fmt: skip
    (found,) = log(mother, child).context["page"].lookers
    assert (found.classes, found.consents) == ("name, birth date and school", "medical")
    assert (found.deeds, found.did) == (1, "signed a consent")
    assert "did something 1 time: signed a consent" in words(log(mother, child))
    assert "consent for: medical" in words(log(mother, child))


def test_one_look_at_a_list_is_one_line_for_the_privacy_officer_with_the_children_in_it(
    school, child, coordinator, officer
):
    others = [make.learner(school, born_on=born(9)) for _ in range(3)]
    for one in (child, *others):
        look(coordinator, one, action="listed")
    look(coordinator, child)
    page = visitor(officer).get("/privacy/")
    listed = [one for one in page.context["lines"] if one.listed]
    assert [(one.number, set(one.children)) for one in listed] == [
        (4, {one.reference for one in (child, *others)})
    ]
    assert "saw the name in a list (4 times)" in words(page)
    assert "4 children" in words(page)
    assert Line.for_operations.filter(action="listed").count() == 4


def test_parents_read_everybody_who_looked_with_how_often_and_why(child, coordinator, desk):
    look(coordinator, child, times=3)
    look(desk, child, times=2, action="listed")
    page = log(kin(child), child).context["page"]
    assert page.whole
    found = {one.person.name: one for one in page.lookers}
    at_school, at_the_desk = found["Marit Hoog"], found["Anneke Hoog"]
    assert (at_school.opened, at_school.listed) == (3, 0)
    assert (at_the_desk.opened, at_the_desk.listed) == (0, 2)
    assert at_the_desk.organisation == desk.place
    assert at_the_desk.grounds == ("Leerplichtwet: supervision",)
    assert at_the_desk.role == "leerplicht desk"
    assert "name, birth date and school" in at_school.classes


def test_the_latest_stands_first_among_people_and_lines(child, coordinator, desk):
    look(desk, child)
    look(coordinator, child)
    page = log(kin(child), child).context["page"]
    assert [one.person.name for one in page.lookers] == ["Marit Hoog", "Anneke Hoog"]
    assert page.lines[0].person.name == "Marit Hoog"


def test_who_is_involved_without_the_log_reads_only_what_they_did_themselves(child, coordinator, desk):
    look(desk, child)
    look(coordinator, child)
    answer = log(coordinator, child)
    page = answer.context["page"]
    assert not page.whole
    assert {one.person.name for one in page.lookers} == {"Marit Hoog"}
    assert "Anneke" not in answer.content.decode()


def test_reading_the_log_stands_in_the_log(child, coordinator):
    mother = kin(child)
    log(mother, child)
    line = Line.for_operations.filter(actor=mother.key, field_class__contains="LOG").get()
    assert (line.child, line.origin, line.ground) == (child.reference, "log", "GDPR 15, custody")
    again = log(mother, child).context["page"]
    assert [one.person.name for one in again.lookers] == [mother.name]


def test_an_emergency_is_marked(child):
    away = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY, municipality="Ver"))
    make.involve(
        child,
        away,
        kind="emergency",
        purpose="danger",
        days=1,
        reviewed_at=timezone.now(),
        review="justified",
    )
    look(away, child)
    page = log(kin(child), child).context["page"]
    assert page.lookers[0].emergency
    assert page.lines[0].emergency


def test_a_privacy_officer_reads_who_looked_and_never_at_whom(child, coordinator, officer):
    look(coordinator, child)
    answer = log(officer, child)
    assert answer.status_code == 200
    assert "Marit Hoog" in words(answer)
    name = make.name_of(child)
    assert name not in answer.content.decode()
    assert name.split()[0] not in answer.content.decode()
    assert visitor(officer).get(f"/kind/{child.reference}/").status_code == 404


def test_a_privacy_officer_of_elsewhere_finds_nothing(child, coordinator):
    look(coordinator, child)
    elsewhere = make.actor(Role.PRIVACY_OFFICER, make.organisation())
    assert log(elsewhere, child).status_code == 404


def test_the_name_of_kin_is_no_privacy_officers_business(child, officer):
    mother = kin(child, name=("Geheim", "Gezinslid"))
    look(mother, child)
    answer = log(officer, child)
    assert "Gezinslid" not in answer.content.decode()
    assert "Parent or guardian" in words(answer)
    assert "Geheim Gezinslid" in words(log(mother, child))


def test_parents_of_a_sixteen_year_old_read_no_log(school):
    grown = make.learner(school, born_on=born(17))
    mother = kin(grown)
    look(make.actor(Role.CARE_COORDINATOR, school), grown)
    assert not log(mother, grown).context["page"].whole
    assert log(kin(grown, "learner"), grown).context["page"].whole


def test_one_request_is_one_line_to_a_reader(child, coordinator):
    look(coordinator, child)
    assert len(log(kin(child), child).context["page"].lines) == 1


def test_pages_go_back_by_sequence_and_lose_no_line(child, coordinator):
    look(coordinator, child, times=LINES_ON_A_PAGE + 20)
    mother = kin(child)
    first = log(mother, child).context["page"]
    assert first.older is not None
    second = log(mother, child, f"?voor={first.older}").context["page"]
    assert second.lookers == ()
    seen = [one.sequence for one in (*first.lines, *second.lines)]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == LINES_ON_A_PAGE + 20
    assert second.older is None


@pytest.mark.parametrize(
    "query", ["?voor=x", "?voor=-1", "?voor=", "?voor=%00", "?voor=" + "9" * 40, "?voor=²"]
)
def test_nonsense_in_the_address_gives_the_newest_page(child, coordinator, query):
    look(coordinator, child)
    assert log(kin(child), child, query).status_code == 200


def test_somebody_who_is_gone_is_still_somebody(child, coordinator):
    with transaction.atomic():
        append(
            [
                Deed(
                    trace=uuid4(),
                    actor="membership:9999999",
                    action="read",
                    origin="x",
                    child=child.reference,
                )
            ]
        )
    page = log(kin(child), child).context["page"]
    assert page.lookers[0].person.name == "somebody who is no longer known here"


def test_the_number_of_queries_does_not_grow_with_the_lines(child, coordinator, desk):
    mother = kin(child)
    look(coordinator, child)
    client = visitor(mother)
    address = f"/kind/{child.reference}/inzage/"
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    look(coordinator, child, times=20)
    look(desk, child, times=20)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) <= len(few)


# --- addresses -----------------------------------------------------------------------------------


def enter(child, place, **more):
    asked = {"text": "Lindelaan 12", "organisation": place, "on": make.ON, "by": "command:deliver", **more}
    assert enter_address(child, **asked)


def test_a_line_about_a_shielded_address_is_not_for_the_family_and_not_for_others(child, officer, desk):
    youth_help = make.organisation(Kind.YOUTH_HELP)
    enter(child, youth_help, shielded=True)
    look(desk, child)
    for reader in (kin(child), officer):
        page = log(reader, child)
        assert youth_help.name not in page.content.decode()
        assert "entered an address" not in words(page)
        assert desk.place in {one.organisation for one in page.context["page"].lookers}
    said = words(visitor(officer).get("/privacy/"))
    assert "entered an address" not in said


def test_who_entered_an_address_keeps_the_line_and_so_does_what_it_is_part_of(child, school):
    school.part_of = board = make.organisation(Kind.BOARD)
    school.save()
    enter(child, school, shielded=True)
    for place in (school, board):
        said = words(visitor(make.actor(Role.PRIVACY_OFFICER, place)).get("/privacy/"))
        assert "entered an address" in said
    assert "entered an address" in words(log(make.actor(Role.PRIVACY_OFFICER, school), child))
