"""What the role that answers requests may do with each table at all, and that people log in with no more."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from inbeeld.access import row_security_catalog as catalog
from inbeeld.access import row_security_walls as walls
from inbeeld.access.providers import IdentityProvider
from inbeeld.access.row_security_policies import guarded, may_write
from inbeeld.access.tests import signing_in as sign
from inbeeld.access.tests import test_oidc as organisations_door
from inbeeld.deliveries import places
from inbeeld.deliveries.models import CodeMeaning, Delivery, SystemKey
from inbeeld.deliveries.operations import mean
from inbeeld.journal.models import Head
from inbeeld.learners.tests import factories as make
from inbeeld.learners.tests import visiting
from inbeeld.organisations import operations_people
from inbeeld.organisations.models import Role, Vouched
from tests.database_roles import Walled, as_role
from tests.promises.wall.lists import lists_laid
from tests.promises.wall.passkey import Passkey

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TODAY = timezone.localdate
HANDED_IN = "/aanleveringen/"
provider = organisations_door.provider
#: Everything that can be given away on a table.
KINDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
#: The tables of lists side by side.
LISTS = (
    "comparison", "party", "round", "handed", "sharing", "reviewer", "said", "reason", "settled", "looked",
)  # fmt: skip
OF_A_COLUMN = re.compile(r"UPDATE \((.*?)\)")


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> None:
    settings.INBEELD_TRIAL = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


# --- what stands in the database -------------------------------------------------------------------


def held(role: str, table: str) -> set[str]:
    """The rights of a role, in our words; a right to some columns names them."""
    found = catalog.rows(
        connection, "SELECT kind FROM unnest(%s::text[]) AS kind WHERE has_table_privilege(%s, %s, kind)",
        [list(KINDS), role, table],
    )  # fmt: skip
    whole = {kind for (kind,) in found}
    columns = catalog.rows(
        connection,
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND has_column_privilege(%s, attrelid, attnum, 'UPDATE') ORDER BY attname",
        [table, role],
    )  # fmt: skip
    if columns and "UPDATE" not in whole:
        whole.add(f"UPDATE ({', '.join(name for (name,) in columns)})")
    return whole


def said(rights: str) -> set[str]:
    columns = {f"UPDATE ({', '.join(sorted(one.split(', ')))})" for one in OF_A_COLUMN.findall(rights)}
    return columns | {one for one in OF_A_COLUMN.sub("", rights).split(", ") if one}


def test_of_every_table_about_no_child_it_is_said_whether_requests_need_it() -> None:
    assert set(walls.RIGHTS) | walls.NOT_USED == set(walls.tables_elsewhere())
    assert not set(walls.RIGHTS) & walls.NOT_USED


def test_the_role_for_requests_has_the_rights_that_are_said_and_no_others(walled: Walled) -> None:
    for table in walls.tables_elsewhere():
        assert held(walled.app, table) == said(walls.RIGHTS.get(table, "")), table
    for table in walls.cache_tables():
        assert held(walled.app, table) == said(walls.ALL_RIGHTS), table
    for one in guarded():
        expected = {"SELECT"}
        if one.changes.insert or may_write(one) != "false":
            expected.add("INSERT")
        if one.changes.update or may_write(one) != "false":
            expected.add("UPDATE")
        if one.table == "learners_draft":
            expected.add("DELETE")
        assert held(walled.app, one.table) == expected, one.table


def test_nothing_is_given_away_beside_the_tables_and_the_functions_of_the_rules(walled: Walled) -> None:
    others = catalog.rows(
        connection,
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND ("
        " c.relkind = 'S' AND has_sequence_privilege(%(app)s, c.oid, 'USAGE, SELECT, UPDATE')"
        " OR c.relkind IN ('r', 'v', 'm', 'f', 'p') AND c.relname <> ALL (%(known)s)"
        " AND has_any_column_privilege(%(app)s, c.oid, 'SELECT, INSERT, UPDATE'))",
        {
            "app": walled.app,
            "known": [*walls.RIGHTS, *walls.cache_tables(), *(one.table for one in guarded())],
        },
    )
    assert others == []
    for place in ("public", "pg_catalog", "information_schema"):
        assert catalog.rows(
            connection, "SELECT has_schema_privilege(%s, %s, 'CREATE')", [walled.app, place]
        ) == [(False,)]


def test_a_right_given_by_hand_on_a_table_about_no_child_is_noticed_too(walled: Walled) -> None:
    for change in (
        "GRANT UPDATE ON organisations_membership TO {}",
        "GRANT UPDATE (is_active) ON auth_user TO {}",
        "GRANT TRUNCATE ON django_session TO {}",
        "DROP TRIGGER inbeeld_never_1 ON organisations_membership --{}",
    ):
        with transaction.atomic():
            catalog.run(connection, change.format(walled.app))
            assert "changed by hand" in " ".join(walls.complaints(connection, walled.roles)), change
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE auth_user SET is_active = true",
        "UPDATE auth_user SET is_superuser = true",
        "UPDATE auth_user SET email = 'a@b.example'",
        "INSERT INTO auth_user DEFAULT VALUES",
        "DELETE FROM auth_user",
        "UPDATE organisations_membership SET role = 'leerplicht_desk'",
        "UPDATE organisations_membership SET person_id = 1",
        "UPDATE organisations_membership SET organisation_id = 1",
        "INSERT INTO organisations_membership DEFAULT VALUES",
        "DELETE FROM organisations_membership",
        "UPDATE organisations_organisation SET municipality = 'Elders'",
        "DELETE FROM socialaccount_socialaccount",
        "INSERT INTO account_emailaddress DEFAULT VALUES",
        "TRUNCATE django_session",
        "TRUNCATE inbeeld_tries",
        "SELECT * FROM socialaccount_socialtoken",
    ],
)
def test_a_request_makes_nobody_somebody_else(statement: str, walled: Walled) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), as_role(walled.app):
        catalog.run(connection, statement)


@pytest.mark.parametrize("later", ["NULL", "until_on + 1"])
def test_a_request_gives_nobody_their_work_back(later: str, walled: Walled) -> None:
    actor = make.actor(Role.MENTOR, make.organisation(), until_on=timezone.localdate())
    with pytest.raises(DatabaseError, match="does not go on"), transaction.atomic(), as_role(walled.app):
        catalog.run(connection, f"UPDATE organisations_membership SET until_on = {later}")
    with as_role(walled.app):
        catalog.run(connection, "UPDATE organisations_membership SET until_on = until_on - 1")
    actor.membership.refresh_from_db()
    assert actor.membership.until_on == timezone.localdate() - timedelta(days=1)


# --- people who log in -----------------------------------------------------------------------------


def by_password_and_code() -> None:
    """The first time by an invitation, then with a password and the app; out everywhere; back by a code on paper."""
    who, client = invited()
    client.post("/account/wachtwoord/kiezen/", {"password1": sign.PASSWORD, "password2": sign.PASSWORD})
    client.get("/account/app/")
    secret = client.session["mfa.totp.secret"]
    assert client.post("/account/app/", {"code": sign.code(secret)}).status_code == 302
    codes = list(client.get("/account/codes/").context["unused_codes"])
    assert client.get("/rol/").headers["Location"] == "/mijn-werk/"
    assert client.post("/account/overal-afmelden/").status_code == 302
    assert client.get("/in-beeld/").status_code == 302
    for code in (sign.code(secret, later=1), codes[0]):
        again = Client()
        assert (
            again.post("/inloggen/", {"login": who.email, "password": "dit is het niet"}).status_code == 200
        )
        assert again.post("/inloggen/", {"login": who.email, "password": sign.PASSWORD}).status_code == 302
        assert again.post("/inloggen/tweede-stap/", {"code": code}).headers["Location"] == "/rol/"
        assert again.get("/rol/").headers["Location"] == "/mijn-werk/"
        assert again.get("/in-beeld/").status_code == 200
        assert again.post("/afmelden/").status_code == 302
    wrong = {"login": "niemand@nergens.example", "password": "dit is het niet"}
    assert [Client().post("/inloggen/", wrong).status_code for _try in range(6)] == [200] * 5 + [429]


def by_passkey() -> None:
    """The first time by an invitation, then with a passkey; another one comes and goes."""
    who, client = invited()
    first, second = Passkey(), Passkey()
    for passkey in (first, second):
        options = client.get("/account/passkey/").context["js_data"]["creation_options"]
        done = client.post("/account/passkey/", {"name": "laptop", "credential": passkey.made_for(options)})
        assert done.status_code == 302, done.context["form"].errors
    again = Client()
    options = again.get("/inloggen/passkey/", headers={"accept": "application/json"}).json()[
        "request_options"
    ]
    assert (
        again.post("/inloggen/passkey/", {"credential": second.shown_for(options)}).headers["Location"]
        == "/rol/"
    )
    assert again.get("/rol/").headers["Location"] == "/mijn-werk/"
    assert again.get("/in-beeld/").status_code == 200
    passkeys = Authenticator.objects.filter(user=who, type="webauthn").order_by("pk")
    assert client.post(f"/account/passkey/{passkeys[0].pk}/weg/").status_code == 302
    assert passkeys.count() == 1


def by_an_organisation(told: Any) -> None:
    """Linked by who was invited, and then without an invitation."""
    who = sign.person()
    sign.member(who)
    invited_here = sign.logged_in(who, {"method": "invitation"})
    for client in (invited_here, Client()):
        assert organisations_door.come_back(client, told).headers["Location"] == "/rol/"
        assert client.get("/rol/").headers["Location"] == "/mijn-werk/"


def on_an_organisations_word() -> None:
    """A password chosen in a session of an organisation's log-in; it opens that organisation, and is marked so."""
    settings.INBEELD_TRIAL = False
    settings.INBEELD_PROVIDERS = {
        "school": IdentityProvider("school", "School", "https://x.example", "a", "b", "S-1", True)
    }
    who = sign.person()
    sign.member(who)
    client = sign.logged_in(who, {"method": "socialaccount", "provider": "school", "uid": "1"})
    session = client.session
    session["authenticated_at"] = time.time()
    session.save()
    chosen = {"password1": sign.PASSWORD, "password2": sign.PASSWORD}
    assert client.post("/account/wachtwoord/kiezen/", chosen).status_code == 302
    assert Vouched.objects.filter(person=who).exists()


def at_work() -> None:
    """The last request of a day and the first of another, which closes it; a school; mail; a role confirmed, ended."""
    settings.INBEELD_TRIAL = True
    school = make.organisation()
    officer, administrator, mentor = (
        make.actor(role, school)
        for role in (Role.PRIVACY_OFFICER, Role.APPLICATION_ADMINISTRATOR, Role.MENTOR)
    )
    make.involve(make.learner(school), mentor)
    make.judgement()
    for _day in range(2):
        assert visiting.visitor(mentor).get("/in-beeld/").status_code == 200
        Head.objects.update(at=timezone.now() - timedelta(days=2))
    care = make.actor(Role.CARE_COORDINATOR, school)
    for page in ("", "lijst/laag-1/", "bezoek/"):
        assert visiting.visitor(care).get(f"/school/{school.key}/{page}").status_code == 200
    for rhythm in ("daily", "never"):
        assert visiting.post(care, "/berichten/", rhythm=rhythm).status_code == 302
    for actor, deed, sent in (
        (officer, "bevestigen", {}),
        (administrator, "beeindigen", {"on": str(TODAY())}),
    ):
        assert visiting.post(actor, f"/rechten/{mentor.membership.pk}/{deed}/", **sent).status_code == 302
    mentor.membership.refresh_from_db()
    assert mentor.membership.reviewed_on == mentor.membership.until_on == TODAY()


def handing_in() -> None:
    """A file handed in; its columns named, and named again; a code explained, and from a day on anew."""
    settings.INBEELD_TRIAL = True
    settings.INBEELD_DATA = Path(tempfile.mkdtemp())
    school = make.organisation()
    keeper = make.actor(Role.ATTENDANCE_COORDINATOR, school)
    assert visiting.post(keeper, HANDED_IN, pasted="wie;wanneer").status_code == 302
    one = Delivery.objects.get(school=school)
    places.keep_columns(one.pk, ["wie", "wanneer"])
    for deed, state, sent in (
        ("kolommen", "unnamed", {"what": ["learner", "date"], "is": ["wie", "wanneer"]}),
        ("andere-kolommen", "unusable", {}),
    ):
        one.state = state
        one.save()
        assert visiting.post(keeper, f"{HANDED_IN}{one.pk}/{deed}/", **sent).status_code == 302
    with transaction.atomic():
        mean(school, "generic", "Z", "sick", from_on=None, by=keeper)
    for from_on in (str(TODAY()), ""):
        code = CodeMeaning.objects.filter(school=school)[0].pk
        sent = {"code": code, "is": "late", "from_on": from_on}
        assert visiting.post(keeper, f"{HANDED_IN}codes/", **sent).status_code == 302
    made = visiting.post(keeper, f"{HANDED_IN}sleutels/", name="Magister", until_on=str(TODAY()))
    (secret,) = re.findall(r"inbeeld_[\w-]{43}", made.content.decode())
    shown = {"authorization": f"Bearer {secret}"}
    answer = Client().post(f"{HANDED_IN}systeem/", b"wie;toen", content_type="text/csv", headers=shown)
    assert answer.status_code == 201
    assert Client().get(answer.json()["address"], headers=shown).json()["state"] == "received"
    key = SystemKey.objects.get()
    assert visiting.post(keeper, f"{HANDED_IN}sleutels/{key.pk}/beeindigen/").status_code == 302


def invited() -> tuple[Any, Client]:
    """Somebody in the browser in which they opened their invitation."""
    made = operations_people.invite(
        ("Ingrid", "Smit"), email="ingrid@anker.example", role=Role.CARE_COORDINATOR, at=make.organisation(),
        from_on=timezone.localdate(),
    )  # fmt: skip
    client = Client()
    address = f"/uitnodiging/{made.token}/"
    assert client.get(address).status_code == 200
    assert client.post(address).headers.get("Location") == "/account/begin/"
    assert client.get("/account/begin/").status_code == 200
    return made.person, client


WAYS: dict[str, Callable[..., None]] = {
    "password and code": by_password_and_code,
    "passkey": by_passkey,
    "organisation": by_an_organisation,
    "on an organisation's word": on_an_organisations_word,
    "at work": at_work, "handing in": handing_in, "lists": lists_laid,
}  # fmt: skip
NEEDED_BY = {
    "auth_user": "password and code", "account_emailaddress": "password and code",
    "mfa_authenticator": "passkey", "socialaccount_socialaccount": "organisation",
    "django_session": "password and code", "inbeeld_tries": "password and code",
    "organisations_organisation": "at work", "organisations_membership": "at work",
    "organisations_vouched": "on an organisation's word", "learners_judgement": "at work",
    "deliveries_delivery": "handing in", "deliveries_codemeaning": "handing in",
    "deliveries_columnname": "handing in", "deliveries_systemkey": "handing in", "learners_presence": "at work",
    **{f"reconciliation_{one}": "lists" for one in LISTS}, "notices_choice": "at work", "journal_head": "at work", "journal_dayhead": "at work",
}  # fmt: skip


def go(way: str, request: pytest.FixtureRequest) -> None:
    if way == "organisation":
        WAYS[way](request.getfixturevalue("provider"))
    else:
        WAYS[way]()


@pytest.mark.parametrize("way", WAYS)
def test_everybody_comes_in_behind_the_wall(way: str, request: pytest.FixtureRequest, walled: Walled) -> None:
    as_whom = set()

    def came_in(**_: Any) -> None:
        as_whom.add(catalog.rows(connection, "SELECT session_user::text")[0][0])

    user_logged_in.connect(came_in)
    try:
        go(way, request)
    finally:
        user_logged_in.disconnect(came_in)
    if way not in ("at work", "handing in", "lists", "on an organisation's word"):  # where nobody logs in
        assert walled.app in as_whom


def every_right() -> Iterator[tuple[str, str]]:
    """Each right on each table, one column at a time."""
    for table, rights in {**walls.RIGHTS, "inbeeld_tries": walls.ALL_RIGHTS}.items():
        for right in said(rights):
            columns = OF_A_COLUMN.findall(right)
            for one in columns[0].split(", ") if columns else []:
                yield table, f"UPDATE ({one})"
            if not columns:
                yield table, right


@pytest.mark.parametrize(("table", "right"), sorted(every_right()))
def test_each_right_is_needed(table: str, right: str, request: pytest.FixtureRequest, walled: Walled) -> None:
    way = NEEDED_BY[table]
    catalog.run(connection, f"REVOKE {right} ON {table} FROM {walled.app}")
    with pytest.raises((DatabaseError, AssertionError)):
        go(way, request)
