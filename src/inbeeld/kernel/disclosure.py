"""What may be told of a group without telling of somebody in it: few are left out, the rest is rounded."""

from __future__ import annotations

#: Groups of one to seven are not told; others are rounded to five, so that no two figures give a third away.
SMALLEST = 8
ROUNDED_TO = 5


def told(number: int) -> int | None:
    """A number of people as it may be told: none below SMALLEST, else the nearest multiple of ROUNDED_TO."""
    if 0 < number < SMALLEST:
        return None
    return (2 * number + ROUNDED_TO) // (2 * ROUNDED_TO) * ROUNDED_TO


def per_mille(part: int, whole: int, *, of: int) -> int | None:
    """A share in parts of a thousand, rounded half up. None of a group of `of` people that is not told."""
    if whole <= 0 or of < SMALLEST:
        return None
    return (2000 * part + whole) // (2 * whole)
