import pytest

from tests.vehicles.smartcar.far_end import client, page
from vehicles.smartcar.errors import SmartcarProblem, TryLater

SUBSCRIPTIONS = "/management-v3/v3/subscriptions"


def test_subscribing_twice_is_fine_and_other_refusals_are_not(there):
    there.will(f"POST {SUBSCRIPTIONS}", 202, {"meta": {"message": "in progress"}})
    there.will(f"POST {SUBSCRIPTIONS}", 409, {"errors": [{"code": "conflict"}]})
    there.will(f"POST {SUBSCRIPTIONS}", 403, {"errors": [{"code": "forbidden"}]})
    smartcar = client(there)
    smartcar.subscribe("hook-1", "user-1", "car-1")
    smartcar.subscribe("hook-1", "user-1", "car-1")
    with pytest.raises(SmartcarProblem):
        smartcar.subscribe("hook-1", "user-1", "car-1")
    assert '"webhookId": "hook-1"' in there.asked[-1][2]


def test_only_the_subscription_meant_is_taken_back(there):
    def subscription(name, hook):
        related = {"webhook": hook, "user": "user-1", "vehicle": "car-1"}
        return {"id": name, "relationships": {kind: {"data": {"id": id_}} for kind, id_ in related.items()}}

    there.will(f"GET {SUBSCRIPTIONS}", 200, page(subscription("mine", "hook-1"), subscription("other", "hook-2")))
    there.will(f"DELETE {SUBSCRIPTIONS}/mine", 204)
    client(there).unsubscribe("hook-1", "user-1", "car-1")
    assert there.lines()[1:] == [f"DELETE {SUBSCRIPTIONS}/mine"]


def test_a_connection_that_is_gone_is_disconnected(there):
    there.will("DELETE /vehicle/v3/connections/known", 204)
    smartcar = client(there)
    smartcar.disconnect("known")
    smartcar.disconnect("gone")
    there.will("DELETE /vehicle/v3/connections/stuck", 500)
    with pytest.raises(TryLater):
        smartcar.disconnect("stuck")
