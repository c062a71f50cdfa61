"""A task of the library, the decisions of a fleet, and its groups, as a manager types them."""

from django import forms
from django.db.models import Q

from fleet.kit.units import MI_KM, Units, km_to, number, show_distance, show_interval
from fleet.owners.models import Fleet
from maintenance.care_forms import Refusing
from maintenance.domain.steps import as_typed, step_of
from maintenance.forms import MOST_LINES
from maintenance.models import Policy, Task
from maintenance.plan_fields import DistanceField, ShareField, whole
from vehicles.models import FaultTerms, Group

MOST_STEPS = 40
MOST_MINUTES = 6_000
CAP_DAYS, CAP_KM = 30, 1_000.0  # of a snooze, whatever a fleet decides
SUGGESTED, SUGGESTED_KM = "5,000 mi", 5_000 * MI_KM  # in Smartcar’s guide


class TaskForm(forms.ModelForm):
    checklist = forms.CharField(
        required=False,
        max_length=6_000,
        widget=forms.Textarea({"rows": 6}),
        help_text="A step on each line. A unit in brackets at its end asks for a figure: Thinnest pad, front [mm].",
    )

    class Meta:
        model = Task
        fields = ["name", "instructions", "checklist", "parts", "minutes", "weight", "includes"]
        widgets = {
            "instructions": forms.Textarea({"rows": 4}),
            "parts": forms.Textarea({"rows": 2}),
            "minutes": forms.TextInput({"inputmode": "numeric"}),
            "weight": forms.TextInput({"inputmode": "decimal"}),
            "includes": forms.CheckboxSelectMultiple,
        }
        labels = {"includes": "Includes", "minutes": "Time it takes", "parts": "Parts usually needed"}
        help_texts = {
            "minutes": "As a rule, with what it includes. The weeks on Due add it up; leave it open if nobody knows.",
            "weight": "How much waiting with it matters: the overdue list ranks by share over × weight. 1 is usual.",
            "includes": "Completing this completes those too, until it is taken back.",
        }

    def __init__(self, *args, fleet: Fleet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fleet = fleet
        offered = Q(retired_at=None)
        if self.instance.pk:  # one that is retired by now is kept until somebody unticks it
            offered |= Q(pk__in=self.instance.includes.values("pk"))
        others = Task.objects.for_fleet(fleet).filter(offered).exclude(pk=self.instance.pk)
        self.fields["includes"].queryset = others
        self.fields["includes"].choices = [(task.pk, task.name) for task in others]
        self.fields["includes"].required = False
        self.initial["checklist"] = "\n".join(map(as_typed, self.instance.checklist))
        self.initial["weight"] = f"{self.instance.weight:g}"

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Task.objects.for_fleet(self.fleet).filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Another task has this name.")
        return name

    def clean_weight(self) -> float:
        weight = self.cleaned_data["weight"]
        if not 0.1 <= weight <= 10:
            raise forms.ValidationError("Choose 0.1 to 10.")
        return weight

    def clean_minutes(self) -> int | None:
        minutes = self.cleaned_data["minutes"]
        if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
            raise forms.ValidationError(f"Choose 1 to {MOST_MINUTES:,}, or leave it open.")
        return minutes

    def clean_checklist(self) -> list[dict]:
        steps = [step_of(line.strip()) for line in self.cleaned_data["checklist"].splitlines() if line.strip()]
        if len(steps) > MOST_STEPS:
            raise forms.ValidationError(f"At most {MOST_STEPS} steps.")
        if any(len(step["text"]) > 200 for step in steps):
            raise forms.ValidationError("A step is one line of at most 200 characters.")
        return steps

    def refuse(self, refused) -> None:
        self.add_error(refused.field or None, refused.message)


class PolicyForm(forms.Form):
    """Distances in the fleet’s own unit."""

    def __init__(self, *args, policy: Policy, faults: FaultTerms, units: str, **kwargs):
        self.policy, self.faults, unit = policy, faults, Units(units).distance
        names = (
            "soon_share",
            "soon_days",
            "oil_below_pct",
            "snooze_days",
            "proof_days",
            "visit_days",
            "workshop_hours",
        )
        first = {name: getattr(policy, name) for name in names}
        first["every"] = show_interval(policy.every_km, policy.distance_typed, units)
        first["oil_below_pct"] = f"{policy.oil_below_pct:g}"
        first |= {name: f"{number(km_to(getattr(policy, name), unit))} {unit}" for name in ("snooze_km", "visit_km")}
        first |= {name: getattr(faults, name) for name in ("clean_apart_hours", "recurs_within_days")}
        super().__init__(*args, initial=first, **kwargs)
        self.fields |= {
            "soon_share": ShareField(label="Soon, share of the interval", low=1, help_text="Where a line says none."),
            "soon_days": whole("Soon, days before by forecast", 0, 180, required=True),
            "every": DistanceField(units=units, label="Distance between services"),
            "oil_below_pct": forms.FloatField(label="Oil life at or below", min_value=1, max_value=90),
            "snooze_days": whole("Longest snooze", 1, CAP_DAYS, required=True),
            "snooze_km": DistanceField(units=units, most_km=CAP_KM + 0.5, label="Or for at most"),
            "proof_days": whole("Proof by the car within", 1, 60, required=True),
            "visit_days": whole("One visit takes in what is due within", 0, 180, required=True),
            "visit_km": DistanceField(units=units, most_km=20_000, can_be_zero=True, label="Or within"),
            "workshop_hours": whole("Workshop hours a week", 1, 2_000, required=False),
            "clean_apart_hours": whole("Gone after two reads without it, apart by", 1, 168, required=True),
            "recurs_within_days": whole("The same again within", 0, 90, required=True),
        }
        suggested = show_interval(SUGGESTED_KM, SUGGESTED, units)
        self.fields["every"].help_text = f"Of lines that follow the fleet. Smartcar suggests {suggested}."
        self.fields["workshop_hours"].help_text = "Of all hands together. The weeks on Due are held against it."
        self.fields["snooze_km"].help_text = f"Never longer than {show_distance(CAP_KM, units)}."

    def decided(self) -> Policy:
        """The policy as it was typed, unsaved. A distance that nobody touched stays what it is to the metre."""
        told, policy = self.cleaned_data, self.policy
        fresh = Policy(pk=policy.pk, fleet_id=policy.fleet_id)
        for name in (
            "soon_share",
            "soon_days",
            "oil_below_pct",
            "snooze_days",
            "proof_days",
            "visit_days",
            "workshop_hours",
        ):
            setattr(fresh, name, told[name])
        fresh.every_km, fresh.distance_typed = policy.every_km, policy.distance_typed
        if "every" in self.changed_data:
            fresh.every_km, fresh.distance_typed = told["every"]
        for name in ("snooze_km", "visit_km"):
            setattr(fresh, name, min(told[name][0], CAP_KM) if name == "snooze_km" else told[name][0])
            if name not in self.changed_data:
                setattr(fresh, name, getattr(policy, name))
        return fresh

    def decided_of_faults(self) -> FaultTerms:
        told = {name: self.cleaned_data[name] for name in ("clean_apart_hours", "recurs_within_days")}
        return FaultTerms(pk=self.faults.pk, fleet_id=self.faults.fleet_id, **told)


class GroupForm(Refusing):
    name = forms.CharField(max_length=60)

    def __init__(self, *args, fleet: Fleet, group: Group | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fleet, self.group = fleet, group

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = Group.objects.for_fleet(self.fleet).exclude(pk=self.group and self.group.pk)
        if others.filter(name__iexact=name).exists():
            raise forms.ValidationError("Another group has this name.")
        return name


class MembersForm(forms.Form):
    lines = forms.CharField(
        label="Vehicles to put in",
        max_length=200_000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        help_text="Name, plate or VIN, one on each line.",
    )

    def clean_lines(self) -> str:
        lines = self.cleaned_data["lines"]
        if (count := len(lines.splitlines())) > MOST_LINES:
            raise forms.ValidationError(f"These are {count:,} lines. Put in at most {MOST_LINES:,} at once.")
        return lines
