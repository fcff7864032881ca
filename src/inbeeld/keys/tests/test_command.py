"""The command `inbeeld keys` says what was done in plain sentences and never shows a key."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import OperationalError

from inbeeld.keys import operations
from inbeeld.keys.command import run
from inbeeld.keys.keyring import KeyRing, current_ring
from inbeeld.keys.models import DataKey, KeyGroup
from inbeeld.keys.operations import keys_for_many, shred
from inbeeld.keys.tests.key_rings import a_ring, in_every_writing


@pytest.fixture
def ring(settings, tmp_path, db):
    return a_ring(settings, tmp_path)


@pytest.fixture
def refused(capsys):
    """Run a command that must be refused; returns the one sentence."""

    def run_it(*words: str) -> str:
        assert run(list(words)) == 2
        told = capsys.readouterr()
        assert told.out == "" and told.err.count("\n") == 1
        return told.err

    return run_it


def test_create_makes_a_ring_and_says_where_to_keep_it(settings, tmp_path, db, capsys):
    settings.INBEELD_KEYRING = tmp_path / "keys" / "ring.json"
    assert run(["create"]) == 0
    told = capsys.readouterr().out
    assert str(settings.INBEELD_KEYRING) in told and "never beside the database" in told
    assert current_ring().current in told


def test_create_never_replaces_a_ring(ring, refused):
    assert "never replaced" in refused("create")
    assert KeyRing.load(ring.path).current == ring.current


def test_create_refuses_when_the_database_holds_keys_of_a_ring_that_is_gone(ring, refused):
    keys_for_many([uuid4(), uuid4()], group=KeyGroup.NOTES, keyholder="a")
    ring.path.rename(ring.path.with_name("elsewhere.json"))
    told = refused("create")
    assert "holds 2 data keys of an earlier key ring" in told and "Put a copy of that one back" in told
    assert not ring.path.exists()


def test_a_whole_rotation(ring, capsys):
    children = [uuid4() for _ in range(3)]
    keys_for_many(children, group=KeyGroup.NOTES, keyholder="a")
    shred(children[0])
    assert run(["rotate"]) == 0
    told = capsys.readouterr()
    now = current_ring().current
    assert f"Wrapped with master key {now}: 2 data keys." in told.out
    assert f"inbeeld keys retire {ring.current}" in told.out and "2 of 2 data keys" in told.err
    assert run(["retire", ring.current]) == 0
    told = capsys.readouterr().out
    assert "beyond older backups of the database: 1 data key." in told and "Destroy older copies" in told
    assert set(current_ring().masters) == {now}


def test_status_says_ids_dates_and_counts_and_no_key(ring, capsys):
    children = [uuid4() for _ in range(4)]
    keys_for_many(children[:2], group=KeyGroup.NOTES, keyholder="a")
    shred(children[0])
    more = ring.add_master()
    keys_for_many(children[2:], group=KeyGroup.NOTES, keyholder="a")
    assert run(["status"]) == 0
    told = capsys.readouterr().out
    lines = {line.split()[2]: line for line in told.splitlines() if line.startswith("master key")}
    assert "old: wraps 1 data key; 1 shredded" in lines[ring.current]
    assert "current: wraps 2 data keys; 0 shredded" in lines[more.current]
    assert str(ring.lookup.made_on) in told
    secrets = [key.secret.reveal() for key in (*more.masters.values(), more.lookup)]
    assert [shown for secret in secrets for shown in in_every_writing(secret) if shown in told] == []


def test_status_tells_when_the_ring_does_not_belong_to_the_database(ring, settings, tmp_path, capsys):
    keys_for_many([uuid4()], group=KeyGroup.NOTES, keyholder="a")
    a_ring(settings, tmp_path / "elsewhere")
    assert run(["status"]) == 2
    assert "the master keys of 1 data key are not on this key ring" in capsys.readouterr().err


def test_a_damaged_key_is_told_and_the_old_master_not_offered_for_retirement(ring, capsys):
    keys_for_many([uuid4(), uuid4()], group=KeyGroup.NOTES, keyholder="a")
    DataKey.objects.filter(pk=DataKey.objects.first().pk).update(wrapped=b"damaged")
    assert run(["rotate"]) == 0
    told = capsys.readouterr().out
    assert "they do not open: 1 data key." in told and "inbeeld keys retire" not in told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["fly"], "invalid choice: 'fly'"),
        (["retire"], "the following arguments are required: ID"),
        (["status", "more"], "unrecognized arguments: more"),
        (["retire", "0000000000000000"], "not on this ring"),
    ],
)
def test_wrong_words_get_one_sentence(ring, refused, words, sentence):
    assert sentence in refused(*words)


def test_the_current_master_is_not_retired(ring, refused):
    assert "is the current one; rotate first" in refused("retire", ring.current)


@pytest.mark.parametrize("words", [["status"], ["rotate"], ["retire", "0" * 16]])
def test_without_a_ring_the_sentence_says_what_to_do(settings, tmp_path, db, refused, words):
    settings.INBEELD_KEYRING = tmp_path / "ring.json"
    assert "there is no key ring here" in refused(*words)


@pytest.mark.parametrize("command", ["create", "status"])
def test_without_the_setting_the_sentence_names_it(settings, db, refused, command):
    settings.INBEELD_KEYRING = None
    assert "INBEELD_KEYRING is not set" in refused(command)


def test_a_database_that_does_not_answer_is_told_in_one_sentence(ring, refused, monkeypatch):
    def broken(**how: object) -> None:
        raise OperationalError("connection failed: no route\nwith more lines")

    monkeypatch.setattr(operations, "rotate", broken)
    assert "the database cannot be used: connection failed: no route." in refused("rotate")


@pytest.mark.parametrize("words", [["--help"], ["rotate", "--help"]])
def test_every_command_explains_itself(capsys, words):
    assert run(words) == 0
    assert capsys.readouterr().out.startswith("usage: inbeeld keys")
