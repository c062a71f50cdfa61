"""A reading on its way in, before anybody knows whether it is news."""

from dataclasses import dataclass
from datetime import datetime

from vehicles.domain.measurements import Value
from vehicles.models import Reading


@dataclass(slots=True)
class Arriving:
    """The columns of a `Reading` without the weight of a model: a poll brings forty thousand for a thousand cars."""

    vehicle_id: int
    signal: str
    number: float | None
    detail: Value
    at: datetime
    measured_at: datetime | None
    fetched_at: datetime | None
    received_at: datetime
    sequence: int | None
    source: str
    digest: str
    standing: str
    vouched: bool = False
    aside: bool = False

    @property
    def value(self) -> Value:
        return self.detail if self.number is None else self.number


Heard = Reading | Arriving  # stored, or about to be
