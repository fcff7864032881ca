"""What coverage answers: how many children there are by the lists, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from inbeeld.kernel.coverage.averaging import Span
from inbeeld.kernel.coverage.table import Pair

#: In coverage.json: tenths of a child, thousandths of a share.
TENTHS, THOUSANDTHS = 1, 3


class Method(StrEnum):
    """How a number of children came about."""

    COUNTS_ONLY = "counts_only"
    CHAPMAN = "chapman"
    LOG_LINEAR = "log_linear"
    LOG_LINEAR_AVERAGE = "log_linear_average"
    SAMPLE_COVERAGE = "sample_coverage"


class Assumption(StrEnum):
    """What must be so for the interval to hold the truth as often as it says."""

    ONE_DAY = "one_day"  # all lists are of one day: nobody came or left between
    ALL_BELONG = "all_belong"  # every child on a list is one that is counted
    LINKS_RIGHT = "links_right"  # each child was recognised on each list, and no two taken for one
    LINKS_AS_REVIEWED = "links_as_reviewed"  # the links are as good as those looked at again
    SAME_CHANCE = "same_chance"  # of one list: each child as likely to be on it as the next
    SAME_CHANCE_IN_STRATUM = "same_chance_in_stratum"
    INDEPENDENT = "independent"  # being on one list says nothing about being on the other
    APART = "apart"  # lists that are said to share no child share none
    PAIRS_ONLY = "pairs_only"  # lists depend by pairs, not by three together


class Caution(StrEnum):
    """What the reader must be told beside the number; facts by the names given here."""

    TOO_FEW_CHILDREN = "too_few_children"  # seen, needed: no estimate
    TOO_MANY_LISTS = "too_many_lists"  # lists, most: no estimate
    NO_CHILD_ON_BOTH = "no_child_on_both"  # no estimate
    APART = "apart"  # two lists that can share no child: no estimate
    NO_MODEL_FITS = "no_model_fits"  # no estimate
    FEW_ON_BOTH = "few_on_both"  # both, needed: the estimate hangs on a few children
    LIST_WITHIN_LIST = "list_within_list"  # inner, outer: hardly independent
    DEPENDENCE_UNSEEN = "dependence_unseen"  # total_if_twice, total_if_four_times as likely (odds)
    LINKS_NOT_REVIEWED = "links_not_reviewed"  # total_if_2_percent_missed
    MISSED_LINKS_NOT_REVIEWED = "missed_links_not_reviewed"  # the same; only found links were looked at
    LINKS_NOT_CORRECTED = "links_not_corrected"  # recall: the lowest of any pair; the estimate is too high
    ONLY_SATURATED_FITS = "only_saturated_fits"  # deviance, freedom: the range is of all models
    MODELS_DISAGREE = "models_disagree"  # lowest, highest: totals of the models that count
    MODELS_WITHOUT_FIT = "models_without_fit"  # number
    NO_UPPER_BOUND = "no_upper_bound"
    STRATA_POOLED = "strata_pooled"  # strata, as one text: too small, taken together
    STRATA_NOT_USED = "strata_not_used"  # no more than one was large enough


@dataclass(frozen=True)
class Warned:
    """A caution with its facts: children, shares (0 to 1), or names of lists and strata."""

    caution: Caution
    facts: Mapping[str, float | str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For coverage.json."""
        rounded = {
            name: _round(fact, THOUSANDTHS) if isinstance(fact, float) else fact
            for name, fact in self.facts.items()
        }
        return {"warning": self.caution.value, **rounded}


@dataclass(frozen=True)
class Alternative:
    """Another way to reckon the total; `weight`: its part (0 to 1) in the headline.

    Of a log-linear model: the pairs of lists that depend, and how well it fits (`freedom` 0: saturated).
    """

    method: Method
    total: Span
    dependent: tuple[Pair, ...] = ()
    deviance: float | None = None
    freedom: int | None = None
    aic: float | None = None
    bic: float | None = None
    weight: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """For coverage.json."""
        said: dict[str, Any] = {"method": self.method.value, **_total(self.total)}
        if self.method is Method.LOG_LINEAR:
            said |= {
                "dependent": [list(pair) for pair in self.dependent],
                "deviance": _round(self.deviance, 2), "freedom": self.freedom,
                "aic": _round(self.aic, 2), "bic": _round(self.bic, 2),
                "weight": _round(self.weight, THOUSANDTHS),
            }  # fmt: skip
        return said


@dataclass(frozen=True)
class Estimate:
    """Some lists taken together: children seen, and with an estimate the total and the unseen.

    `seen`: children as linked. `unseen`: children on none of these lists. `share`: of all children, those on
    at least one of them. `odds`: for two lists, the total by how many times as likely (odds) who is on the
    one list is to be on the other.
    """

    lists: tuple[str, ...]
    seen: int
    method: Method
    total: Span | None = None
    unseen: Span | None = None
    share: Span | None = None
    alternatives: tuple[Alternative, ...] = ()
    odds: Mapping[float, Span] = field(default_factory=dict)
    recall: float | None = None
    precision: float | None = None
    strata: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    warnings: tuple[Warned, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For coverage.json."""
        return {
            "lists": list(self.lists),
            "seen": self.seen,
            **_total(self.total),
            "unseen": _span(self.unseen),
            "share": _span(self.share, THOUSANDTHS),
            "method": self.method.value,
            "alternatives": [one.as_json() for one in self.alternatives],
            "if_dependent": [{"odds_ratio": ratio, **_total(span)} for ratio, span in self.odds.items()],
            "link_recall": _round(self.recall, THOUSANDTHS),
            "link_precision": _round(self.precision, THOUSANDTHS),
            "strata": list(self.strata),
            "assumptions": [one.value for one in self.assumptions],
            "warnings": [one.as_json() for one in self.warnings],
        }


@dataclass(frozen=True)
class ListCoverage:
    """One list: children on it, and the share (0 to 1) it is of the estimated total of all lists jointly."""

    name: str
    seen: int
    share: Span | None

    def as_json(self, *, jointly: Estimate) -> dict[str, Any]:
        """For coverage.json; the total is that of all lists `jointly`, as is what it rests on."""
        whole = jointly.as_json()
        rests_on = ("estimated_total", "interval", "method", "assumptions", "warnings")
        return {
            "list": self.name,
            "seen": self.seen,
            "share": _span(self.share, THOUSANDTHS),
            **{name: whole[name] for name in rests_on},
        }


@dataclass(frozen=True)
class Coverage:
    """All of it: each list, each pair of lists, and all lists jointly."""

    lists: tuple[ListCoverage, ...]
    pairs: tuple[Estimate, ...]
    jointly: Estimate

    def as_json(self) -> dict[str, Any]:
        """The content of coverage.json (contract §5)."""
        return {
            "lists": [one.as_json(jointly=self.jointly) for one in self.lists],
            "pairs": [one.as_json() for one in self.pairs],
            "jointly": self.jointly.as_json(),
        }


def _round(number: float | None, digits: int = TENTHS) -> float | None:
    return None if number is None else round(number, digits)


def _total(total: Span | None) -> dict[str, Any]:
    if total is None:
        return {"estimated_total": None, "interval": None}
    return {
        "estimated_total": _round(total.estimate),
        "interval": {"low": _round(total.low), "high": _round(total.high)},
    }


def _span(span: Span | None, digits: int = TENTHS) -> dict[str, float | None] | None:
    if span is None:
        return None
    return {
        "estimate": _round(span.estimate, digits),
        "low": _round(span.low, digits),
        "high": _round(span.high, digits),
    }
