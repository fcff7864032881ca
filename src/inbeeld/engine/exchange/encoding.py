"""Encodings of match keys that say nothing without the key of who made them: sets compared, contents unseen.

Private set intersection by Diffie-Hellman on the curve P-256 (Meadows 1986; Huberman, Franklin and Hogg
1999), computed by openmined-psi. Who asks sends H(x)^a. Who answers makes those H(x)^ab, and its own H(y)^b.
Who asks takes a away and sees which of its own are among them; neither can take away the other's key. It is
safe against who keeps to it and looks at all that comes in; who lies about its list is not found out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from inbeeld.engine.refusal import BadInput

#: Bytes of a point on P-256, compressed.
WIDTH = 33
#: Between two batches a person can stop it.
BATCH = 10_000
NOT_HERE = (
    "openmined-psi, which is there for Python 3.11 to 3.13 on Linux (x86_64) and macOS 14 or newer (arm64)"
)
T = TypeVar("T")


class NotEncodings(Exception):
    """Bytes that are no point on the curve: damaged, or made by something else."""


def new_key() -> bytes:
    """A key that the end that asks keeps until it has read the answer.

    Raises BadInput on a computer that cannot compute this.
    """
    key: bytes = _psi().client.CreateWithNewKey(True).GetPrivateKeyBytes()
    return key


def encoded(key: bytes, texts: Sequence[str]) -> list[bytes]:
    """Texts as the encodings to ask with, in the same order. The texts must differ."""
    asking = _psi().client.CreateFromKey(key, True)
    return [one for some in _batches(texts) for one in asking.CreateRequest(list(some)).encrypted_elements]


def answered(asked: Sequence[bytes], texts: Sequence[str]) -> tuple[list[bytes], list[bytes]]:
    """What was asked encoded once more, in the same order; and one's own texts encoded, sorted.

    Under a key that is forgotten at once, so that no two answers can be laid beside each other. Raises
    NotEncodings.
    """
    psi = _psi()
    answering = psi.server.CreateWithNewKey(True)
    again: list[bytes] = []
    for some in _batches(asked):
        request = psi.Request(encrypted_elements=some, reveal_intersection=True)
        again += _or_not(answering.ProcessRequest, request).encrypted_elements
    own: list[bytes] = []
    for texts_of_batch in _batches(texts):
        # The rate of false hits is for filters; a list of all encodings has none.
        made = answering.CreateSetupMessage(1e-9, len(asked), list(texts_of_batch), psi.DataStructure.RAW)
        own += made.raw.encrypted_elements
    return again, sorted(own)


def shared(key: bytes, again: Sequence[bytes], own_of_other: Sequence[bytes]) -> set[int]:
    """The places in `again` of the texts that the other end has too. Raises NotEncodings."""
    psi = _psi()
    asking = _or_not(psi.client.CreateFromKey, key, True)
    setup = psi.ServerSetup()
    setup.raw.encrypted_elements.extend(sorted(own_of_other))  # it is searched as a sorted list
    found: set[int] = set()
    for number, some in enumerate(_batches(again)):
        response = psi.Response(encrypted_elements=some)
        here = _or_not(asking.GetIntersection, setup, response)
        found |= {number * BATCH + place for place in here}
    return found


def _batches(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(whole), BATCH):
        yield whole[start : start + BATCH]


def _or_not(compute: Callable[..., Any], *given: object) -> Any:
    try:
        return compute(*given)
    except (RuntimeError, ValueError):
        raise NotEncodings from None


def _psi() -> Any:
    try:
        import private_set_intersection.python as psi
    except ImportError:
        raise BadInput("inbeeld exchange", NOT_HERE) from None
    return psi
