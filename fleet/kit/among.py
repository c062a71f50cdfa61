"""`filter(vehicle_id__among=ids)`: as `in`, for many whole numbers in one parameter.

`in` writes out a placeholder for each of hundreds of keys, in each of a batch's questions; that took longer than many
of the answers.
"""

import json

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignKey, Lookup


class Among(Lookup):
    """The right side is any collection of whole numbers. Of none no question is asked."""

    lookup_name = "among"

    def get_prep_lookup(self) -> list[int]:
        return [*self.rhs]

    def as_sql(self, compiler, connection):
        if not self.rhs:
            raise EmptyResultSet
        left, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{left} = ANY(%s::bigint[])", [*params, self.rhs]
        return f"{left} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]


def register() -> None:
    for kind in (Field, ForeignKey):  # a foreign key knows none of its parents' lookups
        kind.register_lookup(Among)
