"""The three steps of an exchange, each on the machine of one organisation: ask, respond, read the answer.

What goes between them is one file each way. Names are read in memory and in a folder beside `out` that goes
with the run; neither file holds one, nor anything from which one could be found without the key of its maker.
"""

from __future__ import annotations

import csv
import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from inbeeld.engine.exchange import kept, log, passing
from inbeeld.engine.exchange.encoding import NotEncodings, answered, encoded, new_key, shared
from inbeeld.engine.exchange.limits import AT_MOST, FEWEST_TO_COUNT, MOST
from inbeeld.engine.exchange.match_keys import EACH, KINDS, Child, KeyedList, keyed, reading
from inbeeld.engine.exchange.passing import CHILDREN, COUNT, Request, Response
from inbeeld.engine.fingerprint import code_version, sha256_of
from inbeeld.engine.refusal import BadInput
from inbeeld.engine.snapshot import building, refuse_somebody_elses

ASK, RESPOND, READ = (f"inbeeld exchange {step}" for step in ("request", "respond", "answer"))
REQUEST_FILE, RESPONSE_FILE = "request.inbeeld", "response.inbeeld"
ANSWER_FILE, RECEIPT_FILE = "answer.csv", "receipt.json"
FOUND, NOT_FOUND, NOT_ASKED = "found", "not_found", "not_asked"
BEWARE = (
    "not_found does not say that a child is not there: what is written differently is missed, on lists typed "
    "by hand about one in four",
    "found says that names, birth dates and postcodes agree, not that somebody looked: of twins with one "
    "name or initial it may be the other",
    "what the other organisation sent is taken to be its list; nothing proves that",
)
T = TypeVar("T")
Progress = Callable[[str], None]


def _silent(line: str) -> None:
    pass


def ask(
    file: Path, *, out: Path, keep: Path, count: bool = False, progress: Progress = _silent
) -> dict[str, Any]:
    """Write a request about the children of a list into `out`, and to `keep` what will read its response.

    `count`: ask only how many of them the other has. `out` is sent; `keep` is for nobody else, and is new.
    Returns how many rows and children it asks for. Raises BadInput, with nothing written.
    """
    kept.refuse_in(out, keep, what="a place to keep what reads the response,")
    with kept.new_file(keep) as write, building(out, made_by=ASK, reads=(file,)) as beside:
        progress("reading the names as they are spelled")
        here = _keyed(file, asking=True, beside=beside)
        refuse_somebody_elses(out, made_by=ASK)
        asked = _shuffled(child for child in here.children if child.keys)
        _refuse_too_few(file, len(asked), count=count)
        progress(f"encoding {len(asked):,} children")
        key = new_key()
        texts = [text for child in asked for text in _shuffled(_filled_up(child.keys, EACH))]
        request = Request(
            id=secrets.token_hex(16),
            asker=here.name,
            made_on=datetime.now(UTC).date().isoformat(),
            children=len(asked),
            answer=COUNT if count else CHILDREN,
            reading=reading(),
            encodings=encoded(key, texts),
        )
        passing.write_request(beside / REQUEST_FILE, request)
        not_asked = len(here.ids) - sum(len(child.ids) for child in asked)
        write(
            kept.Kept(
                request=request.id,
                request_sha256=sha256_of(beside / REQUEST_FILE),
                key=key.hex(),
                list=here.name,
                children=len(asked),
                not_asked=not_asked,
                answer=request.answer,
                rows=[] if count else _rows(here, asked),
            )
        )
    return {"list": here.name, "rows": len(here.ids), "children": len(asked), "not_asked": not_asked}


def respond(
    request: Path,
    file: Path,
    *,
    out: Path,
    logged: Path,
    count: bool = False,
    at_most: int = AT_MOST,
    progress: Progress = _silent,
) -> dict[str, Any]:
    """Answer a request with the children of a list into `out`, which is sent back; returns its receipt.

    `logged`: the log of what was answered, a line a request, made when absent. `count`: tell only how many,
    whatever was asked. `at_most`: children in one request; twelve times as many in a year. What the answer is
    shows at the other end only. Raises BadInput, with nothing written and nothing counted.
    """
    kept.refuse_in(out, logged, what="a log")
    now = datetime.now(UTC)
    with log.opened(logged) as before, building(out, made_by=RESPOND, reads=(request, file)) as beside:
        asked = passing.read_request(request)
        if asked.reading != reading():
            raise BadInput(str(request), "a request by a version that reads names as this one does")
        before.refuse(asked, shown=str(request), at_most=at_most, now=now)
        progress(f"{asked.asker} asks about {asked.children:,} children; reading the names here")
        here = _keyed(file, asking=False, beside=beside)
        refuse_somebody_elses(out, made_by=RESPOND)
        count = count or asked.answer == COUNT
        _refuse_too_few(request, asked.children, count=count)
        _refuse_too_few(file, len(here.children), count=count)
        progress(f"encoding {len(here.children):,} children here, and what was asked once more")
        offered = [key for child in here.children for key in child.keys]
        try:
            again, own = answered(asked.encodings, _filled_up(offered, EACH * len(here.children)))
        except NotEncodings:
            raise BadInput(str(request), "encodings made by inbeeld exchange") from None
        response = Response(
            request=asked.id,
            request_sha256=sha256_of(request),
            responder=here.name,
            children=asked.children,
            children_here=len(here.children),
            answer=COUNT if count else CHILDREN,
            encodings=_mixed(again, children_too=count),
            own=own,
        )
        passing.write_response(beside / RESPONSE_FILE, response)
        receipt = {
            "answered_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "request": asked.id,
            "asker": asked.asker,
            "asked_on": asked.made_on,
            "children": asked.children,
            "responder": here.name,
            "children_here": len(here.children),
            "answer": response.answer,
            "request_sha256": response.request_sha256,
            "response_sha256": sha256_of(beside / RESPONSE_FILE),
            "at_most": at_most,
            "keys": KINDS,
            "code_version": code_version(),
        }
        _write_json(beside / RECEIPT_FILE, receipt)
        before.add({name: receipt[name] for name in log.COLUMNS})
        in_a_year = before.asked_in_a_year(now) + asked.children
    return {**receipt, "asked_in_a_year": in_a_year}


def read_answer(response: Path, *, keep: Path, out: Path, progress: Progress = _silent) -> dict[str, Any]:
    """Read the response to one's own request into `out`; returns the receipt.

    answer.csv says of each row of the list found, not_found or not_asked; where only a number was asked or
    given there is the receipt alone. Raises BadInput for the response to another request.
    """
    with building(out, made_by=READ, reads=(response, keep)) as beside:
        mine = kept.read(keep)
        come = passing.read_response(response)
        _refuse_anothers(response, come, mine, keep=keep)
        refuse_somebody_elses(out, made_by=READ)
        progress(f"reading which of {mine.children:,} children {come.responder} has")
        try:
            places = shared(bytes.fromhex(mine.key), come.encodings, come.own)
        except NotEncodings:
            raise BadInput(str(response), "encodings made by inbeeld exchange") from None
        found = {place // EACH for place in places}
        receipt = {
            "request": mine.request,
            "list": mine.list,
            "children": mine.children,
            "not_asked": mine.not_asked,
            "responder": come.responder,
            "children_there": come.children_here,
            "answer": come.answer,
            "found": len(found),
            "request_sha256": mine.request_sha256,
            "response_sha256": sha256_of(response),
            "beware": BEWARE,
            "code_version": code_version(),
        }
        if come.answer == CHILDREN:
            _write_answer(beside / ANSWER_FILE, mine, found)
        _write_json(beside / RECEIPT_FILE, receipt)
    return receipt


def _keyed(file: Path, *, asking: bool, beside: Path) -> KeyedList:
    here = keyed(file, asking=asking, work=beside / ".work")
    if not passing.is_a_name(here.name):
        raise BadInput(str(file), "a file with the name of the organisation, in at most 80 plain letters")
    if len(here.children) > MOST:
        raise BadInput(str(file), f"at most {MOST:,} children", found=f"{len(here.children):,}")
    return here


def _refuse_too_few(file: Path, children: int, *, count: bool) -> None:
    if not children:
        raise BadInput(str(file), "a child with a birth date, and a name or postcode")
    if count and children < FEWEST_TO_COUNT:
        raise BadInput(
            str(file),
            f"at least {FEWEST_TO_COUNT} children to count, since a number of fewer says who",
            found=str(children),
        )


def _refuse_anothers(response: Path, come: Response, mine: kept.Kept, *, keep: Path) -> None:
    if come.request != mine.request:
        raise BadInput(
            str(response), f"the response to the request that {keep} was kept with; it is to another"
        )
    if come.request_sha256 != mine.request_sha256 or come.children != mine.children:
        raise BadInput(str(response), "a response to the request as it was made; what came in was changed")
    if mine.answer == COUNT and come.answer != COUNT:
        raise BadInput(str(response), "a number, as was asked; this tells of each child")


def _rows(here: KeyedList, asked: Sequence[Child]) -> list[tuple[str, int | None]]:
    places = {key: place for place, child in enumerate(asked) for key in child.ids}
    return [(key, places.get(key)) for key in here.ids]


def _filled_up(texts: Sequence[str], length: int) -> list[str]:
    """The texts and so many random ones beside them that their number says nothing; these match nothing."""
    return [*texts, *(secrets.token_hex(32) for _ in range(length - len(texts)))]


def _mixed(encodings: Sequence[bytes], *, children_too: bool) -> list[bytes]:
    """Those of one child in another order: nobody sees which key matched. For a number the children too."""
    of_each = [_shuffled(encodings[at : at + EACH]) for at in range(0, len(encodings), EACH)]
    return [one for some in (_shuffled(of_each) if children_too else of_each) for one in some]


def _shuffled(some: Iterable[T]) -> list[T]:
    mixed = list(some)
    secrets.SystemRandom().shuffle(mixed)
    return mixed


def _write_answer(file: Path, mine: kept.Kept, found: set[int]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("id", "answer"))
        for key, place in mine.rows:
            writer.writerow((key, NOT_ASKED if place is None else FOUND if place in found else NOT_FOUND))


def _write_json(file: Path, told: object) -> None:
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
