"""Fuel vapour that must not get out."""

from vehicles.domain.codes_of.group import Group, Severity

WARNING = Severity.WARNING

GROUPS = (
    Group(
        WARNING,
        "A filler cap that does not seal, a cracked hose or a valve that leaks.",
        "Tighten or replace the filler cap, then have the system tested with smoke.",
        {
            "P0440": "The fuel vapour system has a fault.",
            "P0442": "The fuel vapour system has a small leak.",
            "P0455": "The fuel vapour system has a large leak.",
            "P0456": "The fuel vapour system has a very small leak.",
            "P0457": "The fuel vapour system leaks; the filler cap may be loose or gone.",
        },
    ),
    Group(
        WARNING,
        "A valve of the vapour system that sticks, or its wiring.",
        "Check that the valve opens and closes, and its hoses.",
        {
            "P0441": "The flow of fuel vapour to the engine is wrong.",
            "P0443": "The purge valve of the fuel vapour has an electrical fault.",
            "P0446": "The vent valve of the fuel vapour has a fault.",
            "P0449": "The vent valve of the fuel vapour has an electrical fault.",
            "P0496": "Fuel vapour flows when it should not.",
        },
    ),
    Group(
        WARNING,
        "The pressure sensor of the tank or its wiring.",
        "Check plug and wiring of the sensor at the tank.",
        {
            "P0451": "The tank pressure reads outside of what is likely.",
            "P0452": "The signal of the tank pressure is too low.",
            "P0453": "The signal of the tank pressure is too high.",
        },
    ),
    Group(
        WARNING,
        "The float in the tank or its wiring.",
        "Compare the gauge with what the tank takes at the next fill.",
        {
            "P0461": "The fuel level reads outside of what is likely.",
            "P0462": "The signal of the fuel level is too low.",
            "P0463": "The signal of the fuel level is too high.",
        },
    ),
)
