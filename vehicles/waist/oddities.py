"""What no table of ours knows is counted until the operator has looked at it."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F

from vehicles.models import OddAnswer

NO_STATUS = 0


def note(kind: str, names: Iterable[str], *, now: datetime, status: int = NO_STATUS) -> None:
    """Count these names once the transaction stands: no batch holds the row that every other one wants."""
    for name in sorted(set(names)):
        transaction.on_commit(partial(count, kind, name[:120], now, status))


def count(kind: str, name: str, now: datetime, status: int = NO_STATUS) -> None:
    row, made = OddAnswer.objects.get_or_create(
        kind=kind, name=name, status=status, defaults={"count": 1, "first_at": now, "last_at": now}
    )
    if not made:
        OddAnswer.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=now)
