"""What is made up once and remembered: keys, and the credentials of a Smartcar application that does not exist."""

import base64
import os
import secrets
import uuid
from collections.abc import Callable
from pathlib import Path

KEYS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "FIELD_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "VAPID_KEY": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("="),
}
SMARTCAR: dict[str, Callable[[], str]] = {
    "SMARTCAR_APPLICATION_ID": lambda: str(uuid.uuid4()),
    "SMARTCAR_CLIENT_ID": lambda: f"client_{secrets.token_hex(16)}",
    "SMARTCAR_CLIENT_SECRET": lambda: secrets.token_urlsafe(32),
    "SMARTCAR_LEGACY_CLIENT_SECRET": lambda: str(uuid.uuid4()),
    "SMARTCAR_MANAGEMENT_TOKENS": lambda: str(uuid.uuid4()),
    "SMARTCAR_WEBHOOK_ID": lambda: str(uuid.uuid4()),
}
# No letter that reads like another: people type this one from the terminal.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
DEMO: dict[str, Callable[[], str]] = {
    "DEMO_PASSWORD": lambda: "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3)),
}


def read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def ensure(path: Path, wanted: dict[str, Callable[[], str]]) -> dict[str, str]:
    """The kept values of these names. What is missing is made up and added; what is there is never changed."""
    kept = read(path)
    missing = {name: make() for name, make in wanted.items() if not kept.get(name)}
    if missing:
        write(path, kept | missing)
    elif path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return {name: (kept | missing)[name] for name in wanted}


def write(path: Path, values: dict[str, str]) -> None:
    """All or nothing: half a file would lock us out of the fields encrypted with the other half."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("# Made by ./run. Keep it with the backup: without FIELD_KEYS the encrypted fields are lost.\n")
        file.writelines(f"{name}={value}\n" for name, value in values.items())
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
