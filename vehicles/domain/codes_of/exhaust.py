"""Cleaning of the exhaust: catalysts, filters, gas led back, additives."""

from vehicles.domain.codes_of.group import Group, Severity

WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

GROUPS = (
    Group(
        WARNING,
        "A worn catalyst, often after misfires; sometimes an exhaust leak or a sensor.",
        "Mend misfires and leaks first, then have the catalyst measured.",
        {
            "P0420": "The catalytic converter of the first bank cleans too little.",
            "P0421": "The catalytic converter of the first bank cleans too little while warming up.",
            "P0430": "The catalytic converter of the second bank cleans too little.",
        },
    ),
    Group(
        WARNING,
        "A valve full of soot, or a blocked passage.",
        "Clean the valve that leads exhaust gas back, and its passages.",
        {
            "P0400": "The flow of exhaust gas back to the engine is wrong.",
            "P0401": "Too little exhaust gas is led back to the engine.",
            "P0402": "Too much exhaust gas is led back to the engine.",
            "P0403": "The valve that leads exhaust gas back has an electrical fault.",
            "P0404": "The valve that leads exhaust gas back does not reach its place.",
            "P0405": "The position signal of the exhaust gas valve is too low.",
            "P0406": "The position signal of the exhaust gas valve is too high.",
        },
    ),
    Group(
        WARNING,
        "The pump for fresh air in the exhaust, its valve or a relay.",
        "Listen for the pump at a cold start, then check its relay and hoses.",
        {
            "P0410": "The fresh air pump of the exhaust does not work.",
            "P0411": "The flow of fresh air to the exhaust is wrong.",
        },
    ),
    Group(
        WARNING,
        "Many short trips, or a sensor that stops the filter from cleaning itself.",
        "Drive half an hour at an even speed; if the code stays, have the filter cleaned.",
        {
            "P2452": "The sensor over the particle filter has an electrical fault.",
            "P2453": "The pressure over the particle filter reads outside of what is likely.",
            "P2458": "The particle filter took too long to clean itself.",
            "P2459": "The particle filter has to clean itself too often.",
            "P2463": "The particle filter holds too much soot.",
        },
    ),
    Group(
        WARNING,
        "What is left after years of burning soot; driving does not burn ash.",
        "Have the filter taken out and cleaned, or replaced.",
        {"P242F": "The particle filter is full of ash."},
    ),
    Group(
        WARNING,
        "A cracked particle filter, or a sensor behind it.",
        "Look for black soot at the tailpipe and have the filter tested.",
        {"P2002": "The particle filter holds back too little."},
    ),
    Group(
        WARNING,
        "Poor or little additive, a blocked nozzle or a worn catalyst.",
        "Check level and age of the additive (AdBlue); some cars soon refuse to start.",
        {
            "P203F": "The tank of the exhaust additive is too low.",
            "P204F": "The additive system of the first bank works too little.",
            "P207F": "The exhaust additive is of poor quality.",
            "P20E8": "The pressure of the exhaust additive is too low.",
            "P20EE": "The catalyst for nitrogen oxides works too little on the first bank.",
            "P20F4": "Too little exhaust additive is used.",
            "P2201": "The sensor for nitrogen oxides reads outside of what is likely.",
        },
    ),
)
