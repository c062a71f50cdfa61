"""Golden stories: a year of one car each, written down as a person would tell it, folded day by day.

A story is a TOML file in `stories/`. `told`: what was read on a day. `done`: a job, with the day it was `entered` where
that is later and the day it was `voided`. `edit`: the program from that day. `pace`: how the car is driven from that
day. `expect`: the verdict of a day; `says` is a piece of its explanation.
"""

import json
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from maintenance.domain.assessment import Verdict
from maintenance.domain.forecast import Pace
from maintenance.domain.held import judge
from maintenance.domain.plan import Anchor, AnchorKind, Axis, Completion, Facts, Lack, Line, Missing, Sight
from maintenance.domain.why import Explanation, explain

STORIES = sorted((Path(__file__).parent / "stories").glob("*.toml"))
VERDICT = ("due_km", "due_on", "due_hours", "overdue_share")
SIGNALS = {"odometer": "km", "oil": "oil", "hours": "hours"}


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_story_ends_as_written(path):
    story = tomllib.loads(path.read_text())
    wanted = {expected["on"]: expected for expected in story["expect"]}
    told = dict(fold(story, min(wanted), max(wanted)))

    for on, expected in wanted.items():
        verdict, card = told[on]
        found = {"on": on, "status": verdict.status.value, "winner": verdict.winner and verdict.winner.value}
        found |= {name: getattr(verdict, name) for name in VERDICT} | {"headline": card.headline}
        if says := expected.pop("says", None):
            assert any(says in row.sum or says in row.result for row in card.rows), (on, card.rows)
        assert {name: found[name] for name in expected} == expected, on


def test_there_are_enough_stories_and_each_has_several_turns():
    assert len(STORIES) >= 12
    assert all(len(tomllib.loads(path.read_text())["expect"]) >= 2 for path in STORIES)


def fold(story: dict, first: date, last: date):
    """(day, (verdict, explanation)) of every day up to the last; what is due holds its terms from day to day."""
    hold = None
    for place in range((last - first).days + 1):
        today = first + timedelta(days=place)
        verdict, hold = judge(line(story, today), hold, start(story), completions(story, today), facts(story, today))
        yield today, (verdict, card(verdict, facts(story, today)))


def line(story: dict, today: date) -> Line:
    terms = story["line"] | {"soon_days": story["line"].get("soon_days", 14)}
    for edit in story.get("edit", []):
        if edit["on"] <= today:
            terms |= {name: value for name, value in edit.items() if name != "on"}
    return Line(**{"task_name": story["task"], "program_name": "Fleet plan", "program_version": 1} | terms)


def start(story: dict) -> Anchor:
    told = story["start"]
    km, hours = told.get("km"), told.get("hours")
    return Anchor(AnchorKind(told["kind"]), told.get("on"), km, hours, told.get("by", ""))


def completions(story: dict, today: date) -> list[Completion]:
    return [
        Completion(job["on"], job.get("km"), False, noon(job["on"]), job["by"], job.get("hours"))
        for job in story.get("done", [])
        if job.get("entered", job["on"]) <= today < job.get("voided", date.max)
    ]


def facts(story: dict, today: date) -> Facts:
    sights = {name: newest(story, key, today) for name, key in SIGNALS.items()}
    sights |= {name: Missing(Lack.UNSUPPORTED) for name in story.get("cannot", [])}
    if any(asked["on"] <= today < asked["answered"] for asked in story.get("asked", [])):
        sights["odometer"] = Missing(Lack.METER)
    if isinstance(sights["hours"], Missing):
        sights["hours"] = Missing(Lack.UNSUPPORTED)
    paces = {
        Axis(pace["axis"]): Pace(pace["fast"], pace["fast"], pace["fast"], 180.0)
        for pace in story.get("pace", [])
        if pace["on"] <= today
    }
    return replace(Facts(today, **sights), registered_on=story.get("registered_on"), paces=paces)


def newest(story: dict, key: str, today: date) -> Sight | Missing:
    seen = [told for told in story.get("told", []) if key in told and told["on"] <= today]
    if not seen:
        return Missing()
    last = max(seen, key=lambda told: told["on"])
    return Sight(float(last[key]), noon(last["on"]), "bench" if key == "hours" else "webhook")


def card(verdict: Verdict, look: Facts) -> Explanation:
    trace = json.loads(json.dumps(verdict.trace))
    return explain(trace, odometer=look.odometer, oil=look.oil, today=look.today, units="metric", zone=UTC)


def noon(on: date) -> datetime:
    return datetime.combine(on, time(12), UTC)
