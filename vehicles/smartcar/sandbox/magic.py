"""Smartcar's own sign-ins for trying out errors: cars that answer every call with one, and failures of Connect."""

import hashlib
import uuid

from vehicles.smartcar.sandbox import catalogue, mishaps
from vehicles.smartcar.sandbox.garage import BODIES, FLEET, Account, Car
from vehicles.smartcar.sandbox.settings import Settings

DOMAIN = "smartcar.com"
# What Connect itself says to these, by e-mail and by VIN.
FAILURES = {
    "smartcar@invalid-subscription.com": "invalid_subscription",
    "smartcar@vehicle-incompatible.com": "vehicle_incompatible",
    "0SCAUDI0155C49A95": "invalid_subscription",
    "0SCAUDI012FE3B132": "vehicle_incompatible",
}
# The ends of the documented VINs. The catalogue has more errors than Smartcar gave a VIN.
FIRST, MADE_UP = "0SCLR0002", "0SCLR0003"
VIN_ENDS = {
    "COMPATIBILITY.MAKE_NOT_COMPATIBLE": "70BE6600",
    "COMPATIBILITY.SMARTCAR_NOT_CAPABLE": "DC18F57F",
    "COMPATIBILITY.VEHICLE_NOT_CAPABLE": "4C7CDF7A",
    "CONNECTED_SERVICES_ACCOUNT.ACCOUNT_ISSUE": "6BAAA136",
    "CONNECTED_SERVICES_ACCOUNT.AUTHENTICATION_FAILED": "1D803C7B",
    "CONNECTED_SERVICES_ACCOUNT.NO_VEHICLES": "7671837B",
    "CONNECTED_SERVICES_ACCOUNT.SUBSCRIPTION": "B9BAF29F",
    "CONNECTED_SERVICES_ACCOUNT.VEHICLE_MISSING": "4E29EEBD",
    "UPSTREAM.INVALID_DATA": "98A0A649",
    "UPSTREAM.KNOWN_ISSUE": "A8760B72",
    "UPSTREAM.NO_RESPONSE": "C23E43AB",
    "UPSTREAM.UNKNOWN_ISSUE": "D4878901",
    "VEHICLE_STATE.ASLEEP": "E8896323",
    "VEHICLE_STATE.CHARGING_IN_PROGRESS": "21F1E672",
    "VEHICLE_STATE.CHARGING_PLUG_NOT_CONNECTED": "CBFC7C21",
    "VEHICLE_STATE.DOOR_OPEN": "F8BD90B8",
    "VEHICLE_STATE.FULLY_CHARGED": "9CD9D894",
    "VEHICLE_STATE.HOOD_OPEN": "19CD4A2C",
    "VEHICLE_STATE.IGNITION_ON": "1D49E58A",
    "VEHICLE_STATE.IN_MOTION": "4F6EE640",
    "VEHICLE_STATE.REMOTE_ACCESS_DISABLED": "588A5CC1",
    "VEHICLE_STATE.TRUNK_OPEN": "3C607FDB",
    "VEHICLE_STATE.UNKNOWN": "E6CC0314",
    "VEHICLE_STATE.UNREACHABLE": "47EBF067",
    "VEHICLE_STATE.VEHICLE_OFFLINE_FOR_SERVICE": "AF1D71A1",
}
ERRORS = {f"{kind}.{code or 'NULL'}": (kind, code) for kind, codes in mishaps.CODES.items() for code in codes}
EMAILS = [*(f"{name}@{DOMAIN}" for name in ERRORS), *(name for name in FAILURES if "@" in name)]


def account(email: str) -> Account | None:
    """The account of a car that only knows this one error."""
    name, _, domain = email.strip().partition("@")
    if domain.lower() != DOMAIN or name.upper() not in ERRORS:
        return None
    return Account(f"{name.upper()}@{DOMAIN}", "Test car", "gm")


def error(account_email: str) -> tuple[str, str | None] | None:
    return ERRORS.get(account_email.removesuffix(f"@{DOMAIN}"))


def failure(email_or_vin: str) -> str | None:
    """What comes back from Connect at once for this e-mail or VIN."""
    return FAILURES.get(email_or_vin.strip().lower()) or FAILURES.get(email_or_vin.strip().upper())


def vin(name: str) -> str:
    end = VIN_ENDS.get(name)
    return f"{FIRST}{end}" if end else f"{MADE_UP}{hashlib.sha256(name.encode()).hexdigest()[:8].upper()}"


VINS = {vin(name): f"{name}@{DOMAIN}" for name in ERRORS}


def car(settings: Settings, account_email: str) -> Car:
    """What this account holds: one van, which has everything to tell as soon as its error is taken away."""
    name = account_email.removesuffix(f"@{DOMAIN}")
    return Car(
        id=str(uuid.uuid5(settings.namespace, f"vehicle:{vin(name)}")),
        number=len(FLEET) + list(ERRORS).index(name),
        account=account_email,
        make="CHEVROLET",
        model="Express 2500",
        year=2022,
        powertrain="ICE",
        vin=vin(name),
        body=BODIES["van"],
        shift="day",
        stories=frozenset(),
        told=catalogue.supported("gm", "ICE"),
    )
