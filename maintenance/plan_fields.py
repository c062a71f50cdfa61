"""What a manager types into a plan: distances in the fleet’s own unit, lists of words, shares in percent."""

import re

from django import forms

from fleet.kit.units import Units, km_from, km_to, show_typed

DISTANCE = re.compile(r"(?P<figure>\d+(\.\d+)?)(?P<unit>km|mi)?")
MOST_KM = 500_000


class DistanceField(forms.CharField):
    """“10,000”, “10 000 km” or “5,000 mi”; without a unit it is the fleet’s. Cleaned to (km, as typed) or None."""

    def __init__(self, *, units: str, most_km: float = MOST_KM, can_be_zero: bool = False, **kwargs):
        self.unit, self.most_km, self.can_be_zero = Units(units).distance, most_km, can_be_zero
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=20, **kwargs)

    def clean(self, value):
        text = re.sub(r"[,\s]", "", super().clean(value) or "").lower()
        if not text:
            return None
        found = DISTANCE.fullmatch(text)
        if found is None:
            raise forms.ValidationError(f"Type a distance such as 10,000 or 10,000 {self.unit}.")
        unit = found["unit"] or self.unit
        km = round(km_from(float(found["figure"]), unit), 1)
        if not (0 if self.can_be_zero else 1) <= km <= self.most_km:
            most = show_typed(round(km_to(self.most_km, self.unit)), self.unit)
            raise forms.ValidationError(f"Choose a distance of at most {most}." if km else "Choose more than nothing.")
        return km, show_typed(float(found["figure"]), unit)

    def has_changed(self, initial, data) -> bool:
        """The same distance in other words, such as 8047 for 8,047 km, is no change."""
        try:
            return self.clean(initial) != self.clean(data)
        except forms.ValidationError:
            return super().has_changed(initial, data)


class WordsField(forms.CharField):
    """“Transit, E-Transit” → ["Transit", "E-Transit"]; each word once."""

    def __init__(self, *, most: int = 40, **kwargs):
        self.most = most
        super().__init__(max_length=2_000, required=False, **kwargs)

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value):
        words = [" ".join(word.split()) for word in re.split(r"[,;\n]", super().clean(value) or "")]
        words = list(dict.fromkeys(word for word in words if word))
        if len(words) > self.most:
            raise forms.ValidationError(f"At most {self.most} of them.")
        if any(len(word) > 60 for word in words):
            raise forms.ValidationError("One of them is longer than any name. Put commas between them.")
        return words


class ShareField(forms.FloatField):
    """10 → 0.10."""

    def __init__(self, *, low: float = 0, high: float = 50, **kwargs):
        self.low, self.high = low, high
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(widget=widget, **kwargs)

    def prepare_value(self, value):
        return f"{value * 100:g}" if isinstance(value, float) else value

    def clean(self, value):
        typed = super().clean(value)
        if typed is None:
            return None
        if not self.low <= typed <= self.high:
            raise forms.ValidationError(f"Choose {self.low:g} to {self.high:g} %.")
        return round(typed / 100, 6)


def whole(label: str, low: int, high: int, *, required: bool = False, help_text: str = "") -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=low, max_value=high, required=required, help_text=help_text, widget=widget
    )
