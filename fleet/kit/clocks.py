"""Rows with clocks: the one concurrency idiom of the house."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Model, QuerySet


def claim(
    queryset: QuerySet, clock: str, *, lease: timedelta, limit: int, now: datetime, attempts: str | None = None
) -> list[Model]:
    """Take up to `limit` rows whose clock has rung and wind them forward by `lease`, so that nobody else takes them.

    With `attempts`, that column is counted up in the same transaction, before any work: a row that kills its worker
    has then been tried all the same.
    """
    until = now + lease
    with transaction.atomic():
        rows = list(
            queryset.filter(**{f"{clock}__lte": now})
            .order_by(clock)
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        changes = {clock: until}
        if attempts:
            changes[attempts] = F(attempts) + 1
        queryset.model._base_manager.filter(pk__in=[row.pk for row in rows]).update(**changes)
    for row in rows:
        setattr(row, clock, until)
        if attempts:
            setattr(row, attempts, getattr(row, attempts) + 1)
    return rows


def wind(row: Model, clock: str, moment: datetime | None) -> bool:
    """Set the next moment, unless somebody rang the row while we worked. True if it was set."""
    held = {"pk": row.pk, clock: getattr(row, clock)}
    return type(row)._base_manager.filter(**held).update(**{clock: moment}) == 1


def wind_all(rows, clock, moments):
    """Set the next moment of many rows of one model, as `wind` does; `moments` by their keys, absent is never."""
    alike = {}
    for row in rows:
        alike.setdefault((getattr(row, clock), moments.get(row.pk)), []).append(row)
    for (held, moment), same in alike.items():
        type(same[0]).objects.filter(pk__in=[row.pk for row in same], **{clock: held}).update(**{clock: moment})
