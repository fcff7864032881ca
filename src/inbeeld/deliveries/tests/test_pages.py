"""The pages: what is shown before somebody says yes, and that nothing of another school is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbeeld.deliveries import operations, places, views
from inbeeld.deliveries.example import A_LITTLE, CODES
from inbeeld.deliveries.models import CodeMeaning, Delivery, State
from inbeeld.deliveries.operations_publish import publish_decided
from inbeeld.deliveries.operations_work import read_next
from inbeeld.deliveries.reading import unknown_codes
from inbeeld.deliveries.tests.handing_in import accept, decide, hand_in, now, quiet, row, table
from inbeeld.deliveries.tests.test_working_in import WEEK, a_week_away
from inbeeld.journal.models import Line
from inbeeld.learners.models import Learner
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.visiting import post, visitor, words
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
HERE = "/aanleveringen/"


def upload(actor, content: bytes, **more):
    return post(actor, HERE, file=SimpleUploadedFile("Fenna Brinkhof.csv", content), **more)


def page(actor, one, language="en"):
    return visitor(actor, language).get(f"{HERE}{one.pk}/")


def test_from_a_file_to_what_counts_through_the_site(school, henk):
    answer = upload(henk, a_week_away(school.learners[0]))
    one = Delivery.objects.get()
    assert answer["Location"] == f"{HERE}{one.pk}/?gedaan=ontvangen"
    assert "Waits to be read" in words(page(henk, one))
    read_next(quiet)
    shown = words(page(henk, one))
    assert "In it: 40 marks, of 1 learner." in shown and "Yes, let it count" in shown
    answer = post(henk, f"{HERE}{one.pk}/aannemen/", as_read=now(one).as_read)
    assert answer["Location"].endswith("?gedaan=aangenomen")
    publish_decided(quiet)
    assert now(one).state == State.STANDS
    assert "Counts" in words(page(henk, one))
    again = upload(henk, a_week_away(school.learners[0]))
    assert again["Location"].endswith("?gedaan=al-ontvangen")


def test_the_same_file_again_while_it_waits_for_a_yes_is_the_delivery_that_is_there(school, henk):
    content = a_week_away(school.learners[0])
    upload(henk, content)
    read_next(quiet)
    one = Delivery.objects.get(state=State.TO_REVIEW)
    assert one.source  # which nobody chose: it was recognised
    again = upload(henk, content)
    assert again["Location"] == f"{HERE}{one.pk}/?gedaan=al-ontvangen"
    other = upload(henk, content, source="generic" if one.source != "generic" else "magister")
    assert other["Location"].endswith("?gedaan=ontvangen")


def test_pasted_rows_are_a_delivery_too(school, henk):
    text = f"leerling\tdatum\tlesuur\tstatus\n{school.learners[0]}\t{WEEK[0]}\t2\tafwezig\n"
    post(henk, HERE, pasted=text)
    read_next(quiet)
    one = Delivery.objects.exclude(way="first").get()
    assert one.way == "pasted" and one.counts["stand"] == 1


def test_nothing_or_both_is_said_at_the_field(henk):
    assert "Choose a file, or paste rows below." in words(post(henk, HERE))
    assert "Choose one: a file, or pasted rows." in words(upload(henk, b"x", pasted="y"))
    assert "This file is empty." in words(upload(henk, b""))
    assert not Delivery.objects.exists()


def test_the_name_of_the_file_is_kept_nowhere(school, henk):
    upload(henk, a_week_away(school.learners[0]))
    assert "Fenna Brinkhof" not in str(list(Delivery.objects.values()))


def test_codes_are_chosen_on_the_page_and_kept(school, henk):
    head = "leerling;datum;lesuur;code;omschrijving;geoorloofd"
    one = hand_in(henk, table([f"{school.learners[0]};{WEEK[0]};1;Q;Kwijt;nee"], head))
    shown = words(page(henk, one))
    assert "1 code we do not know yet" in shown and "Yes, let it count" not in shown
    assert '<option value="other-without" selected' in page(henk, one).content.decode()
    post(henk, f"{HERE}{one.pk}/codes/", what="Q", **{"is": "truant"})
    read_next(quiet)
    assert "Yes, let it count" in words(page(henk, one))
    assert CodeMeaning.objects.get().said_by == henk.membership
    assert "Absent: truant" in words(visitor(henk, "en").get(f"{HERE}codes/"))


def test_rows_that_were_not_taken_are_shown_in_dutch_with_line_and_reason(school, henk):
    one = hand_in(
        henk,
        table([row(school.learners[0], WEEK[0], 1), f"{school.learners[0]};31-2-2026;2;absent;;", "=1+1;"]),
    )
    shown = words(page(henk, one, "nl"))
    assert "2 rijen zijn niet opgenomen" in shown
    assert "Verwacht: een dag die bestaat; gevonden: “31-2-2026”" in shown
    assert "6 kolommen in elke rij" in shown
    file = visitor(henk, "nl").get(f"{HERE}{one.pk}/geweigerd.csv").content.decode("utf-8-sig")
    assert file.splitlines()[0] == "regel;kolom;reden" and len(file.splitlines()) == 3


def test_a_file_that_cannot_be_read_is_said_in_dutch(school, henk):
    one = hand_in(henk, b"<html>storing</html>")
    assert "dit is een webpagina (HTML) onder een andere naam" in words(page(henk, one, "nl"))


def test_when_something_else_came_to_count_it_is_compared_anew(school, henk):
    one, other = (
        hand_in(henk, a_week_away(school.learners[0])),
        hand_in(henk, a_week_away(school.learners[1])),
    )
    seen = one.as_read
    accept(henk, other)
    answer = post(henk, f"{HERE}{one.pk}/aannemen/", as_read=seen)
    assert answer.status_code == 409 and "being compared anew" in words(answer)
    assert now(one).state == State.RECEIVED
    read_next(quiet)
    assert now(one).counts["gone"] == 40
    post(henk, f"{HERE}{one.pk}/aannemen/", as_read=now(one).as_read)
    assert now(one).state == State.ACCEPTED


def test_of_another_school_there_is_nothing(school, henk):
    one = hand_in(henk, a_week_away(school.learners[0]))
    others = [
        make.actor(Role.ATTENDANCE_COORDINATOR, make.organisation()),
        make.actor(Role.CARE_COORDINATOR, school.organisation),
        make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV)),
    ]
    for other in others:
        assert page(other, one).status_code == 404
        assert visitor(other).get(f"{HERE}{one.pk}/geweigerd.csv").status_code == 404
        for deed in ("aannemen", "niet-aannemen", "intrekken", "dagen", "codes", "kolommen"):
            assert post(other, f"{HERE}{one.pk}/{deed}/").status_code == 404
    assert now(one).state == State.TO_REVIEW


def test_who_looked_at_a_child_in_a_delivery_stands_in_the_log(school, henk):
    child = Learner.for_operations.filter(standing__stage__in=(1, 2)).first()
    one = hand_in(henk, table([row(child.key, day, 1, permission="false") for day in WEEK]))
    page(henk, one)
    line = Line.for_operations.filter(child=child.reference).get()
    assert (line.action, line.field_class, line.object) == ("read", "ATT", f"delivery:{one.pk}")


def test_the_same_number_of_queries_whatever_is_in_it(school, henk):
    def queries(rows):
        one = hand_in(henk, table(rows))
        client = visitor(henk)
        client.get(f"{HERE}{one.pk}/")
        with CaptureQueriesContext(
            connection,
        ) as counted:
            client.get(f"{HERE}{one.pk}/")
        return len(counted)

    few = [row(school.learners[0], WEEK[0], 1)]
    many = [row(one, day, slot) for one in school.learners[:20] for day in WEEK for slot in range(1, 5)]
    assert queries(few) == queries(many)


def test_the_example_of_a_trial_can_be_handed_in(school, henk, settings):
    content = visitor(henk).get(f"{HERE}voorbeeld.csv").content
    one = hand_in(henk, content)
    assert one.state == State.TO_REVIEW and one.counts["unknown_codes"] > 0 and one.counts["refused"] == 0
    said = {True: "true", False: "false", None: ""}
    keys = {meaning: key for key, meaning in operations.MEANINGS.items()}
    meant = {
        code: keys[status, reason, said[permitted] if status == "absent" else ""]
        for (status, reason, permitted), (code, *_words) in CODES.items()
    }
    meanings = {asked.code: meant[asked.code] for asked in unknown_codes(one.pk)}
    one = decide(operations.say_codes, henk, one, meanings)
    read_next(quiet)
    one = now(one)
    # As the page says: one absence more, and one that was taken back.
    assert (one.counts["unknown_codes"], one.counts["added"], one.counts["changed"]) == (0, 1, 0)
    assert 1 <= one.counts["gone"] <= A_LITTLE
    settings.INBEELD_TRIAL = False
    assert visitor(henk).get(f"{HERE}voorbeeld.csv").status_code != 200


def test_a_school_that_is_silent_is_seen_by_those_who_watch(school, henk):
    swv = make.actor(Role.SWV_COORDINATOR, make.organisation(Kind.SWV))
    shown = words(visitor(swv).get(HERE))
    assert "Het Kompas" in shown and "up to date" in shown.lower()
    assert visitor(make.actor(Role.MENTOR, school.organisation)).get(HERE).status_code == 404


def test_a_hand_in_that_does_not_come_to_an_end_leaves_no_row(school, henk, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(places, "write_whole", full)
    with pytest.raises(OSError, match="No space"):
        hand_in(henk, a_week_away(school.learners[0]))
    assert not Delivery.objects.exists()


def test_days_that_do_not_exist_are_said_at_the_field(school, henk):
    one = hand_in(henk, a_week_away(school.learners[0]))
    answer = post(henk, f"{HERE}{one.pk}/dagen/", from_on="31-2-2026", until_on="1-3-2026")
    assert answer.status_code == 409 and "This day does not exist." in words(answer)
    later = date.today() + timedelta(days=9)  # noqa: DTZ011
    answer = post(henk, f"{HERE}{one.pk}/dagen/", from_on=str(WEEK[0]), until_on=str(later))
    assert "cannot speak for days to come" in words(answer)
    counting = Delivery.objects.counting(school.organisation)
    assert [str(other.pk) for other in counting] == now(one).compared_with


def test_a_code_nobody_asked_about_gets_no_meaning(school, henk):
    one = hand_in(henk, table([f"{school.learners[0]};{WEEK[0]};1;Q"], "leerling;datum;lesuur;code"))
    for code in ("Z", "\x00", "x" * 5000):
        answer = post(henk, f"{HERE}{one.pk}/codes/", what=code, **{"is": "sick"})
        assert answer.status_code == 409
    assert not CodeMeaning.objects.exists()


def test_a_wrong_year_does_not_speak_for_ten(school, henk):
    child = school.learners[0]
    one = hand_in(henk, table([row(child, date(2016, 4, 13), 1), row(child, WEEK[0], 1)]))
    answer = post(henk, f"{HERE}{one.pk}/aannemen/", as_read=one.as_read)
    assert answer.status_code == 409 and "more than a school year" in words(answer)
    assert now(one).state == State.TO_REVIEW


def test_a_file_that_is_too_large_is_said_at_once(henk, monkeypatch):
    monkeypatch.setattr(operations, "LARGEST_FILE", 10)
    monkeypatch.setattr(views, "ROOM_FOR_A_FORM", 10)
    answer = upload(henk, b"x" * 11)
    assert answer.status_code == 409 and "at most 50 MB" in words(answer)
    assert not Delivery.objects.exists()


def test_a_column_with_a_very_long_name_is_not_offered(school, henk):
    one = hand_in(henk, table([f"{school.learners[0]};{WEEK[0]};x"], f"wie;wanneer;{'y' * 300}"))
    assert places.kept_columns(one.pk) == ["wie", "wanneer"]


def test_what_asks_something_else_of_the_school_does_not_wait_for_its_yes(school, henk):
    plain = hand_in(henk, table([row(school.learners[0], WEEK[0], 1)]))
    codes = hand_in(
        henk, table([f"{school.learners[0]};{WEEK[0]};1;Q"], "leerling;datum;lesuur;code"), source="generic"
    )
    columns = hand_in(henk, b"wie;wanneer\nA-1;1-9-2025\n")
    assert (plain.state, codes.state, columns.state) == ("to_review", "to_review", "unnamed")
    said = {
        plain: "Waits for your yes",
        codes: "Asks what its codes mean",
        columns: "Asks which column is what",
    }
    listed = words(visitor(henk, "en").get(HERE))
    for one, sentence in said.items():
        assert listed.count(sentence) == 1
        shown = words(page(henk, one))
        assert [other for other in said.values() if other in shown] == [sentence]


def test_what_was_done_is_said_only_as_long_as_it_is_so(school, henk):
    content = a_week_away(school.learners[0])
    one = Delivery.objects.get(pk=upload(henk, content)["Location"].split("/")[2])

    def told(done):
        return words(visitor(henk, "en").get(f"{HERE}{one.pk}/?gedaan={done}"))

    assert "Received. It is being read." in told("ontvangen")
    assert "It is being read." in told("kolommen") and "It is being read again." in told("codes")
    read_next(quiet)
    for done in ("ontvangen", "kolommen", "codes", "dagen", "kolommen-opnieuw"):
        assert "It is being" not in told(done), done
    assert "The columns are kept for next time." in told("kolommen")
    post(henk, f"{HERE}{one.pk}/aannemen/", as_read=now(one).as_read)
    assert "It is being worked in" in told("aangenomen")
    publish_decided(quiet)
    assert "It is being worked in" not in told("aangenomen")
    post(henk, f"{HERE}{one.pk}/intrekken/")
    assert "It is being taken out" in told("ingetrokken")
    publish_decided(quiet)
    assert "It is being taken out" not in told("ingetrokken")
