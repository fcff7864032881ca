"""What is promised to parents about who sees what: sentences, each with what every yes must satisfy.

Written apart from the table: a promise knows the question asked and the answers given, never the table or
the rules that answer. So a slip there is held against something that did not slip along. What must always
be possible stands in `possible`, so that refusing everything keeps no promise either. tests/promises asks
every question there is.
"""

from __future__ import annotations

from inbeeld.kernel.promises.everyone import EVERYONE
from inbeeld.kernel.promises.kinds import KINDS
from inbeeld.kernel.promises.persons import PERSONS
from inbeeld.kernel.promises.point import Ask, Chapter, Point, Possible, Promise, Said
from inbeeld.kernel.promises.possible import POSSIBLE
from inbeeld.kernel.promises.ways import WAYS, WHEN

__all__ = ["CHAPTERS", "POSSIBLE", "PROMISES", "Ask", "Chapter", "Point", "Possible", "Promise", "Said"]
__all__ += ["broken", "impossible"]

CHAPTERS = (EVERYONE, WAYS, WHEN, KINDS, PERSONS)
PROMISES = tuple(promise for chapter in CHAPTERS for promise in chapter.promises)


def broken(point: Point, ask: Ask) -> tuple[str, ...]:
    """The keys of the promises that a yes to this question breaks; a no breaks none of these."""
    return tuple(one.key for one in PROMISES if not one.holds(point, ask))


def impossible(ask: Ask) -> tuple[str, ...]:
    """The keys of what must be possible and is not."""
    return tuple(one.key for one in POSSIBLE if not all(map(ask, one.points)))
