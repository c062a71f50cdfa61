"""A breach and a rule in the words of a person, in the units of the fleet."""

from maintenance.models import Alert, Breach, Threshold
from maintenance.watching.measures import name_of, spoken

OCCURRENCE = "breach-"  # what an alert about a breach is called by, before the key of the breach


def of_alert(alert: Alert) -> str | None:
    """“12 V battery weak: 12 V battery charge at 35 %, past the value since …; 40 % or below counts.” None if over."""
    breach = (
        Breach.objects.open().filter(pk=alert.occurrence.removeprefix(OCCURRENCE)).select_related("threshold").first()
    )
    if breach is None:
        return None
    fleet = alert.vehicle.fleet
    since = f"{breach.began_at.astimezone(fleet.zone):%-d %B %H:%M}"
    rule = breach.threshold
    return f"{rule.name}: {now(breach, fleet.units)}, past the value since {since}; {bound(rule, fleet.units)} counts."


def now(breach: Breach, units: str) -> str:
    """“Tyre pressure, front axle at 171 kPa”."""
    rule = breach.threshold
    return f"{name_of(rule.signal, rule.part)} at {spoken(breach.last, rule.signal, units)}"


def bound(rule: Threshold, units: str) -> str:
    """“180 kPa or below”."""
    return f"{spoken(rule.opens_at, rule.signal, units)} or {'below' if rule.is_below else 'above'}"


def end(rule: Threshold, units: str) -> str:
    """“above 200 kPa”: where it is over."""
    return f"{'above' if rule.is_below else 'below'} {spoken(rule.closes_at, rule.signal, units)}"


def lasting(minutes: int) -> str:
    """“for 60 min”, "" where it counts at once."""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]
    return f"for {' '.join(part for part in parts if part)}"
