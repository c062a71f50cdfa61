"""Everything is there to see; what the car said cannot be edited."""

from django.contrib import admin
from django.db.models import Min
from django.utils import timezone

from vehicles import line_admin
from vehicles.consent import parting
from vehicles.models import (
    CallBucket,
    Capability,
    ConnectAttempt,
    Connection,
    DealerRecord,
    Delivery,
    Fault,
    Gauge,
    Grant,
    OddAnswer,
    Reading,
    Terms,
    Vehicle,
)
from vehicles.post import inbox, rereading

__all__ = ["line_admin"]


class ReadOnly(admin.ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Vehicle)
class VehicleAdmin(admin.ModelAdmin):
    list_display = ("name", "plate", "fleet", "make", "model", "year", "seen_at", "retired_at")
    list_filter = ("fleet", "powertrain")
    list_select_related = ("fleet",)
    search_fields = ("name", "plate", "vin")
    raw_id_fields = ("connection",)
    readonly_fields = ("smartcar_id", "retired_at")
    show_full_result_count = False
    actions = ["retire"]

    @admin.action(description="Retire, and give the consent back", permissions=["change"])
    def retire(self, request, queryset) -> None:
        retired = [vehicle for vehicle in queryset if parting.retire(vehicle, now=timezone.now())]
        self.message_user(request, f"{len(retired)} vehicles are retired.")


@admin.register(Connection)
class ConnectionAdmin(admin.ModelAdmin):
    list_display = ("owner", "fleet", "state", "reason", "state_since")
    list_filter = ("state",)
    list_select_related = ("owner", "fleet")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    list_display = ("event_id", "kind", "state", "error", "attempts", "received_at")
    list_filter = ("state", "kind")
    search_fields = ("event_id", "smartcar_id")
    exclude = ("body",)
    actions = ["open_again", "open_alike_again", "open_later_again"]

    @admin.action(description="Open again")
    def open_again(self, request, queryset) -> None:
        self.replay(request, queryset)

    @admin.action(description="Open all again that ended as these did")
    def open_alike_again(self, request, queryset) -> None:
        self.replay(request, rereading.of_the_class(queryset))

    @admin.action(description="Open all again that came since the first of these")
    def open_later_again(self, request, queryset) -> None:
        self.replay(request, rereading.chosen(since=queryset.aggregate(first=Min("received_at"))["first"]))

    def replay(self, request, queryset) -> None:
        self.message_user(request, f"{inbox.replay(queryset, now=timezone.now())} deliveries will be opened again.")


@admin.register(Reading)
class ReadingAdmin(ReadOnly):
    list_display = ("vehicle", "signal", "number", "at", "source", "standing")
    list_filter = ("signal", "source", "standing")
    list_select_related = ("vehicle",)


@admin.register(Gauge)
class GaugeAdmin(ReadOnly):
    list_display = ("vehicle", "signal", "number", "at", "source")
    list_filter = ("signal",)
    list_select_related = ("vehicle",)


@admin.register(Capability)
class CapabilityAdmin(ReadOnly):
    list_display = ("vehicle", "signal", "state", "note", "since")
    list_filter = ("state", "signal")
    list_select_related = ("vehicle",)


@admin.register(DealerRecord)
class DealerRecordAdmin(ReadOnly):
    list_display = ("vehicle", "done_at", "odometer_km", "cost", "currency", "told_at")
    list_select_related = ("vehicle",)


@admin.register(Fault)
class FaultAdmin(ReadOnly):
    list_display = ("vehicle", "code", "occurrence", "opened_at", "last_seen_at", "closed_at")
    list_filter = ("code",)
    list_select_related = ("vehicle",)


@admin.register(ConnectAttempt)
class ConnectAttemptAdmin(ReadOnly):
    list_display = ("owner", "fleet", "stage", "error", "began_at")
    list_filter = ("stage",)
    list_select_related = ("owner", "fleet")
    exclude = ("state_hash", "session_hash", "code")


@admin.register(Grant)
class GrantAdmin(ReadOnly):
    list_display = ("pk", "owner", "fleet", "renewed_at", "access_until", "failures", "dead_at")
    list_filter = ("fleet",)
    list_select_related = ("owner", "fleet")
    exclude = ("access", "refresh")


@admin.register(Terms)
class TermsAdmin(admin.ModelAdmin):
    list_display = ("fleet", "generation", "keeps_location", "calls_a_month")
    list_filter = ("generation",)
    readonly_fields = ("move_stopped_at", "move_stopped_by")
    list_select_related = ("fleet",)


@admin.register(CallBucket)
class CallBucketAdmin(ReadOnly):
    list_display = ("name", "left", "at")


@admin.register(OddAnswer)
class OddAnswerAdmin(ReadOnly):
    list_display = ("name", "kind", "status", "count", "first_at", "last_at", "seen_at")
    list_filter = ("kind",)
    search_fields = ("name",)
    actions = ["looked_at"]

    @admin.action(description="Looked at")
    def looked_at(self, request, queryset) -> None:
        seen = queryset.update(seen_at=timezone.now())
        self.message_user(request, f"{seen} odd answers are marked as looked at.")
