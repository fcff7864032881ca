"""Three to six lists together: many models, one range, and none of them trusted alone.

The headline is not the best model but an average of those that could be wrong: each model that data could
contradict (not saturated) and that BIC gives at least a hundredth of the weight of the best. Its interval is
the average of their tails (`averaging.py`), its estimate the average of the logarithm of the unseen. Why not
the best by AIC: it picks the saturated model where lists depend, and that one fits everything. On hepatitis A
in Taiwan (1995, truth about 545) it says 1,313, from 655 to 3,031. Weights by AIC make intervals a fifth
longer, or more, that hold the truth oftener than they say.

Where BIC would rather have the saturated model than any other, none of the models fits, and the range runs
from the lowest bound of any of them to the highest, by sample coverage too. It says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp, log

from inbeeld.kernel.coverage.answer import Alternative, Assumption, Caution, Estimate, Method, Warned
from inbeeld.kernel.coverage.averaging import HALF, Span, added, bounds
from inbeeld.kernel.coverage.models import Model, fit_models, profile
from inbeeld.kernel.coverage.pairwise import share_seen, too_few
from inbeeld.kernel.coverage.sample_coverage import LISTS as OF_SAMPLE_COVERAGE
from inbeeld.kernel.coverage.sample_coverage import by_sample_coverage
from inbeeld.kernel.coverage.strata import FEWEST_CHILDREN, strata_for
from inbeeld.kernel.coverage.table import Table

MOST_LISTS = 6
#: A model counts with at least this part of the weight of the best.
LEAST_WEIGHT = 0.01
#: Of the models at most so many are shown beside independence and the one with all pairs.
SHOWN = 8
#: Models of which one has twice the unseen of another say different things.
DISAGREE = 2.0


def estimate_of_many(table: Table, *, strata: Mapping[str, Table]) -> Estimate:
    """The estimate by three to six lists together; counts only where there are too few children."""
    counts = Estimate(table.lists, table.seen, Method.COUNTS_ONLY)
    if table.seen < FEWEST_CHILDREN:
        return replace(counts, warnings=(too_few(table.seen),))
    if len(table.lists) > MOST_LISTS:
        facts: dict[str, float | str] = {"lists": len(table.lists), "most": MOST_LISTS}
        return replace(counts, warnings=(Warned(Caution.TOO_MANY_LISTS, facts),))
    if all(table.on(*pair) == 0 for pair in table.meeting):
        why = Caution.NO_CHILD_ON_BOTH if table.meeting else Caution.APART
        return replace(counts, warnings=(Warned(why),))
    whole = _by_models(table)
    split = strata_for(strata, lists=table.lists)
    parts = [_by_models(part) for part in split.tables.values()]
    if whole.total is None or not parts:
        return replace(whole, warnings=(*whole.warnings, *split.warnings))
    if any(part.unseen is None for part in parts):
        return replace(whole, warnings=(*whole.warnings, Warned(Caution.STRATA_NOT_USED)))
    unseen = added([part.unseen for part in parts if part.unseen is not None])
    total = _above(table.seen, unseen)
    said = {warned.caution: warned for part in parts for warned in part.warnings}
    return replace(
        whole,
        total=total,
        unseen=unseen,
        share=share_seen(total, unseen),
        alternatives=(
            Alternative(Method.LOG_LINEAR_AVERAGE, whole.total),
            *(replace(one, weight=0.0) for one in whole.alternatives),
        ),
        strata=tuple(split.tables),
        assumptions=tuple(
            Assumption.SAME_CHANCE_IN_STRATUM if one is Assumption.SAME_CHANCE else one
            for one in whole.assumptions
        ),
        warnings=(*said.values(), *split.warnings),
    )


def _by_models(table: Table) -> Estimate:
    fitted = fit_models(table)
    counting = _counting(fitted.models)
    shown, warnings = list(fitted.models), []
    if fitted.without_fit:
        warnings.append(Warned(Caution.MODELS_WITHOUT_FIT, {"number": fitted.without_fit}))
    if not counting:
        counts = Estimate(table.lists, table.seen, Method.COUNTS_ONLY)
        return replace(counts, warnings=(Warned(Caution.NO_MODEL_FITS), *warnings))
    parts = {model: profile(table, model, weight=weight) for model, weight in counting.items()}
    low, high = bounds(list(parts.values()), seen=table.seen)
    middle = exp(sum(weight * log(model.unseen + HALF) for model, weight in counting.items())) - HALF
    unseen = Span(max(middle, 0.0), low, high)
    shown = [
        model for rank, model in enumerate(fitted.models)
        if rank < SHOWN or model in counting or len(model.dependent) in (0, len(table.meeting))
    ]  # fmt: skip
    alternatives = [_shown(table, model, counting.get(model, 0.0)) for model in shown]
    if len(table.lists) == OF_SAMPLE_COVERAGE and (other := by_sample_coverage(table)) is not None:
        by_coverage = _above(table.seen, Span(other.unseen, other.low, other.high))
        alternatives.append(Alternative(Method.SAMPLE_COVERAGE, by_coverage))
    best = next(iter(counting))
    if best.deviance > best.freedom * log(table.seen):
        unseen = _widest(unseen, [one for one in alternatives if one.freedom != 0], seen=table.seen)
        facts: dict[str, float | str] = {"deviance": best.deviance, "freedom": best.freedom}
        warnings.append(Warned(Caution.ONLY_SATURATED_FITS, facts))
    numbers = sorted(model.unseen for model in counting)
    if numbers[-1] + HALF > DISAGREE * (numbers[0] + HALF):
        facts = {"lowest": table.seen + numbers[0], "highest": table.seen + numbers[-1]}
        warnings.append(Warned(Caution.MODELS_DISAGREE, facts))
    if unseen.high is None:
        warnings.append(Warned(Caution.NO_UPPER_BOUND))
    total = _above(table.seen, unseen)
    return Estimate(
        lists=table.lists,
        seen=table.seen,
        method=Method.LOG_LINEAR_AVERAGE,
        total=total,
        unseen=unseen,
        share=share_seen(total, unseen),
        alternatives=tuple(alternatives),
        assumptions=(
            Assumption.ONE_DAY,
            Assumption.ALL_BELONG,
            Assumption.LINKS_RIGHT,
            Assumption.SAME_CHANCE,
            Assumption.PAIRS_ONLY,
            *((Assumption.APART,) if table.apart else ()),
        ),
        warnings=tuple(warnings),
    )


def _counting(models: Sequence[Model]) -> dict[Model, float]:
    """The models of the headline with their weights (adding to 1), best first."""
    free = [model for model in models if not model.saturated]
    if not free:
        return {}
    weights = {model: exp((free[0].bic - model.bic) / 2) for model in free}
    kept = {model: weight for model, weight in weights.items() if weight >= LEAST_WEIGHT}
    return {model: weight / sum(kept.values()) for model, weight in kept.items()}


def _shown(table: Table, model: Model, weight: float) -> Alternative:
    low, high = bounds([profile(table, model)], seen=table.seen)
    return Alternative(
        Method.LOG_LINEAR,
        _above(table.seen, Span(model.unseen, low, high)),
        dependent=model.dependent,
        deviance=model.deviance,
        freedom=model.freedom,
        aic=model.aic,
        bic=model.bic,
        weight=weight,
    )


def _above(seen: int, unseen: Span) -> Span:
    high = None if unseen.high is None else seen + unseen.high
    return Span(seen + unseen.estimate, seen + unseen.low, high)


def _widest(unseen: Span, others: Sequence[Alternative], *, seen: int) -> Span:
    lows = [unseen.low, *(one.total.low - seen for one in others)]
    highs = [unseen.high, *(None if one.total.high is None else one.total.high - seen for one in others)]
    known = [high for high in highs if high is not None]
    return Span(unseen.estimate, min(lows), max(known) if len(known) == len(highs) else None)
