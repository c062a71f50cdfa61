"""What the engine measures: air, temperatures, oxygen, positions."""

from vehicles.domain.codes_of.group import Group, Severity

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

GROUPS = (
    Group(
        WARNING,
        "A dirty air flow meter, a leak behind it or its wiring.",
        "Look at air filter and intake hose, then clean the air flow meter.",
        {
            "P0100": "The air flow meter has an electrical fault.",
            "P0101": "The air flow meter reads outside of what is likely.",
            "P0102": "The signal of the air flow meter is too low.",
            "P0103": "The signal of the air flow meter is too high.",
        },
    ),
    Group(
        WARNING,
        "The pressure sensor, its hose or its wiring.",
        "Check hose and plug of the sensor, then compare it with the air outside.",
        {
            "P0105": "The intake pressure sensor has an electrical fault.",
            "P0106": "The intake pressure sensor reads outside of what is likely.",
            "P0107": "The signal of the intake pressure is too low.",
            "P0108": "The signal of the intake pressure is too high.",
            "P2227": "The sensor of the outside air pressure reads outside of what is likely.",
        },
    ),
    Group(
        WARNING,
        "Often a broken wire or a loose plug.",
        "Check plug and wiring of the sensor, then replace it.",
        {
            "P0112": "The signal of the intake air temperature is too low.",
            "P0113": "The signal of the intake air temperature is too high.",
            "P0117": "The signal of the coolant temperature is too low.",
            "P0118": "The signal of the coolant temperature is too high.",
            "P0182": "The signal of the fuel temperature is too low.",
            "P0183": "The signal of the fuel temperature is too high.",
            "P0197": "The signal of the oil temperature is too low.",
            "P0198": "The signal of the oil temperature is too high.",
        },
    ),
    Group(
        WARNING,
        "A thermostat stuck open, or too little coolant.",
        "Check the coolant when the engine is cold, then replace the thermostat.",
        {
            "P0116": "The coolant temperature reads outside of what is likely.",
            "P0125": "The coolant takes too long to get warm.",
            "P0128": "The coolant stays colder than it should.",
        },
    ),
    Group(
        WARNING,
        "A worn oxygen sensor or its wiring.",
        "Check plug and wiring of the sensor and look for exhaust leaks before replacing it.",
        {
            "P0130": "The first oxygen sensor of the first bank has an electrical fault.",
            "P0131": "The first oxygen sensor of the first bank gives too low a voltage.",
            "P0132": "The first oxygen sensor of the first bank gives too high a voltage.",
            "P0133": "The first oxygen sensor of the first bank answers slowly.",
            "P0134": "The first oxygen sensor of the first bank is silent.",
            "P0136": "The second oxygen sensor of the first bank has an electrical fault.",
            "P0137": "The second oxygen sensor of the first bank gives too low a voltage.",
            "P0138": "The second oxygen sensor of the first bank gives too high a voltage.",
            "P0140": "The second oxygen sensor of the first bank is silent.",
            "P0150": "The first oxygen sensor of the second bank has an electrical fault.",
            "P0151": "The first oxygen sensor of the second bank gives too low a voltage.",
            "P0153": "The first oxygen sensor of the second bank answers slowly.",
            "P0156": "The second oxygen sensor of the second bank has an electrical fault.",
            "P2195": "The first oxygen sensor of the first bank stays at lean.",
            "P2196": "The first oxygen sensor of the first bank stays at rich.",
        },
    ),
    Group(
        WARNING,
        "A burnt-out heater in the oxygen sensor, or its fuse.",
        "Check the fuse of the heater, then replace the sensor.",
        {
            "P0030": "The heater of the first oxygen sensor has an electrical fault.",
            "P0036": "The heater of the second oxygen sensor has an electrical fault.",
            "P0135": "The heater of the first oxygen sensor of the first bank does not work.",
            "P0141": "The heater of the second oxygen sensor of the first bank does not work.",
            "P0155": "The heater of the first oxygen sensor of the second bank does not work.",
            "P0161": "The heater of the second oxygen sensor of the second bank does not work.",
        },
    ),
    Group(
        WARNING,
        "The sensor, its plug, or chips of metal on its tip.",
        "Check plug and gap of the sensor; expect the engine to stop or not to start.",
        {
            "P0335": "The crankshaft position sensor gives no proper signal.",
            "P0336": "The crankshaft position reads outside of what is likely.",
            "P0340": "The camshaft position sensor gives no proper signal.",
            "P0341": "The camshaft position reads outside of what is likely.",
            "P0345": "The camshaft position sensor of the second bank gives no proper signal.",
        },
    ),
    Group(
        WARNING,
        "The sensor of the speed or its wiring.",
        "See whether the dash shows a speed, then check the sensor.",
        {
            "P0500": "The vehicle speed sensor gives no proper signal.",
            "P0501": "The vehicle speed reads outside of what is likely.",
            "P0503": "The signal of the vehicle speed drops out.",
        },
    ),
)
