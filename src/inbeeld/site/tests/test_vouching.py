"""What comes of an organisation's word alone opens that organisation, and never anything else."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal import flows
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from inbeeld.access import log_in_forms
from inbeeld.access.models import Kinship
from inbeeld.access.operations_log_in import Did, changing
from inbeeld.access.providers import IdentityProvider
from inbeeld.access.sessions import may_act, roles_of
from inbeeld.access.tests import signing_in as sign
from inbeeld.learners.models import Learner
from inbeeld.learners.operations import Delivered, enter_learners
from inbeeld.organisations import operations_people as people
from inbeeld.organisations.models import Kind, Membership, Organisation, Role, Vouched

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WORD = {"method": "socialaccount", "provider": "school", "uid": "1"}
SOON, YESTERDAY = date.today() + timedelta(days=9), date.today() - timedelta(days=1)  # noqa: DTZ011


@pytest.fixture(autouse=True)
def outside_the_demo(settings):
    settings.INBEELD_TRIAL = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.INBEELD_PROVIDERS = {
        one: IdentityProvider(one, one, "https://x.example", "a", "b", key, True)
        for one, key in (("school", "S-1"), ("swv", "SWV-1"))
    }


@pytest.fixture
def swv() -> Organisation:
    return sign.organisation("SWV-1", Kind.SWV)


def on_its_word(who: User, *others: dict[str, str]) -> Client:
    """The session of somebody whose organisation has just said who they are."""
    client = sign.logged_in(who, WORD, *others)
    session = client.session
    session["authenticated_at"] = time.time()
    session.save()
    return client


def choose_password(client: Client):
    return client.post(
        "/account/wachtwoord/kiezen/", {"password1": sign.PASSWORD, "password2": sign.PASSWORD}
    )


def set_up_app(client: Client):
    client.get("/account/app/")
    return client.post("/account/app/", {"code": sign.code(client.session["mfa.totp.secret"])})


def kin_of_a_child(who: User) -> Kinship:
    enter_learners([Delivered(key="L-1", region="noorderveen", last_name="B", born_on=date(2015, 5, 1))])
    child = Learner.for_operations.get()
    return Kinship.for_operations.create(person=who, child=child, relation="guardian", from_on="2020-01-01")


def offered(client: Client, who: User) -> list[str]:
    request = RequestFactory().get("/")
    request.session, request.user = client.session, who
    return [one.key for one in roles_of(request)]


def acts(client: Client, who: User, one: Membership | Kinship) -> bool:
    request = RequestFactory().get("/")
    request.session, request.user = client.session, who
    return may_act(request, one)


def test_what_was_set_up_on_an_organisations_word_never_opens_a_role_elsewhere(swv):
    who = sign.person()
    here = sign.member(who)
    assert choose_password(on_its_word(who)).headers["Location"] == "/account/app/"

    # Later, without that organisation: the password alone makes the second factor, and logs in with both.
    by_password = Client()
    by_password.post("/inloggen/", {"login": who.email, "password": sign.PASSWORD})
    assert set_up_app(by_password).status_code == 302
    elsewhere = sign.member(who, Role.PRIVACY_OFFICER, swv)
    kinship = kin_of_a_child(who)
    who.refresh_from_db()
    for client in (by_password, sign.by_passkey(who), sign.logged_in(who, {"method": "mfa", "type": "totp"})):
        assert offered(client, who) == [f"membership:{here.pk}"]
        assert client.post("/rol/", {"role": f"membership:{elsewhere.pk}"}).status_code == 400
        assert client.post("/rol/", {"role": f"kinship:{kinship.pk}"}).status_code == 400
        assert [acts(client, who, one) for one in (here, elsewhere, kinship)] == [True, False, False]


def test_an_app_set_up_on_an_organisations_word_beside_a_password_of_ones_own_is_marked_too(swv):
    who = sign.person(password=sign.PASSWORD)
    sign.member(who)
    assert set_up_app(on_its_word(who)).status_code == 302
    elsewhere = sign.member(who, Role.PRIVACY_OFFICER, swv)
    assert not acts(sign.by_passkey(who), who, elsewhere)


def test_a_passkey_set_up_on_an_organisations_word_is_marked_too(monkeypatch, swv):
    def signed_up(request, user, name, credential):
        return Authenticator.objects.create(user=user, type="webauthn", data={"name": name})

    monkeypatch.setattr(flows, "signup_authenticator", signed_up)
    monkeypatch.setattr(log_in_forms.AddPasskeyForm, "clean", lambda form: {"name": "x", "credential": {}})
    who = sign.person()
    sign.member(who)
    assert on_its_word(who).post("/account/passkey/", {"credential": '{"id": 1}'}).status_code == 302
    assert Authenticator.objects.filter(user=who, type="webauthn").exists()
    assert not acts(sign.by_passkey(who), who, sign.member(who, Role.PRIVACY_OFFICER, swv))


@pytest.mark.parametrize(("from_on", "until_on"), [("2020-08-01", None), (SOON, None), ("2020-08-01", SOON)])
def test_who_has_or_gets_a_role_elsewhere_is_told_to_ask_for_an_invitation(swv, from_on, until_on):
    who = sign.person()
    sign.member(who)
    Membership.objects.create(
        person=who, organisation=swv, role=Role.SWV_ADVISER, from_on=from_on, until_on=until_on
    )
    client = on_its_word(who)
    client.cookies["inbeeld_language"] = "en"
    for address in ("/account/wachtwoord/kiezen/", "/account/passkey/"):
        page = client.get(address)
        assert page.status_code == 403
        assert "ask for a new invitation" in page.content.decode()
    assert choose_password(client).status_code == 403
    who.refresh_from_db()
    assert not who.has_usable_password()
    assert not Vouched.objects.exists()


def test_who_is_kin_of_a_child_too_sets_nothing_up_on_an_organisations_word():
    who = sign.person()
    sign.member(who)
    kin_of_a_child(who)
    assert choose_password(on_its_word(who)).status_code == 403


def test_a_role_elsewhere_that_is_over_does_not_matter(swv):
    who = sign.person()
    sign.member(who)
    Membership.objects.create(
        person=who, organisation=swv, role=Role.SWV_ADVISER, from_on="2020-08-01", until_on=YESTERDAY
    )
    assert choose_password(on_its_word(who)).status_code == 302


def test_without_any_role_there_nothing_is_set_up_on_its_word():
    sign.organisation()
    assert choose_password(on_its_word(sign.person())).status_code == 403


def test_of_two_organisations_nobody_vouches_for_the_whole(swv):
    who = sign.person()
    here = sign.member(who)
    client = on_its_word(who, {**WORD, "provider": "swv"})
    assert choose_password(client).status_code == 403
    assert offered(client, who) == []
    people.note_who_vouches(who, ["SWV-1"])
    assert not acts(sign.logged_in(who, WORD, {"method": "mfa", "type": "totp"}), who, here)


def test_what_was_set_up_by_an_invitation_opens_every_role(swv):
    who = sign.person()
    sign.member(who)
    elsewhere = sign.member(who, Role.PRIVACY_OFFICER, swv)
    assert choose_password(sign.logged_in(who, {"method": "invitation"}, WORD)).status_code == 302
    assert acts(sign.by_passkey(who), who, elsewhere)


def test_who_showed_a_second_factor_of_their_own_sets_up_another_that_opens_every_role(swv):
    who = sign.person(password=sign.PASSWORD)
    sign.member(who)
    elsewhere = sign.member(who, Role.PRIVACY_OFFICER, swv)
    TOTP.activate(who, SECRET)
    client = on_its_word(who, {"method": "mfa", "type": "totp"})
    assert client.post("/account/codes/nieuw/").status_code == 302
    assert acts(sign.by_passkey(who), who, elsewhere)


def test_a_new_invitation_takes_the_mark_away_and_until_then_who_invites_is_told(swv):
    who = sign.person("ingrid@anker.example")
    sign.member(who)
    people.note_who_vouches(who, ["S-1"])
    asked = {"email": who.email, "role": Role.SWV_ADVISER, "at": swv, "from_on": date(2026, 1, 1)}
    assert not people.invite(("Ingrid", "S"), **asked).opens
    assert people.invite(("Ingrid", "S"), **asked, again=True).opens
    assert not Vouched.objects.exists()
    assert offered(sign.by_passkey(who), who)[1:]


def test_a_change_that_fails_leaves_no_mark_and_no_line():
    who = sign.person()
    sign.member(who)
    client = on_its_word(who)
    request = RequestFactory().post("/")
    request.session, request.user, request.resolver_match = client.session, who, None
    with pytest.raises(RuntimeError), changing(request, Did.ADD_PASSKEY):
        assert Vouched.objects.exists()
        raise RuntimeError
    assert not Vouched.objects.exists()


def test_the_choice_of_a_role_says_why_a_role_is_not_there(swv):
    who = sign.person()
    people.note_who_vouches(who, [sign.member(who).organisation.key])
    sign.member(who, Role.MENTOR, Organisation.objects.get(key="S-1"))
    sign.member(who, Role.PRIVACY_OFFICER, swv)
    client = sign.by_passkey(who)
    client.cookies["inbeeld_language"] = "en"
    page = client.get("/rol/").content.decode()
    assert "only your roles there are open" in page
    assert "SWV-1" not in page
