"""The work every fleet begins with: tasks, and programs for each kind of car."""

import tomllib
from functools import cache
from pathlib import Path

from django.db import transaction

from fleet.kit.units import MI_KM
from fleet.owners.models import Fleet
from maintenance.domain.steps import step_of
from maintenance.models import Policy, Program, ProgramLine, Task


@cache
def standard() -> dict:
    """{"tasks": {key: …}, "programs": […]}, as `stock.toml` writes them."""
    return tomllib.loads((Path(__file__).parent / "stock.toml").read_text())


@transaction.atomic
def stock(fleet: Fleet) -> None:
    """Give a fleet the standard library, unless it has programs of its own."""
    Fleet.objects.select_for_update().get(pk=fleet.pk)
    if Program.objects.for_fleet(fleet).exists():
        return
    tasks = {key: a_task(fleet, key, told) for key, told in standard()["tasks"].items()}
    for key, told in standard()["tasks"].items():
        if told.get("includes"):
            tasks[key].includes.set(tasks[inner] for inner in told["includes"])
    policy = Policy.of(fleet)
    for told in standard()["programs"]:
        program = Program.objects.create(
            fleet=fleet,
            name=told["name"],
            place=told["place"],
            powertrains=told.get("powertrains", []),
            kinds=told.get("models", []),
            by_hand=told.get("by_hand", False),
        )
        ProgramLine.objects.bulk_create(a_line(program, tasks[line["task"]], line, policy) for line in told["lines"])


def a_task(fleet: Fleet, key: str, told: dict) -> Task:
    said = {name: told[name] for name in ("name", "instructions", "parts", "weight", "minutes") if name in told}
    said["checklist"] = [step_of(step) for step in told.get("checklist", [])]
    return Task.objects.get_or_create(fleet=fleet, key=key, defaults=said)[0]


def a_line(program: Program, task: Task, told: dict, policy: Policy) -> ProgramLine:
    """Where a line follows the policy it takes distance and oil life from there."""
    line = ProgramLine(program=program, task=task, every_months=told.get("months"), every_hours=told.get("hours"))
    if told.get("policy"):
        line.as_policy, line.every_km, line.distance_typed = True, policy.every_km, policy.distance_typed
        line.oil_below_pct = policy.oil_below_pct
    elif miles := told.get("miles"):
        line.every_km, line.distance_typed = round(miles * MI_KM, 1), f"{miles:,} mi"
    return line
