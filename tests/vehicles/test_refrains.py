"""What a car always says is noted once for all its signals, and nobody can tell that from noting each."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scenes import NOON, a_car, a_fleet
from vehicles.consent import mending
from vehicles.domain.measurements import Gap, Measurement, Snapshot, Why
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Source, Vehicle
from vehicles.waist import capabilities, ingest, refrains

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
OIL, FUEL, TYRES, CODES = Signal.OIL_LIFE, Signal.FUEL_LEVEL, Signal.TYRE_PRESSURE, Signal.TROUBLE_CODES
ALWAYS = {OIL: 50.0, FUEL: Why.UNSUPPORTED, TYRES: Why.UNSUPPORTED, CODES: Why.UNAVAILABLE}


@pytest.fixture
def car():
    return a_car(a_fleet())


def hear(car, said: dict, *, after: int, source=Source.POLL) -> None:
    at = NOON + after * MINUTE
    given = [Measurement(s, value, fetched_at=at) for s, value in said.items() if not isinstance(value, Why)]
    gaps = [Gap(s, why, "") for s, why in said.items() if isinstance(why, Why)]
    ingest.record_all([ingest.Arrival(car.pk, Snapshot(tuple(given), tuple(gaps)), source, at)], now=at)


def states(car) -> dict[str, str]:
    return dict(Capability.objects.filter(vehicle=car).values_list("signal", "state"))


def heard_after(car, minutes: int) -> set[str]:
    told = Capability.objects.filter(refrains.heard_after(NOON + minutes * MINUTE), vehicle=car)
    return set(told.values_list("signal", flat=True))


def test_what_is_said_again_reads_and_writes_no_capability(car):
    hear(car, ALWAYS, after=0)
    before = list(Capability.objects.values())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        hear(car, ALWAYS, after=5)
    assert not [query["sql"] for query in asked if "capability" in query["sql"] and "SELECT" in query["sql"][:7]]
    assert list(Capability.objects.values()) == before
    assert {"fuel_level", "tyre_pressure", "trouble_codes"} <= heard_after(car, 4)


def test_an_older_word_does_not_pass_for_the_newer_one_that_was_only_heard_again(car):
    hear(car, ALWAYS, after=0)
    hear(car, ALWAYS, after=10)
    hear(car, {FUEL: 40.0}, after=5, source=Source.WEBHOOK)
    assert states(car)["fuel_level"] == "unsupported"
    hear(car, {FUEL: 41.0}, after=11, source=Source.WEBHOOK)
    assert states(car)["fuel_level"] == "given"
    hear(car, {FUEL: Why.UNSUPPORTED}, after=9, source=Source.WEBHOOK)
    hear(car, {TYRES: {"front_left": 230.0}}, after=9, source=Source.WEBHOOK)
    assert (states(car)["fuel_level"], states(car)["tyre_pressure"]) == ("given", "unsupported")


def test_what_changed_in_between_is_said_anew_by_the_next_poll(car):
    hear(car, ALWAYS, after=0)
    hear(car, {FUEL: 40.0}, after=5, source=Source.WEBHOOK)
    assert states(car)["fuel_level"] == "given"
    hear(car, ALWAYS, after=10)
    assert states(car)["fuel_level"] == "unsupported"


def test_what_leaves_the_refrain_was_heard_as_late_as_it_was(car):
    hear(car, ALWAYS, after=0)
    hear(car, ALWAYS, after=10)
    hear(car, {OIL: 49.0, FUEL: Why.UNSUPPORTED}, after=20)
    hear(car, {TYRES: {"front_left": 230.0}}, after=8, source=Source.WEBHOOK)
    assert states(car)["tyre_pressure"] == "unsupported"
    assert "tyre_pressure" in heard_after(car, 9) and "tyre_pressure" not in heard_after(car, 10)


def test_a_new_consent_opens_what_is_not_permitted_and_the_next_poll_may_close_it(car):
    barred = ALWAYS | {FUEL: Why.NOT_PERMITTED}
    hear(car, barred, after=0)
    hear(car, barred, after=10)
    mending.take_up(car.connection, NOON + 5 * MINUTE)  # known late: what was said since then stands
    assert states(car)["fuel_level"] == "not_permitted"
    mending.take_up(car.connection, NOON + 15 * MINUTE)
    assert states(car)["fuel_level"] == "open"
    hear(car, barred, after=20)
    assert states(car)["fuel_level"] == "not_permitted"


def test_a_month_counts_from_when_it_was_heard_last(car):
    hear(car, ALWAYS, after=0)
    hear(car, ALWAYS, after=10)
    just_after = NOON + capabilities.RECHECK + 5 * MINUTE
    assert {FUEL, TYRES} <= capabilities.hopeless(car.connection, now=just_after)
    assert capabilities.hopeless(car.connection, now=just_after + 5 * MINUTE) == set()


WORDS = st.sampled_from([40.0, 41.0, Why.UNSUPPORTED, Why.NOT_PERMITTED, Why.UNAVAILABLE])
SAID = st.one_of(
    st.just({OIL: 50.0, FUEL: Why.UNSUPPORTED}),
    st.just({OIL: 50.0, FUEL: Why.UNAVAILABLE}),
    st.dictionaries(st.sampled_from([OIL, FUEL]), WORDS, min_size=1),
)
EVENTS = st.lists(st.tuples(SAID, st.sampled_from([Source.POLL, Source.POLL, Source.WEBHOOK])), min_size=2, max_size=7)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.randoms(use_true_random=False))
def test_in_any_order_and_twice_it_is_known_as_if_every_row_were_written(car, events, random):
    told = [(said, number, source) for number, (said, source) in enumerate(events)]
    shuffled = random.sample(told, len(told)) + random.sample(told, len(told) // 2)

    def all_of(events, *, by_rows: bool) -> tuple:
        with transaction.atomic():
            for said, number, source in events:
                hear(car, said, after=number, source=source)
                if by_rows:
                    refrains.end(Vehicle.objects.all())
            came = states(car), [heard_after(car, minutes) for minutes in range(-1, len(told))]
            transaction.set_rollback(True)
        return came

    in_order = all_of(told, by_rows=True)[0]
    assert all_of(told, by_rows=False)[0] == in_order
    assert all_of(shuffled, by_rows=False)[0] == in_order
