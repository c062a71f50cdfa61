"""Whether a car reaches us, and which kind of not: one state each, decided in the database, so that lists can filter.

The order of the states is the order in which they are asked: what stands first explains what comes after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from vehicles import capabilities, connect_words
from vehicles.connect_words import State
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Connection, Gauge, Source, Vehicle
from vehicles.smartcar.error_table import row_of

STALE = timedelta(hours=36)  # no car is called stale before, however often it usually reports
STALE_AT_LAST = timedelta(days=14)
SLOW_MINUTES = 12 * 60  # from here on a car's own rhythm allows it more than the floor
Hold = Vehicle.Hold


@dataclass(frozen=True, slots=True)
class Reach:
    """How a car reaches us. `cause` goes after the title, `step` says what comes next, `owner` what to tell them.

    `act` names the button that helps, "" for none. `fresh` is whether what the car said last can still be leant on.
    """

    state: State
    title: str
    cause: str = ""
    step: str = ""
    owner: str = ""
    act: str = ""
    since: datetime | None = None
    until: datetime | None = None
    fresh: bool = True

    @property
    def status(self) -> str:
        """For `data-status`."""
        return connect_words.STATUSES[self.state]

    @property
    def is_fine(self) -> bool:
        return self.state is State.FINE

    @property
    def counts(self) -> bool:
        """Whether a good verdict on this car may be shown as good."""
        return self.fresh and self.state in (State.FINE, State.THROTTLED, State.NOT_PERMITTED)


def told(now: datetime, since: datetime | None = None) -> Exists:
    """Whether the car itself ever said anything, or did since then."""
    gauges = Gauge.objects.filter(vehicle=OuterRef("pk")).exclude(source=Source.BENCH)
    return Exists(gauges if since is None else gauges.filter(at__gte=since))


def has(state: str, signals: Iterable[Signal]) -> Exists:
    found = Capability.objects.filter(vehicle=OuterRef("pk"), state=state, signal__in=[s.value for s in signals])
    return Exists(found)


def marked(vehicles: QuerySet, now: datetime) -> QuerySet:
    """The vehicles, each with `reach` and `is_stale`."""
    held = Q(hold_until__gt=now)
    slow = Q(rhythm_minutes__gt=SLOW_MINUTES)
    stale = (
        Q(silent_since__isnull=False)
        | (~slow & ~Q(told(now, now - STALE)))
        | (slow & ~Q(told(now, now - STALE_AT_LAST)))
    )
    of_connection = Connection.State
    barred = has(Capability.State.NOT_PERMITTED, capabilities.NEEDED)
    return vehicles.annotate(is_told=told(now)).annotate(
        is_stale=Case(When(Q(is_told=False) | stale, then=Value(True)), default=Value(False)),
        reach=Case(
            When(connection=None, then=Value(State.NOT_CONNECTED)),
            When(connection__state=of_connection.DISCONNECTED, then=Value(State.DISCONNECTED)),
            When(connection__state=of_connection.NEEDS_OWNER, then=Value(State.RECONNECT)),
            When(connection__state=of_connection.NOT_ON_PLAN, then=Value(State.NOT_ON_PLAN)),
            When(held & Q(hold=Hold.PLAN), then=Value(State.NOT_ON_PLAN)),
            When(lost_since__isnull=False, then=Value(State.LOST)),
            When(held & Q(hold=Hold.THROTTLED), then=Value(State.THROTTLED)),
            When(
                Q(is_told=False) & Q(has(Capability.State.UNSUPPORTED, [Signal.ODOMETER])),
                then=Value(State.UNSUPPORTED),
            ),
            # A car whose calls are used up still reports by webhook: only if it does not, that is why.
            When(held & Q(hold=Hold.BUDGET) & (Q(is_told=False) | stale), then=Value(State.THROTTLED)),
            When(is_told=False, then=Value(State.WAITING)),
            When(stale, then=Value(State.STALE)),
            When(Q(barred), then=Value(State.NOT_PERMITTED)),
            default=Value(State.FINE),
            output_field=CharField(),
        ),
    )


def of(vehicles: Iterable[Vehicle], now: datetime) -> dict[int, Reach]:
    """How each of these reaches us. The vehicles come with their connections."""
    by_pk = {vehicle.pk: vehicle for vehicle in vehicles}
    asked = marked(Vehicle.objects.filter(pk__in=by_pk), now).annotate(last=last_word())
    rows = asked.values_list("pk", "reach", "is_stale", "last")
    states = {pk: (State(state), stale, last) for pk, state, stale, last in rows}
    lacks = not_permitted([pk for pk, (state, *_) in states.items() if state is State.NOT_PERMITTED])
    return {
        pk: describe(vehicle, *states[pk], lacks=lacks.get(pk, []), now=now)
        for pk, vehicle in by_pk.items()
        if pk in states
    }


def reach(vehicle: Vehicle, now: datetime) -> Reach:
    return of([vehicle], now)[vehicle.pk]


def counts(vehicles: QuerySet, now: datetime) -> dict[State, int]:
    """How many of these are in each state."""
    found = marked(vehicles.order_by(), now).values_list("reach").annotate(n=Count("pk"))
    return dict.fromkeys(State, 0) | {State(state): n for state, n in found}


def last_word() -> Subquery:
    """When the car itself last measured anything that we know of."""
    gauges = Gauge.objects.filter(vehicle=OuterRef("pk")).exclude(source=Source.BENCH)
    return Subquery(gauges.order_by("-at").values("at")[:1])


def not_permitted(pks: list[int]) -> dict[int, list[tuple[str, datetime]]]:
    """Of what is needed, what the owner's consent leaves out."""
    if not pks:
        return {}
    rows = Capability.objects.filter(
        vehicle_id__in=pks,
        state=Capability.State.NOT_PERMITTED,
        signal__in=[signal.value for signal in capabilities.NEEDED],
    )
    found: dict[int, list] = {}
    for pk, signal, since in rows.order_by("signal").values_list("vehicle_id", "signal", "since"):
        found.setdefault(pk, []).append((Signal(signal).label, since))
    return found


def describe(
    vehicle: Vehicle, state: State, stale: bool, last: datetime | None, *, lacks: list, now: datetime
) -> Reach:
    words = connect_words.WORDS[state]
    connection = vehicle.connection
    about = {"title": words.title, "cause": words.cause, "step": words.step, "act": words.act, "fresh": not stale}
    held = vehicle.hold if vehicle.hold_until and vehicle.hold_until > now else ""
    row = row_of(vehicle.hold_reason) if held else None
    if state in (State.DISCONNECTED, State.RECONNECT, State.NOT_ON_PLAN) and connection.state != "connected":
        about |= connect_words.of_connection(connection)
        about["since"] = connection.state_since
    elif state is State.NOT_CONNECTED:
        about["since"] = vehicle.enrolled_at
    elif state is State.WAITING:
        about["since"] = max(connection.consented_at, vehicle.enrolled_at)
    elif state is State.LOST:
        about["since"] = vehicle.lost_since
    elif state is State.STALE:
        about["since"] = vehicle.silent_since or last
    elif state is State.NOT_PERMITTED:
        about["cause"] = f"the owner’s consent leaves out {', '.join(name.lower() for name, _ in lacks)}"
        about["since"] = min((since for _, since in lacks), default=None)
    if held:
        about["until"] = vehicle.hold_until
        if row is not None:
            about |= {"cause": row.cause, "owner": connect_words.for_owner(row)}
        elif held == Hold.BUDGET:
            about["cause"] = "this month’s calls for the car are used up"
    return Reach(state, **about)
