"""All that the sandbox can be told, read from the environment in one place."""

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

APPLICATION_ID = "00000000-0000-4000-8000-00000000a001"
WEBHOOK_ID = "00000000-0000-4000-8000-00000000b001"
CLIENT_ID = "client_sandbox"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Refused(Exception):
    """The sandbox will not start like this; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Settings:
    folder: Path
    application_id: str = APPLICATION_ID
    client_id: str = CLIENT_ID
    client_secret: str = ""
    # Without it nobody can speak v2.
    legacy_client_secret: str = ""
    management_tokens: tuple[str, ...] = ()
    webhook_id: str = WEBHOOK_ID
    webhook_url: str = ""
    redirect_uris: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8001
    seed: str = "northgate"
    time_scale: float = 1.0
    live: bool = True
    bucket_size: float = 120
    bucket_per_minute: float = 2

    def __post_init__(self):
        if self.host not in LOOPBACK:
            raise Refused(f"SANDBOX_HOST={self.host}: the sandbox listens on loopback only, use 127.0.0.1.")
        if self.time_scale <= 0:
            raise Refused("SANDBOX_TIME_SCALE must be above zero.")

    @property
    def namespace(self) -> uuid.UUID:
        """Everything that must be the same after a restart hangs its id below this one."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"sandbox:{self.seed}")


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    def text(name: str, default: str = "") -> str:
        return environment.get(name, "").strip() or default

    def listed(name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in environment.get(name, "").split(",") if part.strip())

    missing = [name for name in ("SMARTCAR_CLIENT_SECRET", "SMARTCAR_MANAGEMENT_TOKENS") if not text(name)]
    if missing:
        raise Refused(f"{' and '.join(missing)} must be set: any made-up value that the portal has too.")

    try:
        size, _, per_minute = text("SANDBOX_BUCKET", "120:2").partition(":")
        numbers = {
            "port": int(text("SANDBOX_PORT", "8001")),
            "time_scale": float(text("SANDBOX_TIME_SCALE", "1")),
            "bucket_size": float(size),
            "bucket_per_minute": float(per_minute or 2),
        }
    except ValueError as error:
        raise Refused(f"SANDBOX_PORT, SANDBOX_TIME_SCALE or SANDBOX_BUCKET is not a number: {error}.") from error

    return Settings(
        folder=Path(text("DATA_DIR", "./var")) / "sandbox",
        application_id=text("SMARTCAR_APPLICATION_ID", APPLICATION_ID),
        client_id=text("SMARTCAR_CLIENT_ID", CLIENT_ID),
        client_secret=text("SMARTCAR_CLIENT_SECRET"),
        legacy_client_secret=text("SMARTCAR_LEGACY_CLIENT_SECRET"),
        management_tokens=listed("SMARTCAR_MANAGEMENT_TOKENS"),
        webhook_id=text("SMARTCAR_WEBHOOK_ID", WEBHOOK_ID),
        webhook_url=text("SANDBOX_WEBHOOK_URL"),
        redirect_uris=listed("SANDBOX_REDIRECT_URIS"),
        host=text("SANDBOX_HOST", "127.0.0.1"),
        seed=text("SANDBOX_SEED", "northgate"),
        live=text("SANDBOX_LIVE", "1") != "0",
        **numbers,
    )
