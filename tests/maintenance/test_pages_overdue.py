"""The ranking of what is overdue: share × weight, with its arithmetic."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fleet.owners.models import Role
from maintenance.domain.status import Status
from maintenance.models import DueItem, Task
from tests.scenes import a_car, a_fleet, a_member
from vehicles.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet():
    return a_fleet()


def overdue(fleet, name: str, share: float | None, *, key: str = "oil-change", weight: float = 1.0) -> DueItem:
    task, _ = Task.objects.get_or_create(fleet=fleet, key=key, defaults={"name": key})
    Task.objects.filter(pk=task.pk).update(weight=weight)
    return DueItem.objects.create(
        fleet=fleet,
        vehicle=a_car(fleet, name=name, connected=False),
        task=task,
        status=Status.OVERDUE,
        rank=Status.OVERDUE.rank,
        overdue_share=share,
    )


def shown(client, where="/overdue/") -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def order(page: str, *names: str) -> list[str]:
    return sorted((name for name in names if name in page), key=page.index)


def test_share_times_weight_ranks_and_is_written_out(client, fleet):
    client.force_login(a_member(fleet, Role.VIEWER).user)
    overdue(fleet, "Van late", 0.5)
    overdue(fleet, "Van brakes", 0.31, key="brake-fluid", weight=2)
    overdue(fleet, "Van unjudged", None)

    page = shown(client)

    assert order(page, "Van late", "Van brakes", "Van unjudged") == ["Van brakes", "Van late", "Van unjudged"]
    assert "0.31 × 2 = 0.62" in page and "0.50 × 1 = 0.50" in page and "no share is known" in page
    assert "not an amount of money" in page and "Complete" not in page


def test_only_what_is_overdue_and_still_ours_is_ranked(client, fleet):
    client.force_login(a_member(fleet, Role.TECHNICIAN).user)
    overdue(fleet, "Van ours", 0.2)
    other = overdue(fleet, "Van due", 0.0)
    DueItem.objects.filter(pk=other.pk).update(status=Status.DUE, rank=Status.DUE.rank)
    overdue(a_fleet("Theirs"), "Van theirs", 0.9)

    page = shown(client)

    assert "Van ours" in page and "Van due" not in page and "Van theirs" not in page
    assert "Complete" in page


def test_a_group_narrows_the_list_and_a_foreign_one_does_not(client, fleet):
    client.force_login(a_member(fleet, Role.MANAGER).user)
    north, south = overdue(fleet, "Van north", 0.2), overdue(fleet, "Van south", 0.3)
    group = Group.objects.create(fleet=fleet, name="Depot North")
    group.vehicles.add(north.vehicle)
    foreign = Group.objects.create(fleet=a_fleet("Theirs"), name="Foreign")

    narrowed = shown(client, f"/overdue/?group={group.pk}")

    assert "Van north" in narrowed and "Van south" not in narrowed and "Overdue in Depot North" in narrowed
    assert south.vehicle.name in shown(client, f"/overdue/?group={foreign.pk}")


def test_a_long_ranking_is_leafed_and_costs_the_same(client, fleet):
    client.force_login(a_member(fleet, Role.VIEWER).user)
    overdue(fleet, "Van 000", 5.0)
    shown(client)  # the first look writes the session

    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            shown(client)
        return len(caught)

    few = asked()
    for n in range(1, 55):
        overdue(fleet, f"Van {n:03d}", 5.0 - n / 100)

    assert asked() == few <= 12
    page = shown(client, "/overdue/?page=2")
    assert "51. " in page and "Van 050" in page and "Van 049" not in page


def test_due_links_to_the_ranking(client, fleet):
    client.force_login(a_member(fleet, Role.VIEWER).user)
    overdue(fleet, "Van late", 0.5)

    assert 'href="/overdue/"' in shown(client, "/?show=overdue")
