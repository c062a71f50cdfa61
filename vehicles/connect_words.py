"""What a walk through Connect came to, in our own words. What the address bar says is never repeated."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    title: str
    what: str
    step: str
    again: bool = True


OUTCOMES = {
    "access_denied": Outcome(
        "The owner said no",
        "The permissions were declined at Smartcar, so nothing was connected and nothing is read.",
        "Talk with the owner about what is read and why, then begin again. They may untick single permissions.",
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
