"""What a fleet decides is what happens: every decision, changed alone, changes what somebody sees."""

from datetime import timedelta

import pytest

from maintenance import review, snoozing, workshop
from maintenance.boards import tally as tallies
from maintenance.boards import visits, workload
from maintenance.boards.due_asked import Asked, monday_of
from maintenance.models import Policy, Proof, Task
from maintenance.plans import policy as deciding
from maintenance.plans import rechecks, words
from maintenance.refusals import Refused
from tests.maintenance.scenes import drive, item_of, last_done
from tests.scenes import NOON, a_car, a_fleet, a_member, codes, odometer, oil
from vehicles.models import Fault, FaultTerms, Vehicle

pytestmark = pytest.mark.django_db
KM = 47_000


@pytest.fixture
def car(client):
    """Its oil change follows the policy. Tyres are due in 45 days, brakes in 3,140 km."""
    fleet = a_fleet()
    client.force_login(a_member(fleet).user)
    car = a_car(fleet)
    last_done(car, "oil-change", km=40_000, days_ago=30)
    last_done(car, "tyre-rotation", km=46_000, days_ago=320)
    last_done(car, "brake-inspection", km=26_000, days_ago=30)
    line = item_of(car).line
    line.as_policy = True
    line.save(update_fields=["as_policy"])
    drive(car, odometer(KM, at=NOON - timedelta(hours=1)), oil(25, at=NOON - timedelta(hours=1)))
    return car


def status(task: str):
    return lambda car, client: item_of(car, task).status


def due_km(car, client) -> float:
    return item_of(car).due_km


def said_of_the_oil(car, client) -> str:
    return words.terms(item_of(car).line, car.fleet.units)


def snoozed(**asked):
    def answer(car, client) -> str:
        try:
            snoozing.snooze(item_of(car), by=someone(car), reason="Away", now=NOON, **asked)
        except Refused:
            return "refused"
        return "kept"

    return answer


def proof_days(car, client) -> int:
    said = {"done_on": NOON.date(), "odometer_km": KM, "notes": "", "key": f"form-{Proof.objects.count()}"}
    record = workshop.complete(item_of(car), by=someone(car), now=NOON, **said)
    days = (Proof.objects.get(record=record).until - record.done_at).days
    workshop.void(record, by=someone(car), now=NOON)
    return days


def together(car, client) -> set[str]:
    found = visits.with_item(item_of(car), KM, Vehicle.objects.get(pk=car.pk).fleet, NOON)
    return {one.item.task.key for one in found.companions}


def capacity(car, client) -> str:
    Task.objects.for_fleet(car.fleet).update(minutes=60)
    tally = tallies.count(someone(car).memberships.get(), monday_of(NOON.date()))
    return workload.board(tally, Asked(), NOON.date()).capacity


def shown(text: str):
    return lambda car, client: text in client.get("/plans/policy/").content.decode()


def someone(car):
    return car.fleet.memberships.first().user


REST = " (the fleet’s) or 12 months or oil life 20 %"
# Field → what it becomes, what somebody looks at, and what is seen before and after.
CASES = {
    "soon_share": (0.2, status("brake-inspection"), "ok", "soon"),
    "soon_days": (60, status("tyre-rotation"), "ok", "soon"),
    "oil_below_pct": (30.0, status("oil-change"), "soon", "due"),
    "every_km": (10_000.0, due_km, 48_046.7, 50_000.0),
    "distance_typed": ("8,046.7 km", said_of_the_oil, "8,047 km" + REST, "8,046.7 km" + REST),
    "snooze_days": (10, snoozed(until_on=(NOON + timedelta(days=20)).date(), for_km=None), "kept", "refused"),
    "snooze_km": (300.0, snoozed(until_on=None, for_km=500.0), "kept", "refused"),
    "proof_days": (3, proof_days, 14, 3),
    "visit_days": (50, together, set(), {"tyre-rotation"}),
    "visit_km": (4_000.0, together, set(), {"brake-inspection"}),
    "workshop_hours": (7, capacity, "", "7 h"),
    "edited_by": (None, shown("Set by Manager Person on"), False, True),
    "edited_at": (None, shown("on 12 May 2026 12:00"), False, True),
}
DECISIONS = [field.name for field in Policy._meta.concrete_fields if field.name not in ("id", "fleet")]


FAULT_CASES = {
    "clean_apart_hours": (30, (True, False), (False, False)),
    "recurs_within_days": (1, (True, False), (True, True)),
}
FAULT_DECISIONS = [field.name for field in FaultTerms._meta.concrete_fields if field.name not in ("id", "fleet")]


@pytest.mark.parametrize("name", FAULT_DECISIONS)
def test_each_decision_on_codes_alone_changes_their_history(car, name):
    """Gone in two reads a day apart, and back three days later: closed meanwhile? another episode?"""
    assert name in FAULT_CASES, f"Nothing says what {name} is for: add a case that sees it change."
    value, before, after = FAULT_CASES[name]
    for days, found in ((10, ["P0420"]), (9, []), (8, []), (5, ["P0420"])):
        drive(car, codes(*found, at=NOON - timedelta(days=days)), now=NOON)

    def history() -> tuple[bool, bool]:
        first, *others = Fault.objects.filter(vehicle=car).order_by("opened_at")
        return first.recurrences > 0 or first.closed_at is not None, bool(others)

    assert history() == before
    terms = FaultTerms.of(car.fleet)
    setattr(terms, name, value)
    assert deciding.save(Policy.of(car.fleet), faults=terms, by=someone(car), now=NOON)
    rechecks.sweep(now=NOON)

    assert history() == after


@pytest.mark.parametrize("name", DECISIONS)
def test_each_decision_alone_changes_what_somebody_sees(client, car, name):
    assert name in CASES, f"Nothing says what {name} is for: add a case that sees it change."
    value, look, before, after = CASES[name]
    if before is not None:
        assert look(car, client) == before

    policy = Policy.of(car.fleet)
    if value is not None:  # who decided and when is written down with whatever it was
        setattr(policy, name, value)
    deciding.save(policy, by=someone(car), now=NOON)
    review.review([car.pk], now=NOON)

    assert look(car, client) == after
