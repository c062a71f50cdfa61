"""A small plan for the scenes: a program for engines and one for electric cars, as short as a test can read."""

from fleet.kit.units import MI_KM
from fleet.owners.models import Fleet
from maintenance.models import Program, ProgramLine, Task

TASKS = {
    "oil-change": "Oil and filter change",
    "tyre-rotation": "Tyre rotation",
    "brake-inspection": "Brake inspection",
    "cabin-filter": "Cabin air filter",
    "brake-fluid": "Brake fluid",
}
ENGINE = {
    "oil-change": {"miles": 5_000, "every_months": 12, "oil_below_pct": 20},
    "tyre-rotation": {"miles": 7_500, "every_months": 12},
    "brake-inspection": {"miles": 15_000, "every_months": 12},
}
ELECTRIC = {
    "tyre-rotation": {"miles": 6_250, "every_months": 12},
    "brake-inspection": {"miles": 20_000, "every_months": 24},
    "cabin-filter": {"every_months": 24},
    "brake-fluid": {"every_months": 36},
}


def lay(fleet: Fleet) -> None:
    """The fleet has programs of its own now, and is given none of the standard ones."""
    tasks = {key: Task.objects.create(fleet=fleet, key=key, name=name) for key, name in TASKS.items()}
    for name, powertrains, lines in (
        ("Engine, standard", ["ICE", "HEV", "PHEV", ""], ENGINE),
        ("Electric, standard", ["BEV"], ELECTRIC),
    ):
        program = Program.objects.create(fleet=fleet, name=name, powertrains=powertrains)
        for key, axes in lines.items():
            add_line(program, tasks[key], **axes)


def add_line(program: Program, task: Task, *, miles: float | None = None, **axes) -> ProgramLine:
    if miles:
        axes |= {"every_km": round(miles * MI_KM, 1), "distance_typed": f"{miles:,} mi"}
    return ProgramLine.objects.create(program=program, task=task, **axes)
