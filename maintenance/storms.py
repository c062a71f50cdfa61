"""One cause takes many cars away at once. Each has its alert, and people hear of the cause once."""

from datetime import datetime, timedelta

from maintenance.models import Alert
from vehicles.models import Connection, Vehicle

TOGETHER = timedelta(days=1)  # what fails within a day of the first is told with it
SEVERAL = 3  # causes at once that are told one by one; more come as a digest

RECONNECT, CONSENT, DISCONNECTED, NOT_ON_PLAN = "reconnect", "consent", "disconnected", "not_on_plan"


def subject_of(connection: Connection | None) -> str:
    """What there is to tell of a connection, "" for nothing. What we gave back ourselves is no news."""
    if connection is None:
        return ""
    if connection.was_revoked:
        return DISCONNECTED
    if connection.wants_consent:
        return CONSENT
    subjects = {Connection.State.NEEDS_OWNER: RECONNECT, Connection.State.NOT_ON_PLAN: NOT_ON_PLAN}
    return subjects.get(connection.state, "")


def cause_of(alert: Alert, vehicle: Vehicle) -> tuple | None:
    """Whose cause it is: an owner's sign-in takes all of the owner's cars, a plan all of the fleet."""
    if alert.kind != Alert.Kind.CONNECTION or vehicle.connection is None:
        return None
    owner = None if alert.subject == NOT_ON_PLAN else vehicle.connection.owner_id
    return alert.fleet_id, alert.subject, owner


def first_of_each(risen: list[Alert], vehicles: dict[int, Vehicle]) -> list[Alert]:
    """Those that people should hear of: of one cause only the first, and none that was told within the day."""
    known = told_lately(risen, vehicles)
    kept = []
    for alert in risen:
        cause = cause_of(alert, vehicles[alert.vehicle_id])
        if cause is not None:
            if any(abs(alert.level_at - at) <= TOGETHER for at in known.get(cause, [])):
                continue
            known.setdefault(cause, []).append(alert.level_at)
        kept.append(alert)
    return kept


def folded(alerts: list[Alert]) -> list[Alert]:
    """For a list: of each cause the first, whose line counts the others."""
    kept, causes = [], set()
    for alert in alerts:
        cause = cause_of(alert, alert.vehicle)
        if cause is None or cause not in causes:
            kept.append(alert)
        causes.add(cause)
    return kept


def told_lately(risen: list[Alert], vehicles: dict[int, Vehicle]) -> dict[tuple, list[datetime]]:
    fleets = {alert.fleet_id for alert in risen if alert.kind == Alert.Kind.CONNECTION}
    if not fleets:
        return {}
    first = min(alert.level_at for alert in risen if alert.kind == Alert.Kind.CONNECTION)
    held = Alert.objects.open().filter(fleet_id__in=fleets, kind=Alert.Kind.CONNECTION, level_at__gte=first - TOGETHER)
    held = held.exclude(told_level="").exclude(pk__in=[alert.pk for alert in risen if alert.pk])
    found: dict[tuple, list[datetime]] = {}
    for alert in held.select_related("vehicle__connection"):
        if cause := cause_of(alert, alert.vehicle):
            found.setdefault(cause, []).append(alert.level_at)
    return found


def others(alert: Alert) -> int:
    """How many more cars the same cause has taken, as it stands now."""
    held = Alert.objects.open().filter(fleet_id=alert.fleet_id, kind=alert.kind, subject=alert.subject)
    if alert.subject != NOT_ON_PLAN:
        held = held.filter(vehicle__connection__owner_id=alert.vehicle.connection.owner_id)
    return held.exclude(pk=alert.pk).values("vehicle").distinct().count()
