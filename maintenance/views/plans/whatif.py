"""What if the interval were another one? Answered for the whole fleet, and nothing is saved."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fleet.kit.units import Units
from fleet.owners.access import role_required
from fleet.owners.models import Role
from maintenance.boards.plans import whatif as board
from maintenance.models import Policy
from maintenance.plans import words
from maintenance.program_form import WhatIfForm, typed


@role_required(Role.VIEWER)
@require_safe
def what_if(request: HttpRequest) -> HttpResponse:
    member, asked = request.member, request.GET
    rows = list(board.lines(member))
    row = next((one for one in rows if str(one.pk) == asked.get("line")), None)
    context = {"rows": rows, "row": row, "tab": "whatif", "here": "plans"}
    context["distance_unit"] = Units(member.fleet.units).distance
    if row is None:
        return render(request, "maintenance/plans/whatif.html", context)

    fleet = row.program.fleet
    sent = asked if "every" in asked else None
    form = WhatIfForm(sent, row=row, fleet=fleet, policy=Policy.of(fleet), initial=typed(row, fleet.units))
    context |= {"form": form, "standing": words.terms(row, fleet.units)}
    if sent is not None and form.is_valid():
        context["answer"] = board.answer(row, form.line(row.program), timezone.now())
        terms = {name: asked[name] for name in (*form.fields, "line") if name in asked}
        context["take_over"] = f"{reverse('maintenance:program-edit', args=[row.program_id])}?{urlencode(terms)}"
    bad = sent is not None and not form.is_valid()
    return render(request, "maintenance/plans/whatif.html", context, status=422 if bad else 200)
