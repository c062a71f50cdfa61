"""The thresholds every fleet begins with, each with the reason for its value."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from fleet.owners.models import Fleet
from maintenance.models import Threshold
from maintenance.watching.measures import FRONT, REAR
from vehicles.domain.signals import Signal

TYRE = (
    "Passenger cars ask for about 230 kPa; below 180 a tyre wears its shoulders and runs hot. Vans and pickups ask for"
    " more: give their program a value of its own."
)
# name, signal, axle, opens below, closes above, minutes it must last, level, reason
FIRST = (
    ("Front tyres low", Signal.TYRE_PRESSURE, FRONT, 180, 200, 60, "warning", TYRE),
    ("Rear tyres low", Signal.TYRE_PRESSURE, REAR, 180, 200, 60, "warning", TYRE),
    (
        "12 V battery weak",
        Signal.BATTERY_12V,
        "",
        40,
        55,
        60,
        "warning",
        "Below 40 % many batteries no longer turn a cold engine, and an electric car may not wake.",
    ),
    (
        "Fuel low",
        Signal.FUEL_LEVEL,
        "",
        10,
        20,
        15,
        "warning",
        "The lamp on the dash comes on at about 10 %. The fuel sways on hills, so it must last a while.",
    ),
    (
        "Charge low",
        Signal.STATE_OF_CHARGE,
        "",
        15,
        25,
        30,
        "warning",
        "With less than 15 % a car may not make its next tour; charging takes a while to show.",
    ),
    (
        "Oil life nearly used",
        Signal.OIL_LIFE,
        "",
        5,
        25,
        0,
        "critical",
        "The plan asks for the change at 20 %. At 5 % it was passed over, and the engine pays for it.",
    ),
)


def stock_all() -> None:
    """Every fleet that has none yet, not even a retired one. Nothing is looked up again once it has."""
    for fleet in Fleet.objects.filter(~Exists(Threshold.objects.filter(fleet=OuterRef("pk")))):
        stock(fleet)


@transaction.atomic
def stock(fleet: Fleet) -> None:
    """Give a fleet the standard thresholds, unless it has any."""
    Fleet.objects.select_for_update().get(pk=fleet.pk)
    if Threshold.objects.for_fleet(fleet).exists():
        return
    Threshold.objects.bulk_create(
        Threshold(
            fleet=fleet,
            name=name,
            signal=signal,
            part=part,
            opens_at=opens,
            closes_at=closes,
            minutes=minutes,
            level=level,
            reason=reason,
            by_name="Fettle",
        )
        for name, signal, part, opens, closes, minutes, level, reason in FIRST
    )
