"""What is wrong with a region profile, and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar


class _WithKey(Protocol):
    @property
    def key(self) -> str: ...


Read = TypeVar("Read", bound=_WithKey)


class RegionError(ValueError):
    """A region file that cannot be used: what was expected, and the setting it is about.

    `within`: the array of tables that the setting stands in, and which of them it is, from 0.
    """

    def __init__(self, expected: str, setting: str = "", *, within: tuple[str, int] | None = None) -> None:
        super().__init__(expected)
        self.setting = setting
        self.within = within


def each_of(rows: Any, name: str, read: Callable[[dict[str, Any]], Read]) -> tuple[Read, ...]:
    """Each of [[name]] as `read` reads it, in order, each with a key of its own.

    Raises RegionError, with the one it is about.
    """
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise RegionError(f"[[{name}]] to be tables", name)
    found: dict[str, Read] = {}
    for number, row in enumerate(rows):
        try:
            one = read(row)
            if one.key in found:
                raise RegionError(f"each of [[{name}]] with a key of its own", "key")
        except RegionError as wrong:
            raise RegionError(str(wrong), wrong.setting, within=(name, number)) from None
        found[one.key] = one
    return tuple(found.values())
