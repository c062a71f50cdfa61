"""Groups of vehicles: a depot, a class, a customer. A program may ask for one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fleet.kit.asking import searched
from fleet.kit.htmx import page_or_fragment
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance import grouping
from maintenance.boards.plans import library as board
from maintenance.library_forms import GroupForm, MembersForm
from maintenance.plans import pasted
from vehicles.models import Group, Vehicle

MOST = 5_000


@role_required(Role.VIEWER)
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    return show(request, GroupForm(None, fleet=request.member.fleet) if request.member.plans else None)


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def group_new(request: HttpRequest) -> HttpResponse:
    form = GroupForm(request.POST if request.method == "POST" else None, fleet=request.member.fleet)
    if form.is_valid():
        made = Group.objects.create(fleet=request.member.fleet, name=form.cleaned_data["name"])
        return redirect("maintenance:group-edit", made.pk)
    return show(request, form)


def show(request: HttpRequest, form: GroupForm | None) -> HttpResponse:
    context = board.groups(request.member) | {"form": form, "tab": "groups"}
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "maintenance/plans/groups.html", context, status=status)


@role_required(Role.VIEWER)
@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """To be read by whoever looks for a car of the depot."""
    held = get_object_or_404(Group.objects.seen_by(request.member), pk=pk)
    context = board.group(held, request.member, q=searched(request), page=request.GET.get("page", ""))
    return render(request, "maintenance/plans/group.html", context | {"tab": "groups"})


@role_required(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def group_edit(request: HttpRequest, pk: int) -> HttpResponse:
    member = request.member
    held = get_object_or_404(Group.objects.seen_by(member), pk=pk)
    sent = request.POST if request.method == "POST" else None
    act = sent.get("act", "") if sent else ""
    naming = GroupForm(sent if act == "name" else None, fleet=member.fleet, group=held, initial={"name": held.name})
    adding = MembersForm(sent if act == "add" else None)
    if act in ("put", "out"):
        move(request, held, act, ticked(sent))
        return redirect(request.get_full_path())
    if act == "name" and naming.is_valid():
        Group.objects.filter(pk=held.pk).update(name=naming.cleaned_data["name"])
        messages.success(request, f"Now called {naming.cleaned_data['name']}.")
        return redirect("maintenance:group-edit", held.pk)
    if act == "add" and adding.is_valid():
        left = put_in(request, held, adding.cleaned_data["lines"])
        if not left:
            return redirect("maintenance:group-edit", held.pk)
        adding = MembersForm(initial={"lines": "\n".join(left)})
    bad = naming.is_bound or adding.is_bound
    context = board.candidates(held, member, find=searched(request, "find"), ticked=ticked(request.GET))
    if not request.htmx:
        context |= board.group(held, member, q=searched(request), page=request.GET.get("page", ""))
        context |= {"naming": naming, "adding": adding, "tab": "groups"}
    page, part = "maintenance/plans/group_form.html", "maintenance/plans/_group_found.html"
    return page_or_fragment(request, page, part, context, status=422 if bad else 200)


def move(request: HttpRequest, held: Group, act: str, keys: list[int]) -> None:
    """Put the ticked vehicles in, or take them out."""
    cars = Vehicle.objects.seen_by(request.member).filter(pk__in=keys).values_list("pk", flat=True)
    if act == "put":
        tell(request, held, grouping.put_in(held, cars.active(), by=request.user, now=timezone.now()))
    else:
        gone = grouping.take_out(held, cars, now=timezone.now())
        messages.success(request, f"{gone:,} taken out of {held.name}.")


def ticked(sent: QueryDict) -> list[int]:
    """The keys of the vehicles that were ticked."""
    return [int(one) for one in sent.getlist("car")[:MOST] if one.isascii() and one.isdigit() and len(one) < 18]


def tell(request: HttpRequest, held: Group, count: int) -> None:
    if count:
        messages.success(request, f"{count:,} put into {held.name}.")
    else:
        messages.info(request, f"Nobody new was put into {held.name}.")


def put_in(request: HttpRequest, held: Group, text: str) -> list[str]:
    """Put in what is known by its name, plate or VIN. Returns the lines that are not, or are several."""
    cars, found, left = pasted.called(request.member.fleet), [], []
    for line in filter(str.strip, text.splitlines()):
        named = cars.get(pasted.plain(line), [])
        if len(named) == 1:
            found.append(named[0].pk)
        else:
            left.append(line)
    tell(request, held, grouping.put_in(held, found, by=request.user, now=timezone.now()))
    if left:
        messages.warning(request, f"{len(left):,} stay in the field: no vehicle, or several, are called so.")
    return left


@role_required(Role.MANAGER)
@require_POST
def group_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Not while a program asks for it: an empty question would ask every vehicle in."""
    held = get_object_or_404(Group.objects.seen_by(request.member), pk=pk)
    programs = sorted(held.programs.values_list("name", flat=True))
    if programs:
        messages.warning(request, f"{held.name} is asked for by {', '.join(programs)}. Take it out there first.")
        return redirect("maintenance:group-edit", held.pk)
    held.delete()
    messages.success(request, f"{held.name} is gone. Its vehicles stay.")
    return redirect("maintenance:groups")
