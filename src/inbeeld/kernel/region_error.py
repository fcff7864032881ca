"""What is wrong with a region profile, and where."""

from __future__ import annotations


class RegionError(ValueError):
    """A region file that cannot be used: what was expected, and the setting it is about.

    `within`: the array of tables that the setting stands in, and which of them it is, from 0.
    """

    def __init__(self, expected: str, setting: str = "", *, within: tuple[str, int] | None = None) -> None:
        super().__init__(expected)
        self.setting = setting
        self.within = within
