"""Every page of a fleet in which there is nothing yet, little, or nothing any more, for each role."""

import re

import pytest
from django.urls import Resolver404, resolve
from django.utils import timezone

from fleet.owners.models import Fleet, Role
from maintenance import review
from tests import test_urls_by_role as by_role
from tests.maintenance.laden import a_talker, load
from tests.rendered import NO_PAGE, a_client
from tests.scenes import a_car, a_fleet
from vehicles.models import Vehicle

pytestmark = pytest.mark.django_db

OF_A_CAR = [
    f"maintenance:{name}"
    for name in "vehicle course history timeline edit baselines care once meter meter-type meter-replace".split()
]
TAGS = re.compile(r"<(script|style|svg|template)\b.*?</\1>|<[^>]+>", re.S)
RAW = re.compile(r"\bNone\b(?! (?:of|is)\b)|\bnan\b|\bNaN\b|\b0 of 0\b|\{\{|\{%|\bTrue\b|\bFalse\b|datetime\.|<Query")
HOLLOW = re.compile(r"<(tbody|ul|ol|dl|h1|h2|h3|legend|caption)\b[^>]*>\s*</\1>")
DOORS = re.compile(r'(?:href|action|formaction|hx-get|hx-post)="(/[^"#?]*)')


def nothing() -> Fleet:
    return a_fleet()


def one_that_has_not_reported() -> Fleet:
    fleet = a_fleet()
    car = a_car(fleet, name="New van")
    review.review([car.pk], now=timezone.now())
    return fleet


def all_retired() -> Fleet:
    fleet, now = a_fleet(), timezone.now()
    car = a_talker(fleet, now)
    review.review([car.pk], now=now)
    load(car, 2, now)
    Vehicle.objects.filter(pk=car.pk).update(retired_at=now)
    return fleet


NO_LOOK = (302, 400, 403, 404, 405)  # it leads on, came from nowhere, is not theirs, is of the demo, or takes answers
FLEETS = [nothing, one_that_has_not_reported, all_retired]


def addresses(fleet: Fleet) -> list[tuple[str, str]]:
    """Name and address of each page that needs no object, and of those that a vehicle has if there is one."""
    car = Vehicle.objects.filter(fleet=fleet).first()
    found = []
    for name, entry in by_role.ALL:
        if name in by_role.OPEN or name in NO_PAGE:
            continue
        if name not in by_role.OBJECTS:
            found.append((name, by_role.address(name, entry, None)))
        elif car is not None and name in OF_A_CAR:
            found.append((name, by_role.address(name, entry, car.pk)))
    return found


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("make", FLEETS)
def test_every_page_of_a_bare_fleet_is_whole_and_offers_only_what_one_may(make, role):
    fleet = make()
    client, wrong, seen = a_client(fleet, role), [], 0
    for name, where in addresses(fleet):
        answer = client.get(where, headers={"accept": "text/html"})
        if answer.status_code != 200:
            assert answer.status_code in NO_LOOK, f"{where}: {answer.status_code}"
            continue
        seen += 1
        page = answer.content.decode()
        wrong += [f"{name}: {fault}" for fault in faults(page, fleet, role)]

    assert seen > 15
    assert not wrong, "\n".join(sorted(set(wrong)))


def faults(page: str, fleet: Fleet, role: Role) -> list[str]:
    text = TAGS.sub(" ", page)
    raw = [f"“{text[max(0, one.start() - 40) : one.end() + 20].strip()}”" for one in RAW.finditer(text)]
    hollow = [f"hollow {one[0]}" for one in HOLLOW.finditer(page)]
    return raw + hollow + [f"leads to {where}, which is not theirs" for where in barred(page, fleet, role)]


def barred(page: str, fleet: Fleet, role: Role) -> set[str]:
    """Addresses on this page behind which this role is refused."""
    member = fleet.memberships.filter(role=role).first()
    found = set()
    for where in set(DOORS.findall(page)) - {"/"}:
        try:
            wanted = getattr(resolve(where).func, "role", None)
        except Resolver404:
            if not where.startswith(("/static/", "/admin/")):
                found.add(f"{where} (no page)")
            continue
        if wanted is not None and not member.may(wanted):
            found.add(where)
    return found
