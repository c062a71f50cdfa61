"""A threshold as a manager types it, in the units of the fleet."""

from django import forms

from maintenance.domain.thresholds import trouble_with
from maintenance.models import Program, Threshold
from maintenance.watching.measures import PARTS, WATCHABLE, name_of, spoken, stored, typed, unit_of
from vehicles.domain.signals import CATALOGUE, Shape, Signal

SIDES = [("below", "falls to the value or below"), ("above", "rises to the value or above")]
MOST_MINUTES = 60 * 24 * 30


def subjects() -> list[tuple[str, str]]:
    """What can be watched: “tyre_pressure:front”, the signal and its part."""
    found = []
    for signal in WATCHABLE:
        parts = ("", *PARTS) if CATALOGUE[signal].shape is Shape.WHEELS else ("",)
        found += [(f"{signal.value}:{part}", name_of(signal, part)) for part in parts]
    return found


def figure(label: str, help_text: str) -> forms.FloatField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.FloatField(label=label, help_text=help_text, widget=widget)


class ThresholdForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="How notices call it: “Rear tyres of the vans low”.")
    subject = forms.ChoiceField(label="Signal")
    side = forms.ChoiceField(label="People should know when it", choices=SIDES)
    opens_at = figure("Value", "In the unit that stands behind the signal.")
    closes_at = figure("Over again beyond", "Some way on the good side of the value, so that it does not flap.")
    minutes = forms.IntegerField(
        label="Must last, in minutes",
        min_value=0,
        max_value=MOST_MINUTES,
        initial=0,
        help_text="0 counts at once. Otherwise a later reading has to show that it lasted.",
    )
    level = forms.ChoiceField(choices=[("warning", "Warning"), ("critical", "Critical")])
    program = forms.ModelChoiceField(
        Program.objects.none(), required=False, label="Only for vehicles of the program", empty_label="All vehicles"
    )
    reason = forms.CharField(label="Why this value", max_length=200, required=False)

    def __init__(self, *args, fleet, rule: Threshold | None = None, **kwargs):
        self.fleet, self.rule = fleet, rule
        super().__init__(*args, initial=shown(rule, fleet.units) if rule else None, **kwargs)
        options = [(key, name, unit_of(key.split(":")[0], fleet.units)) for key, name in subjects()]
        self.fields["subject"].choices = [(key, f"{name} ({unit})" if unit else name) for key, name, unit in options]
        self.fields["program"].queryset = Program.objects.for_fleet(fleet).filter(retired_at=None)

    def clean(self) -> dict:
        cleaned = super().clean()
        if not {"subject", "side", "opens_at", "closes_at"} <= cleaned.keys():
            return cleaned
        signal = Signal(cleaned["subject"].split(":")[0])
        units, kind = self.fleet.units, CATALOGUE[signal]
        for name in ("opens_at", "closes_at"):
            value = self.kept(name, cleaned[name], signal)
            if not kind.low <= value <= kind.high:
                low, high = spoken(kind.low, signal, units), spoken(kind.high, signal, units)
                self.add_error(name, f"{signal.label} is never there: it lies between {low} and {high}.")
            cleaned[name] = value
        if not self.errors and (trouble := trouble_with(cleaned["side"] == "below", *self.pair(cleaned))):
            self.add_error("closes_at", f"It {trouble} ({spoken(cleaned['opens_at'], signal, units)}).")
        return cleaned

    def kept(self, name: str, value: float, signal: Signal) -> float:
        """In the signal's own unit. What was shown rounded and left as it was stays what it is."""
        units, held = self.fleet.units, self.rule and getattr(self.rule, name)
        if held is not None and self.rule.signal == signal and typed(held, signal, units) == value:
            return held
        return stored(value, signal, units)

    @staticmethod
    def pair(cleaned: dict) -> tuple[float, float]:
        return cleaned["opens_at"], cleaned["closes_at"]

    @property
    def rule_fields(self) -> dict:
        """The columns of the rule, in the signal's own unit."""
        told = self.cleaned_data
        signal, part = told["subject"].split(":")
        names = ("name", "opens_at", "closes_at", "minutes", "level", "program", "reason")
        return {name: told[name] for name in names} | {
            "signal": signal,
            "part": part,
            "is_below": told["side"] == "below",
        }


def shown(rule: Threshold, units: str) -> dict:
    """A stored rule as it would be typed."""
    first = {name: getattr(rule, name) for name in ("name", "minutes", "level", "program", "reason")}
    values = {name: f"{typed(getattr(rule, name), rule.signal, units):.10g}" for name in ("opens_at", "closes_at")}
    side = "below" if rule.is_below else "above"
    return first | values | {"subject": f"{rule.signal}:{rule.part}", "side": side}
