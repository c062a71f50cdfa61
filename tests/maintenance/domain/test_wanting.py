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


BY_KM = Line("Oil change", "Vans", 1, every_km=10_000)


def driven_since(days: float, *, to: float, line=BY_KM):
    """Wanted how many days from now, where 40,000 km stood on the clock `days` ago."""
    start = Anchor(AnchorKind.KNOWN, on=NOON.date() - timedelta(days=days), odometer_km=40_000)
    found = wanted(km(to), line=line, anchor=start)
    return None if found is None else (found - NOON) / DAY


@pytest.mark.parametrize(("days", "expected"), [(377, 29), (390, 30), (391, None)])
def test_further_than_a_month_the_daily_poll_is_soon_enough(days, expected):
    assert driven_since(days, to=47_800) == (expected and pytest.approx(expected))


def test_never_sooner_than_six_hours_after_the_reading_that_is_there():
    assert driven_since(100, to=48_999.9) == 0.25


def test_in_its_first_week_it_is_taken_to_use_one_interval_a_year():
    assert driven_since(7, to=48_000) == pytest.approx(0.4375)  # 1,143 km a day
    assert driven_since(6, to=48_000) == pytest.approx(18.25)
    assert driven_since(30, to=40_000, line=Line("Chain", "Vans", 1, every_km=1_000)) is None


def test_what_is_due_once_is_approached_as_others_drive():
    recall = Line("Recall of the seat belt", "", 0, once_km=60_000)
    asked = Anchor(AnchorKind.TODAY, on=NOON.date() - timedelta(days=30))

    assert wanted(km(59_800), line=recall, anchor=asked) - NOON == 2.5 * DAY


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

    assert (found - NOON) / DAY == pytest.approx(0.5 * 2 / 0.7)


def test_the_first_of_several_items_counts():
    facts = Facts(today=NOON.date(), odometer=km(48_800), oil=NO_OIL)
    terms = ("Brakes", 60_000), ("Filter", 9_500), ("Chain", 10_000)  # no day, four days, one
    verdicts = [assess(Line(name, "Vans", 1, every_km=every), START, (), facts) for name, every in terms]

    assert wanted_at(verdicts, facts) == wanted_at(verdicts[::-1], facts) == wanted(km(48_800))
