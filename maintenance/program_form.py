"""A program as a manager types it: whom it is for, and a line for each task."""

from django import forms
from django.db.models import Q

from fleet.kit.units import Units, km_to, number, show_interval
from fleet.owners.models import Fleet
from maintenance.domain.plan import Recurrence
from maintenance.models import Policy, Program, ProgramLine, Task
from maintenance.plan_fields import DistanceField, ShareField, WordsField, whole
from maintenance.plans import programs, words
from vehicles.models import Group

RECURS = [
    (Recurrence.FLOATING.value, "from each completion"),
    (Recurrence.FIXED.value, "on a fixed grid"),
]
NO_AXIS = "Say how often: a distance, months, oil life or engine hours."
SPARE = 2  # empty lines at the end


class ProgramForm(forms.ModelForm):
    powertrains = forms.MultipleChoiceField(
        label="What drives it",
        choices=[(value or "none", label) for value, label in words.POWERTRAINS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="With none ticked it does not matter.",
    )
    makes = WordsField(label="Makes", help_text="With commas between them, such as Ford, Kia.")
    kinds = WordsField(
        label="Models", help_text="How the model begins: Transit asks for the Transit Connect too.", most=80
    )

    class Meta:
        model = Program
        fields = ["name", "place", "powertrains", "makes", "kinds", "year_from", "year_to", "groups", "by_hand"]
        widgets = {"groups": forms.CheckboxSelectMultiple}
        labels = {
            "place": "Place in the order",
            "year_from": "Years from",
            "year_to": "to",
            "by_hand": "Only for vehicles that are given it by hand",
        }
        help_texts = {"place": "Of several programs that match a vehicle, the lowest place is followed."}

    def __init__(self, *args, fleet: Fleet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fleet = fleet
        self.fields["groups"].queryset = Group.objects.for_fleet(fleet)
        self.fields["groups"].choices = [(group.pk, group.name) for group in Group.objects.for_fleet(fleet)]
        self.fields["groups"].required = False
        self.fields["place"].min_value = 1
        for year in ("year_from", "year_to"):
            self.fields[year] = whole(self.fields[year].label, 1950, 2100)
        if not self.is_bound and self.instance.pk:
            self.initial["powertrains"] = [one or "none" for one in self.instance.powertrains]

    def clean_powertrains(self) -> list[str]:
        return ["" if one == "none" else one for one in self.cleaned_data["powertrains"]]

    def clean_makes(self) -> list[str]:
        return [make.upper() for make in self.cleaned_data["makes"]]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Program.objects.for_fleet(self.fleet).filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Another program has this name.")
        return name

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("year_from"), cleaned.get("year_to")
        if first and last and first > last:
            self.add_error("year_to", "The last year is before the first.")
        return cleaned


class LineForm(forms.Form):
    """One line. An untouched one is no line; a ticked “take out” leaves."""

    task = forms.TypedChoiceField(label="Task", required=False, empty_value=None)
    every_months = whole("Months", 1, 240)
    oil_below_pct = forms.FloatField(label="Oil life at or below", min_value=1, max_value=90, required=False)
    every_hours = forms.FloatField(label="Engine hours", min_value=1, max_value=20_000, required=False)
    distance_recurs = forms.ChoiceField(label="Distance counts", choices=RECURS, required=False)
    time_recurs = forms.ChoiceField(label="Time counts", choices=RECURS, required=False)
    hours_recur = forms.ChoiceField(label="Hours count", choices=RECURS, required=False)
    grace_days = whole("Grace, days", 0, 90)
    grace_hours = forms.FloatField(label="Grace, hours", min_value=0, max_value=500, required=False)
    soon_days = whole("Soon, days before", 0, 180)
    as_policy = forms.BooleanField(required=False)
    out = forms.BooleanField(label="Take this line out", required=False)

    def __init__(self, *args, fleet: Fleet, tasks: dict[int, Task], policy: Policy, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = {pk: task.name for pk, task in tasks.items()}
        self.fields["task"].choices = [("", "Choose a task"), *((str(pk), name) for pk, name in self.names.items())]
        self.fields["task"].coerce = lambda pk: one_of(tasks, pk)
        self.fields["every"] = DistanceField(units=fleet.units, label="Distance", required=False)
        self.fields["grace"] = DistanceField(
            units=fleet.units, most_km=20_000, can_be_zero=True, label="Grace, distance", required=False
        )
        self.fields["soon_share"] = ShareField(label="Soon, share of the interval", required=False)
        self.fields["soon_share"].help_text = f"The fleet’s: {policy.soon_share * 100:g} %."
        self.policy = policy
        distance = show_interval(policy.every_km, policy.distance_typed, fleet.units)
        known = f"{distance} and oil life {policy.oil_below_pct:g} %"
        self.fields["as_policy"].label = f"Distance and oil life as the fleet has them: {known}"
        self.fields["soon_days"].help_text = f"The fleet’s: {policy.soon_days}."
        for field in self.fields.values():
            if isinstance(field.widget, forms.NumberInput):
                field.widget.attrs["inputmode"] = "decimal"

    def clean(self):
        cleaned = super().clean()
        if not self.is_line():
            return cleaned
        if not cleaned.get("task") and "task" not in self.errors:
            self.add_error("task", "Choose a task, or empty the line.")
        axes = ("every", "every_months", "oil_below_pct", "every_hours")
        said = cleaned.get("as_policy") or any(cleaned.get(axis) for axis in axes)
        if not said and not any(axis in self.errors for axis in axes):
            self.add_error("every", NO_AXIS)
        return cleaned

    @property
    def is_stored(self) -> bool:
        return bool(self.initial.get("task"))

    @property
    def title(self) -> str:
        """The task’s name as it stands stored, or what a spare form is for."""
        return self.names.get(self.initial.get("task"), "Another task")

    @property
    def is_special(self) -> bool:
        """Whether something in the folded part was said, or is wrong."""
        recurs = {self[name].value() for name in ("distance_recurs", "time_recurs", "hours_recur")}
        folded = ("grace", "grace_days", "grace_hours", "soon_share", "soon_days")
        said = any(self[name].value() not in (None, "") for name in folded)
        wrong = self.is_bound and any(name in self.errors for name in folded)
        return said or wrong or Recurrence.FIXED.value in recurs

    def is_line(self) -> bool:
        return (self.is_stored or self.has_changed()) and not self.cleaned_data.get("out")

    def line(self, program: Program) -> ProgramLine:
        """The line as typed, unsaved."""
        typed = self.cleaned_data
        km, as_typed, oil = *(typed["every"] or (None, "")), typed["oil_below_pct"]
        if typed.get("as_policy"):
            km, as_typed, oil = self.policy.every_km, self.policy.distance_typed, self.policy.oil_below_pct
        return ProgramLine(
            program=program,
            task=typed["task"],
            every_km=km,
            distance_typed=as_typed,
            every_months=typed["every_months"],
            oil_below_pct=oil,
            as_policy=typed.get("as_policy", False),
            every_hours=typed["every_hours"],
            distance_recurs=typed["distance_recurs"] or Recurrence.FLOATING,
            time_recurs=typed["time_recurs"] or Recurrence.FLOATING,
            hours_recur=typed["hours_recur"] or Recurrence.FLOATING,
            grace_km=typed["grace"][0] if typed["grace"] else 0.0,
            grace_days=typed["grace_days"] or 0,
            grace_hours=typed["grace_hours"] or 0.0,
            soon_share=typed["soon_share"],
            soon_days=typed["soon_days"],
        )


def one_of(tasks: dict[int, Task], pk: str) -> Task:
    if task := tasks.get(int(pk)):
        return task
    raise ValueError(pk)


class WhatIfForm(LineForm):
    """The terms of one line, to be tried out."""

    def __init__(self, *args, row: ProgramLine, **kwargs):
        super().__init__(*args, tasks={row.task_id: row.task}, **kwargs)
        self.row = row
        del self.fields["task"], self.fields["out"], self.fields["as_policy"]

    def clean(self):
        self.cleaned_data["task"] = self.row.task
        return super().clean()

    def is_line(self) -> bool:
        return True


class BaseLines(forms.BaseFormSet):
    def clean(self):
        """A task has one line; of two, the second is told so beside itself."""
        seen = set()
        for form in self.forms:
            task = form.cleaned_data.get("task") if form.is_valid() and form.is_line() else None
            if task and task.pk in seen:
                form.add_error("task", "This task has a line already.")
                raise forms.ValidationError("A task has one line.")
            seen.add(task.pk if task else None)
        if not any(form.is_valid() and form.is_line() for form in self.forms) and not any(self.errors):
            raise forms.ValidationError("A program needs a task at least.")

    def lines(self, program: Program) -> list[ProgramLine]:
        return [form.line(program) for form in self.forms if form.is_line()]


def lines_form(data, program: Program, fleet: Fleet, *, more: int = 0, tried=None) -> BaseLines:
    """The lines of a program as they are stored, or as they were sent with so many empty ones added.

    `tried` are terms from the what-if page for one of them, by the names of its fields and the key of its line.
    """
    held = list(program.lines.standing().select_related("task")) if program.pk else []
    tasks = Task.objects.for_fleet(fleet).filter(Q(retired_at=None) | Q(pk__in=[line.task_id for line in held]))
    made = forms.formset_factory(LineForm, formset=BaseLines, extra=0 if data else SPARE, max_num=60, absolute_max=60)
    known = {"fleet": fleet, "tasks": {task.pk: task for task in tasks}, "policy": Policy.of(fleet)}
    first = [typed(line, fleet.units) for line in held]
    for line, terms in zip(held, first, strict=True):
        if tried and tried.get("line") == str(line.pk):
            terms |= {name: tried[name] for name in terms if name in tried and name != "task"}
            terms["as_policy"] = False  # what was tried out is this line’s own
    if data and more:
        data = data.copy()
        sent = data.get("line-TOTAL_FORMS", "")
        data["line-TOTAL_FORMS"] = str(min(int(sent) + more, 60)) if sent.isdigit() and len(sent) < 3 else sent
    return made(data, prefix="line", initial=first, form_kwargs=known)


def typed(line: ProgramLine, units: str) -> dict:
    """A stored line as it stands in its form."""
    unit = Units(units).distance
    first = {name: getattr(line, name) for name in programs.TERMS}
    first["task"] = line.task_id
    first["every"] = line.distance_typed or _shown(line.every_km, unit)
    first["grace"] = _shown(line.grace_km, unit) if line.grace_km else ""
    first["grace_days"], first["grace_hours"] = line.grace_days or None, line.grace_hours or None
    for name in ("oil_below_pct", "every_hours"):
        first[name] = None if first[name] is None else f"{first[name]:g}"
    return first


def _shown(km: float | None, unit: str) -> str:
    return "" if km is None else f"{number(km_to(km, unit), 0)} {unit}"
