"""Many rows at once, past the ORM's expressions: for the few places that write thousands a minute.

The ORM asks each value whether it is an expression, which costs several times what writing it does.
"""

from collections.abc import Callable, Iterable, Sequence

from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model


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
    about = type(objects[0])._meta
    fields = [field for field in about.concrete_fields if not field.primary_key]
    columns = [[*map(adapter(field), (getattr(row, field.attname) for row in objects))] for field in fields]
    names, places = ", ".join(field.column for field in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {about.db_table} ({names}) VALUES ({places}) {otherwise}", list(zip(*columns, strict=True))
        )


def adapter(field: Field) -> Callable:
    """How a value of this field is told to the database."""
    if isinstance(field, DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return lambda value: value
