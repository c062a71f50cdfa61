"""Last services for many vehicles at once: on the list of unknown ones, and pasted from a spreadsheet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fleet.kit.units import Units
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance import anchors
from maintenance.anchors import Start
from maintenance.boards.plans import baselines as board
from maintenance.domain.plan import AnchorKind
from maintenance.forms import BaselineForm, PasteForm
from maintenance.plans import pasted

AT_ONCE = {"today": AnchorKind.TODAY, "new": AnchorKind.NEW}
MOST = 5_000


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def baselines(request: HttpRequest) -> HttpResponse:
    member, now = request.member, timezone.now()
    asked = narrowed(request.GET)
    sent = request.POST if request.method == "POST" else None
    if sent and sent.get("act") in AT_ONCE:
        return set_alike(request, asked, AT_ONCE[sent["act"]], now)

    context = board.board(member, asked, request.GET.get("page", ""))
    items = context["page"].rows if sent is None else shown(request, asked)
    forms = [row_form(request, item, sent, now) for item in items]
    bad = sent is not None and not all([form.is_valid() for form in forms])
    if sent is not None and not bad:
        starts = [form.start(vehicle_of(form.item, member)) for form in forms if form.has_changed()]
        anchors.set_starts(starts, by=request.user, now=now)
        tell(request, len(starts))
        return redirect(request.get_full_path())

    context |= {"forms": forms, "tab": "baselines", "distance_unit": Units(member.fleet.units).distance}
    return render(request, "maintenance/plans/baselines.html", context, status=422 if bad else 200)


def shown(request: HttpRequest, asked: board.Asked) -> list:
    """The items that the form was drawn with, as far as they are still to be told."""
    keys = [int(one) for one in request.POST.getlist("row")[:100] if one.isascii() and one.isdigit() and len(one) < 18]
    return list(board.unknown(request.member, board.Asked()).filter(pk__in=keys))


def row_form(request: HttpRequest, item, sent: QueryDict | None, now) -> BaselineForm:
    fleet = request.member.fleet
    first = {"kind": AnchorKind.UNKNOWN.value}
    return BaselineForm(sent, item=item, units=fleet.units, today=fleet.day(now), prefix=f"i{item.pk}", initial=first)


def set_alike(request: HttpRequest, asked: board.Asked, kind: AnchorKind, now) -> HttpResponse:
    """Those that were ticked, or all that the list was narrowed to."""
    found = board.unknown(request.member, asked)
    if request.POST.get("all"):
        items = list(found[:MOST])
    else:
        keys = [int(one) for one in request.POST.getlist("item")[:MOST] if one.isascii() and one.isdigit()]
        items = list(found.filter(pk__in=keys))
    if not items:
        messages.warning(request, "Nothing was ticked.")
        return redirect(request.get_full_path())
    starts = [Start(vehicle_of(item, request.member), item.task, kind) for item in items]
    anchors.set_starts(starts, by=request.user, now=now)
    tell(request, len(starts))
    return redirect(request.get_full_path())


def vehicle_of(item, member):
    item.vehicle.fleet = member.fleet
    return item.vehicle


def tell(request: HttpRequest, count: int) -> None:
    if count:
        messages.success(request, f"{count:,} start{'s' if count != 1 else ''} set. The vehicles are judged anew.")


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """Looked through first; written when the person has seen what each line is taken for."""
    member, now = request.member, timezone.now()
    form = PasteForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "tab": "baselines", "here": "plans", "distance_unit": Units(member.fleet.units).distance}
    if not form.is_valid():
        return render(request, "maintenance/plans/paste.html", context, status=422 if form.is_bound else 200)

    lines = pasted.understand(form.cleaned_data["lines"], member.fleet, now=now)
    good = [line for line in lines if not line.problem]
    if request.POST.get("act") == "write" and good:
        starts = [
            Start(line.vehicle, line.task, line.row.kind, line.row.on, line.row.km, line.row.hours) for line in good
        ]
        kept = anchors.set_starts(starts, by=request.user, now=now)
        tell(request, len(starts) - kept)
        if kept:
            messages.info(request, f"{kept:,} kept for the day when a program asks for that task on that vehicle.")
        left = [line for line in lines if line.problem]
        if not left:
            return redirect(reverse("maintenance:all-baselines"))
        form = PasteForm(initial={"lines": "\n".join(line.row.text for line in left)})
        lines, context["form"] = left, form
    return render(request, "maintenance/plans/paste.html", context | board.pasted(lines))


def narrowed(sent: QueryDict) -> board.Asked:
    return board.Asked(sent.get("q", "")[:80].strip(), sent.get("task", ""), sent.get("program", ""))
