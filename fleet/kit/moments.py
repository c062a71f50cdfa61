"""Moments out of PostgreSQL by Python's own reader, in C: a poll of 1,000 cars reads 100,000 of them."""

from datetime import UTC, datetime

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template


class MomentLoader(BaseTzLoader):
    """As Django's own, at a tenth of the cost."""

    timezone = UTC

    def load(self, data) -> datetime:
        try:
            moment = datetime.fromisoformat(str(data, "ascii"))
        except ValueError:  # before Christ, or after the year 9999
            return super().load(data)
        return moment if moment.tzinfo is UTC else super().load(data)


def read_quickly() -> None:
    """Every connection of this process from now on."""
    get_adapters_template(settings.USE_TZ, UTC).register_loader("timestamptz", MomentLoader)
