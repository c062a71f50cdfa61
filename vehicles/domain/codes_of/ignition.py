"""Ignition, glowing and misfires."""

from vehicles.domain.codes_of.group import Group, Severity, numbered

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

GROUPS = (
    Group(
        CRITICAL,
        "Worn plugs, a failing coil, too little fuel or a mechanical fault.",
        "Drive gently and not far: unburnt fuel ruins the catalyst. Check plugs and coils.",
        {"P0300": "The engine misfires on changing cylinders."},
    ),
    Group(
        WARNING,
        "A worn plug, a failing coil or an injector of that cylinder.",
        "Swap the coil with a neighbour and see whether the misfire goes with it.",
        numbered("P0301", 8, "Cylinder {} misfires."),
    ),
    Group(
        WARNING,
        "The coil or its wiring.",
        "Check the plug of the coil, then swap it with a neighbour.",
        numbered("P0351", 8, "The circuit of ignition coil {} has a fault."),
    ),
    Group(
        WARNING,
        "The knock sensor or its wiring; seldom an engine that really knocks.",
        "Check plug and wiring, and the grade of fuel in the tank.",
        {
            "P0325": "The first knock sensor has an electrical fault.",
            "P0327": "The signal of the first knock sensor is too low.",
            "P0328": "The signal of the first knock sensor is too high.",
            "P0330": "The second knock sensor has an electrical fault.",
            "P0332": "The signal of the second knock sensor is too low.",
        },
    ),
    Group(
        WARNING,
        "A worn glow plug, or the unit that feeds them.",
        "Measure the glow plugs before the cold season.",
        {"P0380": "The glow plugs have an electrical fault."}
        | numbered("P0671", 4, "The glow plug of cylinder {} has an electrical fault."),
    ),
)
