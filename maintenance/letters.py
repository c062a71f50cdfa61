"""What a notice says, written from the state of the moment."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from maintenance import storms
from maintenance.domain import forecast_words, levels
from maintenance.domain.levels import Level
from maintenance.domain.status import Status
from maintenance.domain.why import explain
from maintenance.faulting import told as faults_told
from maintenance.models import Alert, DueItem, Notice, Pace
from maintenance.proving import saying
from maintenance.sights import odometer_and_oil
from maintenance.watching import words
from vehicles.boards import connect_words
from vehicles.domain import makes
from vehicles.models import Hush, Source

MOST_LINES = 40
MOST_NAMED = 3
WITH = ("vehicle__fleet", "vehicle__connection__owner")


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole letter, and the same in two lines: `title` and `line`, with the `path` that says more."""

    subject: str
    body: str
    title: str
    line: str
    path: str


def write(notice: Notice, *, now: datetime) -> Letter | None:
    """The letter, or None when what it was about is no longer so."""
    if notice.form == Notice.Form.DIGEST:
        return digest(notice, now)
    alert = notice.alert
    if alert.closed_at is not None or Level(alert.level).rank > Level(notice.level).rank:
        return None  # over, or risen since: the notice of the higher level says it
    line = sentence(alert, now)
    if line is None or is_said_already(notice):
        return None
    vehicle = alert.vehicle
    body = f"{line}\n\n{vehicle.name}{f' ({vehicle.plate})' if vehicle.plate else ''}, {vehicle.kind}\n"
    path = place("maintenance:vehicle", vehicle.fleet_id, vehicle.pk)
    body += f"{settings.PUBLIC_ORIGIN}{path}\n\n{foot(notice)}"
    return Letter(
        one_line(f"{vehicle.name}: {line}"), body, one_line(vehicle.name), one_line(glimpse(alert, line)), path
    )


def is_said_already(notice: Notice) -> bool:
    """Whether the item fell back meanwhile to a level that this person was told of."""
    alert = notice.alert
    if alert.kind != Alert.Kind.DUE:
        return False
    item = DueItem.objects.filter(vehicle_id=alert.vehicle_id, task__key=alert.subject).first()
    level = item and levels.of_item(Status(item.status))
    if level is None or level.rank >= Level(notice.level).rank:
        return False
    others = Notice.objects.filter(alert=alert, times=notice.times, user_id=notice.user_id, channel=notice.channel)
    return others.filter(level=level.value, state=Notice.State.SENT).exists()


def glimpse(alert: Alert, line: str) -> str:
    """What may stand on a locked screen: no name of an owner, who has not asked to be there."""
    return "The car no longer reports. Its owner is needed." if alert.kind == Alert.Kind.CONNECTION else line


def digest(notice: Notice, now: datetime) -> Letter | None:
    """All that is open in the fleet right now, the most urgent first."""
    alerts = list(Alert.objects.open().filter(fleet_id=notice.fleet_id).select_related(*WITH))
    alerts.sort(key=lambda alert: (-Level(alert.level).rank, alert.vehicle.name, alert.pk))
    shown = storms.folded(alerts)
    lines = []
    for alert in shown[:MOST_LINES]:
        if line := sentence(alert, now):
            lines.append(f"- {alert.vehicle.name}: {line}")
    if not lines:
        return None
    if len(shown) > MOST_LINES:
        lines.append(f"- and {len(shown) - MOST_LINES} more")
    head = f"{len(alerts)} {'thing needs' if len(alerts) == 1 else 'things need'} somebody in {notice.fleet.name}"
    body = f"{head}, as it stands now:\n\n" + "\n".join(lines)
    path = place("maintenance:due", notice.fleet_id)
    body += f"\n\n{settings.PUBLIC_ORIGIN}{path}\n\n{foot(notice)}"
    first = ", ".join(dict.fromkeys(alert.vehicle.name for alert in shown[:MOST_NAMED]))
    return Letter(one_line(head), body, one_line(head), one_line(f"Most urgent: {first}."), path)


def sentence(alert: Alert, now: datetime) -> str | None:
    """One alert in one sentence."""
    if alert.kind in (Alert.Kind.FAULT, Alert.Kind.LIGHT, Alert.Kind.CAMPAIGN):
        return faults_told.of_alert(alert)
    if alert.kind == Alert.Kind.CONNECTION:
        return connection_sentence(alert)
    if alert.kind == Alert.Kind.SILENCE:
        return silence_sentence(alert)
    if alert.kind == Alert.Kind.METER:
        return meter_sentence(alert)
    if alert.kind == Alert.Kind.THRESHOLD:
        return words.of_alert(alert)
    if alert.kind == Alert.Kind.USAGE:
        return usage_sentence(alert)
    if alert.kind == Alert.Kind.PROOF:
        return saying.of_alert(alert)
    item = (
        DueItem.objects.select_related("task", "vehicle__fleet")
        .filter(vehicle_id=alert.vehicle_id, task__key=alert.subject)
        .first()
    )
    if item is None:
        return None
    fleet = item.vehicle.fleet
    odometer, oil = odometer_and_oil(item.vehicle_id)
    return explain(
        item.trace, odometer=odometer, oil=oil, today=fleet.day(now), units=fleet.units, zone=fleet.zone
    ).sentence


def usage_sentence(alert: Alert) -> str | None:
    """What has changed, as long as it has."""
    pace = Pace.objects.filter(vehicle_id=alert.vehicle_id, axis=alert.subject).first()
    if pace is None or not pace.is_shifted:
        return None
    said = forecast_words.changed(pace.shift, alert.vehicle.fleet.units)
    return f"{said}. What is due by distance is expected accordingly."


def connection_sentence(alert: Alert) -> str | None:
    """Why a car no longer reports and what comes next, with how many more the same has taken."""
    connection = alert.vehicle.connection
    if connection is None or storms.subject_of(connection) != alert.subject:
        return None
    words = connect_words.of_connection(connection)
    line = f"the car no longer reports: {words['cause']}."
    if alert.subject != storms.NOT_ON_PLAN:
        line += f" Its owner is {connection.owner}."
    if others := storms.others(alert):
        line += f" {others} more {'car' if others == 1 else 'cars'} with it."
    return f"{line} {words['step']}"


def meter_sentence(alert: Alert) -> str | None:
    vehicle = alert.vehicle
    if vehicle.meter_asked_at is None:
        return None
    since = f"{vehicle.meter_asked_at.astimezone(vehicle.fleet.zone):%-d %B}"
    went = f"the odometer went back on {since} and stays there."
    return f"{went} Was the meter replaced? Until somebody answers, distance is not counted."


def silence_sentence(alert: Alert) -> str | None:
    """How long nothing has come, of one car or of a make."""
    vehicle, zone = alert.vehicle, alert.vehicle.fleet.zone
    if alert.subject == "car":
        if vehicle.silent_since is None:
            return None
        moment = f"{vehicle.silent_since.astimezone(zone):%-d %B %H:%M}"
        if not vehicle.gauges.exclude(source=Source.BENCH).exists():
            return f"the car is connected since {moment} and has never told anything."
        since = f"the car has told nothing new since {moment}"
        usual = round((vehicle.rhythm_minutes or 0) / 60)
        return f"{since}; as a rule it reports every {usual} hours." if usual > 1 else f"{since}."
    hush = Hush.objects.filter(fleet_id=alert.fleet_id, make=alert.subject.removeprefix("make "), over_at=None).first()
    if hush is None:
        return None
    since = f"{hush.since.astimezone(zone):%-d %B %H:%M}"
    return (
        f"{hush.cars} cars of {makes.said(hush.make)} have told nothing new since {since}: most likely a trouble there."
    )


def place(name: str, fleet_id: int, *args) -> str:
    """The path of a page, in the fleet that it is about."""
    return f"{reverse(name, args=args)}?fleet={fleet_id}"


def foot(notice: Notice) -> str:
    return f"You get this because you look after {notice.fleet.name} in Fettle."


def one_line(text: str) -> str:
    """A subject has no line breaks, whatever a vehicle is called."""
    return " ".join(text.split())
