"""What connecting comes to, in our own words: every state a car can be in, and every end of a walk through Connect.

What the address bar says is never repeated.
"""

from dataclasses import dataclass
from enum import StrEnum

from vehicles.models import Connection
from vehicles.models.connection import PARTED, REVOKED
from vehicles.smartcar.error_table import NOTHING_TO_DO, Row, Step, row_of


class State(StrEnum):
    """How a car reaches us, the more final first."""

    NOT_CONNECTED = "not_connected"
    DISCONNECTED = "disconnected"
    RECONNECT = "reconnect"
    NO_CONSENT = "no_consent"
    NOT_ON_PLAN = "not_on_plan"
    LOST = "lost"
    THROTTLED = "throttled"
    UNSUPPORTED = "unsupported"
    WAITING = "waiting"
    STALE = "stale"
    NOT_PERMITTED = "not_permitted"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Words:
    """`act` names the button that helps: mend, consent, connect, refresh, polling, or none."""

    title: str
    cause: str
    step: str
    act: str = ""


WORDS: dict[State, Words] = {
    State.NOT_CONNECTED: Words(
        "Not connected",
        "no owner has connected it",
        "Connect its owner; what is typed in the workshop counts meanwhile.",
    ),
    State.DISCONNECTED: Words(
        "Disconnected",
        "the consent has ended",
        "Nothing is read any more. Its history and its plans stay; connect the owner again if that was not meant.",
        "connect",
    ),
    State.RECONNECT: Words(
        "Reconnect needed",
        "Smartcar does not say why",
        "The owner goes through Connect once more.",
        "mend",
    ),
    State.NO_CONSENT: Words(
        "Consent needed",
        "the owner’s consent does not cover it",
        "The owner goes through Connect once more and allows what is asked for; a new sign-in alone does not help.",
        "consent",
    ),
    State.NOT_ON_PLAN: Words(
        "Not on the Smartcar plan",
        "the Smartcar plan does not cover it",
        "Whoever runs this portal enlarges the plan at Smartcar. It is tried again once a day.",
        "polling",
    ),
    State.LOST: Words(
        "Not found at Smartcar",
        "Smartcar answers that the car is not there",
        "Nothing is deleted, and it is asked again by itself. After a day whoever runs this portal is told.",
        "refresh",
    ),
    State.THROTTLED: Words(
        "Throttled",
        "it was asked too often",
        "It is asked again by itself. What it reports of its own accord still arrives.",
        "polling",
    ),
    State.UNSUPPORTED: Words(
        "Not provided by this car",
        "Smartcar cannot read it",
        "Its plans go by time, and by what is typed in the workshop. It is tried again every month.",
    ),
    State.WAITING: Words(
        "Waiting for first data",
        "it has told nothing yet",
        "It comes with the car’s next report, at the latest within a day. Driving it a little helps.",
        "refresh",
    ),
    State.STALE: Words(
        "Stale",
        "it has told nothing new for longer than it usually does",
        "See whether the car is in use and has a network. Its last readings still count, and are marked as old.",
        "refresh",
    ),
    State.NOT_PERMITTED: Words(
        "Not permitted",
        "the owner’s consent leaves something out",
        "Ask the owner to go through Connect again and to allow it. Until then plans go on without it.",
        "consent",
    ),
    State.FINE: Words("Connected", "", ""),
}
STATUSES: dict[State, str] = {
    State.NOT_CONNECTED: "unknown",
    State.DISCONNECTED: "unknown",
    State.RECONNECT: "due",
    State.NO_CONSENT: "due",
    State.NOT_ON_PLAN: "due",
    State.LOST: "warning",
    State.THROTTLED: "warning",
    State.UNSUPPORTED: "unknown",
    State.WAITING: "unknown",
    State.STALE: "stale",
    State.NOT_PERMITTED: "warning",
    State.FINE: "ok",
}

NEVER = Words(  # a car that should have told something by now
    "Has never reported",
    "it has told nothing since it was connected",
    "See whether the car is in use, has a network, and has its maker’s connected services switched on.",
    "refresh",
)
ASK_OWNER = Words(
    "The owner has to act", "", "Tell the owner. It reports again by itself as soon as that is done.", "mend"
)
OF_CONNECTION = {
    Connection.State.CONNECTED: State.FINE,
    Connection.State.NEEDS_OWNER: State.RECONNECT,
    Connection.State.NOT_ON_PLAN: State.NOT_ON_PLAN,
    Connection.State.DISCONNECTED: State.DISCONNECTED,
}
ENDED = {
    PARTED: "somebody here disconnected it",
    REVOKED: "the owner has ended the consent elsewhere",
}


def of_connection(connection: Connection) -> dict[str, str]:
    """Title, cause, step and what the owner is told, for a connection that is not as it should be."""
    state = State.NO_CONSENT if connection.wants_consent else OF_CONNECTION[connection.state]
    found = {"title": WORDS[state].title, "cause": WORDS[state].cause, "step": WORDS[state].step}
    if cause := ENDED.get(connection.reason) or cause_of(connection.reason):
        found["cause"] = cause
    row = row_of(connection.reason)
    if row is None or state is State.DISCONNECTED:
        return found
    found["owner"] = for_owner(row)
    if row.step is Step.ASK_OWNER:
        found |= {"title": ASK_OWNER.title, "step": ASK_OWNER.step}
    return found


def for_owner(row: Row) -> str:
    """What an owner is told, "" where there is nothing for them to do."""
    return "" if row.owner == NOTHING_TO_DO else row.owner


def cause_of(reason: str) -> str:
    """A reason in words; one that nobody knows is shown as Smartcar names it."""
    row = row_of(reason)
    return row.cause if row else reason.replace("_", " ").replace(".", ": ").lower()


@dataclass(frozen=True, slots=True)
class Outcome:
    title: str
    what: str
    step: str
    again: bool = True
    level: str = "critical"


OUTCOMES = {
    "access_denied": Outcome(
        "The owner said no",
        "The permissions were declined at Smartcar, so nothing was connected and nothing is read.",
        "Talk with the owner about what is read and why, then begin again. They may untick single permissions.",
        level="warning",
    ),
    "vehicle_incompatible": Outcome(
        "This car cannot be connected",
        "Its maker or model does not work with Smartcar, or the brand was not in the list.",
        "Other cars of this owner may still work: begin again with one of those.",
    ),
    "invalid_subscription": Outcome(
        "The maker’s connected services are not active",
        "The car is fine, but its subscription with the maker has ended or was never begun.",
        "The owner renews connected services in the maker’s app, then begins again.",
    ),
    "no_vehicles": Outcome(
        "The account has no cars",
        "The sign-in at the maker worked, but there is no car in that account.",
        "The owner adds the car in the maker’s app, or signs in with the account that has it.",
    ),
    "configuration_error": Outcome(
        "Smartcar does not accept how we asked",
        "Something in the settings of this portal and the Smartcar application does not agree.",
        "Tell whoever runs this portal: redirect address, client and mode have to match the Smartcar dashboard.",
    ),
    "server_error": Outcome(
        "Smartcar had a fault of its own",
        "Nothing was connected, and it was nobody’s mistake here.",
        "Wait some minutes, then begin again.",
    ),
    "not_confirmed": Outcome(
        "Smartcar does not show a connection",
        "The walk ended well, but Smartcar lists no car for this owner, although we looked several times.",
        "Begin again. If it stays so, compare the application’s ID here with the one in the Smartcar dashboard.",
    ),
    "held": Outcome(
        "These cars are looked after elsewhere",
        "Every car of this account belongs to another fleet on this portal.",
        "Whoever runs this portal can move a car between fleets.",
        again=False,
    ),
    "smartcar_problem": Outcome(
        "Smartcar did not tell us the cars",
        "The owner has consented, but the list of cars could not be read.",
        "Begin again in some minutes. If it stays so, tell whoever runs this portal.",
    ),
    "no_code": Outcome(
        "Smartcar sent no proof of the consent",
        "The walk ended well, but what came back cannot be traded for access to the cars.",
        "Begin again. If it stays so, tell whoever runs this portal: the application may not speak v2.0 any more.",
    ),
    "code_refused": Outcome(
        "The proof of the consent was not taken",
        "It is good for ten minutes and for one use, and Smartcar did not take it.",
        "Begin again; nothing was connected in between.",
    ),
    "another_car": Outcome(
        "That was another car",
        "The owner signed in again for a car that is not the one to be mended, so nothing was changed.",
        "Begin again, and choose the same car and account as before.",
    ),
    "not_mended": Outcome(
        "Smartcar still wants the owner",
        "The owner was back from Smartcar, but the car cannot be read yet, although we looked several times.",
        "Begin again, with the account at the maker that has this car. History and plans are kept meanwhile.",
    ),
    "expired": Outcome(
        "That took too long",
        "The way back is open for fifteen minutes, so that nobody else can use it.",
        "Begin again, and finish at Smartcar within a quarter of an hour.",
    ),
}
OTHER = Outcome(
    "It was not connected",
    "Smartcar ended the walk for a reason that we do not know.",
    "Begin again. If it happens twice, tell whoever runs this portal.",
)


def outcome(error: str) -> Outcome:
    return OUTCOMES.get(error, OTHER)
