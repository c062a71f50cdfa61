"""Smartcar's catalogue of errors: with which status each is told, in what words, and what it asks for."""

from dataclasses import dataclass
from urllib.parse import urlencode

DOCS = "https://smartcar.com/docs/errors/api-errors"

STATUSES = {
    "AUTHENTICATION": 401,
    "BILLING": 430,
    "COMPATIBILITY": 501,
    "CONNECTED_SERVICES_ACCOUNT": 400,
    "PERMISSION": 403,
    "RATE_LIMIT": 429,
    "RESOURCE_NOT_FOUND": 404,
    "SERVER": 500,
    "UPSTREAM": 502,
    "VALIDATION": 400,
    "VEHICLE_STATE": 409,
}
CODES: dict[str, tuple[str | None, ...]] = {
    "AUTHENTICATION": (None, "UNAUTHORIZED", "ACCESS_DENIED"),
    "BILLING": ("VEHICLE_LIMIT", "INVALID_PLAN", "VEHICLE_REQUEST_LIMIT", "ACCOUNT_SUSPENDED"),
    "COMPATIBILITY": ("MAKE_NOT_COMPATIBLE", "SMARTCAR_NOT_CAPABLE", "VEHICLE_NOT_CAPABLE", "PLATFORM_NOT_CAPABLE"),
    "CONNECTED_SERVICES_ACCOUNT": (
        "ACCOUNT_ISSUE",
        "AUTHENTICATION_FAILED",
        "NO_VEHICLES",
        "PERMISSION",
        "SUBSCRIPTION",
        "VEHICLE_MISSING",
        "VIRTUAL_KEY_REQUIRED",
    ),
    "PERMISSION": (None,),
    "RATE_LIMIT": ("SMARTCAR_API", "VEHICLE"),
    "RESOURCE_NOT_FOUND": ("PATH", "VERSION", "VEHICLE_NOT_FOUND", "SIGNAL_NOT_FOUND", "INVALID_PATH"),
    "SERVER": ("INTERNAL", "MULTIPLE_RECORDS_FOUND", "RECORD_NOT_FOUND"),
    "UPSTREAM": ("INVALID_DATA", "KNOWN_ISSUE", "NO_RESPONSE", "RATE_LIMIT", "UNKNOWN_ISSUE"),
    "VALIDATION": (None, "PARAMETER", "MISSING_PARAMETER", "INVALID_INPUT_FORMAT"),
    "VEHICLE_STATE": (
        "ASLEEP",
        "CHARGING_IN_PROGRESS",
        "CHARGING_PLUG_CONNECTED",
        "CHARGING_PLUG_NOT_CONNECTED",
        "CHARGE_FAULT",
        "DOOR_OPEN",
        "FULLY_CHARGED",
        "HOOD_OPEN",
        "IGNITION_ON",
        "IN_MOTION",
        "LOW_BATTERY",
        "NOT_CHARGING",
        "REMOTE_ACCESS_DISABLED",
        "TRUNK_OPEN",
        "UNKNOWN",
        "UNREACHABLE",
        "VEHICLE_OFFLINE_FOR_SERVICE",
    ),
}

# By type and code, then by type alone. The vehicle states mostly ask for nothing at all.
RESOLUTIONS = {
    ("BILLING", ""): "CONTACT_SUPPORT",
    ("BILLING", "ACCOUNT_SUSPENDED"): "FINANCE",
    ("COMPATIBILITY", "PLATFORM_NOT_CAPABLE"): "REAUTHENTICATE",
    ("CONNECTED_SERVICES_ACCOUNT", ""): "CONTACT_SUPPORT",
    ("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED"): "REAUTHENTICATE",
    ("CONNECTED_SERVICES_ACCOUNT", "PERMISSION"): "REAUTHENTICATE",
    ("CONNECTED_SERVICES_ACCOUNT", "VIRTUAL_KEY_REQUIRED"): "ACTION_REQUIRED",
    ("PERMISSION", ""): "REAUTHENTICATE",
    ("RATE_LIMIT", ""): "RETRY_LATER",
    ("SERVER", "INTERNAL"): "RETRY_LATER",
    ("UPSTREAM", ""): "RETRY_LATER",
    ("VEHICLE_STATE", "UNKNOWN"): "RETRY_LATER",
    ("VEHICLE_STATE", "LOW_BATTERY"): "RETRY_LATER",
}

DESCRIPTIONS = {
    ("AUTHENTICATION", ""): "The access token is missing, unknown or expired.",
    ("BILLING", ""): "The plan of the application does not cover this request.",
    ("BILLING", "VEHICLE_REQUEST_LIMIT"): "The requests allowed for this vehicle in this billing period are used up.",
    ("COMPATIBILITY", ""): "The vehicle is incapable of performing your request.",
    ("COMPATIBILITY", "PLATFORM_NOT_CAPABLE"): "The vehicle moved to another platform of its maker. Connect it again.",
    ("CONNECTED_SERVICES_ACCOUNT", ""): "The connected services account needs the attention of its owner.",
    ("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED"): "Smartcar could not sign in to the connected services "
    "account. Please prompt the user to authenticate again.",
    ("CONNECTED_SERVICES_ACCOUNT", "SUBSCRIPTION"): "The connected services subscription of the vehicle has lapsed.",
    ("CONNECTED_SERVICES_ACCOUNT", "VEHICLE_MISSING"): "The vehicle is no longer in the connected services account.",
    ("PERMISSION", ""): "Your application has insufficient permissions to access the requested resource.",
    ("RATE_LIMIT", ""): "The application's request limit is reached.",
    ("RATE_LIMIT", "VEHICLE"): "The request limit of this vehicle is reached. See the Retry-After header.",
    ("RESOURCE_NOT_FOUND", ""): "The requested resource does not exist.",
    ("RESOURCE_NOT_FOUND", "VEHICLE_NOT_FOUND"): "The vehicle does not exist or is not connected.",
    ("SERVER", ""): "An internal error has occurred.",
    ("UPSTREAM", ""): "A source upstream failed to answer. Please retry later.",
    ("VALIDATION", ""): "A parameter of the request is invalid.",
    ("VEHICLE_STATE", ""): "The state of the vehicle does not allow the request.",
    ("VEHICLE_STATE", "ASLEEP"): "The vehicle is asleep and temporarily unable to perform your request.",
}

# What a vehicle's owner sees mended as soon as they consent or sign in once more.
MENDED_BY_OWNER = {
    ("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED"),
    ("CONNECTED_SERVICES_ACCOUNT", "PERMISSION"),
    ("CONNECTED_SERVICES_ACCOUNT", "VEHICLE_MISSING"),
    ("COMPATIBILITY", "PLATFORM_NOT_CAPABLE"),
    ("PERMISSION", None),
}
# Those whose resolution comes with an address.
LINKED = {
    ("CONNECTED_SERVICES_ACCOUNT", "AUTHENTICATION_FAILED"),
    ("CONNECTED_SERVICES_ACCOUNT", "VIRTUAL_KEY_REQUIRED"),
}
# Those that Smartcar reports by webhook too.
TOLD_BY_LETTER = ("CONNECTED_SERVICES_ACCOUNT", "VEHICLE_STATE", "COMPATIBILITY", "PERMISSION")


@dataclass(frozen=True, slots=True)
class Mishap:
    kind: str
    code: str | None
    status: int
    description: str
    resolution: str | None
    message: str
    docs: str

    def asks(self, origin: str, application_id: str, vehicle_id: str) -> dict:
        """The resolution, with the address that a client has to finish where there is one."""
        if (self.kind, self.code) not in LINKED:
            return {"type": self.resolution}
        query = {"response_type": "vehicle_id", "client_id": application_id, "vehicle_id": vehicle_id}
        address = f"{origin.rstrip('/')}/connect/oauth/reauthenticate?{urlencode(query)}"
        return {"type": self.resolution, "url": address}


def mishap(kind: str, code: str | None) -> Mishap:
    """What is told of it; a type or a code that the catalogue does not have is told all the same, as a bad request."""
    status = 403 if (kind, code) == ("AUTHENTICATION", "ACCESS_DENIED") else STATUSES.get(kind, 400)
    page, anchor = (word.lower().replace("_", "-") for word in (kind, code or "null"))
    return Mishap(
        kind=kind,
        code=code,
        status=status,
        description=_told(DESCRIPTIONS, kind, code) or "Something is wrong that has no page of its own.",
        resolution=_told(RESOLUTIONS, kind, code),
        message="Your vehicle needs your attention." if _asks_owner(kind, code) else "Your vehicle cannot be read now.",
        docs=f"{DOCS}/{page}-errors#{anchor}",
    )


def _told(table: dict, kind: str, code: str | None) -> str | None:
    return table.get((kind, code or ""), table.get((kind, "")))


def _asks_owner(kind: str, code: str | None) -> bool:
    return kind == "CONNECTED_SERVICES_ACCOUNT" or (kind, code) in MENDED_BY_OWNER
