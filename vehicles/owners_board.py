"""The owners of a fleet with what they let us see, for the connect page."""

from dataclasses import dataclass

from fleet.owners.models import Membership, Owner
from vehicles.models import Connection, Vehicle

SIZE = 50
CAUSES = {
    "PERMISSION": "consent withdrawn",
    "CONNECTED_SERVICES_ACCOUNT": "the owner has to sign in at the maker again",
}


@dataclass(frozen=True, slots=True)
class Row:
    owner: Owner
    cars: list[Vehicle]
    troubled: Connection | None
    cause: str

    @property
    def status(self) -> str:
        if self.troubled is not None:
            return "due"
        return "ok" if self.cars else "unknown"


def board(member: Membership, *, q: str, page: str) -> dict:
    """The owners with cars that report no more come up by search or in their place; three queries a page."""
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 5 else 1
    number = max(number, 1)
    found = Owner.objects.seen_by(member).order_by("name", "pk")
    if q:
        found = found.filter(name__icontains=q)
    owners = list(found[(number - 1) * SIZE : number * SIZE + 1])
    more, owners = len(owners) > SIZE, owners[:SIZE]
    cars: dict[int, list[Vehicle]] = {}
    for vehicle in (
        Vehicle.objects.seen_by(member).active().filter(connection__owner__in=owners).select_related("connection")
    ):
        cars.setdefault(vehicle.connection.owner_id, []).append(vehicle)
    return {
        "q": q,
        "owners": [row(owner, cars.get(owner.pk, [])) for owner in owners],
        "page": number,
        "more": more,
        "here": "connect",
    }


def row(owner: Owner, cars: list[Vehicle]) -> Row:
    troubled = next((car.connection for car in cars if car.connection.state != Connection.State.CONNECTED), None)
    kind = troubled.reason.split(".")[0] if troubled else ""
    cause = CAUSES.get(kind, kind.replace("_", " ").lower() or "the maker gives no reason") if troubled else ""
    return Row(owner, cars, troubled, cause)
