"""Consent: asked where it is of use, signed by who must, gone on the next request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import TestCase
from django.utils import translation

from inbeeld.access import operations_consent as operations
from inbeeld.access.models import Consent, Involvement, Kinship, Signature
from inbeeld.access.refusal import Refused
from inbeeld.kernel.access import FieldClass
from inbeeld.kernel.access import Involvement as How
from inbeeld.keys.operations import key_for
from inbeeld.keys.sealing import seal_into
from inbeeld.learners.access_page import access_page
from inbeeld.learners.consent_page import consents_to_ask
from inbeeld.learners.models import Entry, Learner
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests.at_work import again, as_actor, did, is_refused, kin, member, permit
from inbeeld.learners.tests.family import FAM, NOON, TODAY, Family, at, of_age
from inbeeld.organisations.models import Kind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SUP = FieldClass.SUP


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def family():
    return Family(of_age(9))


@pytest.fixture
def teenager():
    return Family(of_age(13))


@pytest.fixture
def grown():
    return Family(of_age(16))


# --- who signs -----------------------------------------------------------------------------------


def test_under_twelve_every_guardian_with_custody_signs(family):
    asked = family.ask()
    family.sign(asked, family.guardians[0])
    assert not family.reads()
    family.sign(asked, family.guardians[1])
    assert family.reads()
    found = Consent.for_operations.get()
    assert (found.holds_from, found.holds_until) == (TODAY, TODAY + timedelta(days=366))


def test_from_twelve_the_learner_signs_too(teenager):
    asked = teenager.ask()
    teenager.sign(asked, *teenager.guardians)
    assert not teenager.reads()
    teenager.sign(asked, teenager.learner)
    assert teenager.reads()


def test_from_sixteen_the_learner_alone(grown):
    asked = grown.ask()
    grown.sign(asked, grown.learner)
    assert grown.reads()
    guardian = again(grown.guardians[0], at=NOON)
    is_refused(guardian, "sign_consent", "somebody else signs", operations.sign, asked, by=guardian)


def test_an_older_child_lets_a_guardian_read_what_the_table_keeps(grown):
    guardian = grown.guardians[0]
    asked = grown.ask(field_class=SUP, receiver=None, receiving_kin=guardian.kinship)
    grown.sign(asked, grown.learner)
    assert grown.reads(by=guardian, field_class=SUP)
    assert not grown.reads(by=grown.guardians[1], field_class=SUP)


@pytest.mark.parametrize("birthday", [12, 16])
def test_on_a_birthday_after_which_others_sign_it_ends_and_is_asked_anew(birthday):
    family = Family(of_age(birthday - 1, days=355))
    turns = family.child.born_on.replace(year=family.child.born_on.year + birthday)
    signers = [*family.guardians, family.learner] if birthday == 16 else family.guardians
    asked = family.ask()
    family.sign(asked, *signers)
    assert family.reads(on=turns - timedelta(days=1))
    assert not family.reads(on=turns)
    late = again(family.learner, at=at(turns))
    is_refused(late, "sign_consent", "Ask anew", operations.sign, asked, by=late)
    anew = family.ask(on=turns)
    family.sign(
        anew, *([family.learner] if birthday == 16 else [*family.guardians, family.learner]), on=turns
    )
    assert family.reads(on=turns)


def test_nobody_signs_for_somebody_else_or_twice(family):
    asked = family.ask()
    stranger = kin(make.learner(make.organisation()), "guardian")
    gone = kin(family.child, "guardian", until_on=TODAY - timedelta(days=1))
    for one in (stranger, gone, family.adviser):
        with pytest.raises(Refused, match="The learner and the parents sign"):
            operations.sign(asked, by=again(one, at=NOON))
    family.sign(asked, family.guardians[0])
    with pytest.raises(Refused, match="signed already"):
        family.sign(asked, family.guardians[0])


def test_a_signature_stands_in_the_journal_with_class_and_consent(family):
    asked = family.ask()
    by = again(family.guardians[0], at=NOON)
    operations.sign(asked, by=by)
    (deed,) = by.ledger.deeds
    assert (deed.action, deed.field_class, deed.consent) == ("sign_consent", "FAM", str(asked.pk))
    assert (deed.actor, deed.row) == (by.key, "guardian_under_12/self")


# --- what for ------------------------------------------------------------------------------------


def involve_for(family, actor, purpose, **more):
    long_ago = at(TODAY) - timedelta(days=100)
    values = {"granted_at": long_ago, "accepted_at": long_ago, "from_at": long_ago, "days": 3000, **more}
    return make.involve(family.child, actor, purpose=purpose, **values)


def reads_by_row(family, actor):
    child = Entry.objects.visible_to(again(actor, at=NOON)).filter(learner=family.child)
    return child.filter(field_class=FAM.value).exists()


@pytest.fixture
def written(family):
    """Something another organisation wrote about the family."""
    writer = member(Role.CARE_COORDINATOR, family.child.standing.school)
    key = key_for(family.child.reference, "notes", writer.organisation.key)
    entry = Entry(
        learner=family.child, field_class=FAM.value, organisation=writer.organisation, written_by=writer,
        written_at=NOON,
    )  # fmt: skip
    seal_into(entry, "text", "iets", key=key)
    entry.save()
    return entry


def signed(family, **more):
    asked = family.ask(**more)
    family.sign(asked, *family.guardians)
    return asked


@pytest.mark.parametrize("purpose", ["advice", "help"])
def test_it_counts_for_who_is_involved_for_that_purpose_and_for_no_colleague(family, written, purpose):
    colleague = as_actor(member(Role.SWV_ADVISER, family.adviser.organisation))
    involve_for(family, colleague, "help")
    signed(family, purpose=purpose)
    for one, held in ((family.adviser, "advice"), (colleague, "help")):
        assert family.reads(by=one) == reads_by_row(family, one) == (held == purpose)


@pytest.mark.parametrize("first", ["advice", "coaching"])
def test_who_is_involved_for_several_purposes_needs_one_of_them(family, written, first):
    signed(family, purpose="coaching")
    assert not family.reads() and not reads_by_row(family, family.adviser)
    Involvement.for_operations.update(purpose=first)
    involve_for(family, family.adviser, "coaching" if first == "advice" else "advice")
    assert family.reads() and reads_by_row(family, family.adviser)


def test_what_somebody_was_involved_for_before_does_not_count(family, written):
    involve_for(family, family.adviser, "help", ended_at=NOON)
    signed(family, purpose="help")
    assert not family.reads() and not reads_by_row(family, family.adviser)


def test_a_seat_at_the_table_is_another_way_to_be_there(family, written):
    involve_for(family, family.adviser, "help", kind="table")
    signed(family, purpose="help")
    assert not family.reads() and not reads_by_row(family, family.adviser)


def test_the_line_names_the_purpose_that_made_it_possible(family):
    involve_for(family, family.adviser, "help", granted_at=NOON)
    by_help = signed(family, purpose="help")
    for field_class, purpose, consent in (
        (FieldClass.IDE, "advice", ""), (FAM, "help", str(by_help.pk)),
    ):  # fmt: skip
        asking = permit(family.adviser, family.child, at=NOON)
        asking.actor.ledger.note(asking, asking.may(field_class), field_class)
        (deed,) = asking.actor.ledger.take(origin="test")
        assert (deed.purpose, deed.consent) == (purpose, consent)
    assert asking.purposes[How.INVOLVED] == ("advice", "help")


def test_the_page_of_access_tells_of_each_what_consent_opens_for_them(family):
    colleague = as_actor(member(Role.SWV_ADVISER, family.adviser.organisation))
    involve_for(family, colleague, "help")
    signed(family, purpose="help")
    asking = permit(family.adviser, family.child, at=NOON)
    page = access_page(asking.actor, asking, Learner.for_operations.get(pk=family.child.pk))
    opened = {one.purpose: bool(one.reach.with_consent) for one in page.named}
    assert opened == {"advice about suitable education": False, "help to the child or the family": True}


def test_what_was_asked_for_another_purpose_can_still_be_asked(family):
    def can_be_asked():
        asking = permit(family.adviser, family.child, at=NOON)
        child = Learner.for_operations.get(pk=family.child.pk)
        return [one.field_class for one in consents_to_ask(asking.actor, asking, child)]

    family.ask(purpose="help")
    assert can_be_asked() == [FAM]
    family.ask(purpose="advice")
    assert can_be_asked() == []


# --- on paper ------------------------------------------------------------------------------------


def involve_another(family, role=Role.YOUTH_WORKER, place=Kind.YOUTH_HELP):
    """Somebody else who is involved, at NOON and since long before."""
    other = as_actor(member(role, place))
    long_ago = at(TODAY) - timedelta(days=100)
    make.involve(
        family.child, other, from_at=long_ago, days=3000, granted_at=long_ago, accepted_at=long_ago
    )  # fmt: skip
    return other


def test_somebody_involved_records_signatures_on_paper_and_each_signer_is_told(family):
    asked, other = family.ask(), involve_another(family)
    for one in family.guardians:
        by = permit(other, family.child, at=at(TODAY + timedelta(days=3)))
        mail.outbox = []
        with TestCase.captureOnCommitCallbacks(execute=True):
            made = operations.record_signature(asked, kin=one.kinship, on=TODAY + timedelta(days=1), by=by)
        assert (made.recorded_by, made.recorded_at) == (other.membership, at(TODAY + timedelta(days=3)))
        assert did(by.actor) == [("record_signature", "allowed")]
        assert [letter.to for letter in mail.outbox] == [[one.kinship.person.email]]
        assert "Brinkhof" not in mail.outbox[0].subject + mail.outbox[0].body
    assert not family.reads(on=TODAY)
    assert family.reads(on=TODAY + timedelta(days=1))


def test_who_asked_a_consent_or_would_read_it_records_no_signature(family):
    asked = family.ask()
    colleague = involve_another(family, Role.SWV_ADVISER, family.adviser.organisation)
    part = make.organisation(Kind.SWV)
    part.part_of = family.adviser.organisation
    part.save()
    elsewhere_too = involve_another(family)
    second = member(Role.SWV_COORDINATOR, family.adviser.organisation)
    second.person = elsewhere_too.membership.person
    second.save()
    for actor in (family.adviser, colleague, involve_another(family, Role.SWV_ADVISER, part), elsewhere_too):
        by = permit(actor, family.child, at=NOON)
        is_refused(
            by.actor, "record_signature", "somebody else who is involved", operations.record_signature, asked,
            kin=family.guardians[0].kinship, on=TODAY, by=by,
        )  # fmt: skip
    assert not Signature.for_operations.exists()


def test_who_asked_it_for_another_organisation_does_not_record_it_either(family):
    other = involve_another(family)
    asked = family.ask(receiver=other.organisation)
    by = permit(family.adviser, family.child, at=NOON)
    with pytest.raises(Refused, match="Who asked for a consent"):
        operations.record_signature(asked, kin=family.guardians[0].kinship, on=TODAY, by=by)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_signature_is_of_a_day_between_asking_and_today(family, days):
    by = permit(involve_another(family), family.child, at=NOON)
    is_refused(
        by.actor, "record_signature", "until today", operations.record_signature, family.ask(),
        kin=family.guardians[0].kinship, on=TODAY + timedelta(days=days), by=by,
    )  # fmt: skip


def test_who_is_not_involved_records_nothing_and_nobody_their_own(family):
    asked = family.ask()
    coordinator = as_actor(member(Role.SWV_COORDINATOR, family.adviser.organisation))
    other = involve_another(family)
    own = Kinship.for_operations.create(
        child=family.child, person=other.membership.person, relation="guardian", from_on=TODAY
    )
    stranger = kin(make.learner(make.organisation()), "guardian")
    for actor, signer, sentence in (
        (coordinator, family.guardians[0].kinship, "somebody who is involved"),
        (other, own, "somebody who is involved"),
        (other, stranger.kinship, "not kin of this child"),
    ):
        with pytest.raises(Refused, match=sentence):
            operations.record_signature(asked, kin=signer, on=TODAY, by=permit(actor, family.child, at=NOON))


# --- asking --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("legal task applies", lambda family: {"field_class": SUP}),
        ("Also with consent", lambda family: {"field_class": FieldClass.JUS}),
        ("Also with consent", lambda family: {"field_class": FieldClass.NUM}),
        ("Also with consent", lambda family: {"receiver": make.organisation(Kind.TASKFORCE)}),
        ("another region", lambda family: {"receiver": make.organisation(Kind.SWV, region="elders")}),
        ("one organisation or person", lambda family: {"receiver": None}),
        ("one organisation or person", lambda family: {"receiving_kin": family.guardians[0].kinship}),
        ("not kin of this child", lambda family: {"receiver": None, "receiving_kin": kin(
            make.learner(make.organisation()), "guardian").kinship}),
        ("legal task applies", lambda family: {
            "receiver": None, "receiving_kin": family.guardians[0].kinship}),
        ("no purpose", lambda family: {"purpose": "danger"}),
        ("at most a year", lambda family: {"until_on": TODAY - timedelta(days=1)}),
        ("at most a year", lambda family: {"until_on": TODAY + timedelta(days=366)}),
    ],
)  # fmt: skip
def test_consent_that_is_of_no_use_is_not_asked(family, sentence, named):
    by = permit(family.adviser, family.child, at=NOON)
    values = {"field_class": FAM, "receiver": family.adviser.organisation, "purpose": "advice"}
    is_refused(
        by.actor, "ask_consent", sentence, operations.ask, by, child=family.child,
        **{**values, **named(family)},
    )  # fmt: skip
    assert not Consent.for_operations.exists()


def test_only_who_is_involved_asks_and_not_twice(family):
    coordinator = as_actor(member(Role.SWV_COORDINATOR, family.adviser.organisation))
    with pytest.raises(Refused, match="involved with the child"):
        operations.ask(
            permit(coordinator, family.child, at=NOON), child=family.child, field_class=FAM,
            receiver=family.adviser.organisation, purpose="advice",
        )  # fmt: skip
    family.ask()
    with pytest.raises(Refused, match="asked already"):
        family.ask()


def test_without_a_birth_date_nobody_can_say_who_signs(family):
    asked = family.ask()
    Learner.for_operations.update(born_on=None)
    with pytest.raises(Refused, match="birth date"):
        family.ask(field_class=FAM, purpose="help")
    operations.withdraw_consent(asked, by=again(family.adviser, at=NOON))


def test_who_must_sign_is_told_without_a_word_about_what(teenager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        teenager.ask()
    signers = [*teenager.guardians, teenager.learner]
    assert {one.to[0] for one in mail.outbox} == {one.kinship.person.email for one in signers}
    assert not any("Brinkhof" in one.subject + one.body for one in mail.outbox)


# --- withdrawing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [0, 1])
def test_one_guardian_is_enough_to_withdraw(family, who):
    asked = family.ask()
    family.sign(asked, *family.guardians)
    operations.withdraw_consent(asked, by=again(family.guardians[who], at=NOON))
    assert not family.reads()
    with pytest.raises(Refused, match="withdrawn"):
        operations.sign(asked, by=again(family.guardians[0], at=NOON))
    operations.re_evaluate(family.child, on=TODAY)
    assert not family.reads()


def test_from_sixteen_a_guardian_does_not_withdraw_what_the_learner_gave(grown):
    asked = grown.ask()
    grown.sign(asked, grown.learner)
    guardian = again(grown.guardians[0], at=NOON)
    is_refused(guardian, "withdraw_consent", "Who must sign", operations.withdraw_consent, asked, by=guardian)
    operations.withdraw_consent(asked, by=again(grown.learner, at=NOON))
    assert not grown.reads()


def test_a_member_who_is_not_involved_withdraws_nothing(family):
    coordinator = as_actor(member(Role.SWV_COORDINATOR, family.adviser.organisation), at=NOON)
    with pytest.raises(Refused, match="Who must sign"):
        operations.withdraw_consent(family.ask(), by=coordinator)
