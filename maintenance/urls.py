"""The addresses of the due list, the vehicles and the work on them."""

from django.urls import path

from maintenance.views import complete, due, faults, forecast, orders, outbox, proofs, snoozes, thresholds, vehicles

app_name = "maintenance"
urlpatterns = [
    path("", due.due, name="due"),
    path("due/<int:pk>/complete/", complete.complete, name="complete"),
    path("due/<int:pk>/snooze/", snoozes.snooze, name="snooze"),
    path("due/<int:pk>/wake/", snoozes.wake, name="wake"),
    path("records/<int:pk>/void/", complete.void, name="void"),
    path("faults/", faults.faults, name="faults"),
    path("faults/rules/", faults.fault_rules, name="fault-rules"),
    path("faults/rules/<int:pk>/", faults.fault_rule, name="fault-rule"),
    path("faults/rules/<int:pk>/remove/", faults.remove_fault_rule, name="fault-rule-remove"),
    path("faults/<int:pk>/fixed/", proofs.fixed, name="fixed"),
    path("proofs/", proofs.proofs, name="proofs"),
    path("proofs/<int:pk>/settle/", proofs.settle, name="settle"),
    path("proposals/<int:pk>/log/", proofs.log, name="log"),
    path("proposals/<int:pk>/refuse/", proofs.refuse, name="refuse"),
    path("vehicles/", vehicles.vehicles, name="vehicles"),
    path("vehicles/<int:pk>/", vehicles.vehicle, name="vehicle"),
    path("vehicles/<int:pk>/edit/", vehicles.edit, name="edit"),
    path("vehicles/<int:pk>/baselines/", vehicles.baselines, name="baselines"),
    path("forecast/", forecast.forecast, name="forecast"),
    path("thresholds/", thresholds.thresholds, name="thresholds"),
    path("thresholds/new/", thresholds.new, name="threshold-new"),
    path("thresholds/<int:pk>/", thresholds.threshold, name="threshold"),
    path("thresholds/<int:pk>/retire/", thresholds.retire, name="threshold-retire"),
    path("orders/", orders.orders, name="orders"),
    path("orders/new/", orders.new, name="order-new"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/work/", orders.work, name="order-work"),
    path("orders/<int:pk>/assign/", orders.assign, name="order-assign"),
    path("orders/<int:pk>/cancel/", orders.cancel, name="order-cancel"),
    path("outbox/", outbox.outbox, name="outbox"),
]
