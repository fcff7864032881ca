"""The key ring: made once, never replaced, refused when it is damaged or open to others, and never shown."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
import os
import pickle
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from hypothesis import HealthCheck, given
from hypothesis import settings as generated
from hypothesis import strategies as st

from inbeeld.keys import keyring
from inbeeld.keys.keyring import BadNumber, KeyRing, KeyRingUnusable, Secret, current_ring, id_of, lookup_of
from inbeeld.keys.tests.key_rings import a_ring, in_every_writing, told

MASTER = bytes(range(32))


@pytest.fixture
def ring(settings, tmp_path):
    return a_ring(settings, tmp_path)


def secrets_of(ring: KeyRing) -> list[bytes]:
    return [key.secret.reveal() for key in (*ring.masters.values(), ring.lookup)]


# --- the file -------------------------------------------------------------------------------------


def test_a_new_ring_is_for_its_owner_only_and_reads_back_the_same(ring):
    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(ring.path.parent.stat().st_mode) == 0o700
    again = KeyRing.load(ring.path)
    assert (again.current, secrets_of(again)) == (ring.current, secrets_of(ring))
    assert len(set(secrets_of(ring))) == 2
    assert [path.name for path in ring.path.parent.iterdir()] == ["ring.json"]


def test_a_ring_is_never_replaced(ring, tmp_path):
    before = ring.path.read_bytes()
    with pytest.raises(KeyRingUnusable, match="never replaced"):
        KeyRing.create(ring.path)
    assert ring.path.read_bytes() == before
    dangling = tmp_path / "link.json"
    dangling.symlink_to(tmp_path / "nowhere.json")
    with pytest.raises(KeyRingUnusable, match="never replaced"):
        KeyRing.create(dangling)


def test_without_a_ring_the_sentence_says_what_to_do(tmp_path):
    with pytest.raises(KeyRingUnusable, match="put a copy back.*inbeeld keys create"):
        KeyRing.load(tmp_path / "ring.json")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o777])
def test_a_ring_that_others_may_use_is_refused(ring, mode):
    current_ring()
    ring.path.chmod(mode)
    for load in (lambda: KeyRing.load(ring.path), current_ring):
        with pytest.raises(KeyRingUnusable, match="allow only the owner"):
            load()


def test_what_is_no_file_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(KeyRingUnusable, match="to be a file"):
            KeyRing.load(path)


def test_a_place_where_no_folder_can_be_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(KeyRingUnusable, match="no place for a key ring"):
        KeyRing.create(tmp_path / "file" / "ring.json")


@pytest.mark.parametrize(
    "damaged",
    ["", "{", "[]", "null", "1", "[" * 100_000, '{"format": "inbeeld key ring 2"}', "\x00\xff" * 40,
     '{"format": "inbeeld key ring 1", "masters": [], "current": 1}', "{}" + " " * 2_000_000],
)  # fmt: skip
def test_a_damaged_ring_is_refused(ring, damaged):
    ring.path.write_bytes(damaged.encode("latin-1"))
    with pytest.raises(KeyRingUnusable, match="damaged; put a copy of it back"):
        KeyRing.load(ring.path)


def test_a_ring_whose_parts_were_exchanged_is_refused(ring):
    ring = ring.add_master()
    whole = json.loads(ring.path.read_text())
    one, other = whole["masters"]
    for damage in (
        {"current": "0" * 16},
        {"masters": {one: whole["masters"][other], other: whole["masters"][one]}},
        {"lookup": {**whole["lookup"], "key": whole["masters"][one]["key"]}},
        {"masters": {one: {**whole["masters"][one], "made_on": "soon"}, other: whole["masters"][other]}},
    ):
        ring.path.write_text(json.dumps({**whole, **damage}))
        with pytest.raises(KeyRingUnusable, match="damaged"):
            KeyRing.load(ring.path)


@given(st.data())
@generated(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_changed_byte_never_gives_other_keys(ring, data):
    whole = ring.path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    ring.path.write_bytes(changed)
    try:
        read = KeyRing.load(ring.path)
    except KeyRingUnusable as error:
        assert not any(
            shown in told(error) for secret in secrets_of(ring) for shown in in_every_writing(secret)
        )
    else:
        assert (read.current, secrets_of(read)) == (ring.current, secrets_of(ring))
    finally:
        ring.path.write_bytes(whole)


def test_no_error_shows_a_key(ring):
    text = ring.path.read_text()
    for damage in (text[:-5], text.replace('"current"', '"curent"'), text.replace("=", "!"), text + "x"):
        ring.path.write_text(damage)
        with pytest.raises(KeyRingUnusable) as caught:
            KeyRing.load(ring.path)
        shown = told(caught.value)
        assert [one for secret in secrets_of(ring) for one in in_every_writing(secret) if one in shown] == []


def test_a_ring_does_not_show_its_keys(ring):
    shown = repr(ring) + str(ring) + repr(list(ring.masters.values()))
    assert [one for secret in secrets_of(ring) for one in in_every_writing(secret) if one in shown] == []
    for copied in (pickle.dumps, copy.deepcopy, asdict):
        with pytest.raises(TypeError):
            copied(ring)
    for copied in (pickle.dumps, copy.copy, json.dumps):
        with pytest.raises(TypeError):
            copied(Secret(MASTER))


# --- changing it ----------------------------------------------------------------------------------


def test_a_new_master_is_current_and_the_old_one_stays(ring):
    more = ring.add_master()
    assert more.current != ring.current and set(more.masters) == {ring.current, more.current}
    assert more.lookup.secret.reveal() == ring.lookup.secret.reveal()
    assert secrets_of(KeyRing.load(ring.path)) == secrets_of(more)
    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o600


def test_masters_added_at_the_same_time_are_all_there(ring):
    with ThreadPoolExecutor(8) as together:
        added = {done.current for done in together.map(lambda _: ring.add_master(), range(24))}
    assert len(added) == 24
    assert set(KeyRing.load(ring.path).masters) == {ring.current, *added}


def test_a_master_taken_off_is_gone_and_the_current_one_stays(ring):
    more = ring.add_master()
    with pytest.raises(KeyRingUnusable, match="current one and stays"):
        more.drop_master(more.current)
    with pytest.raises(KeyRingUnusable, match="not on this ring"):
        more.drop_master("0" * 16)
    assert set(more.drop_master(ring.current).masters) == {more.current}
    assert set(KeyRing.load(ring.path).masters) == {more.current}


def test_a_full_disk_leaves_the_old_ring_whole(ring, monkeypatch):
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    before = ring.path.read_bytes()
    for step in ("fsync", "replace"):
        with monkeypatch.context() as patched:
            patched.setattr(keyring.os, step, full)
            with pytest.raises(KeyRingUnusable, match="cannot be written .No space left on device"):
                ring.add_master()
        assert ring.path.read_bytes() == before
        assert [path.name for path in ring.path.parent.iterdir()] == ["ring.json"]


def test_what_a_killed_writer_left_behind_is_cleared_up(ring):
    (ring.path.parent / ".ring.json.beside").write_text("half")
    ring.add_master()
    assert [path.name for path in ring.path.parent.iterdir()] == ["ring.json"]


def test_a_ring_behind_a_link_is_changed_where_it_is(ring, tmp_path):
    link = tmp_path / "link.json"
    link.symlink_to(ring.path)
    KeyRing.load(link).add_master()
    assert link.is_symlink() and len(KeyRing.load(ring.path).masters) == 2


# --- using it -------------------------------------------------------------------------------------


def test_the_file_is_read_again_only_when_it_changed(ring, monkeypatch):
    reads = []
    load = KeyRing.load.__func__
    monkeypatch.setattr(KeyRing, "load", classmethod(lambda cls, path: reads.append(path) or load(cls, path)))
    assert current_ring() is current_ring()
    assert len(reads) == 1
    ring.add_master()
    assert current_ring().current != ring.current
    ring.path.unlink()
    with pytest.raises(KeyRingUnusable, match="no key ring here"):
        current_ring()


@pytest.mark.parametrize("setting", [None, ""])
def test_without_the_setting_the_sentence_names_it(settings, setting):
    settings.INBEELD_KEYRING = setting
    with pytest.raises(ImproperlyConfigured, match="INBEELD_KEYRING is not set"):
        current_ring()
    del settings.INBEELD_KEYRING
    with pytest.raises(ImproperlyConfigured, match="INBEELD_KEYRING is not set"):
        current_ring()


def hkdf(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 written out for one block of SHA-256, without the library."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def test_the_wrapping_key_is_the_one_of_rfc_5869(ring):
    secret = ring.masters[ring.current].secret.reveal()
    token = ring.wrapping_key("swv-1", ring.current).encrypt(bytes(12), b"inside", None)
    assert AESGCM(hkdf(secret, b"inbeeld wrap swv-1")).decrypt(bytes(12), token, None) == b"inside"
    assert id_of(secret) == hkdf(secret, b"inbeeld key id")[:8].hex() == ring.current


def test_each_keyholder_and_each_master_has_its_own_wrapping_key(ring):
    more = ring.add_master()
    tokens = {
        more.wrapping_key(keyholder, master).encrypt(bytes(12), b"inside", None)
        for keyholder in ("region:noord", "swv-1", "swv-10")
        for master in more.masters
    }
    assert len(tokens) == 6
    assert more.wrapping_key("swv-1", ring.current) is more.wrapping_key("swv-1", ring.current)


def test_a_master_of_another_ring_and_no_keyholder_are_refused(ring):
    with pytest.raises(KeyRingUnusable, match="does it belong to this database"):
        ring.wrapping_key("swv-1", "0" * 16)
    with pytest.raises(ValueError, match="has a keyholder"):
        ring.wrapping_key("", ring.current)


# --- finding a number -----------------------------------------------------------------------------


@pytest.mark.parametrize("same", ["012345672", "12345672", "0123.45.672", "0123 45 672", "01-2345672"])
def test_equal_numbers_are_found_under_the_same_bytes(ring, same):
    assert lookup_of(same) == lookup_of("012345672")
    assert len(lookup_of(same)) == 32


@given(st.text("0123456789", min_size=1, max_size=20), st.text("0123456789", min_size=1, max_size=20))
@generated(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_equal_numbers_are(ring, one, other):
    assert (lookup_of(one) == lookup_of(other)) == (
        (one.zfill(9) if len(one) == 8 else one) == (other.zfill(9) if len(other) == 8 else other)
    )


def test_another_ring_finds_nothing(ring, settings, tmp_path):
    here = lookup_of("012345672")
    assert here not in (hashlib.sha256(b"012345672").digest(), hmac.digest(b"", b"012345672", "sha256"))
    a_ring(settings, tmp_path / "elsewhere")
    assert lookup_of("012345672") != here


def test_a_rotation_leaves_the_look_up_as_it_is(ring):
    here = lookup_of("012345672")
    more = ring.add_master()
    more.drop_master(ring.current)
    assert lookup_of("012345672") == here


@pytest.mark.parametrize("odd", ["", " ", "Vlinder", "12345678x", "١٢٣٤٥٦٧٨٩", "²12345678", "1" * 21, "1\n2"])
def test_what_is_no_number_is_refused_without_repeating_it(ring, odd):
    with pytest.raises(BadNumber, match="expected a number") as caught:
        lookup_of(odd)
    if odd.strip():
        assert odd not in told(caught.value)


def test_a_number_that_is_no_text_is_refused(ring):
    with pytest.raises(TypeError, match="lose the zeros"):
        lookup_of(12345672)


def test_the_file_says_what_it_is_and_where_not_to_keep_it(ring):
    written = json.loads(ring.path.read_text())
    assert "never beside the database" in written["note"]
    assert base64.b64decode(written["masters"][ring.current]["key"]) in secrets_of(ring)
