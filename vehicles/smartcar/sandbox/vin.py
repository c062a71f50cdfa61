"""Vehicle identification numbers with a right check digit (49 CFR 565)."""

import random

LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
VALUES = {digit: int(digit) for digit in "0123456789"} | dict(
    zip(LETTERS, [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9], strict=True)
)
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
YEARS = dict(zip(range(2015, 2031), "FGHJKLMNPRSTVWXY", strict=True))


def check_digit(vin: str) -> str:
    total = sum(VALUES[sign] * weight for sign, weight in zip(vin, WEIGHTS, strict=True))
    return "X" if total % 11 == 10 else str(total % 11)


def invent(maker: str, year: int, dice: random.Random) -> str:
    """`maker` is the three signs of the world manufacturer identifier."""
    described = "".join(dice.choices(LETTERS + "0123456789", k=5))
    draft = f"{maker}{described}0{YEARS[year]}{dice.choice(LETTERS)}{dice.randrange(10**6):06}"
    return draft[:8] + check_digit(draft) + draft[9:]
