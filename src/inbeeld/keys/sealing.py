"""Sealing: text that only its key opens, and only in the table, column and row it was sealed for.

AES-256-GCM (NIST SP 800-38D). A sealed value is: one byte of format, 16 of the key's id, 12 of nonce, then
the text, padded and encrypted, with a tag of 16. The place it is for is authenticated but not written down.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import Any, NoReturn
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.views.decorators.debug import sensitive_variables

FORMAT = b"\x01"
ID_END = 1 + 16
NONCE_BYTES = 12
HEAD = ID_END + NONCE_BYTES
TAG_BYTES = 16
LENGTH_BYTES = 4
#: Nearly every name fits in the smallest size, so that the length of a name tells nothing.
SMALLEST = 32


class SealBroken(Exception):
    """A sealed value that cannot be opened; str() says why, and never holds content, key or place."""

    sentence = "This sealed value cannot be opened."

    def __str__(self) -> str:
        return self.sentence


class UnknownFormat(SealBroken):
    """Not something that was sealed here, or sealed by a newer version."""

    sentence = "This is not a sealed value of a format known here."


class CutOff(SealBroken):
    """Shorter, or longer, than a sealed value can be."""

    sentence = "This sealed value is not whole: part of it is missing or was added."


class OtherKey(SealBroken):
    """Sealed with a key of another child, group or keyholder."""

    sentence = "This value was sealed with another key than the one given."


class NotForHere(SealBroken):
    """The tag does not fit: AES-GCM does not tell which of the two it was."""

    sentence = "This sealed value was altered, or moved here from another table, column or row."


class KeyShredded(SealBroken):
    """Its key was shredded: it is erased for good."""

    sentence = "This value was erased: its key was shredded, and nobody can open it any more."


class KeyDamaged(SealBroken):
    """The data key itself does not open."""

    sentence = "The key of this value was altered, moved, or wrapped with another key ring; it does not open."


class NotSealed(TypeError):
    """Something that is not sealed, where only sealed values may be kept."""


class OpenKey:
    """A data key, ready for use; or, when it was shredded or damaged, the reason why it is not.

    `id` is that of the data key; `earlier` are ids of shredded keys of the same child, group and keyholder.
    It keeps a cipher instead of the key, so that there is nothing to show, copy or pickle.
    """

    __slots__ = ("_cipher", "closed", "earlier", "id")

    def __init__(
        self,
        key_id: UUID,
        raw: bytes | None,
        *,
        closed: type[SealBroken] = KeyShredded,
        earlier: frozenset[UUID] = frozenset(),
    ) -> None:
        self.id = key_id
        self._cipher = None if raw is None else AESGCM(raw)
        self.closed = closed
        self.earlier = earlier

    def __repr__(self) -> str:
        return "<open key>" if self._cipher else "<closed key>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("An open key is not copied or pickled.")

    @property
    def is_open(self) -> bool:
        """Can something be sealed and unsealed with it?"""
        return self._cipher is not None

    def cipher(self) -> AESGCM:
        """The cipher; raises KeyShredded or KeyDamaged when there is none."""
        if self._cipher is None:
            raise self.closed
        return self._cipher


class Sealed:
    """A sealed value. It shows and says nothing until `unseal` opens it with its key.

    In a template or an f-string it is "…"; comparing it or asking whether it is true is an error.
    """

    __slots__ = ("_token",)

    def __init__(self, token: bytes | bytearray | memoryview) -> None:
        self._token = bytes(token)

    def __repr__(self) -> str:
        return "<sealed>"

    def __str__(self) -> str:
        return "…"

    def __format__(self, how: str) -> str:
        return "…"

    def __bytes__(self) -> bytes:
        return self._token

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("A sealed value cannot be compared; unseal it first.")

    def __bool__(self) -> NoReturn:
        raise TypeError("Whether a sealed value is empty is not known before it is unsealed.")

    def __copy__(self) -> Sealed:
        return self

    def __deepcopy__(self, memo: object) -> Sealed:
        return self


@sensitive_variables()
def seal(text: str, *, key: OpenKey, table: str, column: str, row: UUID | str) -> Sealed:
    """Seal `text` for one place; `row` is the uuid of the row. Raises KeyShredded or KeyDamaged."""
    cipher = key.cipher()
    bound = _bound(key.id, table, column, row)
    nonce = os.urandom(NONCE_BYTES)
    return Sealed(FORMAT + key.id.bytes + nonce + cipher.encrypt(nonce, _padded(text), bound))


@sensitive_variables()
def unseal(sealed: Sealed | bytes, *, key: OpenKey, table: str, column: str, row: UUID | str) -> str:
    """The text sealed for this place. Raises one of the kinds of SealBroken."""
    token = bytes(sealed)
    if token[:1] != FORMAT:
        raise UnknownFormat
    inside = len(token) - HEAD - TAG_BYTES
    if inside <= 0 or _size(inside) != inside:
        raise CutOff
    if token[1:ID_END] != key.id.bytes:
        raise KeyShredded if UUID(bytes=token[1:ID_END]) in key.earlier else OtherKey
    cipher = key.cipher()
    bound = _bound(key.id, table, column, row)
    try:
        padded = cipher.decrypt(token[ID_END:HEAD], token[HEAD:], bound)
    except InvalidTag:
        raise NotForHere from None
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    try:
        return str(padded[LENGTH_BYTES : LENGTH_BYTES + length], "utf-8")
    except UnicodeDecodeError:
        pass  # raised outside, as that error carries the text
    raise UnknownFormat


_UUID_AHEAD = (16).to_bytes(LENGTH_BYTES, "big")  # what `joined` puts in front of one


@lru_cache(maxsize=1024)
def _place(table: str, column: str) -> bytes:
    if not (table and column):
        raise ValueError("What is sealed has a table and a column.")
    return joined(b"inbeeld seal", FORMAT, table.encode(), column.encode())


def _bound(key_id: UUID, table: str, column: str, row: UUID | str) -> bytes:
    if not isinstance(row, UUID):
        try:
            row = UUID(row)
        except (ValueError, TypeError, AttributeError):
            row = None
        if row is None:
            raise TypeError("The row of what is sealed is named by a uuid.")
    return b"".join((_place(table, column), _UUID_AHEAD, row.bytes, _UUID_AHEAD, key_id.bytes))


def joined(*parts: bytes) -> bytes:
    """Parts with their length in front, so that nothing can be shifted from one to the next."""
    return b"".join([len(part).to_bytes(LENGTH_BYTES, "big") + part for part in parts])


@sensitive_variables()
def _padded(text: str) -> bytes:
    if not isinstance(text, str):
        raise TypeError("Only text can be sealed.")
    try:
        written: bytes | None = text.encode()
    except UnicodeEncodeError:
        written = None  # raised outside, as that error carries the text
    if written is None:
        raise ValueError("Text with half a character in it (a lone surrogate) cannot be sealed.")
    length = len(written)
    return (length.to_bytes(LENGTH_BYTES, "big") + written).ljust(_size(LENGTH_BYTES + length), b"\0")


def _size(length: int) -> int:
    """To what length so many bytes are padded: whole steps of 32; from 1024 the steps grow.

    Padmé (Nikitin et al., Reducing Metadata Leakage from Encrypted Files and Communication with PURBs,
    PoPETs 2019): at most 12 % more, and hardly any text has a size of its own.
    """
    exponent = length.bit_length() - 1
    step = max(SMALLEST, 1 << max(0, exponent - exponent.bit_length()))
    return -(-length // step) * step


class SealedField(models.Field):
    """A column that holds only sealed values: a `Sealed`, or None.

    `row` names the attribute of the model that holds the row's uuid. Table and column are bound by their
    names in the database: who renames one must open and seal anew what is in it.
    Not a BinaryField underneath: for those Django does without PostgreSQL's fast way to insert many rows.
    """

    description = "Sealed text"
    empty_strings_allowed = False
    empty_values: list[object] = []  # a sealed value is not compared with these

    def __init__(self, *args: Any, row: str = "id", **kwargs: Any) -> None:
        self.row = row
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.editable:
            kwargs["editable"] = True
        else:
            del kwargs["editable"]
        if self.row != "id":
            kwargs["row"] = self.row
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is something can be asked: the same text sealed twice is not the same."""
        if lookup_name != "isnull":
            raise FieldError(
                f"{self.name} is sealed: nothing can be found by it; ask only {self.name}__isnull."
            )
        return super().get_lookup(lookup_name)

    def from_db_value(self, value: Any, expression: object, connection: object) -> Sealed | None:
        return None if value is None else Sealed(value)

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise NotSealed(f"{self.model.__name__}.{self.name} keeps only what was sealed first.")
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else connection.Database.Binary(bytes(value))

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else b64encode(bytes(value)).decode("ascii")

    def to_python(self, value: Any) -> Sealed | None:
        """A Sealed as it is; its base64 for fixtures; anything else is a ValidationError without it."""
        if value is None or isinstance(value, Sealed):
            return value
        try:
            token = b64decode(value, validate=True)
        except (ValueError, TypeError):
            token = b""
        if token[:1] != FORMAT or len(token) < HEAD + TAG_BYTES + SMALLEST:
            raise ValidationError("This is not a sealed value.", code="not_sealed")
        return Sealed(token)


@sensitive_variables()
def seal_into(instance: models.Model, name: str, text: str | None, *, key: OpenKey) -> None:
    """Set the sealed field `name` of a row, saved or not, to `text`; None stays None."""
    sealed = None if text is None else seal(text, key=key, **_place_of(instance, name))
    setattr(instance, name, sealed)


def unseal_from(instance: models.Model, name: str, *, key: OpenKey) -> str | None:
    """The text in the sealed field `name` of a row, or None. Raises one of the kinds of SealBroken."""
    sealed = getattr(instance, name)
    return None if sealed is None else unseal(sealed, key=key, **_place_of(instance, name))


def _place_of(instance: models.Model, name: str) -> dict[str, Any]:
    table, column, row = _field_of(type(instance), name)
    return {"table": table, "column": column, "row": getattr(instance, row)}


@lru_cache(maxsize=1024)
def _field_of(model: type[models.Model], name: str) -> tuple[str, str, str]:
    field = model._meta.get_field(name)
    if not isinstance(field, SealedField):
        raise NotSealed(f"{model._meta.object_name}.{name} is no sealed field.")
    return model._meta.db_table, field.column, field.row
