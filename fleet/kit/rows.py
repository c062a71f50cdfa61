"""Many rows at once, past the ORM's expressions: for the few places that write thousands a minute.

The ORM asks each value whether it is an expression, which costs several times what writing it does.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import orjson
from django.db import connection
from django.db.models import DateField, DateTimeField, DecimalField, Field, JSONField, Model


def insert(objects: Sequence[Model]) -> None:
    """Those that are there already stay as they are."""
    write(objects, "ON CONFLICT DO NOTHING")


def upsert(objects: Sequence, *, unique: Iterable[str], update: Iterable[str], into: type[Model] | None = None) -> None:
    """Those that are there already, by the unique columns, take the updated ones.

    `into` is their model, where the objects are others with the same attributes.
    """
    if objects:
        column = {field.name: field.column for field in (into or objects[0])._meta.concrete_fields}
        places = ", ".join(column[name] for name in unique)
        changes = ", ".join(f"{column[name]} = EXCLUDED.{column[name]}" for name in update)
        write(objects, f"ON CONFLICT ({places}) DO UPDATE SET {changes}", into)


def write(objects: Sequence, otherwise: str, into: type[Model] | None = None) -> None:
    """All of one model, with every column but a key that the database makes."""
    if not objects:
        return
    meta = (into or objects[0])._meta
    table, fields = meta.db_table, [field for field in meta.concrete_fields if not field.primary_key]
    names, places = ", ".join(field.column for field in fields), ", ".join(["%s"] * len(fields))
    is_postgres = connection.vendor == "postgresql"
    adapters = [in_json(field) if is_postgres else adapter(field) for field in fields]
    columns = [
        [*map(adapt, (getattr(row, field.attname) for row in objects))]
        for field, adapt in zip(fields, adapters, strict=True)
    ]
    rows = list(zip(*columns, strict=True))
    with connection.cursor() as cursor:
        if is_postgres:  # all rows in one document, which is quicker told than so many values
            types = ", ".join(f"{field.column} {field.db_type(connection)}" for field in fields)
            select = f"SELECT {names} FROM json_to_recordset(%s) AS told ({types})"
            told = document([field.column for field in fields], rows)
            cursor.execute(f"INSERT INTO {table} ({names}) {select} {otherwise}", [told])
        else:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places}) {otherwise}", rows)


def update(
    objects: Sequence, names: Iterable[str], *, keep: Iterable[str] = (), into: type[Model] | None = None
) -> None:
    """These columns of rows that are there. A None of those in `keep` leaves what is there.

    `into` is their model, where the objects are others with the same attributes, `pk` among them.
    """
    if not objects:
        return
    model = into or type(objects[0])
    table, key = model._meta.db_table, model._meta.pk
    fields, keep = [model._meta.get_field(name) for name in names], set(keep)
    is_postgres = connection.vendor == "postgresql"
    adapters = [in_json(field) if is_postgres else adapter(field) for field in fields]
    told = [
        [*(adapt(getattr(row, field.attname)) for field, adapt in zip(fields, adapters, strict=True)), row.pk]
        for row in objects
    ]

    kept = "COALESCE({told}, " + table + ".{column})"
    change = {field.column: kept if field.name in keep else "{told}" for field in fields}
    with connection.cursor() as cursor:
        if is_postgres:
            changes = ", ".join(f"{c} = {as_.format(told='told.' + c, column=c)}" for c, as_ in change.items())
            types = ", ".join(f"{field.column} {field.rel_db_type(connection)}" for field in (*fields, key))
            source = f"json_to_recordset(%s) AS told ({types})"
            where = f"{table}.{key.column} = told.{key.column}"
            whole = document([*(field.column for field in fields), key.column], told)
            cursor.execute(f"UPDATE {table} SET {changes} FROM {source} WHERE {where}", [whole])
        else:
            changes = ", ".join(f"{c} = {as_.format(told='%s', column=c)}" for c, as_ in change.items())
            cursor.executemany(f"UPDATE {table} SET {changes} WHERE {key.column} = %s", told)


def document(columns: Sequence[str], rows: Iterable[Sequence]) -> str:
    return orjson.dumps([dict(zip(columns, row, strict=True)) for row in rows], default=str).decode()


def adapter(field: Field) -> Callable:
    """How a value of this field is told to SQLite."""
    if isinstance(field, DateTimeField):
        return cache(connection.ops.adapt_datetimefield_value)  # a batch has few moments and tells each often
    if isinstance(field, JSONField):
        return lambda value: None if value is None else orjson.dumps(value).decode()
    if isinstance(field, DecimalField):
        return lambda value: field.get_db_prep_save(value, connection)
    if isinstance(field, DateField):
        return connection.ops.adapt_datefield_value
    return lambda value: value


def in_json(field: Field) -> Callable:
    """How it is told in a JSON document, in which JSON stands as it is."""
    if isinstance(field, DateTimeField):
        return cache(lambda value: value and value.isoformat())
    if isinstance(field, DecimalField):
        return lambda value: None if value is None else str(value)
    if isinstance(field, DateField):
        return lambda value: value and value.isoformat()
    return lambda value: value
