"""Alerts by vehicle, the worst first: what nobody has seen yet, what was seen, what waits, what is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Value, When

from fleet.owners.models import Membership
from maintenance.boards import alert_words, orders, pages
from maintenance.boards.alert_words import Words
from maintenance.domain.levels import RANK
from maintenance.models import Alert
from maintenance.models.alert import MUTED, SEEN
from vehicles.models import Vehicle

CARS_A_PAGE = 15
A_DAY = timedelta(days=1)
KEPT = timedelta(days=35)
TITLES = {"": "New", "acknowledged": "Acknowledged", "snoozed": "Snoozed", "mine": "Mine", "closed": "Closed"}
EMPTY = {
    "": "Nothing is new. What was seen already stands under acknowledged.",
    "acknowledged": "No open alert was acknowledged.",
    "snoozed": "No alert is snoozed.",
    "mine": "No open alert is with you.",
    "closed": "No alert was closed lately.",
}
WORST = Case(
    *(When(level=level.value, then=Value(rank + (2 if level == "critical" else 0))) for level, rank in RANK.items()),
    default=Value(0),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Row:
    alert: Alert
    words: Words
    order: orders.Held | None

    @property
    def seen(self) -> str:
        """What acknowledging it sends back: it counts for what was on the screen."""
        return f"{self.alert.pk}:{self.alert.level}:{self.alert.times}"


@dataclass(frozen=True, slots=True)
class Car:
    vehicle: Vehicle
    rows: list[Row]


def of(member: Membership, show: str, now: datetime) -> QuerySet[Alert]:
    alerts = Alert.objects.seen_by(member).filter(vehicle__retired_at=None)
    if show == "closed":
        return alerts.filter(closed_at__gte=now - KEPT)
    if show == "mine":
        return alerts.open().filter(assignee=member.user_id)
    return {"acknowledged": alerts.acknowledged, "snoozed": alerts.snoozed}.get(show, alerts.new)(now)


def board(member: Membership, *, show: str, kind: str, page: str, now: datetime) -> dict:
    show = show if show in TITLES and (show != "mine" or member.works) else ""
    kind = kind if kind in Alert.Kind.values else ""
    alerts = of(member, show, now)
    alerts = alerts.filter(kind=kind) if kind else alerts
    keep = {"show": show, "kind": kind}
    if show == "closed":
        found = pages.leaf(with_car(alerts).order_by("-closed_at", "-pk"), page, keep)
        held = found.rows
    else:
        # By vehicle, the worst of it first; a page holds whole vehicles.
        cars = alerts.order_by().values_list("vehicle").annotate(worst=Max(WORST), newest=Max("level_at"))
        found = pages.leaf(cars.order_by("-worst", "-newest", "vehicle"), page, keep, size=CARS_A_PAGE)
        order = {row[0]: place for place, row in enumerate(found.rows)}
        held = list(
            with_car(alerts.filter(vehicle__in=order)).annotate(worst=WORST).order_by("-worst", "-level_at", "pk")
        )
        held.sort(key=lambda alert: order[alert.vehicle_id])
    rows = rows_of(held, member, now)
    gone = (
        rows_of(with_car(over_lately(member, now)), member, now)
        if show == "" and not kind and page in ("", "1")
        else []
    )
    return {
        "show": show,
        "kind": kind,
        "title": TITLES[show],
        "empty": EMPTY[show],
        "tabs": tabs(member, show, now),
        "kinds": [(value, word, pages.address({"show": show, "kind": value}, 0)) for value, word in Alert.Kind.choices],
        "every_kind": pages.address({"show": show}, 0) or "?",
        "page": found,
        "cars": [Car(vehicle, list(alike)) for vehicle, alike in groupby(rows, key=lambda row: row.alert.vehicle)],
        "gone": gone,
        "here": "alerts",
    }


def with_car(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    return alerts.select_related("vehicle__connection__owner", "vehicle__fleet", "assignee")


def over_lately(member: Membership, now: datetime) -> QuerySet[Alert]:
    """What ended within a day, which is shown struck through."""
    alerts = Alert.objects.seen_by(member).filter(vehicle__retired_at=None, closed_at__gte=now - A_DAY)
    return alerts.order_by("-closed_at", "-pk")[:10]


def rows_of(alerts, member: Membership, now: datetime) -> list[Row]:
    alerts = list(alerts)
    words = alert_words.of(alerts, member, now)
    items = {alert.pk: words[alert.pk].item for alert in alerts if words[alert.pk].item}
    held = orders.holding(member, alerts=[alert.pk for alert in alerts], items=items.values())
    return [
        Row(alert, words[alert.pk], held["alert"].get(alert.pk) or held["item"].get(items.get(alert.pk)))
        for alert in alerts
    ]


def tabs(member: Membership, show: str, now: datetime) -> list[dict]:
    """Each with its count, in one query; what is over is not counted, for it only grows."""
    asleep = Q(MUTED, muted_until__gt=now)
    counts = (
        Alert.objects.seen_by(member)
        .open()
        .filter(vehicle__retired_at=None)
        .aggregate(
            new=Count("pk", filter=~SEEN & ~asleep),
            acknowledged=Count("pk", filter=SEEN & ~asleep),
            snoozed=Count("pk", filter=asleep),
            mine=Count("pk", filter=Q(assignee=member.user_id)),
        )
    )
    names = [name for name in TITLES if name != "mine" or member.works]
    return [
        {
            "href": pages.address({"show": name}, 0) or "?",
            "word": TITLES[name],
            "n": counts.get(name or "new"),
            "is_here": name == show,
        }
        for name in names
    ]


def sheet(alert: Alert, member: Membership, now: datetime) -> dict:
    """One alert with all that was done about it. It comes `with_car`."""
    row = rows_of([alert], member, now)[0]
    return {
        "row": row,
        "alert": alert,
        "words": row.words,
        "sentence": alert_words.whole(alert, now),
        "is_seen": (alert.acked_level, alert.acked_times) == (alert.level, alert.times),
        "is_asleep": alert.muted_until is not None
        and alert.muted_until > now
        and (alert.muted_level, alert.muted_times) == (alert.level, alert.times),
        "notes": list(alert.notes.all()),
        "notices": list(alert.notices.select_related("user").order_by("created_at", "pk")[:50]),
        "here": "alerts",
    }
