"""The monthly visit sheet: what is on it, on screen and on paper, for whom, and that the log has it."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from inbeeld.agreements.tests.making import in_days, late
from inbeeld.journal.models import Line
from inbeeld.kernel.access import Action
from inbeeld.learners.models import Judgement
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import born, kin, post, visitor, words, wrote
from inbeeld.organisations.models import Kind, Role
from inbeeld.schools import paper
from inbeeld.schools.paper import in_letters
from inbeeld.schools.school import school_for
from inbeeld.schools.visit import visit_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def school(school):
    Judgement.objects.update(compared_with=date(2026, 3, 17))
    return school


@pytest.fixture
def care(school):
    return make.actor(Role.CARE_COORDINATOR, school)


@pytest.fixture
def swv():
    return make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))


def pupil(school, *, now=True, before=False, **more):
    more = {"days": 40 if now else None, "stage": 2, **more}
    return make.learner(school, on_register=now, on_register_before=before, absent=21, scheduled=100, **more)


def sheet_of(actor, school, action=Action.READ):
    return visit_sheet(school_for(actor, school.key), Judgement.objects.get(), action=action)


def on(part):
    return [one.row.child.reference for one in part]


def printed(actor, school, **more):
    return post(actor, f"/school/{school.key}/bezoek/afdruk/", **more)


def text_of(response):
    assert response.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# --- what is on it -------------------------------------------------------------------------------


def test_new_longer_returned_and_off_the_roll_are_four_parts(school, care, swv):
    new, longer = pupil(school), pupil(school, before=True, days=70)
    unknown = pupil(school, before=None)  # nobody had it on the register
    returned = pupil(school, now=False, before=True, stage=1)
    gone = pupil(school, before=True, enrolled=False, stage=5)
    pupil(school, now=False, before=False, stage=1)
    sheet = sheet_of(care, school)
    assert on(sheet.new) == [new.reference, unknown.reference]
    assert on(sheet.longer) == [longer.reference]
    assert on(sheet.returned) == [returned.reference]
    assert on(sheet.off_roll) == []  # on no list of the school any more
    assert on(sheet_of(swv, school).off_roll) == [gone.reference]


def test_who_is_away_longest_comes_first(school, care):
    short, long = pupil(school, days=30), pupil(school, days=90)
    assert on(sheet_of(care, school).new) == [long.reference, short.reference]


def test_nobody_stands_on_it_whom_the_actor_may_not_see(school, care, swv):
    early, late = pupil(school, days=12, stage=1), pupil(school)
    assert on(sheet_of(care, school).new) == [late.reference, early.reference]
    assert on(sheet_of(swv, school).new) == [late.reference]
    assert make.name_of(early) not in words(visitor(swv).get(f"/school/{school.key}/bezoek/"))


def questions(actor, school):
    with translation.override("en"):
        parts = sheet_of(actor, school).parts
        return [said for _key, part in parts for one in part for said in one.questions]


def test_the_questions_follow_from_what_is_known_and_what_is_missing(school, care):
    pupil(school, days=20, phase=1, without_since=None, verdicts={"report-duty@2009-08-01": "yes"})
    found = questions(care, school)
    assert found == [
        "Was the absence since 29 March 2026 with or without permission?",
        "Nobody holds direction. Who takes it?",
        "There is a duty to report. Has the report been made in the verzuimregister?",
        "Four weeks are passed on 26 April 2026, before the next visit. Who does what until then?",
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"days": 80}, "Three months are passed on 30 April 2026, before the next visit."),
        ({"days": 100}, "Three months have passed: is there a suitable offer?"),
        ({"exempt": True, "days": None, "since": None}, "Exempt: who keeps contact"),
        ({"now": False, "before": True}, "Back at school: how does it go"),
    ],
)
def test_each_course_has_its_question(school, care, more, said):
    pupil(school, **more)
    assert any(one.startswith(said) for one in questions(care, school))


@pytest.mark.parametrize("days", [62, 28])
def test_a_limit_after_the_next_visit_is_no_question_yet(school, care, days):
    limit = make.ON + timedelta(days=31)
    pupil(school, days=days, passes_four_weeks_on=limit, passes_three_months_on=limit)
    assert not any("before the next visit" in one for one in questions(care, school))


def test_what_waits_stands_on_it_for_who_may_know_who_is_involved(school, care, swv):
    child = pupil(school)
    clerk = make.actor(Role.ATTENDANCE_COORDINATOR, school)
    doctor = make.actor(Role.SCHOOL_DOCTOR, make.organisation(Kind.YOUTH_HEALTH))
    make.involve(child, doctor, accepted_at=None, granted_by=care.membership)
    make.consent(child, "MED", doctor, holds_from=None, holds_until=None)
    waits = f"Marit Hoog ({doctor.place}) was asked to join on"
    assert any(one.startswith(waits) for one in questions(swv, school))
    assert any(one.startswith(f"Consent for {doctor.place} was asked on") for one in questions(swv, school))
    assert not any("was asked" in one for one in questions(clerk, school))


# --- on paper ------------------------------------------------------------------------------------


def test_the_paper_says_the_same_with_who_printed_it_what_for_and_where_to_destroy_it(school, swv, care):
    child = pupil(school, days=41)
    make.involve(child, care, directs=True)
    wrote(care, child, "AGR", "Besproken met beide ouders.")
    late(care, child, what="De mentor belt <b>elke</b> maandag #1 $x$ @naam.")
    answer = printed(swv, school)
    assert answer.status_code == 200
    said = text_of(answer)
    for part in (make.name_of(child), "41 calendar days", "Direction: Marit Hoog",
                 "De mentor belt <b>elke</b> maandag #1 $x$ @naam.", "(since 3 days)", "Besproken met beide",
                 "1 agreement is past its day.",
                 f"By {in_days(-3).day} {in_days(-3):%B %Y}, Marit Hoog, {school.name}",
                 f"Visit sheet of {school.name}",
                 "17 March 2026 to 17 April 2026", f"by Marit Hoog, coordinator of the SWV, {swv.place}",
                 f"For the monthly visit to {school.name}, and for nothing else.",
                 f"in the paper shredder of {swv.place}", "Page 1 / 1"):  # fmt: skip
        assert part in said, part


def test_the_paper_can_be_read_aloud_and_tells_nobody_in_its_title(school, swv):
    child = pupil(school)
    answer = printed(swv, school)
    paper = PdfReader(BytesIO(answer.content))
    root = paper.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in paper.xmp_metadata.stream.get_data()
    width, height = paper.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)
    told = f"{paper.metadata} {answer.headers}"
    assert make.name_of(child).split()[0] not in told
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="bezoekblad-{school.key}-2026-04-17.pdf"'
    )
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_child_on_the_paper_is_in_the_log_as_taken_out(school, swv, care):
    child, other = pupil(school), pupil(school, before=True)
    pupil(school, days=12, stage=1)
    make.involve(child, care)
    wrote(care, child, "AGR", "De mentor belt.")
    printed(swv, school)
    lines = Line.for_operations.filter(origin="visit_print")
    assert {one.action for one in lines} == {"export"}
    assert {(one.child, frozenset(one.field_class.split())) for one in lines} == {
        (child.reference, frozenset({"IDE", "ATT"})), (child.reference, frozenset({"AGR"})),
        (other.reference, frozenset({"IDE", "ATT"})),
    }  # fmt: skip


def test_support_stays_inside_and_so_does_what_consent_opens(school, swv):
    child = pupil(school)
    writer = make.actor(Role.CARE_COORDINATOR, school)
    make.involve(child, writer)
    wrote(writer, child, "SUP", "Een rustige plek in de bibliotheek.")
    # Who is involved reads support on screen; what leaves are names, attendance and agreements.
    desk = make.actor(Role.LEERPLICHT_DESK, make.organisation(Kind.MUNICIPALITY, sector=""))
    for actor in (swv, desk):
        assert "bibliotheek" not in text_of(printed(actor, school))


@pytest.mark.parametrize(
    ("role", "kind"),
    [(Role.CARE_COORDINATOR, Kind.SCHOOL), (Role.ATTENDANCE_COORDINATOR, Kind.SCHOOL),
     (Role.SWV_ADVISER, Kind.SWV)],
)  # fmt: skip
def test_a_role_that_may_not_take_out_has_the_sheet_on_screen_alone(school, role, kind):
    actor = make.actor(role, school if kind == Kind.SCHOOL else make.organisation(kind))
    child = pupil(school)
    if role == Role.SWV_ADVISER:
        make.involve(child, actor)
    shown = visitor(actor).get(f"/school/{school.key}/bezoek/")
    assert make.name_of(child) in words(shown)
    assert "does not take it out as a file" in words(shown)
    assert "/bezoek/afdruk/" not in shown.content.decode()
    assert printed(actor, school).status_code == 404
    assert Line.for_operations.filter(action="export").count() == 0


def test_nothing_is_taken_out_without_a_proof_or_in_another_role(school, swv):
    pupil(school)
    asked = printed(swv, school, proved=False)
    assert asked.headers["Content-Type"].startswith("text/html")
    assert "take the children of a school out as a file" in words(asked)
    assert printed(swv, school, acting_as="another").status_code == 409
    assert Line.for_operations.filter(action="export").count() == 0


def test_parents_and_strangers_have_no_sheet(school):
    parent = kin(pupil(school, born_on=born(9)))
    stranger = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV, sector="po"))
    for actor in (parent, stranger):
        assert visitor(actor).get(f"/school/{school.key}/bezoek/").status_code == 404
        assert printed(actor, school).status_code == 404


def test_an_empty_register_is_well_done(school, care):
    assert "Well done." in words(visitor(care).get(f"/school/{school.key}/bezoek/"))


# --- what people write -----------------------------------------------------------------------------

EUROPEAN = "Żółć ŽŠČ Ægir Łódź Ñandú ğışİ Ελένη Наталія ქეთევანი Jørgen Ĳsbrand ȘțȚ “–…” € ½ ✓"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Top 👍👍 gedaan", "Top □ gedaan"),
        ("gezin 👩\u200d👩\u200d👧 en ❤\ufe0f.", "gezin □ en □."),
        ("王小明 komt", "□ komt"),
        ("a\x00b\x07c\u202e d\ufeff", "abc d"),
        ("een\ttwee\u2003drie\r\nvier", "een twee drie\nvier"),
        ("e\u0301e\u0301n", "één"),
        ("\udc80 \U0010ffff \u0378", "□ □ □"),
        (EUROPEAN, EUROPEAN),
    ],
)
def test_what_no_font_has_is_a_square_and_every_european_letter_stays(text, shown):
    assert in_letters(text) == shown


def test_the_paper_is_there_whatever_people_write(school, swv, care):
    child = pupil(school)
    make.involve(child, care)
    wrote(care, child, "AGR", f"Afspraak 👍 王 \x07 {EUROPEAN} einde")
    said = text_of(printed(swv, school))
    assert "Afspraak □ □" in said and "einde" in said and "Наталія" in said


def test_every_letter_that_is_kept_can_be_printed(school, swv, care):
    child = pupil(school)
    make.involve(child, care)
    wrote(care, child, "AGR", "A " + " ".join(sorted(paper._SHOWN)))
    assert printed(swv, school).headers["Content-Type"] == "application/pdf"


def test_a_long_agreement_goes_on_on_the_next_sheet_to_its_last_word(school, swv, care):
    child = pupil(school)
    make.involve(child, care)
    many = [f"woord{number}" for number in range(1900)]
    wrote(care, child, "AGR", " ".join(many))
    answer = printed(swv, school)
    said = text_of(answer)
    assert [one for one in many if one not in said] == []
    heights: list[float] = []

    def at_height(text, cm, tm, *_):
        if "woord" in text:
            heights.append(cm[1] * tm[4] + cm[3] * tm[5] + cm[5])

    for sheet in PdfReader(BytesIO(answer.content)).pages:
        sheet.extract_text(visitor_text=at_height)
    assert heights and min(heights) > 0  # on a sheet, and not below it


def test_a_sheet_that_cannot_be_made_is_a_sentence_and_no_failure(school, swv, monkeypatch):
    child = pupil(school)
    monkeypatch.setattr(paper, "in_letters", lambda text: f"{text} 👍")
    answer = printed(swv, school)
    assert answer.status_code == 200
    assert "could not be made on paper" in words(answer)
    assert make.name_of(child) in words(answer)
