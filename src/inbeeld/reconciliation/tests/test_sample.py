"""The sample people look at again: blind, once, and told to coverage."""

from __future__ import annotations

import csv

import pytest

from inbeeld.access.refusal import Refused
from inbeeld.learners.tests.visiting import post, visitor, words
from inbeeld.reconciliation import comparing
from inbeeld.reconciliation.models import Looked, RoundState, Said
from inbeeld.reconciliation.operations_pairs import check
from inbeeld.reconciliation.sampled import Sampled
from inbeeld.reconciliation.tests.laying import do, work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def at(region, *parts):
    return "/".join(("/lijsten", str(region.comparison.pk), "steekproef", *parts, ""))


def sampled(region, actor):
    return Sampled(region.lying(actor))


def reviews_of(region, tmp_path):
    comparing._write_reviews(tmp_path / "reviews.csv", region.round())
    with (tmp_path / "reviews.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_links_stand_among_pairs_that_are_none(open_region):
    found = sampled(open_region, open_region.anneke)
    assert found.all == (0, 7)
    kinds = [(one.is_link, one.pair is None) for one in found.to_do]
    assert sorted(kinds) == [(False, False)] * 2 + [(False, True)] * 3 + [(True, False)] * 4
    page = words(visitor(open_region.anneke).get(at(open_region)))
    assert "0 of 7 looked at." in page


def test_a_page_of_the_sample_does_not_say_what_was_made_of_it(open_region):
    for one in sampled(open_region, open_region.anneke).to_do:
        if one.pair is None:
            continue
        page = words(visitor(open_region.anneke).get(at(open_region, one.key)))
        assert "Is this one child?" in page and "One child Two children" in page
        assert not any(
            said in page for said in ("Perhaps a twin", "inbeeld linked", "Why it is not sure", "undo")
        )


def test_what_was_found_reaches_coverage_and_mends_the_links(open_region, tmp_path):
    found = sampled(open_region, open_region.anneke)
    links = [one for one in found.to_do if one.is_link]
    for number, one in enumerate(links):
        answer = "twee-kinderen" if number == 0 else "een-kind"
        assert post(open_region.anneke, at(open_region, one.key), antwoord=answer).status_code == 302
    lost = [one for one in found.to_do if one.pair is None]
    for one in lost[:-1]:
        post(open_region.anneke, at(open_region, one.key), antwoord="staat-er-niet")
    other = {"Haitsma": "LP-10", "Ritsema": "LP-11", "Postma": "LP-12"}[lost[-1].row.cells["last_name"]]
    lying = open_region.lying(open_region.anneke)
    pair = lying.key_of(("leerplicht", other), ("swv_vo", lost[-1].row.id))
    page = words(visitor(open_region.anneke).get(at(open_region, lost[-1].key)))
    assert "Is this child on leerplicht?" in page
    assert post(open_region.anneke, at(open_region, lost[-1].key), antwoord="x").status_code == 409
    assert post(open_region.anneke, at(open_region, lost[-1].key), antwoord=pair).status_code == 302
    assert reviews_of(open_region, tmp_path) == [{
        "left_list": "leerplicht", "right_list": "swv_vo", "links_looked_at": "4", "links_right": "3",
        "unlinked_on": "swv_vo", "unlinked_looked_at": "3", "unlinked_found": "1",
    }]  # fmt: skip
    assert sorted(Said.objects.values_list("decision", flat=True)) == ["not_same", "same"]
    work()
    assert open_region.round().state == RoundState.COMPARED, open_region.round().wrong
    assert open_region.round().counts["by_lists"] == [
        [["leerplicht"], 4], [["leerplicht", "swv_vo"], 4], [["swv_vo"], 3],
    ]  # fmt: skip
    assert sampled(open_region, open_region.anneke).all == (7, 7), "what was drawn stays what it was"
    assert "all of it was looked at" in words(visitor(open_region.anneke).get(at(open_region)))


def test_a_pair_among_the_links_is_decided_as_any_other(open_region):
    other = next(one for one in sampled(open_region, open_region.marit).to_do if one.pair and not one.is_link)
    sent = {"antwoord": "twee-kinderen", "as_seen": other.pair.as_seen}
    assert post(open_region.marit, at(open_region, other.key), antwoord="twee-kinderen").status_code == 409
    assert post(open_region.marit, at(open_region, other.key), **sent).status_code == 302
    assert not Looked.objects.exists() and Said.objects.get().decision == "not_same"


def test_nobody_looks_twice_and_only_who_may(open_region):
    found = sampled(open_region, open_region.anneke)
    link = next(one for one in found.to_do if one.is_link)
    do(open_region.anneke, check, open_region.round(), link.pair, found=True)
    with pytest.raises(Refused, match="looked at this already"):
        do(open_region.marit, check, open_region.round(), link.pair, found=False)
    assert visitor(open_region.anneke).get(at(open_region, link.key)).status_code == 404
    open_region.comparison.reviewers.filter(membership=open_region.marit.membership).delete()
    assert visitor(open_region.marit).get(at(open_region)).status_code == 404


def test_where_a_list_is_not_shared_nothing_is_drawn_for_who_does_not_see_it(region, round_):
    from inbeeld.reconciliation import operations_agreed

    do(region.anneke, operations_agreed.appoint_reviewer, region.comparison, region.marit.membership)
    assert sampled(region, region.marit).all == (0, 0)
    assert "not shared with you" in words(visitor(region.marit).get(at(region)))
