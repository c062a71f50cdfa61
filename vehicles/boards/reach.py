"""Whether a car reaches us, and which kind of not: one state each, decided in the database, so that lists can filter.

The order of the states is the order in which they are asked: what stands first explains what comes after it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from vehicles.boards import connect_words
from vehicles.boards.connect_words import State
from vehicles.domain.signals import Signal
from vehicles.models import Capability, Connection, Gauge, Source, Vehicle
from vehicles.smartcar.error_table import WANTS_CONSENT, row_of
from vehicles.waist import capabilities

STALE = timedelta(hours=36)  # no car is called stale before, however often it usually reports
STALE_AT_LAST = timedelta(days=14)
SLOW_MINUTES = 12 * 60  # from here on a car's own rhythm allows it more than the floor
Hold = Vehicle.Hold
Lacks = list[tuple[str, datetime]]  # what a consent leaves out, by name, and since when


OF_THE_CONNECTION = (State.DISCONNECTED, State.RECONNECT, State.NO_CONSENT, State.NOT_ON_PLAN)


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


def gauges() -> QuerySet:
    """What the car itself has said, of the vehicle around."""
    return Gauge.objects.filter(vehicle=OuterRef("pk")).exclude(source=Source.BENCH)


def is_fresh(now: datetime) -> Q:
    """Whether the car told something lately enough for its own rhythm."""
    slow = Q(rhythm_minutes__gt=SLOW_MINUTES)
    lately, at_last = (Exists(gauges().filter(at__gte=now - limit)) for limit in (STALE, STALE_AT_LAST))
    return Q(silent_since=None) & (Q(lately) | slow & Q(at_last))


def is_old(at: datetime, rhythm_minutes: int | None, now: datetime) -> bool:
    """Whether one value of a car is too old to lean on, by the same rule as `has_old`."""
    return at < now - (STALE_AT_LAST if (rhythm_minutes or 0) > SLOW_MINUTES else STALE)


def has_old(signals: Iterable[str], now: datetime) -> Q:
    """Whether one of these is too old to lean on, for the car's own rhythm, however fresh its others are.

    What it gives no more is none of them: nothing is called good by it anyway.
    """
    gone = Capability.objects.filter(
        vehicle=OuterRef("vehicle"), signal=OuterRef("signal"), state=Capability.State.UNSUPPORTED
    )
    held = gauges().filter(~Exists(gone), signal__in=[*signals])
    slow = Q(rhythm_minutes__gt=SLOW_MINUTES)
    long_ago, at_last = (Exists(held.filter(at__lt=now - limit)) for limit in (STALE, STALE_AT_LAST))
    return Q(at_last) | Q(long_ago) & (~slow | Q(rhythm_minutes=None))


def is_barred() -> Q:
    """Whether the owner's consent leaves out what is needed.

    Asked of each vehicle by itself: those of a page are few, and the answers of a large fleet are many.
    """
    left_out = Capability.objects.filter(vehicle=OuterRef("pk"), state=Capability.State.NOT_PERMITTED)
    others = [signal for signal in capabilities.NEEDED if signal != Signal.OIL_LIFE]
    has_oil = ~Q(powertrain__in=capabilities.WITHOUT_OIL)
    return Exists(left_out.filter(signal__in=others)) | has_oil & Exists(left_out.filter(signal=Signal.OIL_LIFE))


def marked(vehicles: QuerySet, now: datetime) -> QuerySet:
    """The vehicles, each with its `reach`.

    Databases ask from top to bottom and stop at what is so: of a car that is well they look at one gauge.
    """
    held = Q(hold_until__gt=now)
    of_connection = Connection.State
    fresh, told = is_fresh(now), Exists(gauges())
    unreadable = Capability.objects.filter(vehicle=OuterRef("pk"), state=Capability.State.UNSUPPORTED)
    states = [
        (Q(connection=None), State.NOT_CONNECTED),
        (Q(connection__state=of_connection.DISCONNECTED), State.DISCONNECTED),
        (Q(connection__state=of_connection.NEEDS_OWNER, connection__reason__in=WANTS_CONSENT), State.NO_CONSENT),
        (Q(connection__state=of_connection.NEEDS_OWNER), State.RECONNECT),
        (Q(connection__state=of_connection.NOT_ON_PLAN), State.NOT_ON_PLAN),
        (held & Q(hold=Hold.PLAN), State.NOT_ON_PLAN),
        (Q(lost_since__isnull=False), State.LOST),
        (held & Q(hold=Hold.THROTTLED), State.THROTTLED),
        (is_barred() & fresh, State.NOT_PERMITTED),
        (fresh, State.FINE),
        (~Q(told) & Q(Exists(unreadable.filter(signal=Signal.ODOMETER))), State.UNSUPPORTED),
        # A car whose calls are used up still reports by webhook: only if it does not, that is why.
        (held & Q(hold=Hold.BUDGET), State.THROTTLED),
        (~Q(told), State.WAITING),
    ]
    whens = [When(so, then=Value(state)) for so, state in states]
    return vehicles.annotate(reach=Case(*whens, default=Value(State.STALE), output_field=CharField()))


# What every car of a state has in common, said again where an index can hear it.
NARROW: dict[State, Q] = {
    State.NOT_CONNECTED: Q(connection=None),
    State.DISCONNECTED: Q(connection__state=Connection.State.DISCONNECTED),
    State.RECONNECT: Q(connection__state=Connection.State.NEEDS_OWNER),
    State.NO_CONSENT: Q(connection__state=Connection.State.NEEDS_OWNER, connection__reason__in=WANTS_CONSENT),
    State.NOT_ON_PLAN: Q(connection__state=Connection.State.NOT_ON_PLAN) | Q(hold=Hold.PLAN),
    State.LOST: Q(lost_since__isnull=False),
    State.THROTTLED: Q(hold__in=(Hold.THROTTLED, Hold.BUDGET)),
}


def in_states(vehicles: QuerySet, states: Collection[State], now: datetime) -> QuerySet:
    """Those in these states, each as `told` gives it."""
    narrow = reduce(or_, (NARROW[state] for state in states)) if set(states) <= NARROW.keys() else Q()
    return told(vehicles.filter(narrow), now).filter(reach__in=states)


def told(vehicles: QuerySet, now: datetime) -> QuerySet:
    """The vehicles, each with its `reach`, whether it `is_fresh`, and when it `last` said something itself."""
    return marked(vehicles, now).annotate(
        is_fresh=Case(When(is_fresh(now), then=Value(True)), default=Value(False)),
        last=Subquery(gauges().order_by("-at").values("at")[:1]),
    )


def of_page(vehicles: Sequence[Vehicle], now: datetime) -> tuple[dict[int, Reach], dict[int, list[str]]]:
    """How each of these reaches us, and of what verdicts rest on what it does not give, by name.

    The vehicles come with their connections, and from `told` or not. Two questions at most.
    """
    by_pk = {vehicle.pk: vehicle for vehicle in vehicles}
    if all(hasattr(vehicle, "last") for vehicle in vehicles):
        states = {pk: (State(one.reach), one.is_fresh, one.last) for pk, one in by_pk.items()}
    else:
        rows = told(Vehicle.objects.filter(pk__in=by_pk), now).values_list("pk", "reach", "is_fresh", "last")
        states = {pk: (State(state), fresh, last) for pk, state, fresh, last in rows}
    barred, unsupported = lacking(by_pk)
    reaches = {
        pk: describe(by_pk[pk], *state, lacks=barred.get(pk, []) if state[0] is State.NOT_PERMITTED else [], now=now)
        for pk, state in states.items()
    }
    return reaches, unsupported


def lacking(pks: Collection[int]) -> tuple[dict[int, Lacks], dict[int, list[str]]]:
    """Of what is needed: what the owner's consent leaves out, and what the cars do not give. One query."""
    barred: dict[int, Lacks] = {}
    unsupported: dict[int, list[str]] = {}
    states = (Capability.State.NOT_PERMITTED, Capability.State.UNSUPPORTED)
    rows = Capability.objects.filter(vehicle_id__in=pks, signal__in=capabilities.NEEDED, state__in=states)
    rows = rows.exclude(signal=Signal.OIL_LIFE, vehicle__powertrain__in=capabilities.WITHOUT_OIL)
    for pk, signal, state, since in rows.order_by("signal").values_list("vehicle_id", "signal", "state", "since"):
        if state == Capability.State.UNSUPPORTED:
            unsupported.setdefault(pk, []).append(Signal(signal).label.lower())
        else:
            barred.setdefault(pk, []).append((Signal(signal).label, since))
    return barred, unsupported


def of_told(vehicle: Vehicle, lacks: Lacks, now: datetime) -> Reach:
    """The same of one that came from `told`, with its connection; its `lacks` were read with something else."""
    return describe(vehicle, State(vehicle.reach), vehicle.is_fresh, vehicle.last, lacks=lacks, now=now)


def counts(vehicles: QuerySet, now: datetime) -> dict[State, int]:
    """How many of these are in each state."""
    found = marked(vehicles.order_by(), now).values_list("reach").annotate(n=Count("pk"))
    return dict.fromkeys(State, 0) | {State(state): n for state, n in found}


def lacks_of(vehicle: Vehicle, answers: Iterable[Capability]) -> Lacks:
    """The same of one vehicle, among answers that were read already."""
    needed = set(capabilities.NEEDED) - ({Signal.OIL_LIFE} if vehicle.powertrain in capabilities.WITHOUT_OIL else set())
    barred = [one for one in answers if one.state == Capability.State.NOT_PERMITTED and one.signal in needed]
    return [(Signal(one.signal).label, one.since) for one in sorted(barred, key=lambda one: one.signal)]


def describe(
    vehicle: Vehicle, state: State, fresh: bool, last: datetime | None, *, lacks: Lacks, now: datetime
) -> Reach:
    words = connect_words.WORDS[state]
    connection = vehicle.connection
    about = {"title": words.title, "cause": words.cause, "step": words.step, "act": words.act, "fresh": fresh}
    held = vehicle.hold if vehicle.hold_until and vehicle.hold_until > now else ""
    row = row_of(vehicle.hold_reason) if held else None
    if state in OF_THE_CONNECTION and connection.state != "connected":
        about |= connect_words.of_connection(connection)
        about["since"] = connection.state_since
    elif state is State.NOT_CONNECTED:
        about["since"] = vehicle.enrolled_at
    elif state is State.WAITING:
        about["since"] = max(connection.consented_at, vehicle.enrolled_at)
        if vehicle.silent_since is not None:
            never = connect_words.NEVER
            about |= {"title": never.title, "cause": never.cause, "step": never.step}
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
