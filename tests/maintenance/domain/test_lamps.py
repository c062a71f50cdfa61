"""A light that stops a car, and one that only warns."""

from maintenance.domain.lamps import severity


def test_without_oil_pressure_nobody_drives_on():
    assert severity("system_oilpressure") == "critical"
    assert severity("system_washerfluid") == "warning"
