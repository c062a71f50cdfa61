"""A person asks for an answer now: what becomes of it, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from vehicles.domain.cadence import Rank, Why
from vehicles.line import breakers, budget, gateway, turns
from vehicles.models import Connection, Vehicle

AGAIN = timedelta(minutes=1)  # nobody gains from asking more often: Smartcar's store is not that quick
MOST_AT_ONCE = 20  # of one fleet, so that its people leave calls to others
SHOWN = timedelta(minutes=2)  # for so long what came of it is told
GIVEN_UP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Progress:
    """How it stands, for `vehicles/_refresh.html`. `may` is whether asking makes sense now; `busy` asks again soon."""

    text: str
    status: str = ""
    may: bool = True
    busy: bool = False


def progress(vehicle: Vehicle, now: datetime) -> Progress:
    """How asking this car stands. The vehicle comes with its connection and fleet."""
    if told := barred(vehicle, now) or held_back(vehicle, now) or lately(vehicle, now):
        return told
    if (back := budget.back_at(now)) > now:
        return Progress(f"No call is left. It would be asked first, {at(back, vehicle, now)}.", "unknown")
    return Progress("")


def at_a_glance(vehicle: Vehicle, now: datetime) -> Progress:
    """What the car's own row tells of it, for its page: whoever then asks is told what all cars wait for as well."""
    return barred(vehicle, now) or lately(vehicle, now) or Progress("")


def lately(vehicle: Vehicle, now: datetime) -> Progress | None:
    """What came of asking it in the last minutes; None where nobody did."""
    if vehicle.asked_at is not None and now - vehicle.asked_at < GIVEN_UP:
        return under_way(vehicle, now)
    if vehicle.polled_at is not None and now - vehicle.polled_at < SHOWN and not vehicle.poll_failures:
        return Progress("It has just answered.", "ok", may=now - vehicle.polled_at >= AGAIN)
    if vehicle.poll_failures and vehicle.poll_after:
        return Progress(f"The last try failed. The next is due {at(vehicle.poll_after, vehicle, now)}.", "warning")
    return None


def barred(vehicle: Vehicle, now: datetime) -> Progress | None:
    """Why nobody can ask this very car now; None if one can."""
    if lack := unconnected(vehicle):
        return Progress(f"It cannot be asked: {lack}.", "unknown" if vehicle.connection is None else "due", may=False)
    if not gateway.is_set_up():
        return Progress("Smartcar is not set up, so it cannot be asked.", "unknown", may=False)
    limit = budget.calls_a_month(vehicle.fleet)
    month = budget.month_left(vehicle, Rank.ASKED, limit=limit, now=now)
    if not month.left:
        first = month.ends.strftime("%-d %B")
        return Progress(f"All {limit} calls of this month are used. It is asked again from {first}.", "due", may=False)
    if vehicle.hold and vehicle.hold != Vehicle.Hold.BUDGET and vehicle.hold_until and vehicle.hold_until > now:
        why = HOLDS.get(vehicle.hold, "It cannot be asked")
        return Progress(f"{why} until {clock(vehicle.hold_until, vehicle, now)}.", "due", may=False)
    return None


def held_back(vehicle: Vehicle, now: datetime) -> Progress | None:
    """Whether its make, or Smartcar, answers nobody at present."""
    names = breakers.of(vehicle)
    if standing := next((one for one in breakers.open_ones(now) if one.name in names), None):
        until = clock(standing.until, vehicle, now)
        return Progress(f"{standing.title} answers nobody at present. One car is tried at {until}.", "due", may=False)
    return None


def unconnected(vehicle: Vehicle) -> str:
    """Which kind of not connected; "" where it is connected."""
    connection = vehicle.connection
    if vehicle.retired_at is not None or connection is None or not vehicle.smartcar_id:
        return "not connected"
    words = connection.get_state_display()
    return "" if connection.state == Connection.State.CONNECTED else f"{words[:1].lower()}{words[1:]}"


HOLDS = {
    Vehicle.Hold.THROTTLED: "It was asked too often and is left alone",
    Vehicle.Hold.PLAN: "The Smartcar plan does not cover it",
    Vehicle.Hold.RESTING: "It cannot answer, so it is left alone",
}


def under_way(vehicle: Vehicle, now: datetime) -> Progress:
    back = budget.back_at(now)
    if vehicle.poll_after is not None and vehicle.poll_after > now:
        return Progress("Asking the car … this may take some minutes.", may=False, busy=True)
    if back > now:
        return Progress(f"In line. No call is left until {clock(back, vehicle, now)}.", may=False, busy=True)
    return Progress("In line, to be asked at once …", may=False, busy=True)


def ask(vehicle: Vehicle, *, now: datetime) -> Progress:
    """Put a car first in line, if that makes sense. What became of it."""
    stands = progress(vehicle, now)
    if stands.busy or not stands.may:
        return stands
    waiting = Vehicle.objects.filter(fleet_id=vehicle.fleet_id, asked_at__gt=now - GIVEN_UP).count()
    if waiting >= MOST_AT_ONCE:
        return Progress(f"{waiting} cars of this fleet are being asked already. Try again in a minute.", "warning")
    pollable = Vehicle.objects.pollable().filter(pk=vehicle.pk)
    pollable.update(asked_at=now, hold=Vehicle.Hold.NONE, hold_until=None)
    turns.ring(pollable, Why.ASKED, now=now)
    vehicle.refresh_from_db(fields=["asked_at", "poll_after", "poll_rank", "hold", "hold_until"])
    return under_way(vehicle, now)


def clock(moment: datetime, vehicle: Vehicle, now: datetime) -> str:
    """A time of day as the fleet's people read it, with the day where it is another."""
    zone: ZoneInfo = vehicle.fleet.zone
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%-d %b %H:%M}"


def at(moment: datetime, vehicle: Vehicle, now: datetime) -> str:
    return "now" if moment <= now else f"at {clock(moment, vehicle, now)}"
