"""What people type, checked beside the field and turned into metric at the border."""

from datetime import timedelta
from uuid import uuid4

from django import forms

from fleet.kit.units import Units, km_from, show_distance
from maintenance.anchors import Start
from maintenance.domain.plan import AnchorKind
from maintenance.refusals import OLD, QUESTIONS, Asked, Refused
from vehicles.domain.signals import CATALOGUE, Signal
from vehicles.models import Vehicle

MOST_LINES = 5_000
MOST_KM = CATALOGUE[Signal.ODOMETER].high


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs):
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class OdometerField(forms.FloatField):
    """Typed in the fleet's own unit, with or without commas; cleaned to km."""

    def __init__(self, *, units: str, **kwargs):
        self.unit = Units(units).distance
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value):
        typed = super().to_python("".join(str(value or "").replace(",", "").split()))
        return None if typed is None else round(km_from(typed, self.unit), 1)

    def validate(self, value):
        super().validate(value)
        if value is not None and not 0 <= value <= MOST_KM:
            raise forms.ValidationError("No odometer stands there. Check the figures.")

    def has_changed(self, initial, data):
        return str(initial or "") != str(data or "")


class CompleteForm(forms.Form):
    """“Done”: when, at which odometer, what was used, what else was done, and what is worth knowing next time."""

    done_on = forms.DateField(label="Done on", widget=Day())
    notes = forms.CharField(required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))
    parts = forms.CharField(label="Parts used", required=False, max_length=2_000, widget=forms.Textarea({"rows": 2}))
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    confirm = forms.MultipleChoiceField(
        required=False, choices=list(QUESTIONS.items()), widget=forms.CheckboxSelectMultiple
    )

    field_order = ["done_on", "odometer_km", "hours", "notes", "parts", "also", "key"]

    def __init__(self, *args, board: dict, **kwargs):
        first = {"done_on": board["today"], "odometer_km": board["prefill"], "key": uuid4().hex} | board["said"]
        super().__init__(*args, initial=first, **kwargs)
        self.item, self.board = board["item"], board
        self.asked: set[str] = set(self.data.getlist("confirm")) if self.is_bound else set()
        self.fields["odometer_km"] = OdometerField(
            units=board["units"],
            label="Odometer",
            required=False,
            help_text=board["help"],
        )
        if board["counts_hours"]:
            self.fields["hours"] = forms.FloatField(
                label="Engine hours", required=False, min_value=0, max_value=200_000
            )
        self.fields["also"] = forms.MultipleChoiceField(
            required=False, choices=[(str(one.item.pk), one.item.task.name) for one in board["companions"]]
        )
        self.fields["parts"].help_text = self.item.task.parts
        self.steps = [(step, f"step_{n}", f"value_{n}") for n, step in enumerate(self.item.task.checklist)]
        for step, done, value in self.steps:
            self.fields[done] = forms.BooleanField(label=step["text"], required=False)
            if step.get("unit"):
                self.fields[value] = forms.FloatField(label=f"{step['text']}, in {step['unit']}", required=False)
        self.fields["done_on"].widget.attrs["max"] = board["today"].isoformat()
        self.order_fields(self.field_order)

    @property
    def questions(self) -> list[tuple[str, str]]:
        """What is to be answered with yes, as asked so far."""
        return [(name, words) for name, words in QUESTIONS.items() if name in self.asked]

    @property
    def checks(self) -> list[dict]:
        """The steps of the task with their fields, for the page."""
        return [
            {"step": step, "done": self[done], "value": self[value] if step.get("unit") else None}
            for step, done, value in self.steps
        ]

    def clean_key(self) -> str:
        """A key counts for this item alone, whatever a browser sends."""
        return f"{self.item.pk}-{self.cleaned_data['key']}"

    def clean(self) -> dict:
        """A prefilled odometer that is older than a day is asked again before it is taken."""
        cleaned = super().clean()
        sent = self.data.get("odometer_km", "") == str(self.board["prefill"]) != ""
        today = cleaned.get("done_on") == self.board["today"]
        if self.board["is_old"] and sent and today and OLD not in cleaned.get("confirm", ()):
            age = self.board["age"].text
            self.refuse(Asked(OLD, "odometer_km", f"This is the reading of {age} ago. What does the dash say now?"))
        return cleaned

    def job(self) -> dict:
        """The answers in the words of the workshop."""
        said = self.cleaned_data
        names = ("done_on", "odometer_km", "notes", "parts", "key")
        chosen = set(said["also"])
        return {name: said[name] for name in names} | {
            "hours": said.get("hours"),
            "also": [one.item for one in self.board["companions"] if str(one.item.pk) in chosen],
            "confirmed": said["confirm"],
            "checklist": [
                {"text": step["text"], "unit": step.get("unit", ""), "done": said[done], "value": said.get(value)}
                for step, done, value in self.steps
            ],
        }

    def refuse(self, refused: Refused) -> None:
        """Put what the workshop answered beside the field it is about."""
        if isinstance(refused, Asked):
            self.asked.add(refused.question)
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class SnoozeForm(forms.Form):
    """“Not now”: until when, and why."""

    reason = forms.CharField(label="Why it can wait", max_length=200)
    until_on = forms.DateField(label="Until", required=False, widget=Day())

    field_order = ["reason", "until_on", "for_km"]

    def __init__(self, *args, units: str, today, most_days: int, most_km: float, **kwargs):
        super().__init__(*args, **kwargs)
        last = today + timedelta(days=most_days)
        self.fields["until_on"].widget.attrs |= {
            "min": (today + timedelta(days=1)).isoformat(),
            "max": last.isoformat(),
        }
        self.fields["until_on"].help_text = f"At the latest {last:%-d %b %Y}; left empty, until then."
        self.fields["for_km"] = OdometerField(
            units=units,
            label="Or for a distance from now",
            required=False,
            help_text=f"At most {show_distance(most_km, units)}; whichever comes first ends it.",
        )
        self.order_fields(self.field_order)

    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class ReasonForm(forms.Form):
    """One sentence that whoever comes next will read."""

    why = forms.CharField(max_length=200)

    def __init__(self, *args, label: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].label = label


class VehicleForm(forms.ModelForm):
    class Meta:
        model = Vehicle
        fields = ["name", "plate", "registered_on"]
        widgets = {"registered_on": Day()}
        labels = {"registered_on": "First registered"}
        help_texts = {"registered_on": "“From new” counts time from this day."}


class PasteForm(forms.Form):
    """Lines of a spreadsheet."""

    lines = forms.CharField(
        label="Lines",
        max_length=500_000,
        strip=False,
        widget=forms.Textarea({"rows": 12, "spellcheck": "false", "class": "mono"}),
    )

    def clean_lines(self) -> str:
        lines = self.cleaned_data["lines"]
        if (count := len(lines.splitlines())) > MOST_LINES:
            raise forms.ValidationError(f"These are {count:,} lines. Paste at most {MOST_LINES:,} at once.")
        return lines


class BaselineForm(forms.Form):
    """Where the clock of one task on one vehicle starts."""

    CHOICES = [
        (AnchorKind.UNKNOWN.value, "Unknown"),
        (AnchorKind.KNOWN.value, "Known: the day and odometer given here"),
        (AnchorKind.NEW.value, "From new: 0 km and the first registration"),
        (AnchorKind.TODAY.value, "From today: take it as just done"),
    ]

    kind = forms.ChoiceField(label="Last service", choices=CHOICES)
    on = forms.DateField(label="Done on", required=False, widget=Day())

    def __init__(self, *args, item, units: str, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.item, self.today = item, today
        self.fields["odometer_km"] = OdometerField(units=units, label="Odometer then", required=False)
        self.fields["on"].widget.attrs["max"] = today.isoformat()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == AnchorKind.KNOWN and "on" not in self.errors:
            if not cleaned.get("on"):
                self.add_error("on", "A known service needs its day.")
            elif cleaned["on"] > self.today:
                self.add_error("on", "This day is still to come.")
        return cleaned

    def start(self, vehicle: Vehicle) -> Start:
        said = self.cleaned_data
        return Start(vehicle, self.item.task, AnchorKind(said["kind"]), said["on"], said["odometer_km"])
