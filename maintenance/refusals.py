"""What the workshop answers when something cannot be so, or may not be so."""

from fleet.kit.refusals import Refused

__all__ = ["ABOVE", "DOUBTED", "OLD", "QUESTIONS", "Asked", "Refused"]


class Asked(Refused):
    """May be so after all: taken once the person has said yes to `question`, a word of `QUESTIONS`."""

    def __init__(self, question: str, field: str, message: str):
        super().__init__(field, message)
        self.question = question


ABOVE = "above"  # more km than at a later job of this kind
DOUBTED = "doubted"  # does not fit the readings around that day
OLD = "old"  # prefilled from a reading older than a day, and sent as it was
QUESTIONS = {
    ABOVE: "Both are right: log it with this odometer",
    DOUBTED: "The dash shows exactly this: log it, marked as doubtful",
    OLD: "The dash shows exactly this now",
}
