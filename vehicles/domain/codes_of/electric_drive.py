"""Hybrid and electric drive."""

from vehicles.domain.codes_of.group import Group, Severity

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

GROUPS = (
    Group(
        CRITICAL,
        "Damp or damage in the high-voltage parts, or a worn cable.",
        "Do not touch orange cables. Have it towed to a workshop trained for high voltage.",
        {
            "P0AA1": "A main relay of the high-voltage battery sticks closed.",
            "P0AA6": "The high-voltage system is not well insulated from the body.",
            "P0A0D": "The safety loop of the high-voltage system reports too high a level.",
            "P0A0A": "The safety loop of the high-voltage system has a fault.",
        },
    ),
    Group(
        WARNING,
        "Cells that have aged or differ from each other.",
        "Have the state of the drive battery measured; ask whether its warranty still runs.",
        {
            "P0A7D": "The charge of the drive battery is too low.",
            "P0A7F": "The drive battery has aged.",
            "P0A80": "The drive battery is worn and should be tested.",
        },
    ),
    Group(
        WARNING,
        "A clogged fan or filter, low coolant or a pump that does not run.",
        "Clean the air inlet of the battery or check its coolant; keep the car in the shade.",
        {
            "P0A7E": "The drive battery is too hot.",
            "P0A81": "The first fan of the drive battery has a fault.",
            "P0A82": "The fan of the drive battery cools too little.",
            "P0A93": "The cooling of the inverter works too little.",
            "P0A2F": "The drive motor is too hot.",
            "P0A3C": "The inverter of the drive motor is too hot.",
            "P0C73": "The coolant pump of the drive runs poorly.",
        },
    ),
    Group(
        WARNING,
        "The converter that feeds the 12 V system, or a weak 12 V battery.",
        "Test the 12 V battery first: without it the car will not start.",
        {
            "P0A08": "The converter for the 12 V system has a fault.",
            "P0A94": "The converter between the voltages does not work as it should.",
        },
    ),
    Group(
        WARNING,
        "An engine that does not run up, or weak fuel supply.",
        "Check fuel and the codes of the engine.",
        {"P0A0F": "The engine of the hybrid did not start when asked."},
    ),
    Group(
        WARNING,
        "The computer of the drive or of its battery, or a plug.",
        "Read all codes with a maker's tool: others tell the reason.",
        {
            "P0A1A": "The computer of the generator has a fault.",
            "P0A1B": "The computer of the drive motor has a fault.",
            "P0A1F": "The computer of the drive battery has a fault.",
            "P0AC4": "The drive asks for the engine light.",
        },
    ),
)
