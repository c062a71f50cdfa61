"""Asking all owners of one make to reconnect."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from fleet.owners.access import role_required
from fleet.owners.models import Role
from vehicles.boards import campaigns as campaigns_board
from vehicles.consent import campaigning
from vehicles.domain import makes
from vehicles.forms import CampaignForm
from vehicles.models import Appeal, Campaign

ENDS = {"end": Campaign.State.ENDED, "cancel": Campaign.State.CANCELLED}


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def campaigns(request: HttpRequest) -> HttpResponse:
    board = campaigns_board.board(request.member, timezone.now())
    act = request.POST.get("act", "")
    begun = request.POST if act == "begin" else None
    form = CampaignForm(
        begun, makes=campaigns_board.choices(board["makes"]), initial={"make": request.GET.get("make", "").upper()}
    )

    if act in ENDS:
        return end(request, ENDS[act])
    if act == "write":
        return write(request)
    if form.is_valid():
        return begin(request, form)

    status = 422 if request.method == "POST" else 200
    return render(request, "vehicles/campaigns.html", board | {"form": form}, status=status)


def begin(request: HttpRequest, form: CampaignForm) -> HttpResponse:
    asked = form.cleaned_data | {"by": request.user, "now": timezone.now()}
    campaign = campaigning.begin(request.member.fleet, **asked)
    if campaign is not None:
        messages.success(request, f"The owners of {makes.said(campaign.make)} cars are asked now.")
    return redirect("vehicles:campaigns")


def end(request: HttpRequest, state: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.seen_by(request.member), pk=number(request, "campaign"))
    campaigning.end(campaign, state, now=timezone.now())
    messages.success(request, f"The {makes.said(campaign.make)} campaign is {Campaign.State(state).label.lower()}.")
    return redirect("vehicles:campaigns")


def write(request: HttpRequest) -> HttpResponse:
    ours = Appeal.objects.filter(campaign__fleet_id=request.member.fleet_id).select_related("owner")
    appeal = get_object_or_404(ours, pk=number(request, "appeal"))
    if campaigning.write_again(appeal, now=timezone.now()):
        messages.success(request, f"{appeal.owner} is written to again.")
    return redirect("vehicles:campaigns")


def number(request: HttpRequest, name: str) -> int:
    asked = request.POST.get(name, "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise Http404
    return int(asked)
