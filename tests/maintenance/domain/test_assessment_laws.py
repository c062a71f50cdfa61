"""What must hold for any history."""

import json
from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from maintenance.domain import trace
from maintenance.domain.assessment import assess
from maintenance.domain.calendar import add_months
from maintenance.domain.forecast import Pace
from maintenance.domain.held import judge
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Recurrence
from maintenance.domain.recurrence import Months
from maintenance.domain.status import Status, worst
from maintenance.domain.why import explain
from tests.maintenance.domain.scene import done, facts, known, line, seen

days = st.dates(date(2015, 1, 1), date(2030, 12, 31))
early_days = days.filter(lambda day: day.day <= 28)
tenths = st.integers(0, 3_000_000).map(lambda tenth: tenth / 10)
percents = st.integers(0, 1_000).map(lambda tenth: tenth / 10)
kms = st.integers(100, 60_000)
months = st.integers(1, 60)
completions = st.lists(st.builds(done, days, st.none() | tenths, stand_in=st.booleans()), max_size=5)
paces = st.dictionaries(
    st.sampled_from([Axis.DISTANCE, Axis.OIL]), st.floats(0.1, 900).map(lambda fast: Pace(fast / 2, fast, fast, 99))
)
looks = st.builds(
    lambda look, ahead: replace(look, paces=ahead),
    st.builds(facts, st.none() | tenths, st.none() | percents, today=days, registered_on=st.none() | days),
    paces,
)
recurs = st.sampled_from(Recurrence)
lines = st.builds(
    line,
    every_km=st.none() | kms,
    every_months=st.none() | months,
    oil_below_pct=st.sampled_from([None, 20]),
    distance_recurs=recurs,
    time_recurs=recurs,
    grace_km=st.sampled_from([0, 250]),
    grace_days=st.integers(0, 9),
    severe=st.sampled_from([1.0, 0.8, 0.5]),
)
anchors = st.builds(Anchor, st.sampled_from(AnchorKind), days, st.none() | tenths)


@given(days, st.integers(0, 400))
def test_months_clamp_as_dateutil_does(day, count):
    assert add_months(day, count) == day + relativedelta(months=count)


def test_a_short_month_is_not_remembered():
    assert [add_months(date(2026, 1, 31), k) for k in (1, 2)] == [date(2026, 2, 28), date(2026, 3, 31)]
    assert add_months(date(2026, 1, 29), 1) == date(2026, 2, 28)


@given(days, months, days)
def test_the_next_point_of_a_grid_is_the_first_after_the_day(origin, every, day):
    grid = Months(every)
    steps = grid.steps_above(origin, day)

    assert grid.point(origin, steps - 1) <= day < grid.point(origin, steps)


@given(lines, anchors, completions, looks, st.randoms())
def test_the_order_of_completions_and_their_copies_do_not_matter(a_line, anchor, history, look, shuffler):
    shuffled = history + history[:2]
    shuffler.shuffle(shuffled)

    assert assess(a_line, anchor, shuffled, look) == assess(a_line, anchor, history, look)


@given(lines, anchors, completions, looks)
def test_a_stored_trace_gives_back_the_points_it_was_written_from(a_line, anchor, history, look):
    verdict = assess(a_line, anchor, history, look)

    assert trace.marks(json.loads(json.dumps(verdict.trace))) == verdict.marks


@given(lines, anchors, completions, looks, days, tenths, st.integers(1_000, 30_000))
def test_completing_then_voiding_is_the_identity(a_line, anchor, history, look, on, km, every_km):
    """Also where the program changed its version in between: what was due is due by its old terms again."""
    edited = replace(a_line, every_km=every_km, program_version=4)
    _, hold = judge(a_line, None, anchor, history, look)
    before, hold = judge(edited, hold, anchor, history, look)
    completed, kept = judge(edited, hold, anchor, [*history, done(on, km)], look)

    if not completed.status.is_reached:
        assert judge(edited, kept, anchor, history, look)[0] == before


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


@given(lines, completions, st.none() | tenths, st.none() | percents, days, paces)
def test_until_changes_on_the_calendar_moves_no_axis(a_line, history, km, oil, today, ahead):
    odometer, oil_life = (None if value is None else seen(value) for value in (km, oil))
    here = assess(a_line, known(), history, replace(facts(odometer, oil_life, today=today), paces=ahead))
    later = today + timedelta(days=400) if here.changes_on is None else here.changes_on - timedelta(days=1)

    there = assess(a_line, known(), history, replace(facts(odometer, oil_life, today=later), paces=ahead))
    assert [axis.status for axis in there.axes] == [axis.status for axis in here.axes]


@given(lines, completions, looks)
def test_nothing_missing_is_ever_ok(a_line, history, look):
    verdict = assess(a_line, known(), history, look)

    if verdict.status is Status.OK:
        assert all(axis.status is Status.OK or axis.dropped for axis in verdict.axes)


@given(lines, anchors, completions, looks)
def test_an_explanation_says_what_the_verdict_says(a_line, anchor, history, look):
    verdict = assess(a_line, anchor, history, look)
    trace = json.loads(json.dumps(verdict.trace))
    card = explain(trace, odometer=look.odometer, oil=look.oil, today=look.today, units="imperial")

    assert (card.status, [axis.axis for axis in card.axes if axis.winner]) == (
        verdict.status,
        [verdict.winner] if verdict.winner else [],
    )


fixed = {"oil_below_pct": None, "distance_recurs": "fixed", "time_recurs": "fixed"}
jobs = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 90_000)), max_size=4)


@given(kms, months, jobs, st.integers(0, 48), st.integers(0, 100_000), st.sampled_from(["fixed", "floating"]))
def test_shifting_a_whole_history_shifts_its_points(every_km, every_months, history, shift, more_km, kind):
    """Dates by whole months on days up to the 28th, odometers by any distance."""
    a_line = line(**fixed | {"every_km": every_km, "every_months": every_months, "time_recurs": "floating"})
    a_line = replace(a_line, distance_recurs=kind)

    def told(months_on: int, km_on: int):
        start = known(add_months(date(2020, 1, 15), months_on), 10_000 + km_on)
        visits = [done(add_months(date(2020, 1, 15), months_on + place), 10_000 + km + km_on) for place, km in history]
        return assess(a_line, start, visits, facts(1))

    here, there = told(0, 0), told(shift, more_km)
    assert there.due_on == add_months(here.due_on, shift)
    assert there.due_km == round(here.due_km + more_km, 1)


@given(lines, completions, looks, st.sampled_from([0.9, 0.6, 0.25]))
def test_severe_use_never_makes_an_item_less_urgent(a_line, history, look, factor):
    usual = replace(a_line, severe=1.0, distance_recurs="floating", time_recurs="floating", soon_share=0, soon_days=0)
    hard = replace(usual, severe=factor)

    assert assess(hard, known(), history, look).status.rank >= assess(usual, known(), history, look).status.rank
