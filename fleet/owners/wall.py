"""The address of the workshop's screen: whoever has it sees that one page, unsigned, until it is taken back."""

from django.db.models import F

from fleet.kit import numbered
from fleet.owners.models import Fleet

SALT = "fleet.owners.wall"


def token(fleet: Fleet) -> str:
    """ "" while there is no such address."""
    return numbered.write(fleet.pk, fleet.wall_serial, salt=SALT) if fleet.wall_is_open else ""


def read(written: str) -> Fleet | None:
    """The fleet whose screen this address shows; None where it was never made, or was taken back."""
    found = numbered.read(written, salt=SALT)
    if found is None:
        return None
    of_it = Fleet.objects.select_related("pulse").filter(wall_is_open=True)
    return of_it.filter(pk=found[0], wall_serial=found[1]).first()


def make_anew(fleet: Fleet) -> None:
    """A new address; the one before is worth nothing now."""
    Fleet.objects.filter(pk=fleet.pk).update(wall_serial=F("wall_serial") + 1, wall_is_open=True)


def take_back(fleet: Fleet) -> None:
    Fleet.objects.filter(pk=fleet.pk).update(wall_is_open=False)
