"""What is really so, whatever the store and the webhook say: for tests to hold a portal's word against."""

from vehicles.smartcar.sandbox.stamps import iso
from vehicles.smartcar.sandbox.states import standing
from vehicles.smartcar.sandbox.world import World


def told(world: World) -> list[dict]:
    """Every connected car with the true present value of each signal that it has, permitted or not."""
    at, rows = world.measured_at(), world.ledger.connections()
    subscribed = {(s["userId"], s["vehicleId"]) for s in world.ledger.subscriptions()}
    return [
        {
            "vehicleId": row["vehicleId"],
            "userId": row["userId"],
            "connectionId": row["id"],
            "account": world.cars[row["vehicleId"]].account,
            "subscribed": (row["userId"], row["vehicleId"]) in subscribed,
            "permissions": row["permissions"],
            "standing": standing(world, row["vehicleId"]),
            "heardAt": iso(world.seen_at(row["vehicleId"])),
            "signals": {
                code: {"body": body, "at": iso(at)}
                for code, body in world.conditions[row["vehicleId"]].bodies(at).items()
            },
        }
        for row in sorted(rows, key=lambda row: row["vehicleId"])
    ]
