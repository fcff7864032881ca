"""How each kind of organisation keeps its list: whom it has, which names it writes, and how well."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import sqrt
from typing import Final, Literal

#: official: first names of the register; call_name: the call name alone; call_as_first: the call name where
#: first names belong; both; mixed: now this, now that, by child.
HouseStyle = Literal["official", "call_name", "call_as_first", "both", "mixed"]
Quality = Literal["clean", "good", "poor"]


@dataclass(frozen=True)
class ListStyle:
    """One list of an invented population.

    `share` of the children of those `ages` (first and last, in years) stand on it; with `rows` exactly so
    many. `among` says which children: all, or those of concern. With `follows`, standing on that earlier list
    has `odds_ratio` times the odds (1: independent); the share stays what it is.
    """

    name: str
    share: float = 1.0
    rows: int | None = None
    among: Literal["all", "concern"] = "all"
    ages: tuple[int, int] = (5, 16)
    follows: str | None = None
    odds_ratio: float = 1.0
    house_style: HouseStyle = "official"
    quality: Quality = "good"
    with_school: bool = True
    letters: str = "NR"


REGISTER: Final = ListStyle("register", quality="clean", with_school=False, letters="BR")
ENROLMENTS: Final = ListStyle("enrolments", share=0.995, house_style="mixed", letters="IN")
LEERPLICHT: Final = ListStyle("leerplicht", share=0.55, among="concern", letters="LP")
SWV_PO: Final = ListStyle(
    "swv_po",
    share=0.6,
    among="concern",
    ages=(5, 11),
    house_style="call_as_first",
    quality="poor",
    letters="PO",
)
SWV_VO: Final = ListStyle(
    "swv_vo", share=0.6, among="concern", ages=(12, 16), house_style="call_name", quality="poor", letters="VO"
)
SCHOOLS: Final = ListStyle(
    "schools",
    share=0.65,
    among="concern",
    follows="leerplicht",
    odds_ratio=2.0,
    house_style="both",
    letters="SC",
)
YOUTH_HEALTH: Final = ListStyle(
    "youth_health",
    share=0.35,
    among="concern",
    house_style="mixed",
    quality="poor",
    with_school=False,
    letters="JG",
)


@cache
def rates(quality: Quality) -> dict[str, float]:
    """How often each thing goes wrong, as a share of the rows (damage.toml)."""
    table = tomllib.loads(files(__package__).joinpath("damage.toml").read_text("utf-8"))["per_thousand"]
    return {kind: shares[quality] / 1000 for kind, shares in table.items()}


def shares_given_other(*, share: float, other: float, odds_ratio: float) -> tuple[float, float]:
    """The share among who stands on the other list, and among who does not.

    Both together give `share`, when `other` is the share of the other list, and their odds stand to one
    another as `odds_ratio` (the two-by-two table of Plackett 1965, doi 10.1080/01621459.1965.10480807).
    """
    if other in (0.0, 1.0) or odds_ratio == 1.0:
        return share, share
    total = 1 + (share + other) * (odds_ratio - 1)
    both = (total - sqrt(total**2 - 4 * odds_ratio * (odds_ratio - 1) * share * other)) / (
        2 * (odds_ratio - 1)
    )
    return both / other, (share - both) / (1 - other)
