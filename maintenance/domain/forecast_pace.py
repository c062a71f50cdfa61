"""How much a car usually uses of an axis in a day, from its last half year."""

from collections.abc import Sequence
from statistics import median

from maintenance.domain.forecast import Pace, Rests
from maintenance.domain.forecast_daily import Used

HISTORY = 180  # days looked at
WINDOW = 28  # days of one rate
WEEK = 7  # days; less says nothing
HALF = 45.0  # days after which a rate counts half as much
SLOW, USUAL, FAST = 0.2, 0.5, 0.8
LIKE_ENOUGH = 3  # similar vehicles, for theirs to stand in


def pace_of(days: Sequence[Used], *, today: int, still: float, since: int | None = None) -> Pace:
    """The pace on `today` (an ordinal), from the days before it. `still`: what is no use at all in four weeks.

    `since`: the day on which its use changed; what was before says nothing of what comes.
    """
    known = [day for day in days if today - HISTORY <= day.day < today]
    if not known:
        return Pace(None, None, None, 0.0, Rests.SHORT if days else Rests.UNTOLD)
    if today - known[-1].day > WINDOW:
        return Pace(None, None, None, len(known), Rests.SILENT)
    if len(known) < WEEK:
        return Pace(None, None, None, len(known), Rests.SHORT)
    if sum(day.amount for day in known[-WINDOW:]) < still:
        return Pace(None, None, None, len(known), Rests.STANDS)
    if since is not None and today - since >= WEEK:
        known = [day for day in known if day.day >= since] or known
    rates = rolling(known, today)
    slow, usual, fast = (max(0.0, quantile(rates, share)) for share in (SLOW, USUAL, FAST))
    return Pace(slow, usual, fast, len(known))


def rolling(known: Sequence[Used], today: int) -> list[tuple[float, float]]:
    """(rate a day, weight) of each window of four weeks; of a short history, of windows half as long as it."""
    length = min(WINDOW, len(known), max(WEEK, len(known) // 2))
    rates, total = [], sum(day.amount for day in known[: length - 1])
    for end in range(length - 1, len(known)):
        total += known[end].amount
        rates.append((total / length, 0.5 ** ((today - known[end].day) / HALF)))
        total -= known[end - length + 1].amount
    return rates


def quantile(weighed: Sequence[tuple[float, float]], share: float) -> float:
    """The value below which this share of the weight lies; each value stands in the middle of its own weight."""
    ordered = sorted(weighed)
    goal = share * sum(weight for _, weight in ordered)
    passed, before = 0.0, None
    for value, weight in ordered:
        middle = passed + weight / 2
        if middle >= goal:
            if before is None:
                return value
            (v0, m0) = before
            return v0 + (value - v0) * (goal - m0) / (middle - m0)
        passed, before = passed + weight, (value, middle)
    return ordered[-1][0]


def of_similar(paces: Sequence[Pace]) -> Pace | None:
    """The median of similar vehicles, for one that is known too short. None where too few of them are known."""
    own = [pace for pace in paces if pace.why == Rests.OWN and pace.moves]
    if len(own) < LIKE_ENOUGH:
        return None
    slow, usual, fast = (median(getattr(pace, name) for pace in own) for name in ("slow", "usual", "fast"))
    return Pace(slow, usual, fast, median(pace.days for pace in own), Rests.SIMILAR, len(own))
