"""The sentences about an axis that cannot speak, and where a reading came from."""

from maintenance.domain.plan import Axis, Lack

NAMES = {Axis.OIL: "Oil life", Axis.DISTANCE: "Distance", Axis.HOURS: "Engine hours", Axis.TIME: "Time"}
SIGNALS = {Axis.OIL: "oil life", Axis.DISTANCE: "odometer", Axis.HOURS: "engine hours", Axis.TIME: "date"}
BY = {Axis.OIL: "oil life", Axis.DISTANCE: "distance", Axis.HOURS: "engine hours", Axis.TIME: "time"}

# Beside the axis, where its remaining distance or time would stand.
INSTEAD = {axis: f"{name} unknown" for axis, name in BY.items()}
DROPPED = {Axis.OIL: "no oil data", Axis.DISTANCE: "no odometer data", Axis.HOURS: "no engine hours", Axis.TIME: ""}

REASONS = {
    Lack.WAITING: "waiting for the first {signal} reading",
    Lack.NOT_PERMITTED: "{signal} not permitted by the owner",
    Lack.UNSUPPORTED: "{signal} not provided by this car",
    Lack.UNAVAILABLE: "{signal} not available now",
    Lack.METER: "the odometer stepped back: was the meter replaced?",
    Lack.BEFORE_SERVICE: "waiting for a reading newer than the last service",
    Lack.NO_START: "last service unknown",
    Lack.NO_START_ODOMETER: "odometer at the start not known yet",
    Lack.NO_START_HOURS: "engine hours at the start not known yet",
    Lack.NO_START_DATE: "date of the last service not known",
    Lack.NO_REGISTRATION: "first registration not known",
}

NEXT_STEPS = {
    Lack.WAITING: "A first {signal} reading from the car, or one typed in the workshop.",
    Lack.NOT_PERMITTED: "The owner’s consent to the {signal}, or a value typed in the workshop.",
    Lack.UNAVAILABLE: "A fresh {signal} reading from the car.",
    Lack.METER: "Saying on the meter page whether the meter was replaced.",
    Lack.BEFORE_SERVICE: "An oil life reading taken after the last service.",
    Lack.NO_START: "Setting the last service, or completing the task once.",
    Lack.NO_START_ODOMETER: "An odometer for the start, typed or from the car.",
    Lack.NO_START_HOURS: "The engine hours at the last service, typed.",
    Lack.NO_START_DATE: "The date of the last service.",
    Lack.NO_REGISTRATION: "The date of the first registration.",
}

SOURCES = {
    "webhook": "sent by the car’s maker",
    "poll": "asked for by us",
    "bench": "typed in the workshop",
    "dealer": "from the dealer’s records",
}


def reason(axis: Axis, lack: str) -> str:
    if axis is Axis.HOURS and lack == Lack.UNSUPPORTED:
        return "engine hours not typed for this car"
    return REASONS.get(lack, "{signal} not known").format(signal=SIGNALS[axis])


def next_step(axis: Axis, lack: str) -> str:
    return NEXT_STEPS.get(lack, "A {signal} reading.").format(signal=SIGNALS[axis])


def listed(axes) -> str:
    """“distance and time”."""
    *before, last = [BY[axis] for axis in axes]
    return f"{', '.join(before)} and {last}" if before else last


def came(source: str) -> str:
    return SOURCES.get(str(source), str(source))
