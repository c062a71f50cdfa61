"""Alerts of codes, lights and campaigns in one sentence each."""

from maintenance.faulting.rulebook import Rulebook
from maintenance.models import Alert, Spread
from vehicles.domain.signals import Signal
from vehicles.models import Light


def of_alert(alert: Alert) -> str | None:
    """None when what it was about is no longer so."""
    if alert.kind == Alert.Kind.FAULT:
        return of_fault(alert)
    if alert.kind == Alert.Kind.LIGHT:
        return of_light(alert)
    return of_spread(alert)


def of_fault(alert: Alert) -> str | None:
    ruled = Rulebook([alert.fleet_id]).read(alert.subject, alert.vehicle)
    if ruled.is_ignored:
        return None
    return f"{alert.subject} reported by the car ({alert.level}): {ruled.text} {ruled.step}"


def of_light(alert: Alert) -> str | None:
    light = Light.objects.open().filter(vehicle_id=alert.vehicle_id, signal=alert.subject).first()
    if light is None or alert.subject not in set(Signal):
        return None
    name = Signal(alert.subject).label
    if light.quiet_since is None:
        return f"{name} is on, says the car ({alert.level})."
    off = f"{light.quiet_since.astimezone(alert.vehicle.fleet.zone):%-d %B %H:%M}"
    return f"{name} was on ({alert.level}), and is back to OK since {off}. One more good read closes it."


def of_spread(alert: Alert) -> str | None:
    pk = alert.occurrence.removeprefix("spread-")
    spread = Spread.objects.open().filter(fleet_id=alert.fleet_id, pk=pk if pk.isdigit() else 0).first()
    if spread is None:
        return None
    text = Rulebook([alert.fleet_id]).read(spread.code, alert.vehicle).text
    model = f"{spread.carrier.make} {spread.carrier.model}".strip()
    return f"{spread.code} on {spread.cars} vehicles of one model ({model}): {text} One cause is likely."
