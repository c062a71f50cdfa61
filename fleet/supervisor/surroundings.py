"""The environment of the parts: what the operator gave, then what we made up, then what follows from the two."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PREFIXES = {
    "CONNECT": "connect",
    "AUTH": "auth",
    "IAM": "iam",
    "API": "api",
    "VEHICLE": "vehicle",
    "MANAGEMENT": "management",
    "MANAGEMENT_V3": "management-v3",
}


class Unreadable(Exception):
    """A setting that we cannot start with; says the remedy in one line."""


@dataclass(frozen=True)
class Place:
    """Where this house stands."""

    data_dir: Path
    port: int
    sandbox_port: int
    real_smartcar: bool
    on_sqlite: bool

    @property
    def demo(self) -> bool:
        return not self.real_smartcar


def survey(given: Mapping[str, str], root: Path) -> Place:
    data_dir = Path(given.get("DATA_DIR") or "var").expanduser()
    return Place(
        data_dir=(root / data_dir).resolve(),
        port=port_number(given, "PORT", 8000),
        sandbox_port=port_number(given, "SANDBOX_PORT", 8001),
        real_smartcar=bool(given.get("SMARTCAR_CLIENT_ID")),
        on_sqlite=(given.get("DATABASE_URL") or "sqlite:").startswith("sqlite:"),
    )


def port_number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name) or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Unreadable(f"{name}={text} is not a port: give a number from 1 to 65535.")
    return int(text)


def furnish(given: Mapping[str, str], made_up: Mapping[str, str], place: Place) -> dict[str, str]:
    """The whole environment of a part. What the operator gave wins, an empty value counts as not given."""
    given = {name: value for name, value in given.items() if value != ""}
    origin = given.get("PUBLIC_ORIGIN", f"http://localhost:{place.port}").rstrip("/")
    follows = {
        "PUBLIC_ORIGIN": origin,
        "ALLOWED_HOSTS": ",".join(dict.fromkeys(["localhost", "127.0.0.1", urlsplit(origin).hostname or "localhost"])),
        "DEBUG": "0",
        "DATABASE_URL": f"sqlite:///{place.data_dir / 'fettle.sqlite3'}",
        # A path needs its own slash after the third one, or it is read as relative.
        "EMAIL_URL": f"filemail:///{place.data_dir / 'mail'}",
    }
    if place.demo:
        follows |= demo(place, origin)
    # Told, not asked: a relative DATA_DIR means another folder to whoever stands elsewhere.
    fixed = {
        "DATA_DIR": str(place.data_dir),
        "PORT": str(place.port),
        "SANDBOX_PORT": str(place.sandbox_port),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "fleet.settings",
    }
    return {**made_up, **follows, **given, **fixed}


def demo(place: Place, origin: str) -> dict[str, str]:
    """Both ends of the wire: the portal's origins point at the sandbox, the sandbox's door at the portal."""
    sandbox = f"http://localhost:{place.sandbox_port}"
    return {
        "DEMO": "1",
        **{f"SMARTCAR_{name}_ORIGIN": f"{sandbox}/{prefix}" for name, prefix in PREFIXES.items()},
        "PUSH_SINK": f"{sandbox}/push",
        "SANDBOX_WEBHOOK_URL": f"http://127.0.0.1:{place.port}/webhooks/smartcar/",
        "SANDBOX_REDIRECT_URIS": f"{origin}/connect/back/",
    }
