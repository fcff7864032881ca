"""The three steps together: the answer is right, says no more than it must, and fits one request."""

from __future__ import annotations

import json
import stat
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbeeld.engine.exchange import passing, steps
from inbeeld.engine.exchange.match_keys import EACH, keyed
from inbeeld.engine.exchange.tests.conftest import Exchange
from inbeeld.engine.linkage.tests.conftest import child, others, write
from inbeeld.engine.refusal import BadInput

NAMES = st.sampled_from(["Jan", "Johannes", "Joost", "J.", "Lisa", ""])
SURNAMES = st.sampled_from(["de Vries", "Vries-Bakker", "Bakker", "Dijk", ""])
DAYS = st.sampled_from(["2012-03-04", "2012-04-03", "2013-03-04", ""])
POSTCODES = st.sampled_from(["1234AB", "9999ZZ", ""])
LISTS = st.lists(st.tuples(NAMES, SURNAMES, DAYS, POSTCODES), min_size=1, max_size=12)


def files_of(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_row_is_found_or_not_in_the_order_of_the_list(exchange: Exchange) -> None:
    said = exchange.all()
    assert list(said) == [f"L{at}" for at in range(40)]
    assert said == {f"L{at}": "found" if at >= 15 else "not_found" for at in range(40)}
    told = exchange.receipt()
    assert (told["list"], told["responder"], told["found"]) == ("leerplicht", "swv_vo", 25)
    assert (told["children"], told["children_there"], told["answer"]) == (40, 40, "children")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(here=LISTS, there=LISTS)
def test_the_answer_is_the_plain_intersection_of_the_match_keys(
    here: list[tuple[str, ...]], there: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    exchange = Exchange(tmp_path_factory.mktemp("exchange"))
    for file, rows in ((exchange.asks, here), (exchange.answers, there)):
        listed = [
            child(str(at), given, surname, born, postcode=postcode)
            for at, (given, surname, born, postcode) in enumerate(rows)
        ]
        write(file, listed)
    asked = keyed(exchange.asks, asking=True, work=exchange.asker / "work").children
    has = {
        key
        for one in keyed(exchange.answers, asking=False, work=exchange.asker / "work").children
        for key in one.keys
    }
    plain = {
        row: "not_asked" if not one.keys else "found" if set(one.keys) & has else "not_found"
        for one in asked
        for row in one.ids
    }
    if not any(one.keys for one in asked):
        with pytest.raises(BadInput, match="expected a child with a birth date"):
            exchange.ask()
        return
    said = exchange.all()
    assert said == plain
    assert list(said) == [str(at) for at in range(len(here))]


def test_what_goes_to_and_fro_is_as_long_for_every_child(exchange: Exchange) -> None:
    write(exchange.asks, [*others("L", 30), child("bare", "J.", "Vries", "2012-01-02", postcode="1111AA")])
    exchange.ask()
    exchange.respond()
    asked = passing.read_request(exchange.request)
    assert len(asked.encodings) == 31 * EACH
    assert len(passing.read_response(exchange.response).own) == 40 * EACH
    assert not set(asked.encodings) & set(passing.read_response(exchange.response).encodings)


def test_the_keys_of_one_child_come_back_in_another_order(exchange: Exchange) -> None:
    # The same key and texts, so that only the mixing differs; by chance all 40 alike: once in 8!^40.
    mixed = {tuple(steps._mixed(range(40 * EACH), children_too=False)) for _ in range(3)}
    assert len(mixed) == 3
    for whole in mixed:
        assert [{one // EACH for one in whole[at : at + EACH]} for at in range(0, len(whole), EACH)] == [
            {at} for at in range(40)
        ]


@pytest.mark.parametrize(("asked", "answered"), [(True, False), (False, True), (True, True)])
def test_only_how_many_is_told_when_either_end_wants_that(
    asked: bool, answered: bool, exchange: Exchange
) -> None:
    exchange.ask(count=asked)
    exchange.respond(count=answered)
    assert exchange.read()["found"] == 25
    assert files_of(exchange.out) == [".inbeeld.json", "receipt.json"]
    assert exchange.receipt()["answer"] == "count"


def test_of_a_number_nobody_sees_which_children_it_is(exchange: Exchange) -> None:
    """Where a child comes back says nothing of where it was asked."""
    mixed = steps._mixed(range(400 * EACH), children_too=True)
    assert Counter(mixed) == Counter(range(400 * EACH))
    at_their_place = sum(mixed[at * EACH] // EACH == at for at in range(400))
    assert at_their_place < 12


@pytest.mark.parametrize("short", ["asks", "answers"])
def test_a_number_of_fewer_than_ten_is_not_told(short: str, exchange: Exchange) -> None:
    write(getattr(exchange, short), others("X", 9))
    with pytest.raises(BadInput, match="at least 10 children to count"):
        exchange.ask(count=True)
        exchange.respond()
    assert not exchange.back.exists() and not exchange.log.exists()


def test_what_stays_is_for_its_owner_only_and_holds_no_name(exchange: Exchange) -> None:
    exchange.ask()
    exchange.respond()
    for file in (exchange.keep, exchange.log):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        text = file.read_text("utf-8").lower()
        assert not [row for row in others("L", 40) if row["last_name"].lower() in text]
    exchange.keep.chmod(0o640)
    with pytest.raises(BadInput, match="only its owner can read"):
        exchange.read()


def test_of_a_number_no_ids_are_kept(exchange: Exchange) -> None:
    exchange.ask(count=True)
    assert json.loads(exchange.keep.read_text("utf-8"))["rows"] == []


def test_what_stays_may_not_lie_in_what_is_sent(exchange: Exchange) -> None:
    with pytest.raises(BadInput, match="outside .*, which is sent"):
        exchange.ask(keep=exchange.sent / "kept")
    exchange.ask()
    (exchange.responder / "elsewhere").symlink_to(exchange.back)
    for log in (exchange.back / "log.csv", exchange.responder / "elsewhere" / "log.csv"):
        with pytest.raises(BadInput, match="a log outside .*, which is sent"):
            exchange.respond(logged=log)
    with pytest.raises(BadInput, match="a folder apart from"):
        exchange.respond()
        exchange.read(out=exchange.asker)
    assert files_of(exchange.asker) == ["kept", "leerplicht.csv", "sent"]


def test_a_request_leaves_what_an_earlier_one_kept(exchange: Exchange) -> None:
    exchange.ask()
    kept, sent = exchange.keep.read_bytes(), exchange.request.read_bytes()
    with pytest.raises(BadInput, match="may belong to a request that waits"):
        exchange.ask()
    assert (exchange.keep.read_bytes(), exchange.request.read_bytes()) == (kept, sent)


@pytest.mark.parametrize("content", ["id\n", "name\nx\n", "id,born_on\n1,2012-13-40\n", "id\n1\n"])
def test_a_list_that_cannot_be_asked_with_leaves_nothing(content: str, exchange: Exchange) -> None:
    exchange.asks.write_text(content)
    with pytest.raises(BadInput):
        exchange.ask()
    assert files_of(exchange.asker) == ["leerplicht.csv"]


def test_a_list_whose_name_is_none_of_an_organisation_is_refused(exchange: Exchange) -> None:
    exchange.asks = exchange.asks.rename(exchange.asker / "=cmd.csv")
    with pytest.raises(BadInput, match="name of the organisation"):
        exchange.ask()


def test_a_response_is_read_with_what_was_kept_of_its_own_request_only(
    exchange: Exchange, tmp_path: Path
) -> None:
    exchange.ask()
    exchange.respond()
    third = tmp_path / "third"
    exchange.ask(out=third / "sent", keep=tmp_path / "kept_of_another")
    with pytest.raises(BadInput, match="it is to another"):
        exchange.read(keep=tmp_path / "kept_of_another")
    assert not exchange.out.exists()


def test_a_request_that_was_changed_under_way_shows_when_its_response_is_read(exchange: Exchange) -> None:
    exchange.ask()
    asked = passing.read_request(exchange.request)
    fewer = passing.Request(**{**vars(asked), "children": 39, "encodings": asked.encodings[: 39 * EACH]})
    passing.write_request(exchange.request, fewer)
    exchange.respond()
    with pytest.raises(BadInput, match="what came in was changed"):
        exchange.read()


def test_encodings_that_are_none_are_refused_at_both_ends(exchange: Exchange) -> None:
    exchange.ask()
    asked = passing.read_request(exchange.request)
    forged = passing.Request(**{**vars(asked), "encodings": [bytes([9]) * 33, *asked.encodings[1:]]})
    whole = exchange.request.read_bytes()
    passing.write_request(exchange.request, forged)
    with pytest.raises(BadInput, match="encodings made by inbeeld exchange"):
        exchange.respond()
    assert not exchange.log.exists() and not exchange.back.exists()
    exchange.request.write_bytes(whole)
    exchange.respond()
    come = passing.read_response(exchange.response)
    passing.write_response(
        exchange.response, passing.Response(**{**vars(come), "encodings": [bytes(33), *come.encodings[1:]]})
    )
    with pytest.raises(BadInput, match="encodings made by inbeeld exchange"):
        exchange.read()


def test_names_that_are_read_otherwise_there_are_refused(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange.ask()
    monkeypatch.setattr(steps, "reading", lambda: "0" * 12)
    with pytest.raises(BadInput, match="a version that reads names as this one does"):
        exchange.respond()
