"""A claim in words: what is watched, what the car said, what to do where it says otherwise."""

from datetime import datetime, tzinfo

from fleet.kit.units import percent
from maintenance.models import Alert, Proof
from vehicles.domain.signals import Signal

HEADS = {
    Proof.State.WATCHING: "watching the car",
    Proof.State.CONFIRMED: "confirmed by the car",
    Proof.State.CONTRADICTED: "the car says otherwise",
    Proof.State.UNTELLABLE: "the car cannot tell",
}
STATUSES = {  # what a chip or a row of it looks like
    Proof.State.WATCHING: "info",
    Proof.State.CONFIRMED: "confirmed",
    Proof.State.CONTRADICTED: "contradicted",
    Proof.State.UNTELLABLE: "unknown",
}
STEPS = {
    "oil": "If the oil life was not reset on the dash, reset it. If the oil was not changed, take the job back.",
    "light": "Look at the car again: the cause may still be there.",
    "code": "Look at the car again: the cause may still be there, or the code was not cleared.",
}


def what(proof: Proof) -> str:
    """The signal, as a sentence begins with it."""
    if proof.watches == Proof.Watch.CODE:
        return proof.facts.get("code", "The code")
    return Signal(proof.facts["signal"]).label


def sentence(proof: Proof, zone: tzinfo) -> str:
    """What is known of one claim, with the readings it rests on."""
    thing, facts = what(proof), proof.facts
    if proof.answered_at is not None:
        return f"Settled by {proof.answered_by}: {proof.answered_why}"
    if proof.state == Proof.State.WATCHING:
        return f"{WAITS[proof.watches].format(thing=thing)} until {on(proof.until, zone)}."
    if proof.state == Proof.State.UNTELLABLE:
        if proof.why == "not_given":
            return f"This car does not give {lowered(thing)}: nothing of it shows whether the work was done."
        return f"{thing}: nothing that could tell was measured until {on(proof.until, zone)}."
    at = f"measured {moment(proof.settled_at, zone)}" if proof.settled_at else ""
    good = proof.state == Proof.State.CONFIRMED
    if proof.watches == Proof.Watch.OIL:
        value, before = facts.get("value"), facts.get("before")
        if good:
            since = f" from {percent(before)}" if before is not None and before < value else ""
            return f"Oil life went up{since} to {percent(value)}, {at}."
        return f"Oil life still says {percent(value)}, {at}."
    if proof.watches == Proof.Watch.LIGHT:
        return f"{thing}: {'back to OK' if good else 'still on'}, {at}."
    return f"{thing} is {'gone in two reads' if good else 'still reported'}, {at}."


WAITS = {
    "oil": "The car is watched for its oil life to rise,",
    "light": "The car is watched for this light to go out ({thing}),",
    "code": "The car is watched for {thing} to be gone in two reads,",
}


def claim(proof: Proof) -> str:
    """What somebody said."""
    return proof.record.task.name if proof.record else f"{proof.facts['code']} fixed"


def of_alert(alert: Alert) -> str | None:
    """The sentence of an alert; None once the claim is settled otherwise."""
    pk = alert.occurrence.removeprefix("claim-")
    proof = (
        Proof.objects.filter(pk=pk, vehicle_id=alert.vehicle_id, state=Proof.State.CONTRADICTED, answered_at=None)
        .select_related("record__task", "fault", "vehicle__fleet")
        .first()
    )
    if proof is None:
        return None
    zone = proof.vehicle.fleet.zone
    said = (
        f"{claim(proof)} was logged by {proof.claimed_by} on {on(proof.claimed_at, zone)}, but the car says otherwise."
    )
    return f"{said} {sentence(proof, zone)} {STEPS[proof.watches]}"


def on(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%-d %B}"


def moment(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%-d %b %H:%M}"


def lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
