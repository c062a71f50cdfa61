"""Alerts in words, many at once: what it is, since when, and what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from fleet.owners.models import Membership
from maintenance import letters
from maintenance.boards import gauges
from maintenance.boards.dash import LIGHTS, MORE_LIGHTS
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import Alert, DueItem, Threshold
from maintenance.watching.alarms import subject_of
from vehicles.boards import connect_words

LAMPS = {str(signal): name for signal, name in (LIGHTS | MORE_LIGHTS).items()}


@dataclass(frozen=True, slots=True)
class Words:
    """`href` leads to what it is about."""

    what: str
    why: str
    next: str
    href: str
    order: str = ""  # the query of a new order about it
    item: int = 0  # the key of the due item that it is about


class Scene:
    """What many alerts are about, in a query a kind at most. They come with their vehicles and connections."""

    def __init__(self, alerts: Sequence[Alert], member: Membership, now: datetime):
        self.member, self.now = member, now
        self.items = items_of(alerts)
        self.names = names_of(alerts, member)
        self.readings = gauges.of(item.vehicle_id for item in self.items.values()) if self.items else None
        self.book = Rulebook([member.fleet_id] if any(alert.kind == Alert.Kind.FAULT for alert in alerts) else [])


def of(alerts: Sequence[Alert], member: Membership, now: datetime) -> dict[int, Words]:
    """By their keys."""
    scene = Scene(alerts, member, now)
    return {alert.pk: SAY.get(alert.kind, other)(alert, scene) for alert in alerts}


def due(alert: Alert, scene: Scene) -> Words:
    item = scene.items.get((alert.vehicle_id, alert.subject))
    name = item.task.name if item else scene.names.get(alert.subject, alert.subject)
    why = None
    if item is not None and alert.closed_at is None:
        why = scene.readings.explain(item, scene.member.fleet, scene.now)
    what, second = (f"{name}: {why.headline}", why.second) if why else (name, "")
    step = "Do it, or say why it can wait."
    return Words(what, second, step, f"{car(alert)}#next", order(alert), item.pk if item else 0)


def fault(alert: Alert, scene: Scene) -> Words:
    meaning = scene.book.read(alert.subject, alert.vehicle)
    what = f"{alert.subject}: {meaning.text}"
    return Words(what, meaning.cause, meaning.step, f"{car(alert)}#faults", order(alert))


def connection(alert: Alert, scene: Scene) -> Words:
    if alert.vehicle.connection is None:
        return other(alert, scene)
    about, owner = connect_words.of_connection(alert.vehicle.connection), alert.vehicle.connection.owner.name
    asked = urlencode({"q": owner})
    href = f"{reverse('vehicles:connect')}?{asked}" if scene.member.plans else car(alert)
    return Words("No longer reports", f"{about['cause']}; owner {owner}", about["step"], href)


def light(alert: Alert, scene: Scene) -> Words:
    what = f"{LAMPS.get(alert.subject, 'A system')}: the car reports an alert"
    return Words(what, "", "Look at the car.", f"{car(alert)}#lights", order(alert))


def threshold(alert: Alert, scene: Scene) -> Words:
    what = scene.names.get(alert.subject, "Past a threshold")
    return Words(what, "", "Look at the car; it ends when the car says so.", car(alert), order(alert))


def proof(alert: Alert, scene: Scene) -> Words:
    what = f"{scene.names.get(alert.subject, alert.subject)}: the car says otherwise"
    step = "Look again, or say that it was done all the same."
    return Words(what, "", step, reverse("maintenance:proofs"), order(alert))


def other(alert: Alert, scene: Scene) -> Words:
    what, why = REST.get(alert.kind, (alert.get_kind_display(), ""))
    return Words(what, why, "", car(alert))


SAY = {
    Alert.Kind.DUE: due,
    Alert.Kind.FAULT: fault,
    Alert.Kind.CONNECTION: connection,
    Alert.Kind.LIGHT: light,
    Alert.Kind.THRESHOLD: threshold,
    Alert.Kind.PROOF: proof,
}
REST = {
    Alert.Kind.METER: ("The odometer went back", "Until somebody answers, distance is not counted."),
    Alert.Kind.USAGE: ("Its use has changed", "What is due by distance is expected accordingly."),
    Alert.Kind.SILENCE: ("Tells nothing", "It should have reported by its own rhythm."),
    Alert.Kind.CAMPAIGN: ("One code on many vehicles", "Several alike report the same within weeks."),
}


def car(alert: Alert) -> str:
    return reverse("maintenance:vehicle", args=[alert.vehicle_id])


def order(alert: Alert) -> str:
    return "" if alert.closed_at else f"?alert={alert.pk}"


def whole(alert: Alert, now: datetime) -> str:
    """As its letter says it; "" when it is over or no longer so."""
    if alert.closed_at is not None:
        return ""
    said = letters.sentence(alert, now) or ""
    return said[:1].upper() + said[1:]


def items_of(alerts: Iterable[Alert]) -> dict[tuple[int, str], DueItem]:
    due = [alert for alert in alerts if alert.kind == Alert.Kind.DUE]
    if not due:
        return {}
    asked = {alert.vehicle_id for alert in due}, {alert.subject for alert in due}
    items = DueItem.objects.filter(vehicle__in=asked[0], task__key__in=asked[1], left_at=None).select_related("task")
    return {(item.vehicle_id, item.task.key): item for item in items}


def names_of(alerts: Iterable[Alert], member: Membership) -> dict[str, str]:
    """Of tasks by their keys and of thresholds by theirs, where an alert speaks of one."""
    names: dict[str, str] = {}
    kinds = {alert.kind for alert in alerts}
    if kinds & {Alert.Kind.DUE, Alert.Kind.PROOF}:
        names |= dict(member.fleet.tasks.values_list("key", "name"))
    if Alert.Kind.THRESHOLD in kinds:
        names |= {
            subject_of(pk): name for pk, name in Threshold.objects.for_fleet(member.fleet).values_list("pk", "name")
        }
    return names
