"""What goes wrong for everybody: with the post, with the hosts, with the webhook. A restart is fine weather again."""

from dataclasses import dataclass, field, fields, replace

from vehicles.smartcar.sandbox import catalogue

TOKENS = ("newest", "older", "wrong", "missing")
OUTAGES = ("", "503", "closed", "page")
HOSTS = ("iam", "vehicle", "management-v3", "api", "management", "auth")
DIALECTS = ("2026", "2025")
LONGEST_LATENCY_MS = 310_000


@dataclass(frozen=True, slots=True)
class Post:
    """Shares go from 0 to 1 and always hit the same events. Seconds are Smartcar's, so SANDBOX_TIME_SCALE divides them.

    `burst_seconds` gathers what is posted and lets it go at once; `reversed_by` delivers every so many letters
    newest first; `token` says which management token signs.
    """

    late_seconds: float = 0.0
    lost: float = 0.0
    duplicate: float = 0.02
    copies: int = 2
    copies_at_once: bool = False
    burst_seconds: float = 0.0
    reversed_by: int = 0
    bad_signature: float = 0.0
    oversized: bool = False
    token: str = "newest"


@dataclass(frozen=True, slots=True)
class Hosts:
    """How calls are answered. With `vehicle_calls`, so many are allowed for each car in `vehicle_seconds`."""

    dialect: str = "2026"
    latency_ms: int = 0
    outage: str = ""
    down: list = field(default_factory=lambda: list(HOSTS))
    vehicle_calls: int = 0
    vehicle_seconds: float = 1800.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """Switched off it queues nothing. `signals` are the codes that a delivery carries."""

    enabled: bool = True
    signals: list = field(default_factory=lambda: [signal.code for signal in catalogue.WEBHOOK])


RANGES = {
    "late_seconds": (0, 7 * 86_400),
    "lost": (0, 1),
    "duplicate": (0, 1),
    "copies": (1, 50),
    "burst_seconds": (0, 3600),
    "reversed_by": (0, 1000),
    "bad_signature": (0, 1),
    "latency_ms": (0, LONGEST_LATENCY_MS),
    "vehicle_calls": (0, 10_000),
    "vehicle_seconds": (1, 86_400),
}
CHOICES = {"token": TOKENS, "outage": OUTAGES, "dialect": DIALECTS}
LISTS = {"down": set(HOSTS), "signals": set(catalogue.BY_CODE)}


class Weather:
    def __init__(self):
        self.post = Post()
        self.hosts = Hosts()
        self.webhook = Webhook()

    def turn(self, part: str, said: dict) -> None:
        """Change what is said of one part and keep the rest. A ValueError tells what makes no sense."""
        now = getattr(self, part)
        known = {known.name for known in fields(now)}
        if unknown := set(said) - known:
            raise ValueError(f"{', '.join(sorted(unknown))}: {part} knows {', '.join(sorted(known))}")
        setattr(
            self, part, replace(now, **{name: _read(name, value, getattr(now, name)) for name, value in said.items()})
        )

    def clear(self) -> None:
        self.post, self.hosts, self.webhook = Post(), Hosts(), Webhook()


def _read(name: str, value: object, before: object) -> object:
    """`value` in the type of what it replaces; a form sends everything as text."""
    if name in LISTS:
        if not isinstance(value, list) or not LISTS[name].issuperset(part for part in value if isinstance(part, str)):
            raise ValueError(f"{name} must be a list of {', '.join(sorted(LISTS[name]))}")
        return list(value)
    if name in CHOICES:
        if value not in CHOICES[name]:
            raise ValueError(f"{name} must be one of {', '.join(repr(choice) for choice in CHOICES[name])}")
        return value
    if isinstance(before, bool):
        return value in (True, "true", "on", "1")
    try:
        number = type(before)(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a number") from None
    low, high = RANGES[name]
    if not low <= number <= high:
        raise ValueError(f"{name} must lie between {low} and {high}")
    return number
