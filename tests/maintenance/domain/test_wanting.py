"""When a fresh reading would settle something: a table of truth."""

from datetime import UTC, date, datetime, timedelta

import pytest

from maintenance.domain.assessment import assess
from maintenance.domain.plan import Anchor, AnchorKind, Completion, Facts, Line, Missing, Sight
from maintenance.domain.wanting import AT_ONCE, wanted_at

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)
DAY = timedelta(days=1)
OIL = Line("Oil change", "Vans", 1, every_km=10_000, every_months=12, oil_below_pct=20)
START = Anchor(AnchorKind.KNOWN, on=date(2026, 2, 1), odometer_km=40_000)


def km(value: float) -> Sight:
    return Sight(value, NOON, "webhook")


NO_OIL = Missing("unsupported")


def wanted(odometer, oil=NO_OIL, *, line=OIL, anchor=START, done=()):
    facts = Facts(today=NOON.date(), odometer=odometer, oil=oil)
    return wanted_at([assess(line, anchor, done, facts)], facts)


@pytest.mark.parametrize(
    ("odometer", "days"),
    [
        # 100 days since the service: 8,800 km are 88 a day, so 200 km to "soon" are passed in two days.
        (48_800, 1.1),
        (48_999, 0.25),
        (49_000, 5.6),
        (49_900, 0.5),
        (44_000, None),  # months away: the daily poll is soon enough
        (50_000, None),  # due already, a reading changes nothing
        (52_000, None),
    ],
)
def test_halfway_to_the_next_line(odometer, days):
    found = wanted(km(odometer))

    assert found is None if days is None else (found - NOON) / DAY == pytest.approx(days, abs=0.06)


def test_a_reading_that_is_missing_is_wanted_at_once_if_it_could_come():
    assert wanted(Missing("waiting")) == AT_ONCE
    assert wanted(Missing("not_permitted")) is None
    assert wanted(Missing("unsupported")) is None


def test_where_the_last_service_is_unknown_no_reading_helps():
    assert wanted(km(48_999), anchor=Anchor(AnchorKind.UNKNOWN)) is None


def test_after_an_oil_change_the_car_s_own_word_is_awaited():
    done = [Completion(NOON.date(), 48_000, False, NOON + timedelta(hours=1), "Somebody")]

    assert wanted(km(48_000), Sight(12, NOON, "webhook"), done=done) == AT_ONCE


def test_oil_counts_down_at_its_own_pace():
    # Down 70 points in 100 days: 2 points above "soon" at 28 are three days away, half of that is wanted.
    found = wanted(km(44_000), Sight(30, NOON, "webhook"))

    assert (found - NOON) / DAY == pytest.approx(1.4, abs=0.1)


def test_the_first_of_several_items_counts():
    facts = Facts(today=NOON.date(), odometer=km(48_800), oil=NO_OIL)
    far = Line("Brakes", "Vans", 1, every_km=60_000)
    verdicts = [assess(line, START, (), facts) for line in (far, OIL)]

    assert wanted_at(verdicts, facts) == wanted(km(48_800))
