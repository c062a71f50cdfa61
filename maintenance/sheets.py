"""What a job sheet and the form of a new order send, checked beside what was typed."""

from datetime import date
from uuid import uuid4

from django import forms

from maintenance.forms import Day, OdometerField
from maintenance.models import OrderLine
from maintenance.orders.keeping import Typed
from maintenance.refusals import OLD, QUESTIONS, Asked

HIGHEST = 10_000_000  # no tool reads further
NOTE = OrderLine._meta.get_field("note").max_length


def read(sent, lines: list[OrderLine]) -> tuple[dict[int, Typed], dict[str, str]]:
    """What was typed of each line that the form showed, and a sentence for each number that is none, by its field."""
    typed, wrong = {}, {}
    shown = set(sent.getlist("line"))
    for line in lines:
        if str(line.pk) not in shown:
            continue
        values = {}
        for place, step in enumerate(line.checklist):
            name = f"v-{line.pk}-{place}"
            if not step.get("unit") or name not in sent:
                continue
            try:
                values[place] = figure(sent[name])
            except ValueError:
                wrong[name] = f"{step['text']}: type a number in {step['unit']}."
        outcome = sent.get(f"o-{line.pk}", "")
        typed[line.pk] = Typed(
            meant=outcome if outcome in OrderLine.Outcome.values else "",
            note=" ".join(sent.get(f"n-{line.pk}", "").replace("\0", "").split())[:NOTE],
            ticks=frozenset(place for place in range(len(line.checklist)) if f"t-{line.pk}-{place}" in sent),
            values=values,
        )
    return typed, wrong


def figure(text: str) -> float | None:
    """“26”, “26.5” or “26,5”; None for nothing. Raises ValueError for what is no number."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    value = float(text)
    if not abs(value) < HIGHEST:  # also what is called nan
        raise ValueError(text)
    return value


class FinishForm(forms.Form):
    """The day and the odometer of the visit."""

    done_on = forms.DateField(label="Done on", widget=Day())
    confirm = forms.MultipleChoiceField(
        required=False, choices=list(QUESTIONS.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, meter: dict, units: str, today: date, **kwargs):
        super().__init__(*args, initial={"done_on": today, "odometer_km": meter["prefill"]}, **kwargs)
        self.meter, self.today = meter, today
        self.asked: set[str] = set(self.data.getlist("confirm")) if self.is_bound else set()
        self.fields["odometer_km"] = OdometerField(
            units=units, label="Odometer", required=False, help_text=meter["help"]
        )
        self.fields["done_on"].widget.attrs["max"] = today.isoformat()

    @property
    def questions(self) -> list[tuple[str, str]]:
        """What is to be answered with yes, as asked so far."""
        return [(name, words) for name, words in QUESTIONS.items() if name in self.asked]

    def clean(self) -> dict:
        """A prefilled odometer that is older than a day is asked again before it is taken."""
        cleaned = super().clean()
        sent = self.data.get("odometer_km", "") == str(self.meter["prefill"]) != ""
        today = cleaned.get("done_on") == self.today
        if self.meter["is_old"] and sent and today and OLD not in cleaned.get("confirm", ()):
            age = self.meter["age"].text
            self.refuse(Asked(OLD, "odometer_km", f"This is the reading of {age} ago. What does the dash say now?"))
        return cleaned

    def refuse(self, refused) -> None:
        """Put what was answered beside the field it is about, and the question with it."""
        if isinstance(refused, Asked):
            self.asked.add(refused.question)
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class OrderForm(forms.Form):
    """A new order: who, when, and what is worth knowing. The jobs are chosen beside it."""

    typed = forms.CharField(
        label="Something else to do", required=False, max_length=120, help_text="One more job, in your own words."
    )
    assignee = forms.ChoiceField(label="Who does it", required=False)
    planned_on = forms.DateField(label="Planned for", required=False, widget=Day())
    notes = forms.CharField(required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}))
    key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args, people: list[tuple[str, str]], **kwargs):
        super().__init__(*args, initial={"key": uuid4().hex}, **kwargs)
        self.fields["assignee"].choices = [("", "Nobody yet"), *people]
