"""The vehicle list narrowed by a group, as an address that can be kept, and as a file."""

import csv
import io

import pytest
from django.utils import timezone

from fleet.owners.models import Role
from tests.maintenance.laden import a_talker, load
from tests.scenes import a_car, a_fleet, a_member
from vehicles.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet(client):
    fleet = a_fleet()
    client.force_login(a_member(fleet, Role.VIEWER).user)
    return fleet


@pytest.fixture
def depot(fleet):
    """A group with one of the fleet's two cars."""
    group = Group.objects.create(fleet=fleet, name="Depot")
    group.vehicles.add(a_car(fleet, name="Van in"))
    a_car(fleet, name="Van out")
    return group


def names(client, **query) -> list[str]:
    return [row.vehicle.name for row in client.get("/vehicles/", query).context["rows"]]


def table(client, **query) -> list[dict]:
    answer = client.get("/vehicles.csv", query)
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_group_narrows_the_list_together_with_words_and_states(client, depot):
    assert names(client, group=depot.pk) == ["Van in"]
    assert names(client, group=depot.pk, q="out") == []
    assert names(client, group=depot.pk, light="unknown") == ["Van in"]
    assert names(client, group=depot.pk, light="critical") == []
    page = client.get("/vehicles/", {"group": depot.pk, "light": "critical"}).content.decode()
    assert "No vehicle of Depot is in the state “Critical” now." in page


def test_every_link_keeps_what_else_was_asked(client, depot):
    page = client.get("/vehicles/", {"group": depot.pk, "q": "van"}).content.decode()

    assert f'href="?q=van&amp;light=critical&amp;group={depot.pk}"' in page
    assert f'href="/vehicles.csv?q=van&amp;group={depot.pk}"' in page
    assert f'<option value="{depot.pk}" selected>Depot</option>' in page


@pytest.mark.parametrize("group", ["x", "0", "-1", "9" * 40, "%00"])
def test_a_strange_group_is_no_group(client, depot, group):
    assert names(client, group=group) == ["Van in", "Van out"]


def test_a_group_of_another_fleet_holds_none_of_ours(client, depot):
    other = Group.objects.create(fleet=a_fleet("Southgate"), name="Secret depot")
    other.vehicles.add(depot.vehicles.get())

    page = client.get("/vehicles/", {"group": other.pk}).content.decode()

    assert names(client, group=other.pk) == [] and "Secret depot" not in page
    assert table(client, group=other.pk) == []


def test_the_file_holds_what_is_listed_on_all_pages(client, fleet, depot):
    for place in range(60):
        a_car(fleet, name=f"Car {place:02}")

    assert len(table(client)) == 62
    assert [row["vehicle"] for row in table(client, group=depot.pk)] == ["Van in"]
    assert [row["vehicle"] for row in table(client, q="car 07")] == ["Car 07"]


def test_the_file_tells_what_the_list_tells(client, fleet):
    now = timezone.now()
    car = a_talker(fleet, now)
    load(car, 2, now)
    [row] = client.get("/vehicles/").context["rows"]

    [told] = table(client)

    assert (told["vehicle"], told["state"], told["why"]) == (car.name, row.word, row.health.sentence)
    assert (told["odometer"], told["open faults"]) == (row.odometer, "2")
    assert told["next service"] == row.next.task.name and told["connection"] == row.reach.title
    assert told["data from"].startswith(f"{now:%Y-%m-%d}")


def test_hostile_names_are_no_formulas(client, fleet):
    a_car(fleet, name='=HYPERLINK("http://evil","x")', plate="+1")

    [told] = table(client)

    assert told["vehicle"] == '\'=HYPERLINK("http://evil","x")' and told["plate"] == "'+1"
