"""The style guide: every part in every state, filled with made-up cars for the templates that the pages use."""

import re
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.core.validators import MinValueValidator

from fleet.owners.models import Fleet, Membership, User
from maintenance.boards import due, due_tiles, vehicle, workload
from maintenance.boards.ages import Age, age
from maintenance.boards.course import Course
from maintenance.boards.curves import Curve, Service
from maintenance.boards.dash import WAITING, Dash, Dial, Light
from maintenance.boards.due_asked import WEEK, Asked, monday_of
from maintenance.boards.due_order import Heading
from maintenance.boards.forecast import Expected
from maintenance.boards.orders import Held
from maintenance.boards.pages import Page
from maintenance.boards.snoozes import Still
from maintenance.boards.tally import Tally
from maintenance.boards.visits import Shown, Visit
from maintenance.domain.ground import Row
from maintenance.domain.plan import Axis
from maintenance.domain.showing import AxisShown
from maintenance.domain.status import Status
from maintenance.domain.why import Explanation
from maintenance.models import DueItem, Task
from vehicles.boards import cockpit
from vehicles.boards.connect_words import State
from vehicles.models import Source, Vehicle

PALETTE = "paper sheet well ink ink-2 rail accent accent-tint".split()
STATUSES = "overdue due soon ok unknown stale snoozed critical warning info confirmed contradicted".split()
TONES = ("overdue", "due", "soon", "ok", "unknown")  # one for each safety colour


def board(member: Membership, now: datetime) -> dict:
    return {
        "here": "",
        "palette": PALETTE,
        "tones": TONES,
        "statuses": STATUSES,
        "icons": drawings(),
        "ages": ages(now),
        "dash": dash(now),
        "vehicle": car(1, "Van 15", "BR 20 977"),
        "nexts": nexts(),
        "course": course(),
        "due": listed(member, now),
        "above": connections(member.fleet, now),
        "blank": Job(auto_id="blank-%s"),
        "wrong": Job({"odometer_km": "44100", "reason": ""}, auto_id="wrong-%s"),
        "middle": Page(rows=[], number=2, before="?page=1", after="?page=3"),
        "toasts": [
            Message(messages.SUCCESS, "Brake inspection completed on Pickup 04.", extra_tags="undo-1"),
            Message(messages.ERROR, "Not saved: no network."),
        ],
    }


@cache
def drawings() -> list[str]:
    """The names of all that the sprite can draw, in its order."""
    sprite = Path(finders.find("img/icons.svg")).read_text()
    return re.findall(r'<symbol id="i-([a-z-]+)"', sprite)


def ages(now: datetime) -> list[Age]:
    """From each source, and one that is old."""
    sources = (Source.WEBHOOK, Source.POLL, Source.BENCH, "dealer")
    found = [age(now - timedelta(hours=2 + n * 7), source, now) for n, source in enumerate(sources)]
    return [*found, age(now - timedelta(days=60), Source.WEBHOOK, now, rhythm=60)]


def connections(fleet: Fleet, now: datetime) -> cockpit.Above:
    """A card for each cause, and a month that is ahead of its pace."""
    told = {"cars": 40, "used": 19_310, "spent": 2, "limit": 500, "revoked": 1, "lost_since": now - timedelta(days=1)}
    for name, owners in {State.RECONNECT: 2, State.NO_CONSENT: 1, State.DISCONNECTED: 1}.items():
        told |= {f"{name}_owners": owners, f"{name}_since": now - timedelta(days=3)}
    counts = dict.fromkeys(State, 0) | dict.fromkeys(cockpit.NEEDS, 1) | {State.RECONNECT: 6, State.FINE: 27}
    return cockpit.above(fleet, counts | {State.DISCONNECTED: 1}, told, now)


class Job(forms.Form):
    """One field of each kind. Filled with nonsense it shows how errors look."""

    odometer_km = forms.IntegerField(
        label="Odometer",
        help_text="From the car, 2 h ago.",
        validators=[MinValueValidator(44_960, "Last completed job was at 44,960 km.")],
    )
    reason = forms.CharField(label="Reason", error_messages={"required": "Say why, in a few words."})
    program = forms.ChoiceField(label="Program", required=False, choices=[("", "Van, light duty")])
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    tell = forms.MultipleChoiceField(
        label="Who is told",
        required=False,
        choices=[("m", "Managers"), ("t", "Technicians")],
        widget=forms.CheckboxSelectMultiple,
    )


def dash(now: datetime) -> Dash:
    """A dial with a share, one past its best, and each kind of nothing."""
    fresh, old = age(now - timedelta(hours=2), Source.WEBHOOK, now), age(now - timedelta(days=60), Source.POLL, now)
    dials = [
        Dial("Odometer", "odometer", "48,212", "km", age=age(now - timedelta(hours=5), Source.BENCH, now)),
        Dial("Oil life", "oil", "31", "%", share=31.0, limit="20", age=fresh),
        Dial("12 V battery", "battery", "71", "%", share=71.0, age=old),
        Dial("Fuel", "fuel", lack="Not permitted", step="The owner left it unticked when connecting."),
        Dial("Battery charge", "ev", lack=WAITING[0], step=WAITING[1]),
        Dial("Trouble codes", "lamp", lack="Not provided by this car", step="The service plan goes on without it."),
    ]
    wheels = {"fl": "235 kPa", "fr": "", "rl": "231 kPa", "rr": "229 kPa", "more": [], "age": fresh}
    spoken = {"spoken": "front left 235 kPa, front right not told, rear left 231 kPa, rear right 229 kPa"}
    lamps = [
        Light("Brake fluid", "warning", "alert 2 h", fresh),
        Light("Engine", "ok", "OK", fresh),
        Light("ABS", "ok", "OK", old),
        Light("Airbags", "unknown", "not reported", None),
    ]
    return Dash(dials, wheels | spoken, lamps, fresh, old=["12 V battery"])


def car(pk: int, name: str, plate: str) -> Vehicle:
    return Vehicle(pk=pk, name=name, plate=plate, make="Ford", model="Transit", year=2021)


def axis(name: Axis, status: Status, left: str, share: float | None, winner: bool, **more) -> AxisShown:
    words = {Axis.DISTANCE: "Distance", Axis.TIME: "Time", Axis.OIL: "Oil life", Axis.HOURS: "Engine hours"}
    soon = None if share is None else 0.9
    return AxisShown(name, words[name], status, left, share, soon, winner, **more)


def explained(status: Status) -> Explanation:
    """A verdict of this status, with bars and sum as they would be."""
    left, share, won = {
        Status.OVERDUE: ("1,340 km over", 1.13, "46,872 km"),
        Status.DUE: ("due now", 1.0, "48,212 km"),
        Status.SOON: ("320 km left", 0.97, "48,532 km"),
        Status.OK: ("9,100 km left", 0.1, "57,312 km"),
        Status.UNKNOWN: ("distance unknown", None, ""),
    }[status]
    missing = "" if share is not None else "waiting for the odometer"
    axes = [
        axis(Axis.DISTANCE, status, left, share, share is not None, due=won, missing=missing),
        axis(Axis.TIME, Status.OK, "38 days left", 0.79, False, due="31 Dec 2026"),
    ]
    rows = [
        Row("Started from", "Service done by Northgate Garage", "38,212 km"),
        Row("Reading used", "Odometer, sent by the car’s maker, today", "48,212 km"),
        Row("Verdict", status.word, left),
        Row("Would change it", "Logging a later service"),
    ]
    return Explanation(status, left, "38 days left", f"Oil and filter change: {left}", rows, axes)


def item(pk: int, status: Status) -> DueItem:
    tasks = ("Oil and filter change", "Brake inspection", "Tyre rotation", "Coolant check", "Air filter")
    trace = {"program": "Vans", "version": 1, "anchor": {"kind": "unknown" if status is Status.UNKNOWN else "record"}}
    whose = car(pk, f"Van {pk:02}", f"BR 20 9{pk:02}")
    task = Task(pk=pk, name=tasks[pk % len(tasks)])
    return DueItem(pk=pk, status=status.value, vehicle=whose, task=task, trace=trace, line_id=1)


def expected(status: Status) -> Expected | None:
    if status is not Status.SOON:
        return None
    return Expected("25–28 Nov", "", [Row("Expected", "From how the car is driven", "25–28 Nov")])


def nexts() -> list[vehicle.Next]:
    """One job in each status."""
    found = []
    for pk, status in enumerate(reversed(Status), start=11):
        why = explained(status)
        found.append(vehicle.Next(item(pk, status), why, [vehicle.bar(one) for one in why.axes], expected(status)))
    return found


def course() -> Course:
    """A line with a gap, a day that stands alone, two jobs, the mark, and the forecast as a range."""
    curve = Curve(
        lines=["60,186 110,170 170,152 215,140", "250,126 320,108 400,84"],
        grid=[(196, "38,000 km"), (117, "44,000 km"), (38, "50,000 km")],
        months=[(60, "Dec"), (140, ""), (220, "Apr"), (300, ""), (380, "Aug"), (460, ""), (540, "Dec")],
        services=[
            Service(110, 170, "Oil and filter change", "9 Jan 2026: oil and filter change at 39,900 km"),
            Service(320, 108, "Brake inspection", "2 Jun 2026: brake inspection at 44,700 km"),
        ],
        today=400,
        due=52,
        due_word="due at 48,532 km",
        band="400,84 540,30 540,58",
        middle="400,84 540,44",
        dots=[(232, 133)],
    )
    caption = "Reaches 48,532 km on about 25–28 Nov, when the oil is due."
    table = [("January 2026", "39,900 km", "oil and filter change"), ("February 2026", "40,700 km", "")]
    return Course("sample", "Odometer", "a year", "Odometer over a year", caption, curve, table)


def listed(member: Membership, now: datetime) -> dict:
    """The due list with a row in each status, its counts and its weeks."""
    seen, today, asked = age(now - timedelta(hours=2), Source.WEBHOOK, now), member.fleet.day(now), Asked(by="vehicle")
    counts = due_tiles.Counts(overdue=4, due=2, soon=9, unknown=8, all=312, faults=0, critical=0)
    groups = []
    for pk, status in enumerate(reversed(Status), start=1):
        told = None if status is Status.UNKNOWN else seen
        still = Still("28 Nov", "") if status is Status.DUE else None
        row = due.Row(item(pk, status), explained(status), told, "waiting for first data", expected(status), still)
        groups.append(Heading(status.word, "as its rows are", status.value, [row]))
    return {
        "asked": asked,
        "title": "Every status",
        "counts": counts,
        "tiles": due_tiles.tiles(counts, asked),
        "filters": due.filters(member, asked),
        "load": load(today),
        "groups": groups,
        "page": Page(rows=groups, number=1, before="", after=""),
        "orders": {"item": {1: Held("WO-1042", "", User(name="Robert Osei")), 4: Held("WO-1043", "")}},
        "bundles": {3: Visit(item(3, Status.SOON), (Shown(item(6, Status.OK), "gives up 40 days"),), saved=1)},
    }


def load(today: date) -> workload.Load:
    """Weeks that are too full, booked, quiet and empty."""
    jobs = ((5, 4), (0, 7), (3, 0), (0, 0), (1, 1), (0, 3), (2, 6), (0, 1))
    told, first = Tally(workshop_hours=10), monday_of(today)
    for n, (booked, more) in enumerate(jobs):
        week = first + WEEK * n
        told.booked[week], told.expected[week], told.vague[week] = booked, more, n % 2
        told.booked_minutes[week], told.expected_minutes[week] = 90 * booked, 60 * more
    return workload.board(told, Asked(week=first + WEEK), today)
