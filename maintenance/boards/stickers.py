"""Stickers for the cars themselves: a name, a plate, and a code that opens the vehicle's page on a phone."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from fleet.owners.models import Membership
from maintenance.boards import pages
from vehicles.models import Group, Vehicle

SHEET = 24  # labels of 63.5 by 33.9 mm on a sheet of A4
QUIET = 4  # modules of white around the code, or phones do not find it


@dataclass(frozen=True, slots=True)
class Sticker:
    vehicle: Vehicle
    address: str
    code: SafeString


def board(member: Membership, *, car: str, group: str, q: str, page: str) -> dict:
    """Of one car, or sheet by sheet of a group and of what is found."""
    groups = list(Group.objects.seen_by(member))
    chosen = next((one for one in groups if str(one.pk) == group), None)
    keep = {"car": car, "group": chosen.pk if chosen else "", "q": q}
    found = cars(member, car, chosen, q).order_by("name", "pk")
    leaf = pages.leaf(found, page, keep, size=SHEET)
    stickers = [sticker(vehicle) for vehicle in leaf.rows]
    return {
        "stickers": stickers,
        "only": stickers[0].vehicle if car and stickers else None,
        "groups": groups,
        "chosen": chosen,
        "q": q,
        "page": leaf,
        "here": "vehicles",
    }


def cars(member: Membership, car: str, group: Group | None, q: str) -> QuerySet[Vehicle]:
    found = Vehicle.objects.seen_by(member).active()
    if car:
        return found.filter(pk=int(car)) if car.isascii() and car.isdigit() and len(car) < 18 else found.none()
    if group is not None:
        found = found.filter(belongings__group=group)
    return found.called(q)


def sticker(vehicle: Vehicle) -> Sticker:
    where = address(vehicle)
    return Sticker(vehicle, where, code(where))


def address(vehicle: Vehicle) -> str:
    """It names the fleet, as links in mails do, for those who work for several."""
    path = reverse("maintenance:vehicle", args=[vehicle.pk])
    return f"{settings.PUBLIC_ORIGIN}{path}?{urlencode({'fleet': vehicle.fleet_id})}"


@lru_cache(maxsize=2_000)
def code(text: str) -> SafeString:
    """Drawn once a process: the address of a vehicle never changes. A quarter of it may be scratched off."""
    drawn = segno.make(text, error="q", micro=False, boost_error=False)
    # Nothing of the text is in the markup, only the places of its modules.
    return mark_safe(drawn.svg_inline(border=QUIET, omitsize=True, svgclass="qr", lineclass=None))
