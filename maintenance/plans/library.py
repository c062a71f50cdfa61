"""The work every fleet begins with: tasks, and a program for engines and one for electric cars."""

from django.db import transaction

from fleet.kit.units import MI_KM
from fleet.owners.models import Fleet
from maintenance.models import Program, ProgramLine, Task

TASKS = {
    "oil-change": (
        "Oil and filter change",
        "Warm up, drain, fit a new filter and drain washer, fill to the mark, reset the oil life on the dash.",
    ),
    "tyre-rotation": ("Tyre rotation", "Swap front and rear, check tread and age, set pressures to the placard."),
    "brake-inspection": ("Brake inspection", "Measure the thinnest pad of each axle, look at discs, lines and fluid."),
    "cabin-filter": ("Cabin air filter", "Replace the filter, clean its box."),
    "brake-fluid": ("Brake fluid", "Replace the fluid; bleed until it runs clear."),
}

# Smartcar's guide suggests 5,000 miles and 20 % of oil life; the rest is what makers commonly ask of light vans.
PROGRAMS = {
    "Engine, standard": {
        "powertrains": ["ICE", "HEV", "PHEV", ""],
        "lines": [
            ("oil-change", {"as_policy": True, "miles": 5_000, "every_months": 12, "oil_below_pct": 20}),
            ("tyre-rotation", {"miles": 7_500, "every_months": 12}),
            ("brake-inspection", {"miles": 15_000, "every_months": 12}),
        ],
    },
    "Electric, standard": {
        "powertrains": ["BEV"],
        "lines": [
            ("tyre-rotation", {"miles": 6_250, "every_months": 12}),
            ("brake-inspection", {"miles": 20_000, "every_months": 24}),
            ("cabin-filter", {"every_months": 24}),
            ("brake-fluid", {"every_months": 36}),
        ],
    },
}


@transaction.atomic
def stock(fleet: Fleet) -> None:
    """Give a fleet the standard library, unless it has programs of its own."""
    Fleet.objects.select_for_update().get(pk=fleet.pk)
    if Program.objects.for_fleet(fleet).exists():
        return
    tasks = {}
    for key, (name, instructions) in TASKS.items():
        tasks[key], _ = Task.objects.get_or_create(
            fleet=fleet, key=key, defaults={"name": name, "instructions": instructions}
        )
    for name, plan in PROGRAMS.items():
        program = Program.objects.create(fleet=fleet, name=name, powertrains=plan["powertrains"])
        for key, axes in plan["lines"]:
            miles = axes.get("miles")
            ProgramLine.objects.create(
                program=program,
                task=tasks[key],
                every_km=round(miles * MI_KM, 1) if miles else None,
                distance_typed=f"{miles:,} mi" if miles else "",
                every_months=axes.get("every_months"),
                oil_below_pct=axes.get("oil_below_pct"),
                as_policy=axes.get("as_policy", False),
            )
