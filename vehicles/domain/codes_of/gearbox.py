"""Automatic and other gearboxes."""

from vehicles.domain.codes_of.group import Group, Severity, numbered

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

GROUPS = (
    Group(
        CRITICAL,
        "Too little or burnt gearbox oil, a blocked cooler or heavy towing.",
        "Stop and let it cool, then check level and colour of the gearbox oil.",
        {"P0218": "The gearbox is too hot."},
    ),
    Group(
        WARNING,
        "A fault that the gearbox computer keeps in a list of its own.",
        "Read the codes of the gearbox computer: they say what it is.",
        {
            "P0700": "The gearbox computer has stored a fault of its own.",
            "P0613": "The gearbox computer has found a fault in itself.",
        },
    ),
    Group(
        WARNING,
        "The switch that tells which gear is chosen, or its wiring.",
        "Check plug and setting of the switch at the gearbox.",
        {
            "P0705": "The gear selector gives no proper signal.",
            "P0706": "The gear selector reads outside of what is likely.",
        },
    ),
    Group(
        WARNING,
        "The sensor, its plug, or metal on its tip.",
        "Check level of the gearbox oil, then plug and wiring of the sensor.",
        {
            "P0710": "The temperature sensor of the gearbox oil has an electrical fault.",
            "P0715": "The speed at the input of the gearbox gives no proper signal.",
            "P0720": "The speed at the output of the gearbox gives no proper signal.",
        },
    ),
    Group(
        WARNING,
        "Low or old gearbox oil, a worn clutch or a valve that sticks.",
        "Check level and state of the gearbox oil; drive gently until it is looked at.",
        {"P0730": "The gear ratio is not the one that was asked for."}
        | numbered("P0731", 5, "Gear {} does not reach its ratio.")
        | {
            "P0729": "Gear 6 does not reach its ratio.",
            "P0736": "The reverse gear does not reach its ratio.",
            "P0740": "The clutch of the torque converter has an electrical fault.",
            "P0741": "The clutch of the torque converter does not lock.",
            "P0742": "The clutch of the torque converter does not let go.",
            "P0776": "The second pressure valve of the gearbox does not work as it should.",
            "P0868": "The oil pressure in the gearbox is too low.",
        },
    ),
    Group(
        WARNING,
        "A shift valve or its wiring inside of the gearbox.",
        "Check level of the gearbox oil, then measure the valve at the plug.",
        {
            "P0750": "Shift valve A has an electrical fault.",
            "P0751": "Shift valve A does not move as it should.",
            "P0755": "Shift valve B has an electrical fault.",
            "P0756": "Shift valve B does not move as it should.",
            "P0760": "Shift valve C has an electrical fault.",
        },
    ),
)
