"""Published counts, to hold the estimates against published answers."""

from __future__ import annotations

from collections.abc import Sequence

from inbeeld.kernel.coverage.table import History, Table, table_of


def counted(lists: str, counts: Sequence[int]) -> Table:
    """A table from the counts of 11…1, 11…0, and so on down to 0…01, each list named by a letter."""
    size = len(lists)
    numbers = range(2**size - 1, 0, -1)
    found: dict[History, int] = {
        frozenset(name for place, name in enumerate(lists) if number >> (size - 1 - place) & 1): count
        for number, count in zip(numbers, counts, strict=True)
    }
    return table_of(found)


#: Hepatitis A among students of a college in northern Taiwan, April to July 1995: serum tests (P), hospital
#: reports (Q), questionnaires (E); a screening of all found about 545. Chao, Tsay, Lin, Shau and Chao (2001),
#: Statistics in Medicine 20: 3123-3157.
HEPATITIS = counted("PQE", (28, 21, 17, 69, 18, 55, 63))

#: Known diabetes in Casale Monferrato, 1988: clinic or physician, hospital, prescriptions, strips. Bruno,
#: LaPorte, Merletti, Biggeri, McCarty and Pagano (1994), Diabetes Care 17: 548-556.
DIABETES = counted("1234", (58, 157, 18, 104, 46, 650, 12, 709, 14, 20, 7, 74, 8, 182, 10))

#: HIV in Rome, four reporting centres. Abeni, Brancato and Perucci (1994), Epidemiology 5: 410-414; estimates
#: in Baillargeon and Rivest (2007), Journal of Statistical Software 19(5).
HIV = counted("1234", (0, 3, 1, 33, 0, 20, 6, 403, 3, 35, 10, 545, 11, 621, 205))

#: Fatal accidents at work, three lists. Cormack, Chang and Smith (2000), Journal of Clinical Epidemiology 53.
ACCIDENTS = counted("123", (72, 5, 29, 54, 24, 3, 14))

#: Two catches: Seber (1982), The Estimation of Animal Abundance, p. 107.
SEBER = counted("12", (167, 781, 254))
