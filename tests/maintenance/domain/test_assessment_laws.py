"""What must hold for any history."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from maintenance.domain.assessment import assess
from maintenance.domain.calendar import add_months, grid_before_and_after
from maintenance.domain.status import Status, worst
from tests.maintenance.domain.scene import done, facts, known, line, seen

days = st.dates(date(2015, 1, 1), date(2030, 12, 31))
early_days = days.filter(lambda day: day.day <= 28)
tenths = st.integers(0, 3_000_000).map(lambda tenth: tenth / 10)
percents = st.integers(0, 1_000).map(lambda tenth: tenth / 10)
kms = st.integers(100, 60_000)
months = st.integers(1, 60)
completions = st.lists(st.builds(done, days, st.none() | tenths, stand_in=st.booleans()), max_size=5)
looks = st.builds(facts, st.none() | tenths, st.none() | percents, today=days)
lines = st.builds(
    line, every_km=st.none() | kms, every_months=st.none() | months, oil_below_pct=st.sampled_from([None, 20])
)


@given(days, st.integers(0, 400))
def test_months_clamp_as_dateutil_does(day, count):
    assert add_months(day, count) == day + relativedelta(months=count)


def test_a_short_month_is_not_remembered():
    assert [add_months(date(2026, 1, 31), k) for k in (1, 2)] == [date(2026, 2, 28), date(2026, 3, 31)]


@given(days, months, days)
def test_the_grid_stands_around_the_day(origin, every, day):
    before, after = grid_before_and_after(origin, every, day)

    assert day < after
    assert before <= day or before == origin


@given(lines, completions, looks, st.randoms())
def test_the_order_of_completions_and_their_copies_do_not_matter(a_line, history, look, shuffler):
    shuffled = history + history[:2]
    shuffler.shuffle(shuffled)

    assert assess(a_line, known(), shuffled, look) == assess(a_line, known(), history, look)


@given(lines, completions, looks, days, tenths)
def test_completing_then_voiding_is_the_identity(a_line, history, look, on, km):
    before = assess(a_line, known(), history, look)
    extra = done(on, km)
    assess(a_line, known(), [*history, extra], look)

    assert assess(a_line, known(), [each for each in [*history, extra] if each is not extra], look) == before


@given(kms, months, tenths, looks)
def test_the_item_is_never_later_than_either_axis(every_km, every_months, km, look):
    both = assess(line(every_km=every_km, every_months=every_months, oil_below_pct=None), known(km=km), [], look)
    by_km = assess(line(every_km=every_km, every_months=None, oil_below_pct=None), known(km=km), [], look)
    by_time = assess(line(every_km=None, every_months=every_months, oil_below_pct=None), known(km=km), [], look)

    assert both.status is worst([by_km.status, by_time.status])


@given(kms, kms, months, months, tenths, tenths, days)
def test_a_stricter_interval_is_never_less_urgent(km_a, km_b, months_a, months_b, start, odometer, today):
    strict = line(every_km=min(km_a, km_b), every_months=min(months_a, months_b), soon_days=0, soon_share=0)
    loose = line(every_km=max(km_a, km_b), every_months=max(months_a, months_b), soon_days=0, soon_share=0)
    look = facts(odometer, 50, today=today)

    assert assess(strict, known(km=start), [], look).status.rank >= assess(loose, known(km=start), [], look).status.rank


@given(kms, tenths, tenths, st.integers(0, 500_000))
def test_shifting_all_odometers_shifts_the_distance_verdict(every_km, start, odometer, shift):
    by_km = line(every_km=every_km, every_months=None, oil_below_pct=None)
    here = assess(by_km, known(km=start), [], facts(odometer))
    there = assess(by_km, known(km=round(start + shift, 1)), [], facts(round(odometer + shift, 1)))

    assert there.status is here.status
    assert there.due_km == round(here.due_km + shift, 1)


@given(early_days, months, st.integers(0, 48))
def test_shifting_all_dates_by_whole_months_shifts_the_due_day(start, every, shift):
    by_time = line(every_km=None, every_months=every, oil_below_pct=None)
    here = assess(by_time, known(start), [], facts())
    there = assess(by_time, known(add_months(start, shift)), [], facts())

    assert there.due_on == add_months(here.due_on, shift)


@given(lines, completions, st.none() | tenths, st.none() | percents, days)
def test_until_changes_on_the_calendar_moves_no_axis(a_line, history, km, oil, today):
    odometer, oil_life = (None if value is None else seen(value) for value in (km, oil))
    here = assess(a_line, known(), history, facts(odometer, oil_life, today=today))
    later = today + timedelta(days=400) if here.changes_on is None else here.changes_on - timedelta(days=1)

    there = assess(a_line, known(), history, facts(odometer, oil_life, today=later))
    assert [axis.status for axis in there.axes] == [axis.status for axis in here.axes]


@given(lines, completions, looks)
def test_nothing_missing_is_ever_ok(a_line, history, look):
    verdict = assess(a_line, known(), history, look)

    if verdict.status is Status.OK:
        assert all(axis.status is Status.OK or axis.dropped for axis in verdict.axes)
