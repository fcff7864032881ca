"""The two files that go from one organisation to the other: a head in words, and encodings of one width.

Line 1 says what it is, line 2 is the head as JSON, the rest are bytes. Such a file was made by somebody else:
it is read no further than its head says, and what is not as it should be is refused in one sentence.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from inbeeld.engine.exchange.encoding import WIDTH
from inbeeld.engine.exchange.limits import MOST
from inbeeld.engine.exchange.match_keys import EACH
from inbeeld.engine.intake.written import harmless
from inbeeld.engine.refusal import BadInput

FIRST_LINE = b"inbeeld exchange 1 "
CHILDREN, COUNT = "children", "count"
LONGEST_HEAD = 2_000
LONGEST_NAME = 80
REQUEST, RESPONSE = "request", "response"


@dataclass(frozen=True)
class Request:
    """What an organisation asks with: `children` times EACH encodings, those of one child together.

    `asker`: what it calls itself. `answer`: CHILDREN (which of its own) or COUNT (how many). `reading`: how
    names were read.
    """

    id: str
    asker: str
    made_on: str
    children: int
    answer: str
    reading: str
    encodings: Sequence[bytes]


@dataclass(frozen=True)
class Response:
    """What goes back: what was asked encoded again, and the encodings of the list here, sorted.

    For COUNT the children stand in another order than they were asked in; the encodings of one always do.
    """

    request: str
    request_sha256: str
    responder: str
    children: int
    children_here: int
    answer: str
    encodings: Sequence[bytes]
    own: Sequence[bytes]


def write_request(file: Path, one: Request) -> None:
    """Write the file that is sent to the other organisation."""
    _write(file, REQUEST, one, one.encodings)


def write_response(file: Path, one: Response) -> None:
    """Write the file that goes back."""
    _write(file, RESPONSE, one, [*one.encodings, *one.own])


def read_request(file: Path) -> Request:
    """A request as it came in. Raises BadInput for anything that is not one, and whole."""
    head, encodings = _read(file, REQUEST, REQUEST_HEAD, ("children",))
    if len(set(encodings)) < len(encodings):
        raise BadInput(str(file), "each encoding once: a request that was made by inbeeld exchange")
    return Request(**head, encodings=encodings)


def read_response(file: Path) -> Response:
    """A response as it came back. Raises BadInput for anything that is not one, and whole."""
    head, encodings = _read(file, RESPONSE, RESPONSE_HEAD, ("children", "children_here"))
    asked = head["children"] * EACH
    return Response(**head, encodings=encodings[:asked], own=encodings[asked:])


def is_a_name(value: object) -> bool:
    """Can it stand in a sentence, a log and a table as the name of an organisation?"""
    return (
        isinstance(value, str)
        and 0 < len(value) <= LONGEST_NAME
        and value == value.strip()
        and value.isprintable()
        and harmless(value) == value
    )


def is_hex(length: int) -> Callable[[object], bool]:
    """A check for small hexadecimal text of that many digits."""
    return lambda value: isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{length}}}", value) is not None


def _is_number(value: object) -> bool:
    return type(value) is int and 0 < value <= MOST


Head = Mapping[str, Callable[[object], bool]]
REQUEST_HEAD: Head = {
    "id": is_hex(32),
    "asker": is_a_name,
    "made_on": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None,
    "children": _is_number,
    "answer": lambda value: value in (CHILDREN, COUNT),
    "reading": is_hex(12),
}
RESPONSE_HEAD: Head = {
    "request": is_hex(32),
    "request_sha256": is_hex(64),
    "responder": is_a_name,
    "children": _is_number,
    "children_here": _is_number,
    "answer": REQUEST_HEAD["answer"],
}


def _write(file: Path, kind: str, one: Request | Response, encodings: Sequence[bytes]) -> None:
    names = REQUEST_HEAD if kind == REQUEST else RESPONSE_HEAD
    body = b"".join(encodings)
    head = {**{name: getattr(one, name) for name in names}, "sha256": hashlib.sha256(body).hexdigest()}
    with file.open("wb") as stream:
        stream.write(FIRST_LINE + kind.encode() + b"\n")
        stream.write(json.dumps(head, ensure_ascii=False).encode() + b"\n")
        stream.write(body)


def _read(file: Path, kind: str, checks: Head, counted: Sequence[str]) -> tuple[dict[str, Any], list[bytes]]:
    shown = str(file)
    if not file.is_file():
        raise BadInput(shown, f"the file of a {kind}")
    with file.open("rb") as stream:
        _refuse_other_kind(stream, kind, shown)
        told = _head(stream, {**checks, "sha256": is_hex(64)}, shown)
        should = sum(told[name] for name in counted) * EACH * WIDTH
        body = stream.read(should + 1)
    if len(body) < should:
        raise BadInput(shown, f"a whole {kind}; {should - len(body):,} bytes at its end are missing")
    if len(body) > should or hashlib.sha256(body).hexdigest() != told.pop("sha256"):
        raise BadInput(shown, f"a {kind} as it was made; this one was changed or damaged under way")
    return told, [body[at : at + WIDTH] for at in range(0, should, WIDTH)]


def _refuse_other_kind(stream: IO[bytes], kind: str, shown: str) -> None:
    line = stream.readline(LONGEST_HEAD)
    if line == FIRST_LINE + kind.encode() + b"\n":
        return
    for other in (REQUEST, RESPONSE):
        if line == FIRST_LINE + other.encode() + b"\n":
            raise BadInput(shown, f"a {kind}; this is a {other}")
    raise BadInput(shown, f"a {kind} made by inbeeld exchange")


def _head(stream: IO[bytes], checks: Head, shown: str) -> dict[str, Any]:
    line = stream.readline(LONGEST_HEAD)
    try:
        told = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or told.keys() != checks.keys():
        raise BadInput(shown, "a head as inbeeld exchange writes it", line=2)
    for name, passes in checks.items():
        if not passes(told[name]):
            raise BadInput(shown, "a head as inbeeld exchange writes it", line=2, column=name)
    return told
