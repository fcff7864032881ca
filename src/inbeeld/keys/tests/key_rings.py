"""What the tests of the keys share: a ring of their own, and everything an error could give away."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from uuid import UUID

from django.views.debug import ExceptionReporter

from inbeeld.keys.keyring import KeyRing
from inbeeld.keys.models import DataKey, KeyGroup
from inbeeld.keys.opening import open_keys
from inbeeld.keys.operations import keys_for_many
from inbeeld.keys.sealing import Sealed, seal, unseal

REGION = "region:noorderveen"
IDENTITY, NOTES, MEDICAL = KeyGroup.IDENTITY, KeyGroup.NOTES, KeyGroup.MEDICAL


def a_ring(settings: Any, folder: Path) -> KeyRing:
    """A new ring in a folder, and the one that the settings name."""
    settings.INBEELD_KEYRING = folder / "keys" / "ring.json"
    return KeyRing.create(settings.INBEELD_KEYRING)


def told(error: BaseException) -> str:
    """All an error can show: its words, what it carries, what it came from, and a report of it by Django.

    The report holds the variables of our own functions, not those of the tests.
    """
    words = []
    one: BaseException | None = error
    while one is not None:
        words += [str(one), repr(one), repr(one.args), repr(vars(one)), repr(getattr(one, "doc", ""))]
        one = one.__cause__ or one.__context__
    frames = ExceptionReporter(None, type(error), error, error.__traceback__).get_traceback_frames()
    ours = [frame for frame in frames if Path(frame["filename"]).parent.name == "keys"]
    assert ours, "the error came from somewhere else"
    return " ".join(words) + repr([frame["vars"] for frame in ours])


def in_every_writing(secret: bytes) -> list[str]:
    """How a key would look if it were shown: as bytes, as hexadecimal digits, in base64."""
    return [repr(secret)[2:30], secret.hex(), base64.b64encode(secret).decode()]


def place_of(child: UUID) -> dict:
    return {"table": "t", "column": "c", "row": child}


def name_of(child: UUID) -> str:
    return f"name of {child}"


def sealed_for(children: list[UUID], group: str = IDENTITY, keyholder: str = REGION) -> dict[UUID, Sealed]:
    keys = keys_for_many(children, group=group, keyholder=keyholder)
    return {child: seal(name_of(child), key=keys[child], **place_of(child)) for child in children}


def all_readable(sealed: dict[UUID, Sealed], group: str = IDENTITY, keyholder: str = REGION) -> bool:
    keys = open_keys((child, group, keyholder) for child in sealed)
    return all(
        unseal(value, key=keys[child, group, keyholder], **place_of(child)) == name_of(child)
        for child, value in sealed.items()
    )


def masters_in_use() -> set[str]:
    return set(DataKey.objects.filter(shredded_at__isnull=True).values_list("master", flat=True))
