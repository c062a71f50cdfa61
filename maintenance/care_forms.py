"""What a manager types about one vehicle: its program, its use, a pause, a job that is due once."""

from django import forms

from maintenance.forms import Day, OdometerField
from maintenance.models import Program, Task
from maintenance.plan_fields import DistanceField
from maintenance.refusals import Refused

USES = [("1", "Usual"), ("0.75", "Hard: three quarters of each interval"), ("0.5", "Severe: half of each interval")]
MOST_AHEAD_KM = 200_000


class Refusing(forms.Form):
    def refuse(self, refused: Refused) -> None:
        """Put what cannot be beside the field it is about."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class CareForm(Refusing):
    program = forms.ModelChoiceField(Program.objects.none(), required=False)
    use = forms.ChoiceField(label="Use", choices=[*USES, ("other", "Another share")])
    share = forms.FloatField(
        label="Share of each interval, in %", required=False, min_value=10, max_value=100, widget=forms.TextInput
    )
    severe_why = forms.CharField(label="Why it is used harder", max_length=120, required=False)

    def __init__(self, *args, fleet, matches: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = Program.objects.for_fleet(fleet).filter(retired_at=None)
        self.fields["program"].empty_label = f"The one that matches: {matches or 'none does'}"
        self.fields["use"].help_text = "Shortens distance and time. Oil life is the car’s own sum and stays as it is."
        self.fields["share"].widget.attrs["inputmode"] = "decimal"

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("use") == "other" and cleaned.get("share") is None and "share" not in self.errors:
            self.add_error("share", "Say which share, such as 60.")
        if self.severe != 1 and not cleaned.get("severe_why", "").strip():
            self.add_error("severe_why", "Say why; whoever comes next will ask.")
        return cleaned

    @property
    def severe(self) -> float:
        use, share = self.cleaned_data.get("use"), self.cleaned_data.get("share")
        return (share or 100) / 100 if use == "other" else float(use or 1)


class PauseForm(Refusing):
    paused_until = forms.DateField(label="Until", widget=Day(), help_text="On this day it wakes by itself.")
    paused_why = forms.CharField(label="Why", max_length=200)


class OnceForm(Refusing):
    """Due once: a task of the library or a new one, at a day, a figure of the dash, or so far from now."""

    task = forms.ModelChoiceField(Task.objects.none(), required=False, empty_label="A new one, named below")
    called = forms.CharField(label="Name of a new task", max_length=80, required=False)
    on = forms.DateField(label="Due on", required=False, widget=Day())

    def __init__(self, *args, fleet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["task"].queryset = Task.objects.for_fleet(fleet).filter(retired_at=None)
        self.fields["dash_km"] = OdometerField(units=fleet.units, label="Or when the dash shows", required=False)
        self.fields["in_km"] = DistanceField(
            units=fleet.units, most_km=MOST_AHEAD_KM, label="Or in so many from now", required=False
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned["called"] = " ".join((cleaned.get("called") or "").split())
        if not cleaned.get("task") and not cleaned["called"] and "task" not in self.errors:
            self.add_error("task", "Choose a task, or name a new one.")
        if cleaned.get("dash_km") is not None and cleaned.get("in_km"):
            self.add_error("in_km", "Say one of the two distances.")
        return cleaned

    @property
    def asked(self) -> dict:
        told = self.cleaned_data
        return {name: told[name] for name in ("task", "called", "on", "dash_km")} | {
            "in_km": told["in_km"][0] if told["in_km"] else None
        }
