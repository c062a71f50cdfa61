"""The log says where and which kind, and nothing of what was in it."""

import io
import logging

import pytest
from django.db import IntegrityError, transaction

from fleet.kit.logs import Discreet
from tests.scenes import a_car, a_fleet
from vehicles.models import Vehicle
from vehicles.smartcar.errors import Unreadable

VIN = "1FTBW2CM5KKA00001"


def written(deed) -> str:
    """What the log holds of a deed that fails."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Discreet("%(levelname)s %(message)s"))
    log = logging.getLogger("tests.discreet")
    log.addHandler(handler)
    try:
        deed()
    except Exception:
        log.exception("it failed")
    finally:
        log.removeHandler(handler)
    return out.getvalue()


@pytest.mark.django_db
def test_the_row_that_a_database_refused_is_not_written_down():
    car = a_car(a_fleet(), vin=VIN)

    def deed():
        with transaction.atomic():
            Vehicle.objects.filter(pk=car.pk).update(name=None)

    with pytest.raises(IntegrityError):
        deed()
    told = written(deed)
    assert VIN not in told and VIN[-5:] not in told
    assert "ERROR it failed" in told and "django.db.utils.IntegrityError" in told and "in deed" in told


def test_what_led_to_it_is_told_without_its_words():
    def deed():
        try:
            int(VIN)
        except ValueError as error:
            raise KeyError(VIN) from error

    told = written(deed)

    assert VIN not in told
    assert told.index("ValueError") < told.index("KeyError")


def test_our_own_words_stay():
    def deed():
        raise Unreadable("no event type")

    assert "Unreadable: no event type" in written(deed)


def test_the_log_of_the_portal_is_written_so():
    mine = [handler for handler in logging.getLogger().handlers if type(handler) is logging.StreamHandler]

    assert mine and all(type(handler.formatter) is Discreet for handler in mine)
