"""What a vehicle itself told and what became of it, as events of its timeline: codes, alerts, doubts, ties."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, Q
from django.urls import reverse

from fleet.kit.units import show_distance
from fleet.owners.models import Membership
from maintenance import storms
from maintenance.boards import alert_words
from maintenance.boards.happenings import Event, Moment, Until, newest
from maintenance.faulting.rulebook import Rulebook
from maintenance.models import Alert, AlertNote
from vehicles.boards import connect_words
from vehicles.models import ConnectAttempt, Fault, Reading, Standing, Vehicle

TOLD_ELSEWHERE = (Alert.Kind.FAULT, Alert.Kind.METER)  # what they are about stands in the line itself

LEVELS = {"soon": "soon", "due": "due now", "overdue": "overdue", "warning": "warning", "critical": "critical"}
NOTES = {
    AlertNote.What.ACKNOWLEDGED: "alert acknowledged",
    AlertNote.What.SNOOZED: "alert snoozed",
    AlertNote.What.WOKEN: "alert woken",
    AlertNote.What.ASSIGNED: "alert assigned",
    AlertNote.What.SAID: "a note on the alert",
}
CONNECTION = {
    storms.RECONNECT: connect_words.WORDS[connect_words.State.RECONNECT].title,
    storms.CONSENT: connect_words.WORDS[connect_words.State.NO_CONSENT].title,
    storms.NOT_ON_PLAN: connect_words.WORDS[connect_words.State.NOT_ON_PLAN].title,
    storms.DISCONNECTED: connect_words.WORDS[connect_words.State.DISCONNECTED].title,
}


def faults(vehicle: Vehicle, member: Membership, until: Until) -> Iterator[Event]:
    held = newest(Fault.objects.filter(vehicle=vehicle), until, Moment("opened_at", 1), Moment("closed_at", 2))
    book = Rulebook([vehicle.fleet_id] if held else [])
    where = f"{reverse('maintenance:vehicle', args=[vehicle.pk])}#faults"
    for one in held:
        meaning = book.read(one.code, vehicle)
        status = "unknown" if meaning.is_ignored else str(meaning.severity)
        yield Event(one.opened_at, "lamp", status, f"{one.code} reported", meaning.text, where, key=(1, one.pk))
        if one.closed_at:
            yield Event(one.closed_at, "ok", "ok", f"{one.code} gone", "two clean reads", key=(2, one.pk))


def alerts(vehicle: Vehicle, member: Membership, until: Until) -> Iterator[Event]:
    """When each opened, when it reached the level that it has, its end, and what people did with it.

    Of a code the line itself tells when it came and went.
    """
    held = Alert.objects.filter(vehicle=vehicle).exclude(kind__in=TOLD_ELSEWHERE)
    opened = Moment("opened_at", 1, Q(opened_at__lt=F("level_at")))
    held = newest(held, until, opened, Moment("level_at", 2), Moment("closed_at", 3))
    notes = newest(AlertNote.objects.filter(alert__vehicle=vehicle).select_related("alert"), until, Moment("at", 4))
    names = alert_words.names_of([*held, *(note.alert for note in notes)], member)
    for one in held:
        name, level, where = about(one, names), LEVELS.get(one.level, one.level), sheet(one)
        if one.opened_at < one.level_at:
            yield Event(one.opened_at, "alerts", "", f"{name}: alert opened", "", where, key=(1, one.pk))
        yield Event(one.level_at, "alerts", one.level, f"{name}: {level}", "alert", where, key=(2, one.pk))
        if one.closed_at:
            aside = f"after {show_days(one.closed_at - one.opened_at)}"
            yield Event(one.closed_at, "ok", "ok", f"{name}: over", aside, where, key=(3, one.pk))
    for note in notes:
        text = f"{about(note.alert, names)}: {NOTES[note.what]}"
        aside = f"by {note.by_name}{f': {note.text}' if note.text else ''}"
        yield Event(note.at, "user", "", text, aside, sheet(note.alert), key=(4, note.pk))


def about(alert: Alert, names: dict[str, str]) -> str:
    kind = alert.get_kind_display()
    if alert.kind == Alert.Kind.CONNECTION:
        return CONNECTION.get(alert.subject, kind)
    if alert.kind == Alert.Kind.SILENCE:
        return "Silence" if alert.subject == "car" else "Silence of its make"
    if alert.kind == Alert.Kind.LIGHT:
        return alert_words.LAMPS.get(alert.subject, kind)
    if alert.kind in (Alert.Kind.FAULT, Alert.Kind.CAMPAIGN):
        return alert.subject
    return names.get(alert.subject, kind)


def sheet(alert: Alert) -> str:
    return reverse("maintenance:alert", args=[alert.pk])


def readings(vehicle: Vehicle, member: Membership, until: Until) -> Iterator[Event]:
    """The first that is believed and all that are not; the others are the curve of the car, and no events."""
    of_car = Reading.objects.filter(vehicle=vehicle, signal="odometer")
    first = of_car.filter(standing=Standing.ACCEPTED).order_by("at", "pk").values("pk")[:1]
    where = reverse("maintenance:meter", args=[vehicle.pk])
    for one in newest(of_car.filter(Q(standing=Standing.SUSPECT) | Q(pk__in=first)), until, Moment("at", 0)):
        shown = show_distance(one.number, member.fleet.units)
        if one.standing == Standing.SUSPECT:
            text, status, aside = f"Odometer {shown} doubted", "warning", "it counts for nothing"
        else:
            text, status, aside = f"First odometer: {shown}", "", one.get_source_display()
        yield Event(one.at, "odometer", status, text, aside, where, key=(0, one.pk))


def ties(vehicle: Vehicle, member: Membership, until: Until) -> Iterator[Event]:
    """How it came, through whose consent, and that it left. What went wrong in between stands among the alerts."""
    yield Event(vehicle.enrolled_at, "vehicles", "", "Joined the fleet", "", key=(0, 0))
    if vehicle.retired_at:
        yield Event(vehicle.retired_at, "close", "", "Retired", "", key=(11, 0))
    done = ConnectAttempt.objects.filter(vehicles=vehicle, stage=ConnectAttempt.Stage.DONE)
    for one in newest(done.select_related("owner", "by"), until, Moment("began_at", 0)):
        mended = one.purpose == ConnectAttempt.Purpose.MEND
        text = f"{one.owner.name} {'signed in again' if mended else 'gave consent'}"
        yield Event(one.began_at, "connections", "ok", text, f"through Connect, by {one.by}", key=(0, one.pk))


def show_days(span: timedelta) -> str:
    return "less than a day" if span < timedelta(days=1) else f"{span.days} day{'' if span.days == 1 else 's'}"
