"""Brakes, steering, stability."""

from vehicles.domain.codes_of.group import Group, Severity

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

GROUPS = (
    Group(
        CRITICAL,
        "The pump of the brake unit, its relay or its fuse.",
        "The brakes work without help. Drive slowly, and to the next workshop only.",
        {
            "C0110": "The pump motor of the anti-lock brakes has a fault.",
            "C0020": "The pump of the anti-lock brakes has a fault.",
            "C0121": "The relay of the brake valves has a fault.",
        },
    ),
    Group(
        WARNING,
        "A dirty or broken wheel sensor, its ring or its cable.",
        "Clean the sensor and look at its cable in the wheel arch.",
        {
            "C0031": "The left front wheel sensor has a fault.",
            "C0034": "The right front wheel sensor has a fault.",
            "C0035": "A front wheel sensor or its supply has a fault; makers differ on the side.",
            "C0037": "The left rear wheel sensor has a fault.",
            "C003A": "The right rear wheel sensor has a fault.",
        },
    ),
    Group(
        WARNING,
        "The brake pedal switch, or a pressure sensor.",
        "See whether the brake lights come on, then check the switch.",
        {
            "C0044": "The brake pressure sensor has a fault.",
            "C0161": "The brake switch of the anti-lock brakes has a fault.",
        },
    ),
    Group(
        WARNING,
        "A sensor for turning or leaning that is loose or not taught in.",
        "Have the sensor taught in anew, above all after work on the steering.",
        {
            "C0051": "The steering angle sensor has a fault.",
            "C0061": "The sensor for sideways force has a fault.",
            "C0063": "The turning sensor has a fault.",
            "C0460": "The steering position reads outside of what is likely.",
        },
    ),
    Group(
        WARNING,
        "The motor of the power steering, its supply or its sensor.",
        "Expect heavy steering. Check battery and fuses, then the steering unit.",
        {
            "C0545": "The steering force sensor has a fault.",
        },
    ),
    Group(
        WARNING,
        "A tyre that loses air, or a wheel sensor with an empty battery.",
        "Check the pressure of all tyres, then replace the sensor.",
        {
            "C0750": "The pressure sensor of the left front tyre has a fault.",
            "C0755": "The pressure sensor of the right front tyre has a fault.",
            "C0760": "The pressure sensor of the left rear tyre has a fault.",
            "C0765": "The pressure sensor of the right rear tyre has a fault.",
            "C0775": "The tyre pressures are not all known.",
        },
    ),
)
