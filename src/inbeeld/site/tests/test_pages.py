"""The list and the child page: what stands there, for whom, in which language, with how many queries."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from inbeeld.access.actor import MEMBERSHIP
from inbeeld.learners.models import Verdict
from inbeeld.learners.queries import ROWS_ON_A_PAGE
from inbeeld.learners.tests import factories as make
from inbeeld.organisations.models import Kind, Membership, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def visitor(actor, language="nl"):
    client = Client()
    client.force_login(actor.membership.person)
    session = client.session
    session[MEMBERSHIP] = actor.membership.pk
    session.save()
    client.cookies["inbeeld_language"] = language
    return client


@pytest.fixture
def swv():
    make.judgement()
    return make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))


def page_of(actor, query="", language="nl"):
    response = visitor(actor, language).get(f"/in-beeld/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_without_a_log_in_the_list_and_every_child_lead_to_the_start_page(client, swv):
    child = make.learner(make.organisation())
    for address in ("/in-beeld/", f"/kind/{child.reference}/"):
        assert client.get(address).headers["Location"] == "/"


def test_the_list_shows_the_child_its_days_and_the_day_a_limit_passes(swv):
    make.learner(make.organisation(), days=40)
    dutch = page_of(swv)
    assert 'lang="nl"' in dutch
    assert "1 kind in deze lijst zit langer dan vier weken thuis." in dutch
    assert "over drie maanden heen op 9\xa0jun\xa02026" in dutch
    assert "<b>40</b> kalenderdagen" in dutch
    english = page_of(swv, language="en")
    assert 'lang="en"' in english
    assert "1 child in this list has been at home for longer than four weeks." in english
    assert "passes three months on 9\xa0Jun\xa02026" in english


def test_a_child_of_another_region_or_sector_is_in_no_list_and_in_no_count(swv):
    make.learner(make.organisation(region="elsewhere"), region="elsewhere")
    make.learner(make.organisation(sector="po"))
    page = page_of(swv, "?definition=everyone")
    assert "Brinkhof" not in page
    assert "<b>0</b>" in page
    assert "Hier staat geen kind" in page


def test_the_longest_away_stands_first(swv):
    school = make.organisation()
    short, long = make.learner(school, days=33), make.learner(school, days=133)
    page = page_of(swv)
    assert page.index(make.name_of(long)) < page.index(make.name_of(short))


def test_another_definition_gives_another_list(swv):
    school = make.organisation()
    strict = make.learner(school)
    wide = make.learner(school, verdicts={"thuiszitter-rotterdam@2021-06-14": "yes"})
    assert make.name_of(wide) not in page_of(swv)
    assert make.name_of(strict) not in page_of(swv, "?definition=thuiszitter-rotterdam@2021-06-14")
    assert make.name_of(wide) in page_of(swv, "?definition=thuiszitter-rotterdam@2021-06-14")
    both = page_of(swv, "?definition=everyone")
    assert make.name_of(strict) in both
    assert make.name_of(wide) in both


def test_each_count_leads_to_a_list_of_that_many(swv):
    school, other = make.organisation(), make.organisation(sector="vso", municipality="Oude Hamrik")
    before = {"home_from": make.ON - timedelta(days=99), "home_until": make.ON - timedelta(days=50)}
    for days in (30, 40, 120):
        make.learner(school, days=days)
        make.learner(other, days=days, permission="unknown", verdicts={make.SWV: "unknown"})
        make.learner(school, days=days, aftercare="relapsed", **before)
    for verdicts in ({make.SWV: "yes"}, {make.SWV: "unknown"}, {}):
        make.learner(
            other, days=None, stage=4, in_sight=False, aftercare="returned", verdicts=verdicts, **before
        )
    for query in (
        "",
        "?definition=everyone",
        "?definition=everyone&course=returned",
        "?definition=everyone&course=relapsed&phase=2",
        "?course=relapsed&outcome=yes",
        "?course=returned&outcome=unknown&phase=0",
        "?definition=everyone&phase=0",
        "?outcome=yes",
        "?phase=3",
        "?phase=2&outcome=unknown",
        "?sector=vso",
        f"?school={other.key}",
    ):
        response = visitor(swv).get(f"/in-beeld/{query}")
        names = ("counts", "answers", "phases", "courses")
        counts, answers, phases, courses = (response.context[name] for name in names)
        by_answer = {"all": counts.all, "yes": counts.yes, "unknown": counts.unknown}
        # Without a definition there is no answer to choose.
        has_answers = response.context["choice"].definition is not None
        wanted = {answers[one]: number for one, number in by_answer.items() if has_answers}
        wanted |= {phases[phase]: number for phase, number in counts.phases.items()}
        wanted |= {courses[course]: number for course, number in counts.courses.items()}
        wanted |= {phases["all"]: counts.all_phases, courses["all"]: counts.all_courses}
        returned, all_of_them = response.context["returned"]
        wanted[all_of_them] = returned
        for address, number in wanted.items():
            there = visitor(swv).get(f"/in-beeld/{address}").context["page"]
            assert len(there.object_list) == there.paginator.count == number, (query, address)


def test_who_came_back_is_found_from_under_a_definition_of_who_is_at_home_now(swv):
    school = make.organisation()
    before = {"home_from": make.ON - timedelta(days=99), "home_until": make.ON - timedelta(days=50)}
    make.learner(school, days=40, aftercare="relapsed", **before)
    back = make.learner(
        school, days=None, stage=4, in_sight=False, aftercare="returned", verdicts={}, **before
    )
    page = page_of(swv)
    assert make.name_of(back) not in page  # under the definition of the SWV, which is chosen first
    address, number = re.search(r'<a href="([^"]*)">Teruggekeerd <b>(\d+)</b>', page).groups()
    assert number == "1"
    there = page_of(swv, address.replace("&amp;", "&"))
    assert make.name_of(back) in there and there.count("eerder thuis van") == 1


def test_not_known_says_what_is_missing(swv):
    make.learner(
        make.organisation(),
        permission="unknown",
        without_since=None,
        verdicts={make.SWV: "unknown:permission"},
    )
    page = page_of(swv)
    assert "Niet bekend" in page
    assert "of er toestemming was" in page
    assert "Van 1 is nog niet bekend of het meetelt." in page
    everyone = page_of(swv, "?definition=everyone")
    assert "Van 1 heeft de school nog niet voor alle dagen gezegd of er toestemming is." in everyone


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "3 kinderen in deze lijst zitten langer dan vier weken thuis. Van 1 is nog niet bekend"),
        ("?phase=1", "Geen kind in deze lijst zit langer dan vier weken thuis."),
        ("?phase=2", "2 kinderen in deze lijst zitten langer dan vier weken thuis. Van 1 is nog niet bekend"),
        ("?phase=3", "1 kind in deze lijst zit langer dan vier weken thuis."),
        ("?outcome=yes", "2 kinderen in deze lijst zitten langer dan vier weken thuis."),
        (
            "?outcome=unknown",
            "1 kind in deze lijst zit langer dan vier weken thuis. Van 1 is nog niet bekend",
        ),
        ("?outcome=unknown&phase=3", "Geen kind in deze lijst zit langer dan vier weken thuis."),
    ],
)
def test_the_sentence_on_top_is_about_exactly_the_rows_of_the_list(swv, query, sentence):
    school = make.organisation()
    for days, outcome in ((28, "unknown"), (40, "yes"), (50, "unknown"), (120, "yes")):
        make.learner(school, days=days, verdicts={make.SWV: outcome})
    page = page_of(swv, query)
    top = page.split('<p class="insight">')[1].split("</p>")[0]
    assert top.startswith(sentence)
    assert ("niet bekend" in top) == ("niet bekend" in sentence)


@pytest.mark.parametrize(
    "query",
    [
        "?page=999",
        "?page=x",
        "?phase=9",
        "?phase=%00",
        "?outcome=no",
        "?definition=nonsense",
        "?sector=x",
        "?school=%00",
    ],
)
def test_nonsense_in_the_address_gives_a_list_all_the_same(swv, query):
    make.learner(make.organisation())
    page_of(swv, query)


SICKNESS = "sickness-mazl@2017-03-29"


def test_sickness_is_no_choice_for_those_who_may_not_know_of_it(swv):
    make.learner(make.organisation(), verdicts={SICKNESS: "yes"})
    assert "M@ZL" not in page_of(swv)
    assert "Brinkhof" not in page_of(swv, f"?definition={SICKNESS}")


def test_a_school_reads_back_the_sickness_it_delivered_itself_and_no_other(swv):
    here = make.organisation()
    ours = make.learner(here, verdicts={SICKNESS: "yes"})
    theirs = make.learner(here, verdicts={SICKNESS: "yes"})
    Verdict.for_operations.filter(standing__learner=ours).update(delivered_by=here)
    page = page_of(make.actor(Role.CARE_COORDINATOR, here), f"?definition={SICKNESS}")
    assert make.name_of(ours) in page
    assert make.name_of(theirs) not in page


def test_a_school_doctor_reads_of_sickness_with_consent_only(swv):
    doctor = make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))
    asked, not_asked = (make.learner(make.organisation(), verdicts={SICKNESS: "yes"}) for _ in range(2))
    for child in (asked, not_asked):
        make.involve(child, doctor)
    make.consent(asked, "MED", doctor)
    page = page_of(doctor, f"?definition={SICKNESS}")
    assert make.name_of(asked) in page
    assert make.name_of(not_asked) not in page


def test_the_number_of_queries_does_not_grow_with_the_rows(swv, django_assert_max_num_queries):
    school = make.organisation()
    for number in range(3):
        make.learner(school, days=30 + number)
    client = visitor(swv)
    with django_assert_max_num_queries(30) as few:
        client.get("/in-beeld/")
    for number in range(ROWS_ON_A_PAGE + 10):
        make.learner(make.organisation() if number % 7 == 0 else school, days=40 + number)
    with django_assert_max_num_queries(len(few.captured_queries)):
        response = client.get("/in-beeld/")
    assert len(response.context["page"].object_list) == ROWS_ON_A_PAGE
    assert "Pagina 1 van 2" in response.content.decode()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.PRIVACY_OFFICER])
def test_roles_without_children_read_that_this_is_on_purpose(role):
    make.judgement()
    child = make.learner(make.organisation())
    actor = make.actor(role, make.organisation(Kind.SWV))
    assert "Uw rol ziet geen kinderen" in page_of(actor)
    assert visitor(actor).get(f"/kind/{child.reference}/").status_code == 404


def test_an_ended_membership_ends_at_once(swv):
    client = visitor(swv)
    assert client.get("/in-beeld/").status_code == 200
    Membership.objects.filter(pk=swv.membership.pk).update(until_on=make.ON)
    assert client.get("/in-beeld/").headers["Location"] == "/rol/"


def test_a_membership_of_someone_else_in_the_session_is_nobody(swv):
    other = make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))
    client = visitor(swv)
    session = client.session
    session[MEMBERSHIP] = other.membership.pk
    session.save()
    assert client.get("/in-beeld/").headers["Location"] == "/rol/"
