"""Numbers that people can say, counted per fleet."""

from django.db.models import F

from maintenance.models import OrderCount


def next_number(fleet_id: int) -> int:
    """The next number of this fleet, 1001 for the first. To be called inside a transaction.

    The update locks the fleet's row until the transaction ends: nobody else reads it in between, and what is
    rolled back takes no number with it.
    """
    count, _ = OrderCount.objects.get_or_create(fleet_id=fleet_id)
    OrderCount.objects.filter(pk=count.pk).update(last=F("last") + 1)
    return OrderCount.objects.values_list("last", flat=True).get(pk=count.pk)
