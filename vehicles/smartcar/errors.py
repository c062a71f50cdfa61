"""What may go wrong at Smartcar, named after what we do next. No secret, VIN or body ever gets in here."""

from datetime import timedelta
from typing import Literal

Scope = Literal["app", "vehicle"]


class SmartcarProblem(Exception):
    """`type` and `code` are Smartcar's words, `detail` is ours, `request_id` is what their support asks for."""

    def __init__(
        self, detail: str = "", *, type: str = "", code: str = "", status: int | None = None, request_id: str = ""
    ):
        self.detail = detail
        self.type = type
        self.code = code
        self.status = status
        self.request_id = request_id
        super().__init__(detail)

    def __str__(self) -> str:
        about = {"type": self.type, "code": self.code, "status": self.status, "request": self.request_id}
        told = ", ".join(f"{name} {value}" for name, value in about.items() if value)
        return f"{self.detail or type(self).__name__} ({told})" if told else self.detail or type(self).__name__


class TryLater(SmartcarProblem):
    """Nothing is wrong that time does not heal. `after` is None where Smartcar did not say how long."""

    def __init__(self, after: timedelta | None = None, scope: Scope = "vehicle", detail: str = "", **about):
        super().__init__(detail or "try later", **about)
        self.after = after
        self.scope = scope


class NeedsOwner(SmartcarProblem):
    """Only the owner of the car can mend it: stop asking until they did."""

    def __init__(self, reason: str = "", detail: str = "", **about):
        super().__init__(detail or "the owner has to act", **about)
        self.reason = reason


class NeedsPlan(SmartcarProblem):
    """The Smartcar plan is used up or too small, for one vehicle or for the whole application."""

    def __init__(self, scope: Scope = "app", detail: str = "", **about):
        super().__init__(detail or "the Smartcar plan does not allow it", **about)
        self.scope = scope


class NotThere(SmartcarProblem):
    """Smartcar does not know it, now. It may be back tomorrow: this is no proof of a disconnect."""


class NotCapable(NotThere):
    """The car, or Smartcar for this make, cannot do it at all."""


class NotPermitted(SmartcarProblem):
    """The owner's consent does not cover it."""


class OurFault(SmartcarProblem):
    """A wrong request or a wrong setting: the operator has to look, repeating it does not help."""


class Unreadable(SmartcarProblem):
    """What came is not what Smartcar sends: a proxy's page, a truncated body, another protocol."""
