"""Fuel and air on their way into the engine."""

from vehicles.domain.codes_of.group import Group, Severity, numbered

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

GROUPS = (
    Group(
        CRITICAL,
        "A weak fuel pump, a clogged filter or a leak in the fuel line.",
        "Do not drive far. Have the fuel pressure measured and look for leaks.",
        {
            "P0087": "Fuel pressure is too low.",
            "P0093": "Fuel is lost: a large leak in the fuel system.",
            "P0230": "The circuit of the fuel pump has a fault.",
        },
    ),
    Group(
        WARNING,
        "A pressure regulator that sticks, or a blocked return line.",
        "Have the fuel pressure measured and the regulator checked.",
        {
            "P0088": "Fuel pressure is too high.",
            "P0089": "The fuel pressure is not held steady.",
            "P0090": "The regulator of the fuel pressure has an electrical fault.",
            "P0094": "Fuel is lost: a small leak in the fuel system.",
        },
    ),
    Group(
        WARNING,
        "The sensor of the fuel pressure or its wiring.",
        "Check plug and wiring of the sensor, then compare with a gauge.",
        {
            "P0190": "The sensor of the fuel pressure has an electrical fault.",
            "P0191": "The fuel pressure reads outside of what is likely.",
            "P0192": "The signal of the fuel pressure is too low.",
            "P0193": "The signal of the fuel pressure is too high.",
        },
    ),
    Group(
        WARNING,
        "Air that is drawn in unmeasured, a dirty air flow meter or too little fuel.",
        "Look for a split hose behind the air filter, then clean the air flow meter.",
        {
            "P0171": "The mixture is too lean on the first bank.",
            "P0174": "The mixture is too lean on the second bank.",
            "P2187": "The mixture is too lean at idle on the first bank.",
            "P2189": "The mixture is too lean at idle on the second bank.",
        },
    ),
    Group(
        WARNING,
        "A leaking injector, too much fuel pressure or a blocked air filter.",
        "Look at the air filter, then have the injectors and the pressure checked.",
        {
            "P0172": "The mixture is too rich on the first bank.",
            "P0175": "The mixture is too rich on the second bank.",
            "P2188": "The mixture is too rich at idle on the first bank.",
            "P2190": "The mixture is too rich at idle on the second bank.",
        },
    ),
    Group(
        WARNING,
        "The injector, its plug or its wiring.",
        "Check the plug of the injector, then measure its coil.",
        {"P0200": "The circuit of an injector has a fault."}
        | numbered("P0201", 8, "The circuit of injector {} has a fault."),
    ),
    Group(
        WARNING,
        "A dirty or worn throttle body, or its wiring.",
        "Clean the throttle body and teach its end stops anew.",
        {
            "P0120": "The throttle position sensor has an electrical fault.",
            "P0121": "The throttle position sensor reads outside of what is likely.",
            "P0122": "The signal of the throttle position is too low.",
            "P0123": "The signal of the throttle position is too high.",
            "P0220": "The second throttle position sensor has an electrical fault.",
            "P0505": "The idle speed cannot be held.",
            "P0506": "The engine idles more slowly than asked for.",
            "P0507": "The engine idles faster than asked for.",
            "P0638": "The throttle does not follow what is asked of it.",
            "P2111": "The throttle sticks open.",
            "P2112": "The throttle sticks closed.",
            "P2135": "The two throttle sensors do not agree.",
        },
    ),
    Group(
        WARNING,
        "The pedal sensor or its wiring; the two tracks in it do not agree.",
        "Check the plug at the pedal; expect reduced power until it is mended.",
        {
            "P2122": "The signal of the accelerator pedal is too low.",
            "P2123": "The signal of the accelerator pedal is too high.",
            "P2138": "The two sensors of the accelerator pedal do not agree.",
        },
    ),
    Group(
        WARNING,
        "A leaking boost hose, a worn turbo or its valve.",
        "Look at the hoses between turbo and engine first, then at the valve.",
        {
            "P0234": "The turbo gives more pressure than allowed.",
            "P0236": "The boost pressure reads outside of what is likely.",
            "P0243": "The boost valve has an electrical fault.",
            "P0299": "The turbo gives less pressure than asked for.",
            "P2263": "The boost pressure does not follow what is asked for.",
        },
    ),
)
