"""The key ring: the keys that wrap the data keys, in one file that is kept apart from the database.

Who has only the database, or a backup of it, has nothing to read; who has only the ring has nothing to open.
A key is named after itself (`id_of`), so a damaged key, or the ring of another place, is seen before use.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import fcntl
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

FORMAT = "inbeeld key ring 1"
NOTE = (
    "Who holds this file and the database can read everything; without this file nobody can read anything."
    " Keep a copy of it, but never beside the database or its backups."
)
SECRET_BYTES = 32
ID_BYTES = 8
OWNER_ONLY = 0o600
FOLDER_MODE = 0o700
LARGEST_FILE = 1_000_000
#: A BSN has nine digits; systems that keep it as a number drop the zero in front.
BSN_DIGITS = 9
LONGEST_NUMBER = 20
MARK_DIGITS = 32
BETWEEN_DIGITS = str.maketrans("", "", " \u00a0.-")


class KeyRingUnusable(Exception):
    """The key ring cannot be used as it is; str() says why in a sentence, and never holds a key."""


class BadNumber(ValueError):
    """Something that is no number to look up; str() never holds what was given."""


def current_ring() -> KeyRing:
    """The ring that settings.INBEELD_KEYRING names; read again only when the file has changed."""
    global _loaded
    path = getattr(settings, "INBEELD_KEYRING", None)
    if not path:
        raise ImproperlyConfigured("INBEELD_KEYRING is not set: the path of the key ring.")
    try:
        seen = os.stat(path)
    except OSError:
        return KeyRing.load(Path(path))  # says what is wrong
    state = (path, seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
    known = _loaded
    if known is None or known[0] != state:
        known = _loaded = (state, KeyRing.load(Path(path)))
    return known[1]


_loaded: tuple[tuple[object, ...], KeyRing] | None = None


@sensitive_variables()
def lookup_of(number: str) -> bytes:
    """The 32 bytes under which a BSN or education number is found: equal for equal numbers.

    Keyed, because there are so few numbers that a hash without a key, salted or not, is undone by trying
    all of them. The same ring gives the same answer for ever: the lookup key does not rotate.
    """
    return current_ring().lookup_of(number)


@sensitive_variables()
def record_mark(*parts: str) -> str:
    """Under which name a record of somebody's list is known again: 32 hexadecimal digits, the same for ever.

    Keyed, as an organisation's own numbers are few and can be tried.
    """
    return current_ring().record_mark(*parts)


@sensitive_variables()
def id_of(secret: bytes) -> str:
    """The public name of a key, from which the key cannot be found: 16 hexadecimal digits."""
    return _derived(secret, b"inbeeld key id", length=ID_BYTES).hex()


@sensitive_variables()
def _derived(secret: bytes, info: bytes, *, length: int = SECRET_BYTES) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(secret)


class Secret:
    """32 bytes that do not show themselves: not in a repr, a pickle or a comparison."""

    __slots__ = ("_bytes",)

    def __init__(self, secret: bytes) -> None:
        self._bytes = secret

    @classmethod
    def new(cls) -> Secret:
        """A fresh one, from the system's randomness."""
        return cls(secrets.token_bytes(SECRET_BYTES))

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A key of the key ring is not copied or pickled.")

    def reveal(self) -> bytes:
        """The bytes themselves."""
        return self._bytes


@dataclass(frozen=True, eq=False)
class Key:
    """One key of the ring: its name, the day it was made, and itself."""

    id: str
    made_on: date
    secret: Secret

    @classmethod
    @sensitive_variables()
    def new(cls) -> Key:
        """A key made today."""
        secret = Secret.new()
        return cls(id_of(secret.reveal()), timezone.localdate(), secret)


@dataclass(frozen=True, eq=False)
class KeyRing:
    """Master keys by id, the id of the one that wraps what is new, and one lookup key."""

    path: Path
    current: str
    masters: Mapping[str, Key]
    lookup: Key
    _derived: dict[tuple[str, str], AESGCM] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, path: Path) -> KeyRing:
        """Read the ring at `path`. Raises KeyRingUnusable: missing, damaged, or readable by others."""
        ring = _parsed(_read(path), path)
        if ring is None:
            raise KeyRingUnusable(f"{path}: the key ring is damaged; put a copy of it back.")
        return ring

    @classmethod
    def create(cls, path: Path) -> KeyRing:
        """Make a new ring with one master key, and its folder. Raises KeyRingUnusable if `path` is taken."""
        master, lookup = Key.new(), Key.new()
        ring = cls(path, master.id, {master.id: master}, lookup)
        with _alone_at(path, make=True):
            if os.path.lexists(path):
                raise KeyRingUnusable(
                    f"{path}: there is something here already; a key ring is never replaced."
                )
            _swap_in(ring)
        return ring

    def add_master(self) -> KeyRing:
        """Add a master key to the file and make it the current one; returns the ring as it is then."""
        master = Key.new()
        with _alone_at(self.path):
            now = KeyRing.load(self.path)
            ring = replace(now, current=master.id, masters={**now.masters, master.id: master}, _derived={})
            _swap_in(ring)
        return ring

    def drop_master(self, master_id: str) -> KeyRing:
        """Take a master key off the ring for ever; returns the ring as it is then.

        What is wrapped with it can never be read again: only for `retire_master`, which looks first.
        """
        with _alone_at(self.path):
            now = KeyRing.load(self.path)
            now.refuse_unknown(master_id)
            if master_id == now.current:
                raise KeyRingUnusable(f"{self.path}: master key {master_id} is the current one and stays.")
            left = {name: key for name, key in now.masters.items() if name != master_id}
            ring = replace(now, masters=left, _derived={})
            _swap_in(ring)
        return ring

    def refuse_unknown(self, master_id: str) -> None:
        """Raise KeyRingUnusable unless this master key is on the ring."""
        if master_id not in self.masters:
            raise KeyRingUnusable(
                f"{self.path}: master key {master_id} is not on this ring; does it belong to this database?"
            )

    @sensitive_variables()
    def wrapping_key(self, keyholder: str, master_id: str) -> AESGCM:
        """The cipher that wraps the data keys of one keyholder: HKDF-SHA256 of the master (RFC 5869)."""
        known = self._derived.get((keyholder, master_id))
        if known is None:
            self.refuse_unknown(master_id)
            if not keyholder:
                raise ValueError("A data key has a keyholder: an organisation's key, or region:<name>.")
            secret = self.masters[master_id].secret.reveal()
            known = AESGCM(_derived(secret, b"inbeeld wrap " + keyholder.encode()))
            self._derived[keyholder, master_id] = known
        return known

    @sensitive_variables()
    def lookup_of(self, number: str) -> bytes:
        """HMAC-SHA256 (RFC 2104) with the lookup key over the digits. Raises BadNumber."""
        if not isinstance(number, str):
            raise TypeError("A number to look up is text: as a number it would lose the zeros in front.")
        digits = number.translate(BETWEEN_DIGITS)
        if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER):
            raise BadNumber(
                f"expected a number of at most {LONGEST_NUMBER} digits, with spaces, dots or hyphens at most."
            )
        if len(digits) == BSN_DIGITS - 1:
            digits = digits.zfill(BSN_DIGITS)
        return hmac.digest(self.lookup.secret.reveal(), b"inbeeld number " + digits.encode(), "sha256")

    @sensitive_variables()
    def record_mark(self, *parts: str) -> str:
        """HMAC-SHA256 (RFC 2104) with the lookup key over texts, each after its length; cut to 128 bits."""
        said = b"".join(len(one.encode()).to_bytes(4, "big") + one.encode() for one in parts)
        whole = hmac.digest(self.lookup.secret.reveal(), b"inbeeld record " + said, "sha256")
        return whole.hex()[:MARK_DIGITS]


@sensitive_variables()
def _read(path: Path) -> bytes:
    try:
        # Not blocking: a pipe in the place of the file would make us wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyRingUnusable(
            f"{path}: there is no key ring here. If there was one, put a copy back: nothing can be read "
            "without it. On a new system: inbeeld keys create."
        ) from None
    except OSError as error:
        raise KeyRingUnusable(f"{path}: the key ring cannot be read ({error.strerror}).") from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise KeyRingUnusable(f"{path}: expected the key ring to be a file.")
        if found.st_mode & ~OWNER_ONLY & 0o777:
            raise KeyRingUnusable(
                f"{path}: others than its owner may use the key ring; allow only the owner: chmod 600."
            )
        return os.read(descriptor, LARGEST_FILE)
    finally:
        os.close(descriptor)


@sensitive_variables()
def _parsed(text: bytes, path: Path) -> KeyRing | None:
    """The ring, or None when damaged: an error of the parser would carry the keys along."""
    try:
        written = json.loads(text)
        if written["format"] != FORMAT:
            return None
        masters = {name: _key(name, entry) for name, entry in written["masters"].items()}
        lookup = _key(written["lookup"]["id"], written["lookup"])
        return KeyRing(path, masters[written["current"]].id, masters, lookup)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


@sensitive_variables()
def _key(name: str, entry: Mapping[str, str]) -> Key:
    try:
        secret = base64.b64decode(entry["key"], validate=True)
    except binascii.Error:
        secret = b""
    if len(secret) != SECRET_BYTES or id_of(secret) != name:
        raise ValueError("a key that is not the one it is named after")
    return Key(name, date.fromisoformat(entry["made_on"]), Secret(secret))


@sensitive_variables()
def _written(key: Key) -> dict[str, str]:
    return {"made_on": key.made_on.isoformat(), "key": base64.b64encode(key.secret.reveal()).decode()}


@contextlib.contextmanager
def _alone_at(path: Path, *, make: bool = False) -> Iterator[None]:
    """Nobody else changes the ring meanwhile: a lock on its folder, which leaves no file behind."""
    folder = Path(os.path.realpath(path)).parent
    try:
        if make:
            folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise KeyRingUnusable(f"{folder}: no place for a key ring ({error.strerror}).") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)  # the new name in the folder, too, survives a power cut
    finally:
        os.close(descriptor)


@sensitive_variables()
def _swap_in(ring: KeyRing) -> None:
    """Write the ring beside and swap: a reader finds the old one whole or the new one whole."""
    text = json.dumps(
        {
            "format": FORMAT,
            "note": NOTE,
            "current": ring.current,
            "masters": {name: _written(key) for name, key in ring.masters.items()},
            "lookup": {"id": ring.lookup.id, **_written(ring.lookup)},
        },
        indent=1,
    )
    final = Path(os.path.realpath(ring.path))
    beside = final.with_name(f".{final.name}.beside")
    try:
        beside.unlink(missing_ok=True)  # left by one that was killed
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            if final.exists() and (owner := final.stat()).st_uid != os.geteuid():
                os.fchown(descriptor, owner.st_uid, owner.st_gid)  # root rotates for whom the site runs as
            opened.write(text + "\n")
            opened.flush()
            os.fsync(descriptor)
        os.replace(beside, final)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise KeyRingUnusable(f"{final}: the key ring cannot be written ({error.strerror}).") from None
