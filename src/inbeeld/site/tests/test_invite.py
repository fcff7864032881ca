"""The command invite: a person, a role and a link; or a sentence."""

from __future__ import annotations

import pytest

from inbeeld.engine.refusal import BadInput
from inbeeld.organisations.models import Kind, Membership, Organisation
from inbeeld.site import invite_command

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WHO = {
    "--name": "Ingrid van der Berg",
    "--email": "ingrid@anker.example",
    "--role": "mentor",
    "--organisation": "S-1",
}


@pytest.fixture(autouse=True)
def school(settings):
    settings.INBEELD_TRIAL = False
    Organisation.objects.create(key="S-1", kind=Kind.SCHOOL, name="Het Anker", region="r", sector="vo")


def words(*more: str, **changed: str) -> list[str]:
    asked = {**WHO, **{f"--{name}": value for name, value in changed.items()}}
    return [word for pair in asked.items() for word in pair] + list(more)


def test_the_link_stands_alone_on_stdout_and_leads_to_the_first_step(client, capsys):
    assert invite_command.run(words()) == 0
    out, err = capsys.readouterr()
    link = out.strip()
    assert link.startswith("http://localhost:8000/uitnodiging/")
    assert "works once" in err
    path = link.removeprefix("http://localhost:8000")
    for _ in range(2):  # looking uses nothing up
        assert client.get(path).status_code == 200
    response = client.post(path)
    assert response.headers["Location"] == "/account/begin/"
    assert client.get("/in-beeld/").headers["Location"] == "/account/begin/"
    assert client.get("/account/begin/").status_code == 200
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410


def test_an_invitation_takes_the_place_of_who_was_logged_in(client, capsys):
    invite_command.run(words())
    client.post(capsys.readouterr().out.strip().removeprefix("http://localhost:8000"))
    before = client.session["_auth_user_id"]
    invite_command.run(words(email="bas@anker.example"))
    client.post(capsys.readouterr().out.strip().removeprefix("http://localhost:8000"))
    assert client.session["_auth_user_id"] != before


def test_who_has_an_account_gets_the_role_and_no_link(capsys):
    invite_command.run(words())
    capsys.readouterr()
    assert invite_command.run(words(role="care_coordinator")) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "has an account" in err
    assert Membership.objects.count() == 2


def test_in_production_the_link_is_that_of_the_first_host(settings, capsys):
    settings.MODE, settings.ALLOWED_HOSTS = "production", ["inbeeld.example", "other.example"]
    invite_command.run(words())
    assert capsys.readouterr().out.startswith("https://inbeeld.example/uitnodiging/")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": "Ingrid"}, "first and a last name"),
        ({"role": "king"}, "one of mentor, "),
        ({"role": "school_doctor"}, "--role"),
        ({"organisation": "S-9"}, "S-1"),
        ({"email": "ingrid"}, "an e-mail address"),
        ({"provider": "school"}, "--provider"),
        ({"subject": "x"}, "both or neither"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(changed, sentence):
    with pytest.raises(BadInput) as refusal:
        invite_command.run(words(**changed))
    assert sentence in str(refusal.value)
    assert not Membership.objects.exists()


def test_an_unknown_organisation_is_answered_with_key_and_name_and_how_many_more():
    with pytest.raises(BadInput) as few:
        invite_command.run(words(organisation="S-9"))
    assert "takes part (S-1: Het Anker), found" in str(few.value)
    for number in range(invite_command.SHOWN + 2):
        Organisation.objects.create(key=f"T-{number}", kind=Kind.SCHOOL, name=f"De Boei {number}", region="r")
    with pytest.raises(BadInput) as many:
        invite_command.run(words(organisation="S-9"))
    assert "(S-1: Het Anker; T-0: De Boei 0; " in str(many.value)
    assert "; and 3 more)" in str(many.value)


def test_a_missing_word_gets_the_usage(capsys):
    with pytest.raises(SystemExit) as end:
        invite_command.run(["--name", "A B"])
    assert end.value.code == 2
