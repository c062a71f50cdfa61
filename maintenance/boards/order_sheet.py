"""The job sheet of one order, made for a phone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from fleet.kit.units import Units, km_to, number, show_distance
from fleet.owners.models import Membership
from maintenance.boards import gauges, order_after, order_photos, thresholds
from maintenance.boards.ages import ago
from maintenance.boards.orders import ICONS, STATUSES
from maintenance.domain.orders import RECENT, Move, State, moves_from, worked
from maintenance.models import OrderLine, OrderSend, Proof, ServiceRecord, WorkOrder
from maintenance.proving import saying
from vehicles.domain.signals import Signal
from vehicles.models import Fault

FRESH = timedelta(days=1)
OUTCOME_STATUS = {"done": "ok", "fine": "ok", "dropped": "unknown"}
WORDS = {
    "written": "Written",
    "assigned": "Assigned",
    "taken": "Taken",
    "given back": "Given back",
    "started": "Started",
    "held": "On hold",
    "resumed": "Resumed",
    "settled": "Settled",
    "done": "Done",
    "cancelled": "Cancelled",
    "photo": "Photo taken",
    "photo gone": "Photo removed",
}


@dataclass(slots=True)
class Step:
    """One box to tick; with a unit also a number. `wrong` is what is amiss with the number."""

    text: str
    unit: str
    done: bool
    value: str
    tick: str
    box: str
    wrong: str = ""


@dataclass(slots=True)
class LineShown:
    line: OrderLine
    steps: list[Step]
    status: str = ""
    chip: str = ""
    ticked: int = 0
    asides: list[dict] = field(default_factory=list)  # {"status", "text"}: what else is known of this job
    camera: order_photos.Camera | None = None
    watched: str = ""  # what the car is watched for since

    @property
    def choices(self) -> list[dict]:
        chosen = self.line.meant
        return [
            {"value": value, "word": word, "is_chosen": value == chosen} for value, word in OrderLine.Outcome.choices
        ]


def board(order: WorkOrder, member: Membership, now: datetime, *, wrong: dict[str, str] | None = None) -> dict:
    """`order` comes with its vehicle and assignee. `wrong`: sentences about numbers, by the field they stand in."""
    fleet = member.fleet
    lines = list(order.lines.select_related("task", "item__task", "fault", "record"))
    readings = gauges.of([order.vehicle_id])
    steps = list(order.steps.all())
    state = State(order.state)
    moves = moves_from(state) if member.works else []
    mine = order.assignee_id == member.user_id
    time = worked([(step.at, step.what) for step in steps], now=now)
    shown = [line_shown(line, order, readings, member, now, wrong or {}) for line in lines]
    show_faults(shown, order)
    tell_more(shown, order, member)
    happened = {step.what for step in steps}
    photos = order.photos.all() if "photo" in happened else ()
    cameras = order_photos.cameras(order, lines, photos, member, wrong or {})
    for one in shown:
        one.camera = cameras[one.line.pk]
    return {
        "order": order,
        "vehicle": order.vehicle,
        "lines": shown,
        "camera": cameras[None],
        "after": order_after.lines(shown, member.fleet, now),
        "received": received(order) if "settled" in happened else [],
        "left": sum(not line.outcome for line in lines),
        "status": STATUSES[order.state],
        "icon": ICONS[order.state],
        "since": since(order, member, now),
        "worked": f"{int(time.total_seconds()) // 3600}:{int(time.total_seconds()) // 60 % 60:02d}" if time else "",
        "may": {move.value: move in moves for move in Move} | {"cancel": Move.CANCEL in moves and member.plans},
        "works": member.works and not state.is_over,
        "may_take": member.works and not state.is_over and order.assignee_id is None,
        "may_give": mine and state in (State.OPEN, State.HELD) and member.works,
        "may_assign": member.plans and not state.is_over,
        "holds": WorkOrder.Hold.choices,
        "past": [] if state.is_over else thresholds.open_of(order.vehicle, fleet, now),
        "meter": meter(order, readings, member, now),
        "steps": [{"at": step.at, "word": WORDS.get(step.what, step.what), "step": step} for step in reversed(steps)],
        "distance_unit": Units(fleet.units).distance,
        "today": fleet.day(now),
        "wrong": wrong or {},
        "here": "orders",
    }


def received(order: WorkOrder) -> list[str]:
    """Keys of the last sheets that were finished with: a phone that still holds one can let go of it."""
    sends = OrderSend.objects.filter(order=order, act=Move.FINISH).order_by("-pk")
    return list(sends.values_list("key", flat=True)[:5])


def line_shown(line, order, readings, member, now, wrong) -> LineShown:
    steps = []
    for place, step in enumerate(line.checklist):
        box, value = f"v-{line.pk}-{place}", step.get("value")
        written = "" if value is None else f"{value:g}"
        unit = step.get("unit", "")
        steps.append(
            Step(step["text"], unit, bool(step.get("done")), written, f"t-{line.pk}-{place}", box, wrong.get(box, ""))
        )
    shown = LineShown(line, steps, ticked=sum(step.done for step in steps))
    if line.outcome:
        shown.status, shown.chip = OUTCOME_STATUS[line.outcome], line.get_outcome_display()
    elif line.item is not None:
        line.item.vehicle = order.vehicle
        if why := readings.explain(line.item, member.fleet, now):
            shown.status, shown.chip = why.status.value, why.headline
    elif line.task_id is not None:
        shown.asides.append({"status": "unknown", "text": "No longer in this vehicle’s plan. What is done is logged."})
    return shown


def show_faults(shown: list[LineShown], order: WorkOrder) -> None:
    """By their codes: late history may have made an older episode of the one that the line was written for."""
    asked = [one for one in shown if not one.line.outcome and one.line.fault is not None]
    if not asked:
        return
    codes = {one.line.fault.code for one in asked}
    reported = set(Fault.objects.open().filter(vehicle=order.vehicle, code__in=codes).values_list("code", flat=True))
    for one in asked:
        still = one.line.fault.code in reported
        one.status, one.chip = ("warning", "Still reported") if still else ("ok", "No longer reported")


def tell_more(shown: list[LineShown], order: WorkOrder, member: Membership) -> None:
    """What became of settled jobs, and which of the others were logged outside of this order."""
    zone, units = member.fleet.zone, member.fleet.units
    records = {one.line.record_id for one in shown if one.line.record_id}
    codes = {one.line.code for one in shown if one.line.code and one.line.outcome == "done"}
    of_codes = Q(vehicle=order.vehicle_id, facts__code__in=codes, claimed_at__gte=order.created_at)
    proofs = list(Proof.objects.filter(Q(record__in=records) | of_codes)) if records or codes else []
    tasks = {one.line.task_id for one in shown if one.line.task_id and not one.line.outcome}
    others = ServiceRecord.objects.standing().filter(
        vehicle_id=order.vehicle_id, task_id__in=tasks, created_at__gte=order.created_at
    )
    # A past that is typed in later is not this job.
    others = others.filter(done_on__gte=member.fleet.day(order.created_at) - RECENT)
    elsewhere = {record.task_id: record for record in others.order_by("created_at")} if tasks else {}
    for one in shown:
        line, record = one.line, one.line.record
        if record is not None:
            at = f" at {show_distance(record.odometer_km, units)}" if record.odometer_km is not None else ""
            one.asides.append({"status": "", "text": f"Logged for {record.done_on:%-d %b %Y}{at}."})
            if record.voided_at is not None:
                back = f"{record.voided_at.astimezone(zone):%-d %b %Y %H:%M}"
                one.asides.append({"status": "warning", "text": f"Taken back on {back}. The job is due as before."})
        for proof in proofs:
            of_record = record is not None and record.voided_at is None and proof.record_id == record.pk
            of_code = line.outcome == "done" and line.code and proof.facts.get("code") == line.code
            if (of_record or of_code) and proof.state == Proof.State.WATCHING:
                one.watched = saying.sentence(proof, zone)
            elif of_record or of_code:
                one.asides.append({"status": saying.STATUSES[proof.state], "text": saying.sentence(proof, zone)})
        if not line.outcome and (other := elsewhere.get(line.task_id)):
            text = f"Logged outside of this order on {other.done_on:%-d %b %Y} by {other.by_name or 'somebody'}."
            one.asides.append({"status": "info", "text": text})


def since(order: WorkOrder, member: Membership, now: datetime) -> str:
    zone = member.fleet.zone
    who = f", {order.assignee}" if order.assignee else ", nobody has taken it"
    if order.state == State.CANCELLED:
        return f"Cancelled by {order.ended_by}: {order.cancel_why}"
    if order.state == State.DONE:
        return f"Done {order.ended_at.astimezone(zone):%-d %b %Y %H:%M} by {order.ended_by}"
    if order.state == State.HELD:
        why = order.get_hold_display() + (f": {order.hold_note}" if order.hold_note else "")
        return f"On hold{who}. {why}"
    if order.state == State.WORKING:
        return f"In progress since {order.started_at.astimezone(zone):%-d %b %H:%M}{who}"
    planned = f", planned for {order.planned_on:%-d %b %Y}" if order.planned_on else ""
    return f"Open{who}{planned}"


def meter(order: WorkOrder, readings: gauges.Readings, member: Membership, now: datetime) -> dict:
    """The odometer as the form begins with it."""
    gauge = readings.gauges.get((order.vehicle_id, Signal.ODOMETER.value))
    unit = Units(member.fleet.units).distance
    if gauge is None:
        said = "The car gives no odometer. Left empty, the first reading to come stands in."
        return {"prefill": "", "help": said, "is_old": False, "age": None}
    is_old = now - gauge.at > FRESH
    said = f"From the car, {ago(now - gauge.at)}. Correct it if the dash says otherwise."
    if is_old:
        said = f"The last reading is from {ago(now - gauge.at)}: look at the dash."
    dash = (gauge.detail or {}).get("dash", gauge.number) if isinstance(gauge.detail, dict) else gauge.number
    prefill = number(km_to(dash, unit)).replace(",", "")
    age = readings.age(order.vehicle_id, now, Signal.ODOMETER.value)
    return {"prefill": prefill, "help": said, "is_old": is_old, "age": age}
