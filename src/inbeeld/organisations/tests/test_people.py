"""Inviting people: a link that works once and for a day, and nothing else that makes an account."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.utils import timezone

from inbeeld.engine.refusal import BadInput
from inbeeld.organisations import operations_people as people
from inbeeld.organisations.models import Kind, Membership, Organisation, Role

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NAME = ("Ingrid", "van der Berg")
TODAY = date(2026, 4, 17)


@pytest.fixture
def school() -> Organisation:
    return Organisation.objects.create(key="S-1", kind=Kind.SCHOOL, name="Het Anker", region="r", sector="vo")


def invite(at: Organisation, *, email: str = "Ingrid@Anker.example", role: Role = Role.MENTOR, **more):
    return people.invite(NAME, email=email, role=role, at=at, from_on=TODAY, **more)


def test_somebody_invited_has_a_role_an_address_and_nothing_to_log_in_with(school):
    made = invite(school)
    assert made.person.get_full_name() == "Ingrid van der Berg"
    assert made.person.email == "ingrid@anker.example"
    assert "ingrid" not in made.person.username.lower()
    assert not made.person.has_usable_password()
    assert made.membership.is_in_force(TODAY)


def test_a_link_works_once(school):
    made = invite(school)
    assert people.invited_by(made.token) == made.person
    assert people.accept(made.token) == made.person
    assert people.accept(made.token) is None
    assert people.invited_by(made.token) is None


def test_a_link_works_for_a_day(school, monkeypatch):
    made = invite(school)
    issued = signing.time.time()
    for later, answer in ((24 * 3600 - 60, made.person), (24 * 3600 + 60, None)):
        monkeypatch.setattr(signing.time, "time", lambda later=later: issued + later)
        assert people.invited_by(made.token) == answer


@pytest.mark.parametrize("change", ["password", "closed", "again", "gone"])
def test_a_link_stops_working_when_its_person_changes(school, change):
    made = invite(school)
    who = made.person
    if change == "password":
        who.set_password("de zee is vandaag groen")
        who.save()
    elif change == "closed":
        who.is_active = False
        who.save()
    elif change == "again":
        assert people.accept(invite(school, again=True).token) == who
    else:
        Membership.objects.all().delete()
        who.delete()
    assert people.accept(made.token) is None


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "é", signing.dumps({"person": 1}), signing.dumps([1])])
def test_what_we_did_not_make_is_no_link(token):
    assert people.invited_by(token) is None
    assert people.invited_by(signing.dumps(["x"], salt=people.SALT)) is None
    assert people.invited_by(signing.dumps({"person": "x", "state": "y"}, salt=people.SALT)) is None


def test_who_is_known_gets_another_role_and_keeps_how_they_log_in(school):
    first = invite(school)
    second = invite(school, role=Role.CARE_COORDINATOR, email="INGRID@anker.example")
    assert second.token is None
    assert second.person == first.person
    assert get_user_model().objects.count() == 1
    with pytest.raises(BadInput, match="--again"):
        invite(school)


def test_again_takes_away_all_that_was_set_up_and_ends_every_session(school):
    who = invite(school).person
    Authenticator.objects.create(user=who, type="totp", data={"secret": "x"})
    SocialAccount.objects.create(user=who, provider="school", uid="ingrid")
    Client().force_login(who)
    made = invite(school, again=True)
    who.refresh_from_db()
    assert made.token
    assert not who.has_usable_password()
    assert not Authenticator.objects.exists()
    assert not SocialAccount.objects.exists()
    assert not Session.objects.exists()
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("email", ["", "ingrid", "ingrid@", "a b@c.example", "@anker.example"])
def test_an_address_that_is_none_is_refused_in_a_sentence(school, email):
    with pytest.raises(BadInput, match="an e-mail address"):
        invite(school, email=email)
    assert not get_user_model().objects.exists()


def test_a_role_that_does_not_exist_at_such_an_organisation_is_refused(school):
    with pytest.raises(BadInput, match="--role"):
        invite(school, role=Role.SCHOOL_DOCTOR)
    assert not get_user_model().objects.exists()


def test_an_identity_belongs_to_one_person(school):
    who = invite(school, identity=("school", "ingrid")).person
    assert SocialAccount.objects.get().user == who
    people.link_identity(who, provider="school", subject="ingrid")
    with pytest.raises(BadInput, match="--subject"):
        invite(school, email="bas@anker.example", identity=("school", "ingrid"))
    assert get_user_model().objects.count() == 1


def test_only_the_sessions_of_one_person_end(school):
    one, other = invite(school).person, invite(school, email="bas@anker.example").person
    for who in (one, one, other):
        Client().force_login(who)
    assert people.end_sessions_of(one) == 2
    assert Session.objects.count() == 1


def test_sessions_that_ran_out_are_swept(school):
    Client().force_login(invite(school).person)
    people.sweep_sessions()
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    people.sweep_sessions()
    assert not Session.objects.exists()


def test_people_of_the_demo_are_told_from_those_who_were_invited(school):
    invite(school)
    assert people.people_of_the_demo() == 0
    get_user_model().objects.create(username="mentor.s-1", password="!")
    assert people.people_of_the_demo() == 1
