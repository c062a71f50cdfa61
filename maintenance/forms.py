"""What people type, checked beside the field and turned into metric at the border."""

from uuid import uuid4

from django import forms

from fleet.kit.units import Units, km_from
from maintenance.domain.plan import AnchorKind
from vehicles.domain.signals import CATALOGUE, Signal
from vehicles.models import Vehicle

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
    """“Done”: when, at which odometer, and what is worth knowing next time."""

    done_on = forms.DateField(label="Done on", widget=Day())
    notes = forms.CharField(required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    field_order = ["done_on", "odometer_km", "notes", "key"]

    def __init__(self, *args, board: dict, **kwargs):
        first = {"done_on": board["today"], "odometer_km": board["prefill"], "key": uuid4().hex}
        super().__init__(*args, initial=first, **kwargs)
        self.item = board["item"]
        self.fields["odometer_km"] = OdometerField(
            units=board["units"],
            label="Odometer",
            required=False,
            help_text=board["help"],
        )
        self.fields["done_on"].widget.attrs["max"] = board["today"].isoformat()
        self.order_fields(self.field_order)

    def clean_key(self) -> str:
        """A key counts for this item alone, whatever a browser sends."""
        return f"{self.item.pk}-{self.cleaned_data['key']}"

    def refuse(self, refused) -> None:
        """Put what the workshop answered beside the field it is about."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class VehicleForm(forms.ModelForm):
    class Meta:
        model = Vehicle
        fields = ["name", "plate", "registered_on"]
        widgets = {"registered_on": Day()}
        labels = {"registered_on": "First registered"}
        help_texts = {"registered_on": "“From new” counts time from this day."}


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
