"""What if: the answer is what saving would bring, to the item."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fleet.owners.models import Role
from maintenance import review, workshop
from maintenance.domain.plan import AnchorKind
from maintenance.models import Care, DueItem, Pace, Program
from maintenance.plans import programs, whatif
from maintenance.program_form import typed
from tests.scenes import a_car, a_fleet, a_member, odometer
from vehicles.domain.measurements import Measurement
from vehicles.domain.signals import Signal
from vehicles.models import Source
from vehicles.waist import ingest

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now().replace(hour=12)


@pytest.fixture
def fleet(now):
    """Cars at every stage: far along or not, harder used, serviced here, start unknown, oil low, never heard of."""
    fleet = a_fleet()
    program = Program.objects.get(fleet=fleet, name="Engine, standard")
    line = program.lines.get(task__key="oil-change")
    line.every_km, line.distance_typed, line.every_months = 10_000, "10,000 km", 12
    line.save()
    cars = [a_car(fleet, name=f"Van {n:02}", powertrain="ICE") for n in range(18)]
    for n, car in enumerate(cars[:-1]):
        told = [odometer(60_000, at=now - timedelta(hours=1))]
        if n % 3 == 0:
            told.append(Measurement(Signal.OIL_LIFE, 12.0 + n, measured_at=now - timedelta(hours=1), fetched_at=now))
        ingest.record(car, told, source=Source.WEBHOOK, now=now)
        if n % 4:
            Pace.objects.create(vehicle=car, axis="distance", slow=20, usual=40, fast=60, days=180, at=now)
            Pace.objects.create(vehicle=car, axis="oil", slow=0.1, usual=0.2, fast=0.3, days=180, at=now)
    Care.objects.create(fleet=fleet, vehicle=cars[5], severe=0.5)
    review.review([car.pk for car in cars], now=now)
    for n, item in enumerate(DueItem.objects.filter(task__key="oil-change").order_by("vehicle__name")):
        if n % 6 == 5:
            continue
        item.anchor = AnchorKind.NEW if n % 7 == 6 else AnchorKind.KNOWN
        item.anchor_on, item.anchor_km = (now - timedelta(days=20 * n + 10)).date(), 60_000 - 1_000 * n
        item.save()
    done = DueItem.objects.get(vehicle=cars[3], task__key="oil-change")
    by = a_member(fleet, Role.MANAGER).user
    workshop.complete(
        done, done_on=(now - timedelta(days=90)).date(), odometer_km=52_000, notes="", parts="", key="k", by=by, now=now
    )
    review.review([car.pk for car in cars], now=now)
    return fleet


def oil(fleet):
    found = Program.objects.select_related("fleet").get(fleet=fleet, name="Engine, standard")
    row = found.lines.select_related("task").get(task__key="oil-change")
    row.program = found
    return row


EDITS = {
    "longer": {"every_km": 15_000, "distance_typed": "15,000 km"},
    "shorter": {"every_km": 5_000, "distance_typed": "5,000 km"},
    "much shorter": {"every_km": 2_000, "distance_typed": "2,000 km", "every_months": 2},
    "by time alone": {"every_km": None, "distance_typed": "", "oil_below_pct": None, "every_months": 6},
    "oil earlier": {"oil_below_pct": 60.0},
    "on a grid": {"distance_recurs": "fixed", "time_recurs": "fixed", "every_km": 7_000, "distance_typed": "7,000 km"},
    "with grace": {"grace_km": 3_000, "grace_days": 60},
    "hours": {"every_hours": 100.0},
    "the same": {},
}


def edited(row, terms):
    fresh = oil(row.program.fleet)
    for name, value in terms.items():
        setattr(fresh, name, value)
    return fresh


@pytest.mark.parametrize("name", EDITS)
def test_the_answer_is_what_saving_brings(fleet, now, name):
    row = oil(fleet)
    draft = edited(row, EDITS[name])

    found = whatif.look(row, draft, now=now)

    before = dict(DueItem.objects.filter(line=row).values_list("pk", "status"))
    others = [line for line in row.program.lines.standing() if line.pk != row.pk]
    by = a_member(fleet, Role.MANAGER).user
    programs.save(row.program, [draft, *others], [], seen=row.program.version, by=by, now=now)
    review.review(fleet.vehicles.values_list("pk", flat=True), now=now)
    after = dict(DueItem.objects.filter(line=row).values_list("pk", "status"))

    assert found.cars == len(before) == 18
    assert found.before == Counter(before.values()) and found.after == Counter(after.values())
    enter = {pk for pk in after if after[pk] == "overdue" != before[pk]}
    leave = {pk for pk in after if before[pk] == "overdue" != after[pk]}
    assert {one.item for one in found.enter} == enter
    assert {one.item for one in found.leave} == leave
    moved_on = [item.trace for item in DueItem.objects.filter(line=row) if "moved_on" in item.trace]
    assert found.held == len(moved_on)


def test_the_scene_has_something_to_tell(fleet, now):
    row = oil(fleet)
    shorter = whatif.look(row, edited(row, EDITS["much shorter"]), now=now)
    assert len(shorter.enter) >= 3 and len(shorter.before) >= 3
    longer = whatif.look(row, edited(row, EDITS["longer"]), now=now)
    assert longer.held >= 3 and not longer.leave, "what is due stays due"
    assert longer.jobs_after < longer.jobs_before < shorter.jobs_after
    assert 0 < longer.unpaced < 18


def asking(row, **changes) -> dict:
    first = {name: "" if value is None else value for name, value in typed(row, row.program.fleet.units).items()}
    return {"line": row.pk} | {name: first[name] for name in ("every", "every_months", "oil_below_pct")} | changes


def test_the_page_tells_and_leads_to_the_program(client, fleet):
    client.force_login(a_member(fleet, Role.MANAGER).user)
    row = oil(fleet)
    assert "Choose one" in client.get("/plans/what-if/").content.decode()
    assert (
        "now every 10,000 km or 12 months or oil life 20 %"
        in client.get(f"/plans/what-if/?line={row.pk}").content.decode()
    )

    page = client.get("/plans/what-if/", asking(row, every="2,000 km")).content.decode()
    assert "Become overdue" in page and "jobs a year become" in page and "18 vehicles follow this line" in page
    link = page.split("/edit/?", 1)[1].split('"')[0].replace("&amp;", "&")
    edit = client.get(f"/plans/programs/{row.program_id}/edit/?{link}").content.decode()
    assert 'value="2,000 km"' in edit, "the terms are filled in"
    row.refresh_from_db()
    assert row.every_km == 10_000, "and nothing is saved"

    answer = client.get("/plans/what-if/", asking(row, every="soon"))
    assert answer.status_code == 422 and "Type a distance such as" in answer.content.decode()
    empty = client.get("/plans/what-if/", asking(row, every="", every_months="", oil_below_pct=""))
    assert empty.status_code == 422 and "Say how often" in empty.content.decode()


def test_it_asks_the_same_for_many_and_shows_nothing_of_others(client, fleet, now):
    client.force_login(a_member(fleet, Role.VIEWER).user)
    row = oil(fleet)
    client.get("/plans/what-if/")
    with CaptureQueriesContext(connection) as few:
        page = client.get("/plans/what-if/", asking(row, every="2,000 km")).content.decode()
    assert "Take this into the program" not in page
    assert len(few) <= 16
    more = [a_car(fleet, name=f"Lot {n}", powertrain="ICE") for n in range(20)]
    review.review([car.pk for car in more], now=now)
    with CaptureQueriesContext(connection) as many:
        client.get("/plans/what-if/", asking(row, every="2,000 km"))
    assert len(many) == len(few)

    stranger = a_fleet()
    plan_row = oil(stranger)
    assert "See what it changes" not in client.get(f"/plans/what-if/?line={plan_row.pk}").content.decode()
