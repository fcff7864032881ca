"""The eleven-proof of the citizen service number: could this number be somebody's?"""

from __future__ import annotations

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
DIGITS = len(WEIGHTS)
#: Systems that keep it as a number lose the zero in front.
FEWEST_DIGITS = DIGITS - 1
BETWEEN_DIGITS = str.maketrans("", "", " \u00a0.-")


def is_valid_bsn(text: str) -> bool:
    """Does this text pass the eleven-proof, so that it could be the number of a real person?

    In: a number as it was written; spaces, dots and hyphens between the digits do not count, and of eight
    digits the leading zero was lost. Out: True when nine times the first digit, eight times the second, and
    so on to two times the eighth, less the ninth, is a multiple of eleven, and the digits are not all zero.
    Source: the elfproef for the burgerservicenummer, Logisch Ontwerp BSN (RvIG), rule for a well-formed BSN.
    An invented number must fail it: one in eleven random numbers passes.
    """
    digits = text.translate(BETWEEN_DIGITS)
    if not (digits.isascii() and digits.isdigit() and FEWEST_DIGITS <= len(digits) <= DIGITS):
        return False
    padded = digits.zfill(DIGITS)
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, padded, strict=True))
    return total % 11 == 0 and int(padded) > 0
