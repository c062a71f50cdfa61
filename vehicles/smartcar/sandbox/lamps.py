"""Which warning lights are lit, and why."""

from vehicles.smartcar.sandbox import catalogue

LOW_TYRE = 0.80
LOW_OIL = 5
CAREFUL_WASHER = 0.94
SYSTEM_OF_CODE = {
    "C": "abs",
    "U012": "abs",
    "B00": "airbag",
    "B1": "lighting",
    "P04": "emissions",
    "P052": "oilpressure",
    "P07": "transmission",
    "P0A": "evhvbattery",
    "P0C": "evdriveunit",
    "U02": "telematics",
}


def lit(condition, at: float, codes: dict[str, float], tyres: list[dict]) -> dict[str, str]:
    """Light -> what it means."""
    body, told = condition.car.body, condition.car.told
    lights = {
        system: f"{code} stored" for code in codes for start, system in SYSTEM_OF_CODE.items() if code.startswith(start)
    }
    if codes:
        lights["mil"] = "Malfunction indicator lamp is on"
    if any(w["tirePressure"] < LOW_TYRE * (body.rear_kpa if w["row"] else body.front_kpa) for w in tyres):
        lights["tirepressure"] = "Low tire pressure"
    if catalogue.OIL_LIFE.code in told and condition.oil_life(at) <= LOW_OIL:
        lights["oillife"] = "Change engine oil soon"
    if condition.wobble("washer", at) > CAREFUL_WASHER:
        lights["washerfluid"] = "Washer fluid low"
    return lights
