"""Agreements on screen: made and settled from the page of a child, in lists, for who may read them."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbeeld.agreements import queries
from inbeeld.agreements.models import Agreement, Step
from inbeeld.agreements.tests.making import PARENTS, TODAY, WHAT, in_days, late, made, told
from inbeeld.journal.models import Line
from inbeeld.kernel.agreements import Said
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import snapshots
from inbeeld.learners.tests.visiting import kin, post, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LIST = "/afspraken/"
LINK = re.compile(r'<a href="(\?[^"]*|)"[^>]*>([^<]*) <b>(\d+)</b>')


@pytest.fixture(autouse=True)
def in_trial(settings, snapshot):
    settings.INBEELD_DATA, settings.INBEELD_TRIAL = snapshot, True


@pytest.fixture
def school():
    make.judgement(compared_with=None)
    return make.organisation()


@pytest.fixture
def child(school, snapshot):
    return snapshots.known_child(snapshot, school)


def involved(role, place, child):
    actor = make.actor(role, place)
    make.involve(child, actor)
    return actor


@pytest.fixture
def coordinator(school, child):
    return involved(Role.CARE_COORDINATOR, school, child)


@pytest.fixture
def mentor(school, child):
    return involved(Role.MENTOR, school, child)


@pytest.fixture
def swv():
    """Who works with the list of the region."""
    return make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))


def at(child, rest=""):
    return f"/kind/{child.reference}/{rest}"


def read(actor, address):
    response = visitor(actor).get(address)
    assert response.status_code == 200, address
    return words(response)


def written(day):
    return f"{day.day} {day:%b %Y}"


# --- on the page of a child -----------------------------------------------------------------------


def test_from_the_page_of_a_child_an_agreement_is_made_moved_and_settled(coordinator, mentor, child):
    assert "There is no open agreement" in read(coordinator, at(child))
    form = {
        "who": str(mentor.membership.pk),
        "what": WHAT,
        "due_on": in_days(5),
        "why": "Zodat er iemand belt",
    }
    response = post(coordinator, at(child, "afspraak/nieuw/"), **form)
    assert response.status_code == 302 and response.url.endswith("?gedaan=afspraak")
    page = read(coordinator, response.url)
    assert "The agreement stands with the child" in page
    assert f"{mentor.name}, {mentor.place} {WHAT}" in page and "Zodat er iemand belt" in page
    assert "in 5 days" in page

    one = Agreement.for_operations.get()
    here = at(child, f"afspraak/{one.pk}/")
    moved = {"said": "moved", "to_on": in_days(8), "because": "Het kind was ziek", "after": 0}
    response = post(coordinator, here, **moved)
    assert response.url.endswith("?gedaan=afspraak-bijgewerkt")
    assert "moved once" in read(coordinator, at(child)) and "in 8 days" in read(coordinator, at(child))
    page = read(coordinator, here)
    assert "Het kind was ziek" in page and f"moved once, at first {in_days(5).day} {in_days(5):%B %Y}" in page

    post(coordinator, here, said="done", after=1)
    page = read(coordinator, at(child))
    assert "There is no open agreement" in page and "1 settled" in page
    assert "Open it again" in read(coordinator, here)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"what": ""}, "Write something first"),
        ({"due_on": in_days(-1)}, "from today on"),
        ({"due_on": "31-2-2027"}, "does not exist"),
        ({"who": "0"}, "Choose one of the answers"),
        ({"who": ""}, "Choose one"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(coordinator, child, form, sentence):
    sent = {"who": str(coordinator.membership.pk), "what": WHAT, "due_on": in_days(5), "why": "", **form}
    response = post(coordinator, at(child, "afspraak/nieuw/"), **sent)
    assert response.status_code == 200
    page = response.content.decode()
    assert sentence in page and (not form.get("what", WHAT) or WHAT in page)
    assert not Agreement.for_operations.exists()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"said": "not_done"}, "Say why"),
        ({"said": "moved", "because": "Ziek"}, "Choose the new day"),
        ({"said": "moved", "because": "Ziek", "to_on": in_days(-2)}, "from today on"),
        ({}, "Choose one"),
    ],
)
def test_what_became_of_it_is_checked_at_its_field(coordinator, child, form, sentence):
    one = made(coordinator, child)
    response = post(coordinator, at(child, f"afspraak/{one.pk}/"), **{"after": 0, **form})
    assert response.status_code == 200 and sentence in response.content.decode()
    assert not Step.for_operations.exists()


def test_what_was_said_meanwhile_is_shown_and_the_own_words_stay(coordinator, child):
    one = made(coordinator, child)
    told(coordinator, one, child, Said.MOVED, because="Eerst de feestdagen", to_on=in_days(9))
    response = post(
        coordinator, at(child, f"afspraak/{one.pk}/"), said="not_done", because="Niemand nam op", after=0
    )
    page = response.content.decode()
    assert response.status_code == 409 and "in the meantime" in page
    assert "Eerst de feestdagen" in page and "Niemand nam op" in page
    # The form that comes back knows the step it shows.
    assert 'name="after" value="1"' in page


def test_what_was_settled_meanwhile_is_said_and_only_moving_is_left(coordinator, child):
    one = made(coordinator, child)
    told(coordinator, one, child, Said.DONE)
    here = at(child, f"afspraak/{one.pk}/")
    response = post(coordinator, here, said="not_done", because="Niemand nam op", after=0)
    page = response.content.decode()
    assert response.status_code == 409 and "in the meantime" in page and "Niemand nam op" in page
    assert 'value="not_done"' not in page and 'value="moved"' in page


def test_struck_out_twice_is_a_sentence(coordinator, child):
    """Two clicks at once: the second waits for the first, and is told."""
    one = made(coordinator, child)

    def in_between(*_arguments, **_named):
        Agreement.for_operations.filter(pk=one.pk).update(struck_at=one.written_at)
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("inbeeld.agreements.operations.refuse_a_destroyed_child", in_between)
        patch.setattr("inbeeld.agreements.operations.begun", in_between)
        response = post(coordinator, at(child, f"afspraak/{one.pk}/doorhalen/"))
    assert response.status_code == 409 and "struck out already" in response.content.decode()


def test_that_others_are_involved_is_read_and_noted(coordinator, mentor, child):
    def noted():
        lines = Line.for_operations.filter(origin="agreement_new", action="read", actor=coordinator.key)
        return {name for one in lines for name in one.field_class.split()}

    assert mentor.name in read(coordinator, at(child, "afspraak/nieuw/"))
    assert noted() == {"IDE", "AGR"}


def test_of_what_was_settled_the_last_stand_on_the_page_and_the_others_are_counted(coordinator, child):
    for number in range(8):
        one = made(coordinator, child, what=f"Stap {number}")
        told(coordinator, one, child, Said.DONE)
    page = read(coordinator, at(child))
    assert "5 settled" in page and "3 were settled earlier" in page
    assert "Stap 7" in page and "Stap 2" not in page


def test_who_reads_only_reads_it_and_has_no_form(coordinator, mentor, child):
    one = made(coordinator, child)
    page = read(mentor, at(child, f"afspraak/{one.pk}/"))
    assert WHAT in page and "Your role reads agreements and writes none" in page
    assert "Make an agreement" not in read(mentor, at(child))
    assert visitor(mentor).get(at(child, "afspraak/nieuw/")).status_code == 404


def test_who_may_not_read_agreements_finds_none(coordinator, school, child):
    one = made(coordinator, child)
    by_the_list = make.actor(Role.CARE_COORDINATOR, school)
    page = read(by_the_list, at(child))
    assert WHAT not in page and 'id="afspraken"' not in page
    assert visitor(by_the_list).get(at(child, f"afspraak/{one.pk}/")).status_code == 404


def test_parents_read_what_others_do_for_them_and_what_they_do_themselves(coordinator, child):
    made(coordinator, child)
    made(coordinator, child, doer=PARENTS, what="Brood mee op maandag")
    page = read(kin(child), at(child))
    assert WHAT in page and f"{coordinator.name}, {coordinator.place}" in page
    assert "The parents Brood mee op maandag" in page


def test_struck_out_it_is_gone_and_in_the_log(coordinator, child):
    one = made(coordinator, child)
    assert "Strike out" in read(coordinator, at(child, f"afspraak/{one.pk}/"))
    assert "It counts and shows no more" in read(coordinator, at(child, f"afspraak/{one.pk}/doorhalen/"))
    response = post(coordinator, at(child, f"afspraak/{one.pk}/doorhalen/"))
    assert response.url.endswith("?gedaan=afspraak-doorgehaald")
    assert WHAT not in read(coordinator, at(child))
    assert visitor(coordinator).get(at(child, f"afspraak/{one.pk}/")).status_code == 404
    assert Line.for_operations.filter(action="strike_agreement").count() == 1


def test_a_long_or_strange_text_stays_text(coordinator, child):
    made(coordinator, child, what="<script>alert(1)</script>\nTweede regel & =1+1")
    html = visitor(coordinator).get(at(child)).content.decode()
    assert "<script>alert(1)" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;<br>Tweede regel" in html


# --- the list of agreements -----------------------------------------------------------------------


@pytest.fixture
def agreed(coordinator, mentor, school, child):
    """Agreements of two children: mine, of a colleague, of the parents, late, moved and settled."""
    other = make.learner(school, days=40)
    make.involve(other, coordinator)
    found = {
        "mine": made(coordinator, child, what="Mijn stap", due_on=in_days(20)),
        "colleague": made(coordinator, child, what="Zijn stap", member=mentor.membership, due_on=in_days(20)),
        "parents": made(coordinator, child, what="Hun stap", doer=PARENTS, due_on=in_days(20)),
        "late": late(coordinator, other, what="Te late stap"),
        "moved": made(coordinator, other, what="Verzette stap", due_on=in_days(20)),
        "settled": made(coordinator, other, what="Gedane stap", due_on=in_days(20)),
    }
    told(coordinator, found["moved"], other, Said.MOVED, because="Ziek", to_on=TODAY)
    told(coordinator, found["settled"], other, Said.DONE)
    return {key: one.pk for key, one in found.items()}


def keys_on(actor, agreed, query=""):
    html = visitor(actor).get(LIST + query).content.decode()
    return [
        key
        for _at, key in sorted((html.index(str(pk)), key) for key, pk in agreed.items() if str(pk) in html)
    ]


def test_each_choice_lists_what_it_says_the_first_day_first(coordinator, agreed):
    assert keys_on(coordinator, agreed) == ["late", "moved", "mine"]
    assert set(keys_on(coordinator, agreed, "?scope=ours")) == {"late", "moved", "mine", "colleague"}
    assert set(keys_on(coordinator, agreed, "?scope=everything")) == set(agreed) - {"settled"}
    assert keys_on(coordinator, agreed, "?show=late") == ["late"]
    assert keys_on(coordinator, agreed, "?show=week") == ["late", "moved"]
    assert keys_on(coordinator, agreed, "?show=moved") == ["moved"]
    assert keys_on(coordinator, agreed, "?show=settled") == ["settled"]


def test_every_number_is_that_of_the_list_it_leads_to(coordinator, mentor, swv, agreed):
    for actor in (coordinator, mentor, swv):
        listed: dict[str, int] = {}
        for scope in queries.SCOPES:
            html = visitor(actor).get(f"{LIST}?scope={scope}&show=open").content.decode()
            found = LINK.findall(html)
            assert len(found) == len(queries.SCOPES) + len(queries.SHOWN)
            for address, label, number in found:
                wanted = address.replace("&amp;", "&") or "?"
                if wanted not in listed:
                    listed[wanted] = len(keys_on(actor, agreed, wanted))
                assert listed[wanted] == int(number), label


def test_who_may_read_none_is_told_so_and_kin_go_to_their_own_page(school, child, agreed):
    clerk = make.actor(Role.ATTENDANCE_COORDINATOR, school)
    assert "Your role does not read agreements" in read(clerk, LIST)
    assert keys_on(clerk, agreed, "?scope=everything") == []
    response = visitor(kin(child)).get(LIST)
    assert response.status_code == 302 and response.url == "/in-beeld/"


def test_nonsense_in_the_address_is_left_out(coordinator, agreed):
    for query in ("?scope=x", "?show=%00", "?page=x", "?page=99999"):
        assert visitor(coordinator).get(LIST + query).status_code == 200
    assert keys_on(coordinator, agreed, "?scope=x&show=x") == keys_on(coordinator, agreed)


def test_from_the_list_one_goes_back_to_the_list(coordinator, child, agreed):
    here = at(child, f"afspraak/{agreed['mine']}/")
    assert "Back to the agreements" in read(coordinator, here + "?van=afspraken")
    response = post(coordinator, here, said="done", after=0, van="afspraken")
    assert response.url == "/afspraken/?gedaan=afspraak-bijgewerkt"
    assert "What became of the agreement is recorded" in read(coordinator, response.url)


def test_every_row_is_in_the_journal_as_listed(coordinator, child, agreed):
    keys_on(coordinator, agreed, "?show=late")
    lines = Line.for_operations.filter(action="listed", origin="agreements")
    assert {one.child for one in lines} == {Agreement.for_operations.get(pk=agreed["late"]).learner.reference}
    assert {name for one in lines for name in one.field_class.split()} == {"IDE", "AGR"}


def test_the_number_of_queries_does_not_grow(coordinator, swv, school, child):
    def asked(actor, address):
        client = visitor(actor)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    def agree_on(number):
        for count in range(number):
            one = made(
                coordinator, child, what=f"Stap {Agreement.for_operations.count()}", due_on=in_days(count)
            )
            told(coordinator, one, child, Said.MOVED, because="Ziek", to_on=in_days(30 + count))

    pages = [(coordinator, LIST), (coordinator, at(child)), (swv, "/in-beeld/?definition=everyone"),
             (swv, "/uit-beeld/")]  # fmt: skip
    agree_on(2)
    for actor, address in pages:
        asked(actor, address)
    before = [asked(actor, address) for actor, address in pages]
    agree_on(9)
    assert [asked(actor, address) for actor, address in pages] == before


# --- on In beeld ----------------------------------------------------------------------------------


def test_the_list_says_the_next_agreement_or_that_there_is_none(swv, coordinator, child):
    page = read(swv, "/in-beeld/?definition=everyone")
    assert "no open agreement" in page
    made(coordinator, child, due_on=in_days(12))
    made(coordinator, child, what="Eerder", doer=PARENTS, due_on=in_days(3))
    page = read(swv, "/in-beeld/?definition=everyone")
    assert f"agreed for {written(in_days(3))}: the parents" in page
    late(coordinator, child, what="Nog eerder")
    page = read(swv, "/in-beeld/?definition=everyone")
    assert f"agreement past its day: {written(in_days(-3))}, care coordinator" in page


def test_the_list_says_nothing_of_agreements_to_who_reads_none(school, coordinator, child):
    made(coordinator, child)
    by_the_list = make.actor(Role.CARE_COORDINATOR, school)
    page = read(by_the_list, "/in-beeld/?definition=everyone")
    assert "agreement" not in page.replace("Next limit and agreement", "").replace("Agreements", "")
