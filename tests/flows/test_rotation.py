"""The management token is changed at Smartcar, and not one delivery is lost: the order in which it is done."""

import pytest
from django.utils import timezone

from fleet.owners.models import Owner
from tests.flows.makers import sandbox, until
from tests.flows.walking import accounts, command, connected
from tests.scenes import a_fleet, a_member
from vehicles.boards import line as line_board
from vehicles.models import Delivery, DoorTally
from vehicles.post import doorwatch

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "7c9a1f3e-the-old-token", "d41f0c22-the-new-token"


@pytest.fixture
def smartcar(tmp_path, settings, live_server, monkeypatch):
    """A Smartcar that knows both tokens and signs with either; the portal begins with the old one."""
    monkeypatch.setattr(doorwatch, "tally", doorwatch.Tally())
    settings.SMARTCAR_MANAGEMENT_TOKENS = [NEW, OLD]
    with sandbox(tmp_path, settings, door=live_server.url) as makers:
        manager = a_member(a_fleet())
        owner = Owner.objects.create(fleet=manager.fleet, name="Halifax Leasing")
        settings.SMARTCAR_MANAGEMENT_TOKENS = [OLD]
        command(makers, "post", token="older", duplicate=0)
        cars = connected(owner, manager, accounts(makers)[0]["account"])
        until(lambda: Delivery.objects.count() >= len(cars), seconds=30)  # or one still under way counts as good later
        yield lambda: command(makers, "deliver", vehicleId=cars[0].smartcar_id), makers


def kept_after(deliver) -> bool:
    before = Delivery.objects.count()
    deliver()
    return bool(until(lambda: Delivery.objects.count() > before))


def test_new_first_then_smartcar_then_the_old_one_goes(smartcar, settings):
    deliver, makers = smartcar
    assert kept_after(deliver)

    settings.SMARTCAR_MANAGEMENT_TOKENS = [NEW, OLD]
    assert kept_after(deliver), "signed with the old one, which still counts"
    command(makers, "post", token="newest")
    assert kept_after(deliver), "signed with the new one, which counts already"
    settings.SMARTCAR_MANAGEMENT_TOKENS = [NEW]
    assert kept_after(deliver)

    def signers() -> list:
        doorwatch.tally.flush()
        return line_board.signers(list(DoorTally.objects.all()))

    until(lambda: signers()[0].signed >= 2)  # a delivery is counted after it was kept
    first, *others = signers()
    assert (first.title, first.is_set) == ("1 of 1, the newest", True)
    assert [(other.title, other.is_set) for other in others] == [("no longer set", False)]
    assert not doorwatch.failing(timezone.now())


def test_a_verify_after_the_change_is_answered_with_the_newest(smartcar, settings):
    deliver, makers = smartcar
    settings.SMARTCAR_MANAGEMENT_TOKENS = [NEW, OLD]
    command(makers, "post", token="newest")

    assert command(makers, "verify") == {"verified": True}


def test_a_change_without_telling_us_is_an_alarm(smartcar):
    deliver, makers = smartcar
    command(makers, "post", token="newest")
    doorwatch.tally = doorwatch.Tally()
    DoorTally.objects.all().delete()
    for _ in range(3):
        deliver()

    def refused() -> bool:
        doorwatch.tally.flush()
        return bool(doorwatch.failing(timezone.now()))

    assert until(refused)
