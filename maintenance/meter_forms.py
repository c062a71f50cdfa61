"""What people say of a meter, checked beside the field. What is typed is what a dash showed, in the fleet's unit."""

from datetime import datetime, time

from django import forms

from fleet.kit.units import Units, km_to
from fleet.owners.models import Fleet
from maintenance.forms import MOST_KM, Day, OdometerField
from vehicles.models import Standing

NOON = time(12)


class OffsetField(OdometerField):
    """A distance that may lie below zero, too."""

    def validate(self, value):
        forms.FloatField.validate(self, value)
        if value is not None and abs(value) > MOST_KM:
            raise forms.ValidationError("No meter is that far off. Check the figures.")


class Clock(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


def reason(label: str = "Why", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, required=required)


class MomentForm(forms.Form):
    """A day, and a time of the day where somebody knows it: else local noon, or now if that is earlier."""

    on = forms.DateField(label="Day", widget=Day())
    at = forms.TimeField(label="Time", required=False, widget=Clock(), help_text="Without one, noon.")

    def __init__(self, *args, fleet: Fleet, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.fleet, self.now = fleet, now
        self.fields["on"].widget.attrs["max"] = fleet.day(now).isoformat()

    def clean_on(self):
        day = self.cleaned_data["on"]
        if day > self.fleet.day(self.now):
            raise forms.ValidationError("This day is still to come.")
        if day.year < 1980:
            raise forms.ValidationError("That long ago no car told its odometer. Check the year.")
        return day

    def moment(self) -> datetime:
        typed = self.cleaned_data["at"]
        moment = datetime.combine(self.cleaned_data["on"], typed or NOON, tzinfo=self.fleet.zone)
        return moment if typed else min(moment, self.now)

    def refuse(self, cannot) -> None:
        self.add_error(cannot.field if cannot.field in self.fields else None, cannot.message)


class TypeForm(MomentForm):
    reason = reason("Note", required=False)
    field_order = ["odometer_km", "on", "at", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["odometer_km"] = OdometerField(
            units=self.fleet.units, label="Odometer", help_text="As the dash shows it."
        )
        self.order_fields(self.field_order)


class ReplaceForm(MomentForm):
    """When, and either what the new dash showed first or the offset itself."""

    reason = reason()
    field_order = ["on", "at", "dash_km", "offset_km", "reason"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["dash_km"] = OdometerField(
            units=self.fleet.units,
            label="The new dash showed",
            required=False,
            help_text="Distance goes on from the last believed reading before.",
        )
        self.fields["offset_km"] = OffsetField(
            units=self.fleet.units,
            label="Or: distance to add",
            required=False,
            help_text="To every figure from then on.",
        )
        self.order_fields(self.field_order)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and (cleaned.get("dash_km") is None) == (cleaned.get("offset_km") is None):
            self.add_error("dash_km", "Say either what the new dash showed or the distance to add.")
        return cleaned


class AnswerForm(MomentForm):
    """Was the meter replaced?"""

    ANSWERS = [
        ("yes", "Yes, it was replaced"),
        ("low", "No: the lower readings are wrong. Take them back"),
        ("high", "No: the higher readings before were wrong. Take them back"),
    ]
    answer = forms.ChoiceField(label="Was the meter replaced?", choices=ANSWERS)
    reason = reason()
    field_order = ["answer", "on", "at", "dash_km", "reason"]

    def __init__(self, *args, step, may_deny: bool, **kwargs):
        self.step = step
        super().__init__(*args, **kwargs)
        if not may_deny:
            self.fields["answer"].choices = self.ANSWERS[:1]
            self.fields["answer"].help_text = "If it was not, a manager says which readings are wrong."
        unit, low = Units(self.fleet.units).distance, step.first_low
        then = low.at.astimezone(self.fleet.zone)
        self.fields["dash_km"] = OdometerField(
            units=self.fleet.units,
            label="The new dash showed then",
            help_text="If it was replaced: from this moment and figure on, distance goes on where it stood.",
        )
        self.initial |= {"on": then.date(), "at": then.time(), "dash_km": round(km_to(low.number, unit), 1)}
        self.order_fields(self.field_order)

    def begins_at(self) -> datetime:
        """The minute of the first lower reading is that reading's own moment."""
        moment, low = self.moment(), self.step.first_low.at
        return low if moment <= low and (low - moment).total_seconds() < 60 else moment


class ReadingForm(forms.Form):
    """What a manager may say of one reading, by how it stands."""

    ACTS = {
        "void": "Take it back: it is wrong",
        "restore": "Restore it: it was taken back in error",
        "confirm": "Confirm it: it is right, whatever the others say",
        "unconfirm": "No longer confirm it",
    }
    act = forms.ChoiceField(label="What to do")
    reason = reason()

    def __init__(self, *args, reading, **kwargs):
        super().__init__(*args, **kwargs)
        acts = {Standing.VOID: ["restore"], Standing.SUSPECT: ["confirm", "void"]}.get(reading.standing, ["void"])
        if reading.vouched:
            acts = ["unconfirm", "void"]
        self.fields["act"].choices = [(act, self.ACTS[act]) for act in acts]

    def refuse(self, cannot) -> None:
        self.add_error(None, cannot.message)


class ReasonForm(forms.Form):
    reason = reason()
