"""The fits agree with those of statsmodels, an independent program, on published and generated counts."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import combinations
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbeeld.kernel.coverage.models import fit_model
from inbeeld.kernel.coverage.poisson import fit
from inbeeld.kernel.coverage.table import Pair, Table, table_of
from inbeeld.kernel.coverage.tests import published

#: Counts above zero: then every model has a best fit, and both programs must find it.
COUNTS = st.integers(1, 400)


def by_statsmodels(table: Table, pairs: Sequence[Pair]):
    import numpy as np
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    histories = sorted(table.counts, key=sorted)
    effects = [frozenset[str](), *(frozenset({one}) for one in table.lists), *map(frozenset, pairs)]
    design = np.array([[float(effect <= history) for effect in effects] for history in histories])
    counts = np.array([table.counts[history] for history in histories], dtype=float)
    with warnings.catch_warnings():
        # It says so of the saturated model, which fits exactly.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        return sm.GLM(counts, design, family=sm.families.Poisson()).fit(tol=1e-12, maxiter=200)


def agree(table: Table, pairs: Sequence[Pair]) -> None:
    theirs, ours = by_statsmodels(table, pairs), fit_model(table, pairs)
    if ours is None:
        # Ours calls it no estimate when far more are unseen than were seen.
        assert exp(theirs.params[0]) > 40 * table.seen
        return
    assert ours.coefficients == pytest.approx(list(theirs.params), rel=1e-5, abs=1e-5)
    assert ours.deviance == pytest.approx(theirs.deviance, rel=1e-6, abs=1e-6)
    assert ours.aic == pytest.approx(theirs.aic, rel=1e-8)
    error = (ours.unseen * theirs.bse[0]) ** 2 + ours.unseen
    assert ours.error**2 == pytest.approx(error, rel=1e-4)


@pytest.mark.parametrize(
    "table", [published.HEPATITIS, published.HIV, published.DIABETES, published.ACCIDENTS]
)
def test_every_model_of_a_published_example_is_fitted_as_statsmodels_does(table: Table):
    for size in range(len(table.pairs) + 1):
        for pairs in combinations(table.pairs, size):
            agree(table, pairs)


@settings(max_examples=30)
@given(st.data())
def test_every_model_of_generated_counts_is_fitted_as_statsmodels_does(data: st.DataObject):
    names = "abcd"[: data.draw(st.integers(3, 4))]
    histories = [frozenset(some) for size in range(1, len(names) + 1) for some in combinations(names, size)]
    table = table_of({history: data.draw(COUNTS) for history in histories})
    pairs = data.draw(st.lists(st.sampled_from(table.pairs), unique=True))
    agree(table, pairs)


@settings(max_examples=30)
@given(st.data())
def test_of_lists_that_can_share_no_child_their_cells_are_left_out_as_statsmodels_leaves_them_out(
    data: st.DataObject,
):
    names = "abcd"[: data.draw(st.integers(3, 4))]
    apart = data.draw(st.sampled_from([[("a", "b")], [("a", "b"), ("b", "c")], [("a", "b"), ("c", "d")]]))
    apart = [pair for pair in apart if set(pair) <= set(names)]
    histories = [frozenset(some) for size in range(1, len(names) + 1) for some in combinations(names, size)]
    possible = [one for one in histories if not any(one.issuperset(pair) for pair in apart)]
    table = table_of({history: data.draw(COUNTS) for history in possible}, apart=apart)
    assert set(table.counts) == set(possible)
    room = len(possible) - len(names) - 1
    pairs = data.draw(st.lists(st.sampled_from(table.meeting), unique=True, max_size=room))
    if fit_model(table, pairs) is not None:
        agree(table, pairs)


def test_what_the_counts_cannot_tell_has_no_fit():
    assert fit([(0,), (0, 1)], [5.0, 0.0]) is None
    assert fit([(0, 1), (0, 1)], [5.0, 3.0]) is None
    assert (
        fit_model(table_of({frozenset("ab"): 0, frozenset("a"): 9, frozenset("bc"): 8}), [("a", "b")]) is None
    )
