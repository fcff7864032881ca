"""How a learner moved through the layers of the pyramid between two days (contract §3.7)."""

from __future__ import annotations

from enum import Enum

LAYERS = (0, 1, 2, 3)


class Course(Enum):
    """What became of a learner in the layer it is in now."""

    NEW = "new"  # it missed less before, or too little was known
    LONGER = "longer"  # it was in this layer before
    BACK = "back"  # it missed more before


def course_of(before: int | None, now: int | None) -> Course | None:
    """How a learner came into its layer; None where the layer of now is not known.

    Not known before is new: nobody had it in view in this layer yet.
    """
    if now is None:
        return None
    if before is None or before < now:
        return Course.NEW
    return Course.LONGER if before == now else Course.BACK


def moved(before: int | None, now: int | None) -> int:
    """1 when up in the pyramid (missing more), -1 when down, 0 when in the same layer or not known."""
    if before is None or now is None:
        return 0
    return (now > before) - (now < before)
