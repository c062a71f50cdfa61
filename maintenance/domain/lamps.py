"""Which warning lights stop a car."""

CRITICAL = frozenset({"system_oilpressure", "system_brakefluid", "system_evhvbattery"})  # nobody drives on with these


def severity(signal: str) -> str:
    return "critical" if signal in CRITICAL else "warning"
