"""What an owner reads who has to reconnect: which cars, why, and how, in the order in which it is done."""

from dataclasses import dataclass

from vehicles.consent import connect
from vehicles.domain import makes
from vehicles.line import credentials
from vehicles.models import Appeal, Generation, Vehicle
from vehicles.smartcar.mending import lone_url

MOST_LINKS = 30  # for more cars than that nobody signs in car by car; then we sit down together


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def write(appeal: Appeal, away: list[Vehicle]) -> Letter:
    campaign, owner = appeal.campaign, appeal.owner
    fleet, make = campaign.fleet, makes.said(campaign.make)
    sender = f"{campaign.by} of {fleet.name}" if campaign.by else fleet.name
    one = len(away) == 1
    links = [f"- {car.name}: {link}" for car in away if (link := link_of(car))] if len(away) <= MOST_LINKS else []
    parts = [
        f"Dear {owner.name},",
        f"{fleet.name} looks after {'this car' if one else 'these cars'} of yours, and can no longer read "
        f"{'it' if one else 'them'}:",
        "\n".join(f"- {car.name}{f' ({car.plate})' if car.plate else ''}, {car.kind}" for car in away),
        campaign.reason,
        f"1. Open the app or the website of {make} and see that you can sign in there, and that the "
        f"{'car is' if one else 'cars are'} in your account.",
    ]
    if links:
        address = "this address" if len(links) == 1 else "these addresses, one for each car,"
        parts.append(f"2. Then open {address} and sign in once more, so that Smartcar may read again:")
        parts.append("\n".join(links))
        parts.append("It takes two minutes. We never see your password.")
    else:
        parts.append(f"2. Then answer this letter: {sender} goes through Smartcar with you. It takes five minutes.")
    parts.append(f"If anything is unclear, just answer.\n\n{sender}")
    subject = f"{make}: please reconnect {'your car' if one else 'your cars'}"
    return Letter(" ".join(subject.split()), "\n\n".join(parts) + "\n")


def link_of(car: Vehicle) -> str:
    """Where the owner can renew the sign-in alone; "" where only a new consent helps, which begins with us."""
    connection = car.connection
    if connection is None or connection.generation != Generation.V3 or not connect.fits_reauthentication(connection):
        return ""
    return lone_url(credentials.application(), vehicle_id=connection.car_id, external_id=connection.owner.external_id)
