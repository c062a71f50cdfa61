"""The visits to the workshop in the words of v2, and which of them fall between two days."""

from collections.abc import Mapping
from datetime import UTC, datetime

from vehicles.smartcar.sandbox import v2_answers
from vehicles.smartcar.sandbox.roads import DAY


def drawn(visits: list[dict], km: float) -> list[dict]:
    """`km` is what a kilometre is in the units that were asked for."""
    return [_visit(visit, km) for visit in visits]


def _visit(visit: dict, km: float) -> dict:
    return {
        "serviceId": visit["id"],
        "odometerDistance": times(visit["odometer"], km),
        "serviceDate": visit["time"],
        "serviceTasks": [{"taskId": task["id"], "taskDescription": task["description"]} for task in visit["tasks"]],
        "serviceDetails": visit["details"],
        "serviceCost": {"totalCost": visit["cost"]["amount"], "currency": visit["cost"]["currency"]},
    }


def times(number: float, factor: float) -> float:
    """In metric units nothing is rounded."""
    return number if factor == 1 else round(number * factor, 2)


def between(visits: list[dict], asked: Mapping[str, str], at: float) -> list[dict]:
    """The last year, unless other days are asked for. A visit without a readable day is told whatever is asked."""
    begin, end = _day(asked, "startDate", at - 365 * DAY), _day(asked, "endDate", at)
    return [visit for visit in visits if begin <= (_moment(visit["serviceDate"]) or begin) <= end]


def _day(asked: Mapping[str, str], name: str, usual: float) -> float:
    if name not in asked:
        return usual
    moment = _moment(asked[name])
    if moment is None:
        raise v2_answers.invalid(name, "must be in ISO 8601 date format")
    return moment


def _moment(text: object) -> float | None:
    """A day begins at midnight in Greenwich, where no zone is named."""
    try:
        day = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return (day if day.tzinfo else day.replace(tzinfo=UTC)).timestamp()
