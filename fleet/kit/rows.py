"""Many rows at once, past the ORM's expressions: for the few places that write thousands a minute.

The ORM asks each value whether it is an expression, which costs several times what writing it does.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from django.db import connection
from django.db.models import DateTimeField, DecimalField, Field, JSONField, Model


def insert(objects: Sequence[Model]) -> None:
    """Those that are there already stay as they are."""
    write(objects, "ON CONFLICT DO NOTHING")


def upsert(objects: Sequence[Model], *, unique: Iterable[str], update: Iterable[str]) -> None:
    """Those that are there already, by the unique columns, take the updated ones."""
    if objects:
        column = {field.name: field.column for field in objects[0]._meta.concrete_fields}
        places = ", ".join(column[name] for name in unique)
        changes = ", ".join(f"{column[name]} = EXCLUDED.{column[name]}" for name in update)
        write(objects, f"ON CONFLICT ({places}) DO UPDATE SET {changes}")


def write(objects: Sequence[Model], otherwise: str) -> None:
    """All of one model, with every column but a key that the database makes."""
    if not objects:
        return
    table, fields = type(objects[0])._meta.db_table, [f for f in objects[0]._meta.concrete_fields if not f.primary_key]
    names = ", ".join(field.column for field in fields)
    columns = [[*map(adapter(field), (getattr(row, field.attname) for row in objects))] for field in fields]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # one statement, each column as an array
            arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT * FROM UNNEST({arrays}) {otherwise}", columns)
        else:
            places = ", ".join(["%s"] * len(fields))
            rows = list(zip(*columns, strict=True))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places}) {otherwise}", rows)


def adapter(field: Field) -> Callable:
    """How a value of this field is told to the database."""
    if isinstance(field, DateTimeField):
        return cache(connection.ops.adapt_datetimefield_value)  # a batch has few moments and tells each often
    if isinstance(field, JSONField):
        return lambda value: None if value is None else json.dumps(value, cls=field.encoder)
    if isinstance(field, DecimalField):
        return lambda value: field.get_db_prep_save(value, connection)
    return lambda value: value
