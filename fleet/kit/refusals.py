"""What an act answers when something cannot be so, or may not be so."""


class Refused(Exception):
    """Cannot be so; `field` names what was typed, "" where it was nothing typed; `message` tells the person."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field, self.message = field, message
