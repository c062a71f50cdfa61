"""Bodies as nobody should send them: every dialect that Smartcar speaks, cut, bent, blown up and mistyped."""

import json
import random
from datetime import UTC, datetime
from uuid import UUID

HOOK = "hook-of-hostile"
BEGAN_MS = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp() * 1000)
CODES = {
    "odometer-traveleddistance": {"value": 48_212.4, "unit": "km"},
    "internalcombustionengine-oillife": {"value": 31, "unit": "percent"},
    "internalcombustionengine-amountremaining": {"value": 40.2, "unit": "liters"},
    "tractionbattery-nominalcapacity": {"capacity": 77, "availableCapacities": [{"capacity": 77}], "unit": "kWhr"},
    "wheel-tires": {"values": [{"row": 0, "column": 1, "tirePressure": 258}], "rowCount": 2, "columnCount": 2},
    "diagnostics-dtclist": {"values": [{"code": "P0420", "timestamp": BEGAN_MS}, {"code": "xxxxx"}]},
    "diagnostics-mil": {"status": "ALERT", "description": "see a workshop"},
    "charge-ischarging": {"value": True},
    "charge-detailedchargingstatus": {"value": "NOT_CHARGING"},
    "service-records": {"values": [{"id": 7, "time": "2026-01-03T10:00:00Z", "tasks": [{"description": "Oil"}]}]},
    "service-isinservice": {"value": False},
    "connectivitystatus-isasleep": {"value": True},
    "location-preciselocation": {"latitude": 44.6488, "longitude": -63.5752, "locationType": "CURRENT"},
    "vehicleidentification-vin": {"value": "1FTBW2CM5KKA00001"},
}
PATHS = {
    "/odometer": {"distance": 48_212.4},
    "/engine/oil": {"lifeRemaining": 0.31},
    "/tires/pressure": {"frontLeft": 258, "frontRight": 258, "backLeft": 258, "backRight": 258},
    "/diagnostics/dtcs": {"activeCodes": [{"code": "P0420", "timestamp": None}]},
    "/diagnostics/system_status": {"systems": [{"systemId": "SYSTEM_TPMS", "status": "OK", "description": None}]},
    "/fuel": {"percentRemaining": 0.3, "amountRemaining": 53.2, "range": 40.5},
    "/service/history": [{"serviceID": None, "odometerDistance": 4, "serviceDate": "2026-01-03T10:00:00Z"}],
    "/location": {"latitude": 44.6488, "longitude": -63.5752},
}
DEEP = 50_000
ODD = (
    lambda chance: None,
    lambda chance: True,
    lambda chance: -1,
    lambda chance: 0,
    lambda chance: 10 ** chance.choice((15, 18, 19, 40, 400)),
    lambda chance: -(10**30),
    lambda chance: float("nan"),
    lambda chance: float("inf"),
    lambda chance: 1e-320,
    lambda chance: "",
    lambda chance: "\x00",
    lambda chance: "\ud800",
    lambda chance: "\u202e🚐",
    lambda chance: "x" * chance.choice((41, 201, 5_000, 60_000)),
    lambda chance: "0001-01-01T00:00:00Z",
    lambda chance: "9999-12-31T23:59:59+14:00",
    lambda chance: "2026-02-30",
    lambda chance: "1" * 5_000,
    lambda chance: [],
    lambda chance: {},
    lambda chance: [[[[]]]],
    lambda chance: {"": {"": []}},
    lambda chance: ["VEHICLE_STATE", 7, None],
    lambda chance: {"value": {"value": {"value": 1}}},
)


class Forge:
    """Makes bodies, each unlike every other in what Smartcar never repeats."""

    def __init__(self, chance: random.Random, cars: list[str]):
        self.chance, self.cars = chance, [*cars, "a-stranger"]

    def body(self) -> bytes:
        """One body, more or less spoilt."""
        content = self.chance.choice((self.current, self.current, self.early, self.old, self.error, *self.legacies))()
        spoil = self.chance.choice(
            (self.as_is, self.retyped, self.retyped, self.retyped, self.cut, self.garbled, self.doubled)
            + (self.encoded, self.deep, self.large, self.foreign)
        )
        return spoil(content)

    @property
    def legacies(self):
        return self.schedule, self.event_based, self.verify

    def unique(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def signals(self) -> list[dict]:
        stamp = BEGAN_MS + self.chance.randrange(10**9)
        codes = self.chance.sample(list(CODES), self.chance.randint(0, 6))
        meta = {"oemUpdatedAt": stamp, "retrievedAt": stamp + 4_000}
        return [{"code": c, "status": {"value": "SUCCESS"}, "body": json_copy(CODES[c]), "meta": meta} for c in codes]

    def current(self) -> dict:
        """4.0 as of 2026."""
        car = self.chance.choice(self.cars)
        return {
            "eventId": self.unique(),
            "eventType": "VEHICLE_STATE",
            "vehicleId": car,
            "data": {
                "user": {"id": "user", "externalId": None},
                "vehicle": {"id": car, "make": "FORD", "model": "Transit", "year": 2021, "powertrainType": "ICE"},
                "triggers": [{"code": "FIRST_DELIVERY"}],
                "signals": self.signals(),
            },
            "meta": {"version": "4.0", "webhookId": HOOK, "deliveryId": self.unique(), "deliveredAt": BEGAN_MS}
            | {"mode": self.chance.choice(("LIVE", "LIVE", "TEST")), "sequence": self.chance.randrange(10**6)},
        }

    def early(self) -> dict:
        """4.0 as of 2025: triggers at the top, no vehicle there, names in one string."""
        content = self.current()
        del content["vehicleId"], content["data"]["triggers"], content["meta"]["sequence"]
        content["triggers"] = [{"type": "SIGNAL_UPDATED", "signal": "Odometer.TraveledDistance"}]
        return content

    def old(self) -> dict:
        """3.0: percentages, seconds, no status."""
        content = self.early()
        content["meta"] |= {"version": "3.0", "deliveredAt": BEGAN_MS // 1000}
        for signal in content["data"]["signals"]:
            del signal["status"]
            if "value" in signal["body"]:
                signal["body"]["percentage"] = signal["body"].pop("value")
        return content

    def error(self) -> dict:
        content = self.current() | {"eventType": "VEHICLE_ERROR"}
        kind = self.chance.choice(("CONNECTED_SERVICES_ACCOUNT", "PERMISSION", "COMPATIBILITY", "VEHICLE_STATE", "NEW"))
        one = {"type": kind, "code": self.chance.choice((None, "ASLEEP", "AUTHENTICATION_FAILED", "NEVER_HEARD_OF"))}
        one |= {
            "state": self.chance.choice(("ERROR", "RESOLVED")),
            "signals": self.chance.choice((None, ["A.B"], [{}])),
        }
        content["data"] = {"vehicle": content["data"]["vehicle"], "errors": [one]}
        return content

    def schedule(self) -> dict:
        vehicles = [
            {
                "vehicleId": car,
                "requestId": self.unique(),
                "timestamp": "2026-11-01T10:00:00Z",
                "data": [
                    {"path": path, "code": self.chance.choice((200, 200, 403, 501)), "body": json_copy(told)}
                    | {"headers": {"sc-data-age": "2026-11-01T09:00:00Z", "sc-unit-system": "imperial"}}
                    for path, told in self.chance.sample(list(PATHS.items()), self.chance.randint(0, 5))
                ],
            }
            for car in self.chance.sample(self.cars, min(len(self.cars), self.chance.randint(1, 3)))
        ]
        name = self.chance.choice(("schedule", "scheduled", "dynamic"))
        return {
            "version": "2.0",
            "webhookId": HOOK,
            "eventName": name,
            "mode": "live",
            "payload": {"vehicles": vehicles},
        }

    def event_based(self) -> dict:
        payload = {"eventId": self.unique(), "vehicleId": self.chance.choice(self.cars)}
        payload |= {"eventType": "CHARGING_STARTED", "eventTime": "2026-11-01T09:00:00Z"}
        return {"version": "2.0", "webhookId": HOOK, "eventName": "eventBased", "mode": "live", "payload": payload}

    def verify(self) -> dict:
        """Not one that anybody would answer: what was signed must then be kept."""
        return {"version": "2.0", "eventName": "verify", "payload": {"challenge": '{"eventId": "' + self.unique()}}

    def as_is(self, content: dict) -> bytes:
        return json.dumps(content).encode()

    def retyped(self, content: dict) -> bytes:
        """Some of it becomes what it should never be."""
        for _ in range(self.chance.randint(1, 4)):
            holder, key = self.chance.choice(list(places(content)))
            try:
                holder[key] = self.chance.choice(ODD)(self.chance)
            except (KeyError, IndexError):
                continue
        return json.dumps(content | {"nonce": self.unique()}).encode()

    def cut(self, content: dict) -> bytes:
        whole = self.as_is(content)
        return whole[: self.chance.randrange(40, len(whole))] if len(whole) > 40 else whole

    def garbled(self, content: dict) -> bytes:
        """Bytes that are no text, anywhere."""
        whole = bytearray(self.as_is(content))
        for _ in range(self.chance.randint(1, 6)):
            whole[self.chance.randrange(len(whole))] = self.chance.randrange(256)
        return bytes(whole)

    def doubled(self, content: dict) -> bytes:
        """The same key more than once, each time with something else."""
        inside = json.dumps(content)[1:]
        return f'{{"eventId": 7, "data": [], "meta": "{self.unique()}", "vehicleId": {{}}, {inside}'.encode()

    def encoded(self, content: dict) -> bytes:
        text = json.dumps(content, ensure_ascii=False)
        return text.encode(self.chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp500")))

    def deep(self, content: dict) -> bytes:
        name = self.chance.choice(('"data"', '"signals"', '"payload"', '"meta"', '"x"'))
        depth = self.chance.choice((40, 900, 1_100, DEEP))
        inside = json.dumps(content)[1:]
        bracket = self.chance.choice((("[", "]"), ('{"a":', "}")))
        return f"{{{name}: {bracket[0] * depth}1{bracket[1] * depth}, {inside}".encode()

    def large(self, content: dict) -> bytes:
        """Up to what the door takes; seldom, for it is slow."""
        times = self.chance.choice((10, 100, 100, 1_000)) if self.chance.random() < 0.2 else 5
        for name in ("data", "payload"):
            if isinstance(content.get(name), dict):
                content[name]["filler"] = ["x" * 900] * times
                content[name]["signals"] = (content[name].get("signals") or []) * times
        return self.as_is(content)[: 1024 * 1024]

    def foreign(self, content: dict) -> bytes:
        """Nothing like an event."""
        word = self.unique()
        return self.chance.choice(
            (
                f"[{word!r}]",
                f'"{word}"',
                f"<xml>{word}</xml>",
                f"challenge={word}",
                f'{{"{word}": null}}',
                f"\x00{word}",
            )
        ).encode()


def json_copy(told):
    return json.loads(json.dumps(told))


def places(content: object):
    """Every place of a parsed body in which something stands."""
    waiting = [content]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        for key in keys:
            yield one, key
            waiting.append(one[key])
