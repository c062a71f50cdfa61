"""What the car says of a job, whatever order it says it in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.proof import Look, State, Watch, code_looks, oil_looks, settle, watch_for
from vehicles.domain.faults import CodeRead

DONE = datetime(2026, 5, 12, 12, tzinfo=UTC)
DAY = DONE.replace(hour=0)
UNTIL = DONE + timedelta(days=14)


def hours(count: float) -> datetime:
    return DONE + timedelta(hours=count)


def looks(*told: tuple[float, bool]) -> list[Look]:
    return [Look(hours(at), good) for at, good in told]


def state(found, *, watch=Watch.OIL, now=UNTIL, gives=True, ends=None) -> State:
    return settle(found, watch=watch, until=UNTIL, now=now, gives=gives, ends=ends).state


def oil(*told: tuple[float, float], now=UNTIL, gives=True, ends=None) -> State:
    _, found = oil_looks([(hours(at), value) for at, value in told], rises_from=DAY, done_at=DONE)
    return state(found, now=now, gives=gives, ends=ends)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ([(-48, 18), (5, 100)], State.CONFIRMED),
        ([(-48, 18), (5, 68)], State.CONFIRMED),  # 50 points
        ([(-48, 18), (5, 67)], State.CONTRADICTED),
        ([(-48, 60), (5, 90)], State.CONFIRMED),  # 90 % and above
        ([(-48, 60), (5, 89)], State.CONTRADICTED),
        ([(5, 90)], State.UNTELLABLE),  # nobody knows whether it rose
        ([(5, 30), (20, 90)], State.CONFIRMED),
        ([(5, 80)], State.CONTRADICTED),
        ([(-48, 96), (5, 95)], State.UNTELLABLE),  # it was as new, and never rose
        ([(-48, 96), (5, 98), (20, 97)], State.UNTELLABLE),  # a sensor wavers
        ([(-48, 96), (5, 100)], State.CONFIRMED),
        ([(-48, 89), (5, 90)], State.UNTELLABLE),  # a waver again, and nothing against the job
        ([(-48, 89), (5, 92)], State.CONFIRMED),
        ([(-48, 96), (5, 91), (200, 88), (300, 87)], State.UNTELLABLE),  # logged late, and worn since
        ([(5, 91), (200, 88), (300, 87)], State.UNTELLABLE),
        ([(-48, 96), (5, 46)], State.CONTRADICTED),  # worn by as much as a change brings
        ([(-48, 96), (5, 47)], State.UNTELLABLE),
        ([(-48, 18), (5, 18), (30, 100), (60, 99)], State.CONFIRMED),  # the dash was reset on the day after
        ([(-48, 18), (-3, 100)], State.CONFIRMED),  # in the morning of a bare date
        ([(-48, 90), (5, 80)], State.UNTELLABLE),  # as new already
        ([(-48, 89), (5, 80)], State.CONTRADICTED),
        ([(-48, 18), (-12, 100)], State.CONFIRMED),  # at its midnight
        ([(-48, 18), (0, 17)], State.UNTELLABLE),  # in the very moment
        ([(-48, 18), (14 * 24, 100)], State.CONFIRMED),  # in the last one
        ([(-48, 18), (-3, 17)], State.UNTELLABLE),  # of the same day, but before the job
        ([(-48, 18)], State.UNTELLABLE),
        ([], State.UNTELLABLE),
        ([(-48, 18), (14 * 24 + 1, 100)], State.UNTELLABLE),  # that is another job
    ],
)
def test_oil_life_bears_the_job_out_or_not(told, wanted):
    assert oil(*told) is wanted


def test_oil_that_rose_before_the_moment_of_a_job_proves_another():
    """Where the moment is known, the day before it is no part of the job."""
    told = [(hours(-48), 30), (hours(-10), 91), (hours(5), 90)]
    _, found = oil_looks(told, rises_from=DONE, done_at=DONE)
    assert state(found) is State.UNTELLABLE
    _, of_a_bare_date = oil_looks(told, rises_from=hours(-12), done_at=DONE)
    assert state(of_a_bare_date) is State.CONFIRMED


def test_oil_that_wears_after_the_job_was_still_changed():
    assert oil((-48, 18), (5, 100), (200, 40), (300, 30)) is State.CONFIRMED


def test_one_low_reading_is_no_contradiction_yet():
    assert oil((-48, 18), (3, 18), now=hours(4)) is State.WATCHING
    assert oil((-48, 18), (3, 18), (8.9, 17), now=hours(9)) is State.WATCHING
    assert oil((-48, 18), (3, 18), (9, 17), now=hours(9)) is State.CONTRADICTED


def test_a_car_that_gives_no_oil_life_cannot_tell_at_once():
    assert oil(now=hours(1), gives=False) is State.UNTELLABLE
    assert oil(now=hours(1)) is State.WATCHING


def test_what_comes_after_the_next_job_proves_that_one():
    assert oil((-48, 18), (5, 18), (100, 100), ends=hours(90)) is State.CONTRADICTED
    assert oil((-48, 18), (5, 18), (90, 100), ends=hours(90)) is State.CONTRADICTED


@pytest.mark.parametrize(
    ("told", "before"),
    [
        ([(-48, 30), (-24, 18), (5, 12)], 18),
        ([(-48, 18), (-12, 100)], 18),  # at midnight that day has begun
        ([(3, 40), (5, 30), (9, 95), (300, 20)], 30),  # nothing older: the lowest until it rose
        ([(3, 95), (5, 94)], 94),
        ([], None),
    ],
)
def test_the_oil_life_before_the_job_is_that_of_the_days_before(told, before):
    readings = [(hours(at), value) for at, value in told]
    assert oil_looks(readings, rises_from=DAY, done_at=DONE)[0] == before


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ([(1, True), (8, True)], State.CONFIRMED),
        ([(1, True), (6, True)], State.WATCHING),  # five hours apart
        ([(1, True)], State.WATCHING),
        ([(1, False), (2, True), (8, True)], State.CONFIRMED),
        ([(1, True), (8, False), (9, True)], State.WATCHING),
        ([(1, False)], State.WATCHING),
        ([(1, False), (7, False)], State.CONTRADICTED),
        ([(1, True), (8, True), (12, False), (20, False)], State.CONTRADICTED),  # it came back
    ],
)
def test_a_code_must_be_gone_in_two_reads_apart(told, wanted):
    assert state(looks(*told), watch=Watch.CODE, now=hours(48)) is wanted


def test_of_a_partial_read_only_what_it_names_counts():
    partial = [CodeRead(hours(at), codes, hours(at), complete=False) for at, codes in ((1, ()), (8, ("P0420",)))]
    assert list(code_looks(partial, "P0420")) == looks((8, False))
    assert list(code_looks([CodeRead(hours(9), ("P0171",), hours(9))], "P0420")) == looks((9, True))


def test_the_deadline_settles_what_stands():
    assert state(looks((1, False)), watch=Watch.CODE) is State.CONTRADICTED
    assert state(looks((1, True)), watch=Watch.CODE) is State.UNTELLABLE
    assert state([], watch=Watch.CODE) is State.UNTELLABLE


def test_a_code_that_goes_later_takes_the_contradiction_back():
    late = 15 * 24
    assert state(looks((1, False), (late, True), (late + 7, True)), watch=Watch.CODE) is State.CONFIRMED
    assert state(looks((late, True), (late + 7, True)), watch=Watch.CODE) is State.UNTELLABLE


def test_one_look_at_a_light_is_enough():
    assert state(looks((1, True)), watch=Watch.LIGHT, now=hours(2)) is State.CONFIRMED
    assert state(looks((1, True), (9, False), (20, False)), watch=Watch.LIGHT, now=hours(21)) is State.CONTRADICTED


@pytest.mark.parametrize(
    ("watch", "told", "settled"),
    [
        (Watch.OIL, [(5, 18), (30, 97), (60, 96)], (State.CONFIRMED, 30, 97)),
        (Watch.OIL, [(5, 18), (30, 17)], (State.CONTRADICTED, 30, 17)),
        (Watch.LIGHT, [(5, 97), (9, 98)], (State.CONFIRMED, 5, 97)),
        (Watch.CODE, [(5, 97), (6, 98), (11, 99)], (State.CONFIRMED, 11, 99)),
    ],
)
def test_the_look_that_settled_it_is_named(watch, told, settled):
    found = [Look(hours(at), value > 90, value) for at, value in told]
    finding = settle(found, watch=watch, until=UNTIL, now=UNTIL, gives=True)

    assert (finding.state, finding.at, finding.value) == (settled[0], hours(settled[1]), settled[2])


def test_of_two_looks_at_one_moment_the_bad_one_is_believed():
    assert state(looks((1, True), (1, False)), watch=Watch.LIGHT) is State.CONTRADICTED


a_look = st.builds(
    Look, at=st.integers(0, 500).map(hours), good=st.booleans(), value=st.none() | st.sampled_from([0, 18, 97])
)


@settings(max_examples=80, deadline=None)
@given(st.lists(a_look, max_size=8), st.sampled_from(Watch), st.integers(0, 600).map(hours), st.booleans(), st.data())
def test_order_and_duplicates_change_nothing(found, watch, now, gives, data):
    shuffled = data.draw(st.permutations(found + found[:3]))
    told = {"watch": watch, "until": UNTIL, "now": now, "gives": gives}
    assert settle(found, **told) == settle(shuffled, **told)


@settings(max_examples=80, deadline=None)
@given(st.lists(a_look, max_size=8), st.sampled_from(Watch))
def test_nothing_is_left_open_after_the_deadline(found, watch):
    assert state(found, watch=watch) is not State.WATCHING


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(-300, 330), st.integers(0, 100)), max_size=8), st.data())
def test_oil_readings_may_come_in_any_order(told, data):
    assert oil(*told) is oil(*data.draw(st.permutations(told)))


@pytest.mark.parametrize(
    ("task", "by_oil", "lit", "wanted"),
    [
        ("Oil and filter change", True, [], (Watch.OIL, "oil_life")),
        ("Oil and filter change", False, [], None),
        ("Brake fluid", False, ["system_brakefluid"], (Watch.LIGHT, "system_brakefluid")),
        ("Brake fluid", False, [], None),  # it was not on, so it proves nothing
        ("Brake inspection", False, ["system_brakefluid"], None),
        ("Tyre rotation", False, ["system_tirepressure"], (Watch.LIGHT, "system_tirepressure")),
        ("Cabin air filter", False, ["system_oillife"], None),
    ],
)
def test_what_to_watch_follows_from_the_task(task, by_oil, lit, wanted):
    assert watch_for(task, by_oil=by_oil, lit=lit) == wanted
