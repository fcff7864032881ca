"""A log-linear model of counts, fitted by Newton's method: small tables, plain Python.

Each cell is the set of the effects that hold in it (numbers of columns of a design of zeros and ones), and
its expected count is the exponential of the sum of their coefficients. Source: Fienberg (1972), Biometrika
59: 591-603; McCullagh and Nelder (1989), Generalized Linear Models, 2.5 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log, sqrt

Design = Sequence[tuple[int, ...]]
Matrix = list[list[float]]

ROUNDS = 60
ENOUGH = 1e-10
#: Expected counts below this mean a coefficient on its way to minus infinity: there is no best fit.
NOTHING = 1e-7


@dataclass(frozen=True)
class Fit:
    """The best fit: coefficients, expected counts per cell and -2 log likelihood beyond a perfect fit."""

    coefficients: tuple[float, ...]
    expected: tuple[float, ...]
    deviance: float
    root: Matrix  # lower Cholesky factor of the information matrix

    def error_of(self, effect: int) -> float:
        """Standard error of one coefficient, from the information at the best fit."""
        unit = [float(index == effect) for index in range(len(self.coefficients))]
        return sqrt(_solve(self.root, unit)[effect])


def fit(design: Design, counts: Sequence[float], *, start: Sequence[float] | None = None) -> Fit | None:
    """The maximum likelihood fit; None where there is none (an effect cannot be told from these counts).

    `counts`: zero or more, not all zero, one for each cell. `start`: coefficients near the answer.
    """
    effects = 1 + max(max(cell) for cell in design)
    if start is None:
        means = [count + 0.5 for count in counts]
        working = [log(mean) + (count - mean) / mean for mean, count in zip(means, counts, strict=True)]
        root = _cholesky(_information(design, means, effects))
        if root is None:
            return None
        weighted = [mean * value for mean, value in zip(means, working, strict=True)]
        coefficients = _solve(root, _gather(design, weighted, effects))
    else:
        coefficients = list(start)
    means = _expected(design, coefficients)
    deviance = _deviance(counts, means)
    for _ in range(ROUNDS):
        root = _cholesky(_information(design, means, effects))
        if root is None:
            return None
        gap = [count - mean for count, mean in zip(counts, means, strict=True)]
        slope = _gather(design, gap, effects)
        step = _solve(root, slope)
        if sum(one * other for one, other in zip(step, slope, strict=True)) < ENOUGH:
            break
        share = 1.0
        while share > ENOUGH:
            moved = [old + share * new for old, new in zip(coefficients, step, strict=True)]
            means = _expected(design, moved)
            if (reached := _deviance(counts, means)) <= deviance + ENOUGH:
                break
            share /= 2
        coefficients, deviance = moved, reached
    else:
        return None
    if min(means) < NOTHING:
        return None
    return Fit(tuple(coefficients), tuple(means), deviance, root)


def _expected(design: Design, coefficients: Sequence[float]) -> list[float]:
    return [exp(min(sum(coefficients[effect] for effect in cell), 700.0)) for cell in design]


def _deviance(counts: Sequence[float], means: Sequence[float]) -> float:
    total = 0.0
    for count, mean in zip(counts, means, strict=True):
        if count and mean == 0.0:
            return float("inf")
        total += (count * log(count / mean) if count else 0.0) - (count - mean)
    return 2 * total if isfinite(total) else float("inf")


def _gather(design: Design, values: Sequence[float], effects: int) -> list[float]:
    found = [0.0] * effects
    for cell, value in zip(design, values, strict=True):
        for effect in cell:
            found[effect] += value
    return found


def _information(design: Design, means: Sequence[float], effects: int) -> Matrix:
    found = [[0.0] * effects for _ in range(effects)]
    for cell, mean in zip(design, means, strict=True):
        for one in cell:
            row = found[one]
            for other in cell:
                row[other] += mean
    return found


def _cholesky(matrix: Matrix) -> Matrix | None:
    """The lower root of a positive definite matrix; None when it is not (within what floats can tell)."""
    root: Matrix = []
    for index, row in enumerate(matrix):
        line: list[float] = []
        for column in range(index):
            above = root[column]
            dot = sum(line[k] * above[k] for k in range(column))
            line.append((row[column] - dot) / above[column])
        rest = row[index] - sum(value * value for value in line)
        if not rest > 1e-11 * row[index]:
            return None
        line.append(sqrt(rest))
        root.append(line)
    return root


def _solve(root: Matrix, right: Sequence[float]) -> list[float]:
    forward: list[float] = []
    for index, row in enumerate(root):
        forward.append((right[index] - sum(row[k] * forward[k] for k in range(index))) / row[index])
    found = [0.0] * len(right)
    for index in reversed(range(len(right))):
        rest = sum(root[k][index] * found[k] for k in range(index + 1, len(right)))
        found[index] = (forward[index] - rest) / root[index][index]
    return found
