"""The page of the line to Smartcar in the admin, for superusers, with the few things that can be done about it."""

from datetime import UTC, datetime

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from fleet.watch.models import Line
from vehicles.boards import line as line_board
from vehicles.consent import parting
from vehicles.models import Delivery, OddAnswer, Parting
from vehicles.post import inbox


@admin.register(Line)
class LineAdmin(admin.ModelAdmin):
    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def get_urls(self) -> list:
        """The one page; there is nothing to add, change or delete."""
        return [url for url in super().get_urls() if url.name and url.name.endswith("_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        if not self.has_view_permission(request):
            return self.admin_site.login(request) if not request.user.is_staff else HttpResponse(status=403)
        if request.method == "POST":
            return self.act(request)
        context = self.admin_site.each_context(request) | {"title": "The line to Smartcar", "opts": self.model._meta}
        return render(request, "admin/watch/line.html", context | line_board.board(timezone.now()))

    def act(self, request: HttpRequest) -> HttpResponse:
        acts = {"class": self.open_class, "time": self.open_time, "seen": self.look_at, "part": self.part_again}
        act = acts.get(request.POST.get("act", ""))
        if act is not None:
            act(request)
        return redirect("admin:watch_line_changelist")

    def open_class(self, request: HttpRequest) -> None:
        held = Delivery.objects.filter(state=Delivery.State.QUARANTINED, error=request.POST.get("error", ""))
        self.open_again(request, held)

    def open_time(self, request: HttpRequest) -> None:
        begin, end = (moment(request.POST.get(name, "")) for name in ("begin", "end"))
        if begin is None or end is None or end <= begin:
            messages.error(request, "Say from when until when, in UTC.")
            return
        self.open_again(request, Delivery.objects.filter(received_at__gte=begin, received_at__lt=end))

    def open_again(self, request: HttpRequest, deliveries) -> None:
        count = inbox.replay(deliveries, now=timezone.now())
        messages.success(request, f"{count} deliveries will be opened again.")

    def look_at(self, request: HttpRequest) -> None:
        pk = request.POST.get("odd", "")
        if pk.isdecimal() and len(pk) < 18:
            OddAnswer.objects.filter(pk=int(pk)).update(seen_at=timezone.now())

    def part_again(self, request: HttpRequest) -> None:
        for row in Parting.objects.filter(done_at=None):
            parting.try_again(row, now=timezone.now())
        messages.success(request, "All open partings are tried again now.")


def moment(text: str) -> datetime | None:
    """What a browser's field for date and time sends; the page says that it means UTC."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
