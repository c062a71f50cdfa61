"""The engine itself: timing, oil, heat, current and its computer."""

from vehicles.domain.codes_of.group import Group, Severity

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

GROUPS = (
    Group(
        CRITICAL,
        "Too little coolant, a fan or pump that does not work, a stuck thermostat.",
        "Stop and let it cool. Check the coolant and look for leaks before driving on.",
        {
            "P0217": "The engine is too hot.",
            "P0298": "The engine oil is too hot.",
        },
    ),
    Group(
        CRITICAL,
        "Too little oil, a worn pump, or only the sensor.",
        "Stop, check the oil level, and do not drive on before the pressure is measured.",
        {
            "P0520": "The oil pressure sensor or its circuit has a fault.",
            "P0521": "The oil pressure reads outside of what is likely.",
            "P0522": "The signal of the oil pressure is too low.",
            "P0523": "The signal of the oil pressure is too high.",
            "P0524": "The oil pressure is too low.",
        },
    ),
    Group(
        WARNING,
        "A stretched chain or a belt that has jumped.",
        "Have the timing checked soon: a chain that jumps ends the engine.",
        {
            "P0016": "Crankshaft and intake camshaft of the first bank do not agree.",
            "P0017": "Crankshaft and exhaust camshaft of the first bank do not agree.",
            "P0018": "Crankshaft and intake camshaft of the second bank do not agree.",
            "P0019": "Crankshaft and exhaust camshaft of the second bank do not agree.",
            "P0008": "The timing of the first bank is out of place.",
        },
    ),
    Group(
        WARNING,
        "Old or low oil, a clogged valve in the camshaft adjuster, or its wiring.",
        "Check level and age of the oil, then clean or replace the valve.",
        {
            "P0010": "The valve of the intake camshaft has an electrical fault.",
            "P0011": "The intake camshaft of the first bank runs too early.",
            "P0012": "The intake camshaft of the first bank runs too late.",
            "P0013": "The valve of the exhaust camshaft has an electrical fault.",
            "P0014": "The exhaust camshaft of the first bank runs too early.",
            "P0015": "The exhaust camshaft of the first bank runs too late.",
            "P0021": "The intake camshaft of the second bank runs too early.",
            "P0022": "The intake camshaft of the second bank runs too late.",
        },
    ),
    Group(
        WARNING,
        "A fan motor, its relay or its wiring.",
        "See whether the fan runs when the engine is hot; stay out of slow traffic until then.",
        {
            "P0480": "The first cooling fan has an electrical fault.",
            "P0481": "The second cooling fan has an electrical fault.",
        },
    ),
    Group(
        WARNING,
        "A worn battery, a loose belt or a failing alternator.",
        "Measure the battery at rest and with the engine running, and look at the belt.",
        {
            "P0560": "The voltage of the car is not steady.",
            "P0562": "The voltage of the car is too low.",
            "P0563": "The voltage of the car is too high.",
            "P0620": "The control of the alternator has a fault.",
            "P0622": "The field circuit of the alternator has a fault.",
        },
    ),
    Group(
        WARNING,
        "The engine computer itself, its software, or weak voltage.",
        "Check battery and earth first, then ask for the newest software.",
        {
            "P0601": "The engine computer found an error in its memory.",
            "P0602": "The engine computer is not programmed.",
            "P0603": "The engine computer forgets what it has learnt.",
            "P0605": "The engine computer found an error in its program memory.",
            "P0606": "The engine computer has found a fault in itself.",
            "P060C": "The main processor of the engine computer has a fault.",
            "P0641": "The supply of the sensors has a fault.",
        },
    ),
    Group(
        WARNING,
        "A switch at the brake pedal, or its wiring.",
        "See whether the brake lights come on, then adjust or replace the switch.",
        {
            "P0504": "The two switches of the brake pedal do not agree.",
            "P0571": "The switch of the brake pedal has a fault.",
        },
    ),
)
