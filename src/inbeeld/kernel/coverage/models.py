"""Log-linear models of three to six lists: which pairs of lists depend on one another.

All models hold an effect for each list; a model adds a dependence for some pairs of lists, none for three or
more at once. Up to four lists every such model is fitted (8 or 64). With five or six there are thousands:
then independence, each single pair, and forward from the best, a pair at a time, as long as BIC falls.
Lists that can share no child have no cell together: such a cell is no count of nobody, so it is left out.
Source: Fienberg (1972), Biometrika 59: 591-603; of cells left out, Bishop, Fienberg and Holland (1975),
Discrete Multivariate Analysis, chapter 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import exp, lgamma, log, sqrt

from inbeeld.kernel.coverage.averaging import Part, part_by_likelihood
from inbeeld.kernel.coverage.poisson import fit
from inbeeld.kernel.coverage.table import Pair, Table

#: Up to so many lists all models with pairs are fitted.
ALL_MODELS_TO = 4
#: More unseen than so many for each child seen is no estimate: the fit runs away to a boundary.
RUNAWAY = 50.0


@dataclass(frozen=True)
class Model:
    """One model fitted: which pairs depend, and what it makes of the number of children on no list."""

    dependent: tuple[Pair, ...]
    unseen: float
    error: float  # standard error of `unseen`
    deviance: float
    freedom: int  # cells less effects; 0: the model is saturated, nothing can contradict it
    aic: float
    bic: float
    coefficients: tuple[float, ...]

    @property
    def saturated(self) -> bool:
        return self.freedom == 0


@dataclass(frozen=True)
class Fitted:
    """What could be fitted, best BIC first, and how many models had no fit or ran away."""

    models: tuple[Model, ...]
    without_fit: int


def fit_models(table: Table) -> Fitted:
    """Every model worth trying for this table of three to six lists (see the head of this file)."""
    found: list[Model] = []
    failed = 0
    for dependent in _candidates(table, found):
        model = fit_model(table, dependent)
        if model is None:
            failed += 1
        else:
            found.append(model)
    return Fitted(tuple(sorted(found, key=lambda model: (model.bic, model.dependent))), failed)


def _candidates(table: Table, found: list[Model]) -> Iterator[tuple[Pair, ...]]:
    pairs = table.meeting
    if len(table.lists) <= ALL_MODELS_TO:
        for size in range(len(pairs) + 1):
            yield from combinations(pairs, size)
        return
    tried: tuple[Pair, ...] = ()
    yield tried
    while len(tried) < len(pairs):
        yield from (tuple(sorted((*tried, pair))) for pair in pairs if pair not in tried)
        best = min(found, key=lambda model: model.bic, default=None)
        if best is None or len(best.dependent) <= len(tried):
            return
        tried = best.dependent


def fit_model(table: Table, dependent: Iterable[Pair]) -> Model | None:
    """One model; None where these counts do not settle it.

    That is so when a pair said to depend has no child on both, and when the unseen run away.
    """
    pairs = tuple(dependent)
    if any(table.on(*pair) == 0 for pair in pairs):
        return None
    layout = _layout(table, pairs)
    found = fit(layout.design, layout.counts)
    if found is None or exp(found.coefficients[0]) > RUNAWAY * table.seen:
        return None
    unseen = exp(found.coefficients[0])
    effects = len(found.coefficients)
    likelihood = sum(
        count * log(mean) - mean - lgamma(count + 1)
        for count, mean in zip(layout.counts, found.expected, strict=True)
    )
    return Model(
        dependent=pairs,
        unseen=unseen,
        error=sqrt((unseen * found.error_of(0)) ** 2 + unseen),
        deviance=found.deviance,
        freedom=len(layout.counts) - effects,
        aic=2 * effects - 2 * likelihood,
        bic=log(table.seen) * effects - 2 * likelihood,
        coefficients=found.coefficients,
    )


def profile(table: Table, model: Model, *, weight: float = 1.0) -> Part:
    """The profile likelihood of the number unseen under one model, as a part of an interval.

    For each number unseen the other effects are fitted anew to the completed table (multinomial likelihood,
    the number a real one). Source: Cormack (1992).
    """
    layout = _layout(table, model.dependent)
    design = [*layout.design, (0,)]
    latest = model.coefficients

    def likelihood(unseen: float) -> float:
        nonlocal latest
        found = fit(design, [*layout.counts, unseen], start=latest)
        if found is None:
            return float("-inf")
        latest = found.coefficients
        whole = table.seen + unseen
        means = zip((*layout.counts, unseen), found.expected, strict=True)
        held = sum(count * log(mean) for count, mean in means if count)
        return held + lgamma(whole + 1) - lgamma(unseen + 1) - whole * log(whole)

    return part_by_likelihood(likelihood, near=model.unseen, weight=weight)


@dataclass(frozen=True)
class _Layout:
    design: list[tuple[int, ...]]
    counts: list[float]


def _layout(table: Table, pairs: tuple[Pair, ...]) -> _Layout:
    effects = [frozenset[str](), *(frozenset({name}) for name in table.lists), *map(frozenset, pairs)]
    histories = sorted(table.counts, key=sorted)
    design = [tuple(k for k, effect in enumerate(effects) if effect <= history) for history in histories]
    return _Layout(design, [float(table.counts[history]) for history in histories])
