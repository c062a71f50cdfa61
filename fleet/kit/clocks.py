"""Rows with clocks: the one concurrency idiom of the house."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
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
        queryset.model._base_manager.filter(pk__among=[row.pk for row in rows]).update(**changes)
    for row in rows:
        setattr(row, clock, until)
        if attempts:
            setattr(row, attempts, getattr(row, attempts) + 1)
    return rows


def wind(row: Model, clock: str, moment: datetime | None) -> bool:
    """Set the next moment, unless somebody rang the row while we worked. True if it was set."""
    held = {"pk": row.pk, clock: getattr(row, clock)}
    return type(row)._base_manager.filter(**held).update(**{clock: moment}) == 1


def wind_all(rows: Sequence[Model], clock: str, moments: Mapping[int, datetime]) -> None:
    """Set the next moment of many rows of one model, as `wind` does; `moments` by their keys, absent is never."""
    if rows:
        same = "IS NOT DISTINCT FROM" if connection.vendor == "postgresql" else "IS"
        told = [(moments.get(row.pk), row.pk, getattr(row, clock)) for row in rows]
        _set(type(rows[0]), clock, told, "{clock} " + same + " {held}")


def bring_forward(model: type[Model], clock: str, moments: Mapping[int, datetime]) -> None:
    """Set these clocks, by the keys of their rows, unless they ring sooner already."""
    if moments:
        _set(model, clock, [(at, pk, at) for pk, at in moments.items()], "COALESCE({clock} > {held}, TRUE)")


def _set(model: type[Model], clock: str, told: list[tuple], condition: str) -> None:
    """By hand: each row has a moment of its own, and a batch of them is one question. `told`: new, key, held."""
    table, adapt = model._meta.db_table, connection.ops.adapt_datetimefield_value
    rows = [(adapt(at), pk, adapt(held)) for at, pk, held in told]
    clock = connection.ops.quote_name(clock)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            where = condition.format(clock=f"{table}.{clock}", held="told.held")
            source = "UNNEST(%s::timestamptz[], %s::bigint[], %s::timestamptz[]) AS told (at, id, held)"
            update = f"UPDATE {table} SET {clock} = told.at FROM {source} WHERE {table}.id = told.id AND {where}"
            cursor.execute(update, [list(column) for column in zip(*rows, strict=True)])
        else:
            where = condition.format(clock=clock, held="%s")
            cursor.executemany(f"UPDATE {table} SET {clock} = %s WHERE id = %s AND {where}", rows)
