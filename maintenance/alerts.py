"""Episodes that people should know of: the wanted levels against the stored ones, and who is told."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q

from fleet.kit import rows
from fleet.owners.models import Membership, Role, User
from maintenance import notices, storms
from maintenance.domain import levels
from maintenance.domain.assessment import Verdict
from maintenance.domain.levels import Level
from maintenance.domain.plan import AnchorKind, Axis, Facts, Sight
from maintenance.domain.starting import COMPLETION
from maintenance.domain.status import Status
from maintenance.faulting import wishes
from maintenance.ledger import Done, Item
from maintenance.models import Alert, Device, Notice, Proof
from vehicles.domain import cadence
from vehicles.models import Hush, Vehicle

WRITTEN = ("level", "level_at", "told_level", "opened_at", "closed_at")
FRESH = timedelta(days=1)  # what was measured earlier is told in one digest, not one by one
ELSEWHERE = (Alert.Kind.THRESHOLD.value,)  # kinds that have a sweep of their own; a review leaves them alone

RENUMBERED = (Alert.Kind.FAULT.value, Alert.Kind.LIGHT.value)  # by the order of their episodes


@dataclass(frozen=True, slots=True)
class Wish:
    """One alert that should be open now. `since` is when its cause was measured; `first` means enrolment."""

    level: Level
    since: datetime
    first: bool = False


class Wanted(dict):
    """(vehicle id, kind, subject, occurrence) → Wish. `running` holds each item's present occurrence, wished or not."""

    def __init__(self):
        super().__init__()
        self.running: set[tuple] = set()
        self.waiting: set[tuple] = set()

    def add_item(
        self,
        item: Item,
        verdict: Verdict,
        facts: Facts,
        done: list[Done],
        *,
        first: bool,
        now: datetime,
        hidden: bool = False,
    ) -> None:
        """`hidden`: snoozed, or its vehicle’s plan is paused. What wakes from that is news again."""
        key = (item.vehicle_id, Alert.Kind.DUE.value, item.task_key, occurrence(item, verdict, done))
        self.running.add(key)
        if not hidden and (level := levels.of_item(verdict.status)):
            self[key] = Wish(level, evidence(verdict, facts, now), first)

    def add_troubles(self, wished: list[wishes.Wished]) -> None:
        """Codes, lights and campaigns. What waits for the end of a stay in the workshop opens and rises afterwards."""
        for one in wished:
            self[one.key] = Wish(Level(one.severity), one.since, one.first)
            if one.waits:
                self.waiting.add(one.key)

    def add_claims(self, claims: list[Proof]) -> None:
        """Work that was called done and that the car says otherwise of."""
        for claim in claims:
            if claim.state == Proof.State.CONTRADICTED:
                subject = claim.record.task.key if claim.record else claim.fault.code
                key = (claim.vehicle_id, Alert.Kind.PROOF.value, subject[:60], f"claim-{claim.pk}")
                self[key] = Wish(Level.WARNING, claim.settled_at)

    def add_meter(self, vehicle: Vehicle) -> None:
        """The odometer went back for good: was the meter replaced? Over as soon as somebody answers."""
        if vehicle.meter_asked_at is not None:
            key = (vehicle.pk, Alert.Kind.METER.value, "replaced", vehicle.meter_asked_at.isoformat())
            self[key] = Wish(Level.WARNING, vehicle.meter_asked_at)

    def add_connection(self, vehicle: Vehicle) -> None:
        if subject := storms.subject_of(vehicle.connection):
            since = vehicle.connection.state_since
            key = (vehicle.pk, Alert.Kind.CONNECTION.value, subject, since.isoformat())
            self[key] = Wish(Level.WARNING, since)

    def add_usage(self, vehicle: Vehicle, shift: dict | None) -> None:
        """A car that is driven much more or much less. Known from the day on which that became certain."""
        if shift is not None:
            key = (vehicle.pk, Alert.Kind.USAGE.value, "distance", shift["since"])
            self[key] = Wish(Level.WARNING, datetime.fromisoformat(shift["found"]))

    def add_silence(self, vehicle: Vehicle, hush: Hush | None) -> None:
        """A car that should have reported. Where many of its make are silent, one of them tells it for all."""
        if hush is not None and (vehicle.silent_since or hush.carrier_id == vehicle.pk):
            if hush.carrier_id == vehicle.pk:
                key = (vehicle.pk, Alert.Kind.SILENCE.value, f"make {hush.make}"[:60], hush.since.isoformat())
                self[key] = Wish(Level.WARNING, hush.since + cadence.stale_after(None))
        elif vehicle.silent_since is not None:
            rhythm = None if vehicle.rhythm_minutes is None else timedelta(minutes=vehicle.rhythm_minutes)
            key = (vehicle.pk, Alert.Kind.SILENCE.value, "car", vehicle.silent_since.isoformat())
            self[key] = Wish(Level.WARNING, vehicle.silent_since + cadence.stale_after(rhythm))


def occurrence(item: Item, verdict: Verdict, done: list[Done]) -> str:
    """Which interval of the item it is: by what its clock started from. An old job logged late begins none."""
    kind = verdict.trace["anchor"]["kind"]
    if kind == COMPLETION:
        return f"after-{done[-1].pk}"
    return f"from-{item.anchor_on}" if kind == AnchorKind.KNOWN else "first"


def evidence(verdict: Verdict, facts: Facts, now: datetime) -> datetime:
    """When the cause of this level was measured. For time that is the local midnight on which it came true."""
    if verdict.winner is Axis.DISTANCE and isinstance(facts.odometer, Sight):
        return facts.odometer.at
    if verdict.winner is Axis.OIL and isinstance(facts.oil, Sight):
        return facts.oil.at
    day = began_on(verdict) or facts.today
    return min(now, datetime.combine(day, time(), tzinfo=facts.zone))


def began_on(verdict: Verdict) -> date | None:
    """The local day on which time alone brought this status."""
    if verdict.due_on is None:
        return None
    if verdict.status is Status.OVERDUE:
        grace = next((mark.grace for mark in verdict.marks if mark.axis is Axis.TIME), 0)
        return verdict.due_on + timedelta(days=grace + 1)
    if verdict.status is Status.DUE:
        return verdict.due_on
    soon = next((axis.soon_from for axis in verdict.axes if axis.axis is Axis.TIME), None)
    return date.fromisoformat(soon) if soon else None


def rises(held: str, wanted: str) -> bool:
    """Whether people should hear of the wanted level after what was held; "" is none."""
    return levels.is_news(Level(held) if held else None, Level(wanted) if wanted else None)


def settle(
    vehicles: list[Vehicle],
    wanted: Wanted,
    *,
    now: datetime,
    kinds: tuple[str, ...] = (),
    by: User | None = None,
) -> None:
    """Open, raise and close alerts until the stored ones are the wanted ones, and write the notices of what rose.

    Of these kinds alone; without any, of all that have no sweep of their own. Whoever did it, `by`, is told nothing.
    """
    by_pk = {vehicle.pk: vehicle for vehicle in vehicles}
    held = Alert.objects.filter(vehicle_id__among=by_pk)
    held = held.filter(kind__in=kinds) if kinds else held.exclude(kind__in=ELSEWHERE)
    # What is over stays over, unless its very occurrence is wanted again: the years of a car are not read each time.
    held = held.filter(Q(closed_at=None) | Q(occurrence__in={key[3] for key in wanted}))
    stored = {(a.vehicle_id, a.kind, a.subject, a.occurrence): a for a in held}
    adopt_renumbered(stored, wanted)
    adopt_moved(stored, wanted, by_pk)
    told: list[tuple[Alert, Wish]] = []
    new: list[Alert] = []
    changed: list[Alert] = []
    for key, wish in wanted.items():
        if key in wanted.waiting:
            continue
        alert = stored.get(key)
        if alert is None:
            alert = Alert(
                fleet_id=by_pk[key[0]].fleet_id, vehicle_id=key[0], kind=key[1], subject=key[2], occurrence=key[3]
            )
            alert.opened_at = alert.level_at = wish.since
            alert.level = wish.level
        elif alert.closed_at is not None or rises(alert.level, wish.level):
            alert.closed_at = None
            if not alert.told_level or rises(alert.level, wish.level):
                alert.level, alert.level_at = wish.level, wish.since
        elif alert.told_level == alert.level:
            continue
        if rises(alert.told_level, alert.level):
            alert.told_level = alert.level
            told.append((alert, wish))
        (new if alert.pk is None else changed).append(alert)
    Alert.objects.bulk_create(new)
    rows.update(changed, WRITTEN)
    over = {key: alert.pk for key, alert in stored.items() if alert.closed_at is None and key not in wanted}
    Alert.objects.filter(pk__among=over.values()).update(closed_at=now)
    # The trouble went without anybody logging a service: should it come back, it is news. An alert that a completion
    # closed comes back only when that is taken back, and was told already.
    went = [pk for key, pk in over.items() if key in wanted.running]
    Alert.objects.filter(pk__among=went).update(told_level="", times=F("times") + 1)
    first = {alert.pk for alert in storms.first_of_each([alert for alert, _ in told], by_pk)}
    tell([(alert, wish) for alert, wish in told if alert.pk in first], now=now, by=by)


def adopt_renumbered(stored: dict[tuple, Alert], wanted: Wanted) -> None:
    """Late history may make today's episode of a code the third instead of the first: it is still the same alert."""
    for key in [key for key in wanted if key[1] in RENUMBERED and key not in stored]:
        old = next((o for o, a in stored.items() if o[:3] == key[:3] and a.closed_at is None and o not in wanted), None)
        if old is not None:
            stored[key] = stored.pop(old)
            stored[key].occurrence = key[3]
            stored[key].save(update_fields=["occurrence"])


def adopt_moved(stored: dict[tuple, Alert], wanted: Wanted, vehicles: dict[int, Vehicle]) -> None:
    """What one car carries for many goes on with the next when that car is retired: nobody is told of it again."""
    for key in [key for key in wanted if key not in stored and is_carried(key)]:
        vehicle_id, kind, subject, occurrence = key
        about = {"kind": kind, "subject": subject, "occurrence": occurrence}
        old = Alert.objects.filter(fleet_id=vehicles[vehicle_id].fleet_id, **about).order_by("-pk").first()
        if old is not None:
            stored.pop((old.vehicle_id, *key[1:]), None)
            old.vehicle_id = vehicle_id
            old.save(update_fields=["vehicle"])
            stored[key] = old


def is_carried(key: tuple) -> bool:
    _, kind, subject, _ = key
    return kind == Alert.Kind.CAMPAIGN or (kind == Alert.Kind.SILENCE and subject.startswith("make "))


def tell(risen: list[tuple[Alert, Wish]], *, now: datetime, by: User | None = None) -> None:
    """One notice for each person of what is fresh; one digest for all that is old news."""
    fleets = {alert.fleet_id for alert, _ in risen}
    people: dict[int, list[int]] = {}
    hearers = Membership.objects.filter(
        fleet_id__in=fleets, role__in=[Role.MANAGER, Role.TECHNICIAN], user__is_active=True
    )
    if by is not None:
        hearers = hearers.exclude(user=by)
    for fleet_id, user_id in hearers.order_by("pk").values_list("fleet_id", "user_id"):
        people.setdefault(fleet_id, []).append(user_id)
    heard = {user_id for some in people.values() for user_id in some}
    pushed = set(Device.objects.filter(user__in=heard).values_list("user", flat=True)) if heard else set()
    singles, digests = [], set()
    lost = Counter(alert.fleet_id for alert, _ in risen if alert.kind == Alert.Kind.CONNECTION)
    for alert, wish in risen:
        fresh = now - wish.since <= FRESH and not wish.first
        if alert.kind == Alert.Kind.CONNECTION and lost[alert.fleet_id] > storms.SEVERAL:
            fresh = False
        for user_id in people.get(alert.fleet_id, []):
            for channel in ("email", "push") if user_id in pushed else ("email",):
                if fresh:
                    about = {"fleet_id": alert.fleet_id, "user_id": user_id, "alert": alert, "channel": channel}
                    singles.append(Notice(**about, level=alert.level, times=alert.times, send_after=now))
                else:
                    digests.add((alert.fleet_id, user_id, channel))
    rows.insert(singles)
    notices.gather(digests, now=now)
