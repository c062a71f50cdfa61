"""Airbags, belts and comfort."""

from vehicles.domain.codes_of.group import Group, Severity

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

GROUPS = (
    Group(
        CRITICAL,
        "A plug under a seat or in the steering wheel, or the part itself.",
        "The airbags may not work. Leave it to a workshop; do not measure them yourself.",
        {
            "B0001": "The driver's front airbag circuit has a fault.",
            "B0002": "The second stage of the driver's front airbag has a fault.",
            "B0010": "The passenger's front airbag circuit has a fault.",
            "B0020": "The left side airbag circuit has a fault.",
            "B0028": "The right side airbag circuit has a fault.",
            "B0070": "The driver's belt tensioner circuit has a fault.",
            "B0072": "The passenger's belt tensioner circuit has a fault.",
            "B0081": "The sensor of the passenger seat has a fault.",
            "B0092": "A crash sensor on the left side has a fault.",
        },
    ),
    Group(
        WARNING,
        "The switch in the belt buckle or its plug.",
        "Look for dirt in the buckle, then check the plug under the seat.",
        {
            "B0050": "The switch in the driver's belt buckle has a fault.",
            "B0053": "The switch in the passenger's belt buckle has a fault.",
        },
    ),
)
