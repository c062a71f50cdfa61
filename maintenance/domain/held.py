"""What is due already stays due by the terms it became due by: a new version of its program moves no such point."""

from collections.abc import Sequence
from dataclasses import replace

from maintenance.domain.assessment import Verdict, assess
from maintenance.domain.plan import Anchor, Completion, Facts, Line

# The terms of a line. How early a warning comes and how hard a car is used are not the program's.
KEPT = (
    "program_name program_version every_km every_months oil_below_pct distance_typed every_hours distance_recurs"
    " time_recurs hours_recur grace_km grace_days grace_hours"
).split()


def judge(
    line: Line, held: dict | None, anchor: Anchor, completions: Sequence[Completion], facts: Facts
) -> tuple[Verdict, dict | None]:
    """The verdict, and what to hold from now on: {"start": [kind, day], "line": terms, "jobs": completions known}.

    What is held counts while the clock runs from the same start. It outlives a completion, so that a void finds it.
    """
    if line.is_once:
        return assess(line, anchor, completions, facts), None
    jobs = len(completions)
    verdict = by_its_terms(line, held, anchor, completions, facts)
    if verdict is not None and verdict.status.is_reached:
        if verdict.trace["version"] != line.program_version:
            verdict.trace["moved_on"] = line.program_version
        return verdict, held | {"jobs": jobs}
    verdict = assess(line, anchor, completions, facts)
    start = start_of(verdict)
    if verdict.status.is_reached:
        return verdict, {"start": start, "line": terms_of(line), "jobs": jobs}
    # A point that moved away by a corrected reading is due no more; one that a service settled may be again. A service
    # need not move the start: one of the same day, or one logged late on a grid, settles it all the same.
    settled = held is not None and (held["start"] != start or held["jobs"] != jobs)
    return verdict, held if settled else None


def by_its_terms(
    line: Line, held: dict | None, anchor: Anchor, completions: Sequence[Completion], facts: Facts
) -> Verdict | None:
    """What other terms that are held say, while the clock runs from the start that they are held for."""
    if held is None or line.is_once or held["line"] == terms_of(line):
        return None
    verdict = assess(replace(line, **held["line"]), anchor, completions, facts)
    return verdict if held["start"] == start_of(verdict) else None


def start_of(verdict: Verdict) -> list:
    anchor = verdict.trace["anchor"]
    return [anchor["kind"], anchor["on"]]


def terms_of(line: Line) -> dict:
    return {name: getattr(line, name) for name in KEPT}
