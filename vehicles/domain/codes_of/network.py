"""Control units that do not talk to each other."""

from vehicles.domain.codes_of.group import Group, Severity

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

GROUPS = (
    Group(
        CRITICAL,
        "Weak voltage, a loose plug or a break in the network.",
        "Check battery and earth first. The car may stop: do not plan a long trip.",
        {
            "U0100": "The engine computer does not answer on the network.",
            "U0121": "The brake control unit does not answer on the network.",
            "U0131": "The power steering does not answer on the network.",
            "U0293": "The computer of the hybrid drive does not answer on the network.",
        },
    ),
    Group(
        WARNING,
        "Weak voltage, a blown fuse or a loose plug at that unit.",
        "Check battery and the fuse of that unit, then its plug.",
        {
            "U0101": "The gearbox computer does not answer on the network.",
            "U0103": "The gear selector does not answer on the network.",
            "U0110": "The computer of the drive motor does not answer on the network.",
            "U0111": "The computer of the drive battery does not answer on the network.",
            "U0122": "The stability control does not answer on the network.",
            "U0126": "The steering angle sensor does not answer on the network.",
            "U0140": "The body computer does not answer on the network.",
            "U0151": "The airbag computer does not answer on the network.",
            "U0155": "The instruments do not answer on the network.",
            "U0164": "The air conditioning does not answer on the network.",
            "U0184": "The radio does not answer on the network.",
            "U0198": "The unit that connects the car to its maker does not answer.",
        },
    ),
    Group(
        WARNING,
        "A damaged wire or a unit that disturbs the others.",
        "Look for recent work or added devices, then measure the network.",
        {
            "U0001": "The fast network of the car has a fault.",
            "U0002": "The fast network of the car works poorly.",
            "U0073": "The network of the control units was shut off.",
            "U0300": "Two control units have software that does not match.",
        },
    ),
    Group(
        WARNING,
        "The other unit has a fault of its own and says so.",
        "Read the codes of the unit that is named; mend those first.",
        {
            "U0401": "The engine computer sends data that cannot be right.",
            "U0402": "The gearbox computer sends data that cannot be right.",
            "U0415": "The brake control unit sends data that cannot be right.",
            "U0422": "The body computer sends data that cannot be right.",
        },
    ),
)
