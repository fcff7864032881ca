"""Published examples give their published answers.

What is asked of the log-linear models is what the reference program Rcapture says of the same counts (Rivest
2011, International Journal of Biostatistics 7(1): 23, for diabetes).
"""

from __future__ import annotations

import pytest

from inbeeld.kernel.coverage.answer import Caution, Method
from inbeeld.kernel.coverage.averaging import bounds
from inbeeld.kernel.coverage.jointly import estimate_of_many
from inbeeld.kernel.coverage.models import Model, fit_model, fit_models, profile
from inbeeld.kernel.coverage.pairwise import estimate_of_two
from inbeeld.kernel.coverage.sample_coverage import by_sample_coverage
from inbeeld.kernel.coverage.table import Table
from inbeeld.kernel.coverage.tests import published


def model(table: Table, *pairs: str) -> Model:
    found = fit_model(table, [(pair[0], pair[1]) for pair in pairs])
    assert found is not None
    return found


def interval(table: Table, one: Model) -> tuple[float, float]:
    low, high = bounds([profile(table, one)], seen=table.seen)
    assert high is not None
    return table.seen + low, table.seen + high


def test_hepatitis_a_in_taiwan_two_lists():
    two = estimate_of_two(published.HEPATITIS.of("PQ"), strata={})
    assert two.total is not None
    assert two.total.estimate == pytest.approx(333.56, abs=0.005)


@pytest.mark.parametrize(
    ("pairs", "total"),
    [((), 388.48), (("EQ", "PQ"), 526.71), (("EP", "EQ", "PQ"), 1312.76)],
)
def test_hepatitis_a_in_taiwan_by_models(pairs: tuple[str, ...], total: float):
    one = model(published.HEPATITIS, *pairs)
    assert published.HEPATITIS.seen + one.unseen == pytest.approx(total, abs=0.005)


def test_hepatitis_a_in_taiwan_independence_by_profile_likelihood():
    found = interval(published.HEPATITIS, model(published.HEPATITIS))
    assert found == pytest.approx((350.3, 435.4), abs=0.05)


def test_hepatitis_a_in_taiwan_by_sample_coverage():
    found = by_sample_coverage(published.HEPATITIS)
    assert found is not None
    assert found.coverage == pytest.approx(0.513, abs=0.0005)
    assert published.HEPATITIS.seen + found.unseen == pytest.approx(507.77, abs=0.005)


def test_of_hepatitis_a_in_taiwan_the_range_holds_the_truth_and_says_that_no_model_fits():
    found = estimate_of_many(published.HEPATITIS, strata={})
    assert found.total is not None and found.total.high is not None
    assert found.total.low < 545 < found.total.high
    assert Caution.ONLY_SATURATED_FITS in {one.caution for one in found.warnings}
    saturated = [one for one in found.alternatives if one.freedom == 0]
    assert [one.weight for one in saturated] == [0.0]
    assert {one.method for one in found.alternatives} == {Method.LOG_LINEAR, Method.SAMPLE_COVERAGE}


@pytest.mark.parametrize(
    ("pairs", "total", "error", "deviance", "freedom"),
    [
        (("12", "13", "23", "24", "34"), 2771, 145, 7.62, 5),
        (("13", "24", "34"), 2472, 53, 21.97, 7),
    ],
)
def test_diabetes_in_casale_monferrato(
    pairs: tuple[str, ...], total: int, error: int, deviance: float, freedom: int
):
    one = model(published.DIABETES, *pairs)
    assert round(published.DIABETES.seen + one.unseen) == total
    assert round(one.error) == error
    assert round(one.deviance, 2) == deviance
    assert one.freedom == freedom


def test_of_diabetes_in_casale_monferrato_the_headline_rests_on_the_published_models():
    found = estimate_of_many(published.DIABETES, strata={})
    assert found.total is not None and found.total.high is not None
    assert found.total.low < 2472 < 2771 < found.total.high
    counting = {one.dependent for one in found.alternatives if one.weight > 0.2}
    assert (("1", "3"), ("2", "4"), ("3", "4")) in counting
    assert (("1", "2"), ("1", "3"), ("2", "3"), ("2", "4"), ("3", "4")) in counting


def test_hiv_in_rome():
    one = model(published.HIV, "12")
    assert published.HIV.seen + one.unseen == pytest.approx(12318.5, abs=0.05)
    assert one.error == pytest.approx(1188.7, abs=0.05)
    assert one.deviance == pytest.approx(7.614, abs=0.0005)
    assert one.aic == pytest.approx(86.65, abs=0.005)
    assert interval(published.HIV, one) == pytest.approx((10266, 14992.3), abs=0.5)


def test_hiv_in_rome_with_all_pairs():
    one = model(published.HIV, "12", "13", "14", "23", "24", "34")
    assert published.HIV.seen + one.unseen == pytest.approx(23443.5, abs=0.05)
    assert one.error == pytest.approx(9594.9, abs=0.5)
    assert one.deviance == pytest.approx(3.037, abs=0.0005)


@pytest.mark.parametrize(
    ("pairs", "total", "deviance", "freedom"),
    [((), 209, 75.1, 3), (("23",), 222, 1.2, 2), (("12", "23"), 227, 0.6, 1), (("13", "23"), 233, 0.8, 1)],
)
def test_accidents_at_work(pairs: tuple[str, ...], total: int, deviance: float, freedom: int):
    one = model(published.ACCIDENTS, *pairs)
    assert round(published.ACCIDENTS.seen + one.unseen) == total
    assert round(one.deviance, 1) == deviance
    assert one.freedom == freedom


def test_accidents_at_work_independence_by_profile_likelihood():
    low, high = interval(published.ACCIDENTS, model(published.ACCIDENTS))
    assert (round(low), round(high)) == (203, 217)


def test_two_catches_of_seber():
    found = estimate_of_two(published.SEBER, strata={}).total
    assert found is not None
    assert found.estimate == pytest.approx(2382.8, abs=0.05)


def test_the_models_of_three_lists_are_eight_and_of_four_sixty_four():
    assert len(fit_models(published.HEPATITIS).models) == 8
    assert len(fit_models(published.HIV).models) == 64
