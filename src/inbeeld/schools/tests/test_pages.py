"""The page of a school and its agenda: for whom it is there, what it counts, what each number opens."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbeeld.agreements.tests.making import in_days, told
from inbeeld.agreements.tests.making import made as agreed
from inbeeld.journal.deed import is_key_of_organisation
from inbeeld.journal.models import Line
from inbeeld.kernel.agreements import Said
from inbeeld.learners.models import Entry, Judgement, Presence, Standing, Verdict
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import kin, visitor, words, wrote
from inbeeld.organisations.models import Kind, Organisation, Role
from inbeeld.schools.school import school_for, schools_for

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NUMBER = re.compile(r'href="([^"]*/lijst/[^"]*)"[^>]*>(?:<span[^>]*>[^<]*</span> <b>)?(\d+)')


@pytest.fixture
def school(school):
    Judgement.objects.update(compared_with=make.ON.replace(month=3))
    return school


@pytest.fixture
def care(school):
    return make.actor(Role.CARE_COORDINATOR, school)


def page(actor, address, status=200):
    answer = visitor(actor).get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def at(school, rest=""):
    return f"/school/{school.key}/{rest}"


def pupil(school, layer, before, **more):
    return make.learner(school, stage=more.pop("stage", 1), days=more.pop("days", 3), layer=layer,
                        layer_before=before, absent=layer * 10 + 1, scheduled=100, **more)  # fmt: skip


# --- for whom ------------------------------------------------------------------------------------


def test_a_school_is_there_for_its_own_people_and_the_swv_also_without_a_child_in_sight(school):
    for role, place in (
        (Role.CARE_COORDINATOR, school),
        (Role.ATTENDANCE_COORDINATOR, school),
        (Role.SWV_COORDINATOR, make.organisation(Kind.SWV)),
    ):
        for rest in ("", "bezoek/", "lijst/laag-3/", "lijst/zonder-aanpak/"):
            page(make.actor(role, place), at(school, rest))


@pytest.mark.parametrize(
    ("role", "kind", "sector"),
    [
        (Role.CARE_COORDINATOR, Kind.SCHOOL, "vo"),
        (Role.SWV_COORDINATOR, Kind.SWV, "po"),
        (Role.MENTOR, Kind.SCHOOL, "vo"),
        (Role.SWV_ADVISER, Kind.SWV, "vo"),
        (Role.ANALYST, Kind.SWV, "vo"),
        (Role.PRIVACY_OFFICER, Kind.SWV, "vo"),
        (Role.YOUTH_WORKER, Kind.YOUTH_HELP, ""),
    ],
)
def test_another_school_is_not_there(school, role, kind, sector):
    pupil(school, 2, 1)
    stranger = make.actor(role, make.organisation(kind, sector=sector))
    for rest in ("", "bezoek/", "lijst/laag-2/"):
        page(stranger, at(school, rest), status=404)


def test_who_is_involved_with_one_child_sees_the_school_with_that_child_alone(school):
    child, _other = pupil(school, 2, 1, stage=2), pupil(school, 2, 2, stage=2)
    mentor = make.actor(Role.MENTOR, school)
    page(mentor, at(school), status=404)
    make.involve(child, mentor)
    seen = school_for(mentor, school.key)
    assert [one.learner for one in seen.placed] == [child.pk]
    assert seen.presence is None


def test_an_officer_of_leerplicht_sees_a_school_where_somebody_of_the_own_municipality_is(school):
    desk = make.actor(Role.LEERPLICHT_DESK, make.organisation(Kind.MUNICIPALITY, sector=""))
    page(desk, at(school), status=404)
    pupil(school, 1, 1)
    assert page(desk, at(school))


def test_parents_have_the_page_of_their_child_and_no_school(school):
    parent = kin(pupil(school, 2, 1))
    for address in ("/school/", at(school), at(school, "bezoek/"), at(school, "lijst/laag-2/")):
        page(parent, address, status=404)


def test_the_way_to_the_schools_is_in_the_menu_and_leads_on_when_there_is_one(care, school):
    assert ">My school</a>" in page(care, "/in-beeld/")
    assert visitor(care).get("/school/").headers["Location"] == at(school)
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    other = make.organisation()
    listed = page(swv, "/school/")
    assert at(school) in listed
    assert at(other) in listed
    assert ">Schools</a>" in listed


def test_a_school_and_its_sites_are_one_list(school):
    site = make.organisation()
    Organisation.objects.filter(pk=site.pk).update(part_of=school)
    child = pupil(site, 3, 3)
    here, there = make.actor(Role.CARE_COORDINATOR, school), make.actor(Role.CARE_COORDINATOR, site)
    assert [one.learner for one in school_for(here, school.key).placed] == [child.pk]
    assert [one.learner for one in school_for(here, site.key).placed] == [child.pk]
    assert [one.learner for one in school_for(there, site.key).placed] == [child.pk]


@pytest.mark.parametrize("key", ["12ab03", "vo.anker-2", "A_1"])
def test_every_key_a_school_can_have_is_an_address(care, school, key):
    Organisation.objects.filter(pk=school.pk).update(key=key)
    assert is_key_of_organisation(key)
    pupil(school, 2, 1)
    assert f"/school/{key}/lijst/laag-2/" in page(care, f"/school/{key}/")
    assert visitor(care).get("/school/").headers["Location"] == f"/school/{key}/"


# --- what is counted -----------------------------------------------------------------------------


def test_every_number_opens_a_list_of_that_many(care, school):
    for layer, before in ((3, 2), (3, 3), (2, 1), (2, 2), (2, 2), (2, 3), (1, 0), (1, None), (0, 1)):
        pupil(school, layer, before)
    pupil(school, 2, 1, stage=0)  # in nobody's sight
    found = NUMBER.findall(page(care, at(school)))
    assert len(found) >= 17
    for address, number in found:
        assert page(care, address).count('class="list__child"') == int(number), address


def test_the_number_in_the_list_of_schools_is_that_of_the_sheet_without_who_returned(school):
    site, swv = make.organisation(), make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    Organisation.objects.filter(pk=site.pk).update(part_of=school)
    for place, more in ((school, {}), (site, {}), (school, {"enrolled": False, "stage": 5}),
                        (school, {"on_register": False, "on_register_before": True})):  # fmt: skip
        make.learner(place, **{"days": 40, "on_register": True, **more})
    found = {one.key: one.on_register for one in schools_for(swv)}
    assert found == {school.key: 3, site.key: 1}
    assert page(swv, at(school, "bezoek/")).count('class="list__child"') == 4


def test_what_the_walls_hide_is_not_counted(school):
    pupil(school, 2, 1, stage=1)
    pupil(school, 2, 1, stage=2, days=40)
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    care = make.actor(Role.CARE_COORDINATOR, school)
    assert len(school_for(swv, school.key).placed) == 1
    assert len(school_for(care, school.key).placed) == 2
    assert "You see children from four weeks at home on" in page(swv, at(school))


def test_presence_comes_first_and_of_a_small_school_no_share_is_told(care, school):
    kept = Presence.objects.create(school=school, learners=755, this_year=916, four_weeks=921)
    shown = words(visitor(care).get(at(school)))
    assert "there for 92.1 percent of their lessons. This school year: 91.6 percent." in shown
    assert "The school has about 755 learners." in shown
    kept.learners = kept.this_year = kept.four_weeks = None
    kept.save()
    assert "too small to tell a share" in page(care, at(school))


def test_presence_of_a_school_is_not_for_who_sees_one_child_there(school):
    Presence.objects.create(school=school, learners=755, this_year=916, four_weeks=921)
    adviser = make.actor(Role.SWV_ADVISER, make.organisation(Kind.SWV))
    make.involve(pupil(school, 2, 1, stage=2), adviser)
    assert "percent of their lessons" not in page(adviser, at(school))


def test_who_moved_stands_by_name_and_is_in_the_log(care, school):
    up, down, same = pupil(school, 3, 2), pupil(school, 1, 2), pupil(school, 2, 2)
    shown = words(visitor(care).get(at(school)))
    assert f"{make.name_of(up)} from layer 2 to 3, 3 calendar days away" in shown
    assert f"{make.name_of(down)} from layer 2 to 1" in shown
    assert make.name_of(same) not in shown
    lines = Line.for_operations.filter(origin="school", action="listed")
    assert {one.child for one in lines} == {up.reference, down.reference}
    assert {frozenset(one.field_class.split()) for one in lines} == {frozenset({"IDE", "ATT"})}


def test_a_layer_that_was_not_known_is_new_and_no_move(care, school):
    pupil(school, 2, None)
    pupil(school, 2, 2)
    seen = school_for(care, school.key)
    assert seen.up == []
    assert page(care, at(school, "lijst/laag-2/?groep=nieuw")).count("list__child") == 1


def test_when_nothing_is_known_of_before_nobody_is_called_new(care, school):
    """So it is from the first day on which layers are known until a month later."""
    pupil(school, 2, None)
    pupil(school, 1, None)
    shown, listed = page(care, at(school)), page(care, at(school, "lijst/laag-2/?groep=langer"))
    assert "groep=" not in shown + listed
    assert "how that was on" not in shown
    assert listed.count("list__child") == 1
    pupil(school, 1, 1)
    assert "groep=nieuw" in page(care, at(school))
    assert "groep=nieuw" in page(care, at(school, "lijst/laag-2/"))


def test_the_cuts_are_those_of_the_region(care, school):
    Judgement.objects.update(region={"name": "R", "layer_cuts": [4, 8, 16], "layer_minimum_days": 30,
                                     "hour_units": {}, "counts_by": []})  # fmt: skip
    shown = words(visitor(care).get(at(school)))
    assert "16 percent or more" in shown
    assert "8 to 16 percent" in shown
    assert "fewer than 30 school days" in shown


# --- the agenda ----------------------------------------------------------------------------------


def test_a_row_says_what_it_is_about_and_what_is_arranged(care, school):
    child = pupil(school, 2, 1, days=20, stage=2, absent_4w=30, scheduled_4w=40,
                  verdicts={"report-duty@2009-08-01": "yes"})  # fmt: skip
    make.involve(child, care, directs=True)
    wrote(care, child, "AGR", "Besproken met beide ouders.")
    agreed(care, child, what="De mentor belt elke maandag.")
    shown = words(visitor(care).get(at(school, "lijst/laag-2/")))
    for said in ("2was 1", "21.0 % of this school year", "75.0 % of the last four school weeks", "Phase 1",
                 "20 calendar days", "Duty to report reached", "Direction: Marit Hoog",
                 "De mentor belt elke maandag.", "Discussed", "Besproken met beide ouders.",
                 f"By {in_days(7).day} {in_days(7):%b %Y}, Marit Hoog, {school.name}"):  # fmt: skip
        assert said in shown


def test_who_may_not_read_agreements_reads_none_and_is_told_so(care, school):
    child = pupil(school, 2, 1, stage=2)
    writer = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, writer)
    wrote(writer, child, "SUP", "Een rustige plek in de bibliotheek.")
    here = page(care, at(school, "lijst/laag-2/"))  # by the list of the school, not involved
    assert "bibliotheek" not in here
    assert "Nothing agreed" not in here
    assert Line.for_operations.filter(origin="school_list", field_class__contains="SUP").count() == 0
    clerk = make.actor(Role.ATTENDANCE_COORDINATOR, school)
    assert "Your role does not read agreements" in page(clerk, at(school, "lijst/zonder-aanpak/"))


def test_a_signal_of_sickness_is_for_who_delivered_it(care, school):
    child = pupil(school, 2, 1, stage=2, verdicts={"sickness@2017-03-29": "yes"})
    Verdict.for_operations.filter(standing__learner=child).update(delivered_by=school)
    assert "Signal of sickness" in page(care, at(school, "lijst/laag-2/"))
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    assert "Signal of sickness" not in page(swv, at(school, "lijst/laag-2/"))


def test_without_an_approach_is_without_direction_and_without_what_one_may_read(care, school):
    nobody, held, supported, helped = (pupil(school, 3, 3, stage=2) for _ in range(4))
    pupil(school, 1, 1, stage=2)
    officer = make.actor(Role.ATTENDANCE_OFFICER, make.organisation(Kind.MUNICIPALITY))
    make.involve(held, officer, directs=True)
    for one in (supported, helped):
        make.involve(one, care)
    wrote(care, supported, "SUP", "Twee uur per dag.")
    one = agreed(care, helped)
    assert [one.learner for one in school_for(care, school.key).without_measure] == [nobody.pk]
    other = make.actor(Role.CARE_COORDINATOR, school)  # reads no support of a child by the list alone
    found = {row.learner for row in school_for(other, school.key).without_measure}
    assert found == {nobody.pk, supported.pk, helped.pk}
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))  # reads agreements by the list
    found = {row.learner for row in school_for(swv, school.key).without_measure}
    assert found == {nobody.pk, supported.pk}
    told(care, one, helped, Said.DONE)
    found = {row.learner for row in school_for(swv, school.key).without_measure}
    assert found == {nobody.pk, supported.pk, helped.pk}, "what is settled is no approach any more"


def test_direction_that_ended_is_no_approach(care, school):
    child = pupil(school, 2, 2, stage=2)
    held = make.involve(child, care, directs=True)
    assert school_for(care, school.key).without_measure == []
    type(held).for_operations.filter(pk=held.pk).update(until_at=held.from_at.replace(year=2020),
                                                        from_at=held.from_at.replace(year=2019))  # fmt: skip
    assert [one.learner for one in school_for(care, school.key).without_measure] == [child.pk]


def test_who_comes_and_goes_has_a_list_without_who_is_at_home_for_long(care, school):
    often, most = (pupil(school, 2, 2, days=None, alternating_days=number) for number in (11, 14))
    pupil(school, 2, 2, days=None, alternating_days=9)
    pupil(school, 2, 2, days=40, stage=2, alternating_days=20, on_register=True)
    assert [one.learner for one in school_for(care, school.key).alternating] == [most.pk, often.pk]
    assert "2 learners come and go" in page(care, at(school))
    assert page(care, at(school, "lijst/wisselend/")).count("list__child") == 2


def test_the_list_of_schools_asks_as_much_for_many(school):
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))

    def asked():
        browser = visitor(swv)
        with CaptureQueriesContext(connection) as found:
            assert browser.get("/school/").status_code == 200
        return len(found)

    make.learner(make.organisation())
    few = asked()
    for _ in range(6):
        make.learner(make.organisation())
    assert asked() == few


def test_a_list_nobody_made_and_a_group_nobody_named_are_no_failure(care, school):
    pupil(school, 2, 1)
    page(care, at(school, "lijst/laag-9/"), status=404)
    assert page(care, at(school, "lijst/laag-2/?groep=%00&page=999")).count("list__child") == 1


def test_as_many_queries_for_one_child_as_for_many(care, school):
    def asked(address):
        browser = visitor(care)
        with CaptureQueriesContext(connection) as found:
            assert browser.get(address).status_code == 200
        return len(found)

    def enter(number):
        for _ in range(number):
            child = pupil(school, 2, 1, stage=2, days=20, on_register=True,
                          verdicts={"report-duty@2009-08-01": "yes"})  # fmt: skip
            make.involve(child, care, directs=True)
            wrote(care, child, "AGR", "De mentor belt.")
            told(care, agreed(care, child), child, Said.MOVED, because="Ziek", to_on=in_days(9))

    pages = [at(school), at(school, "lijst/laag-2/"), at(school, "bezoek/")]
    enter(2)
    few = [asked(one) for one in pages]
    enter(12)
    assert Standing.for_operations.count() == 14
    assert Entry.for_operations.count() == 14
    assert [asked(one) for one in pages] == few
