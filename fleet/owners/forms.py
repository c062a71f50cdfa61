"""What people type about their fleet, themselves and each other."""

import zoneinfo

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from fleet.kit.refusals import Refused
from fleet.kit.units import Units
from fleet.owners.models import Fleet, Role, User, check_timezone

UNITS = [(Units.METRIC.value, "Kilometres and kPa"), (Units.IMPERIAL.value, "Miles and psi")]
ROLES = [
    (Role.TECHNICIAN.value, "Technician: marks work complete"),
    (Role.MANAGER.value, "Manager: plans, connects cars, looks after people"),
    (Role.VIEWER.value, "Viewer: only looks"),
]


def zones() -> list[str]:
    """Places, as people know them; the old short names and the mathematics of offsets left out."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ["UTC", *sorted(name for name in zoneinfo.available_timezones() if name.startswith(areas))]


class Refusing(forms.Form):
    def refuse(self, refused: Refused) -> None:
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)


class FleetForm(Refusing):
    name = forms.CharField(label="Name of the fleet", max_length=120)
    units = forms.ChoiceField(choices=UNITS, widget=forms.RadioSelect, initial=Units.METRIC.value)
    time_zone = forms.CharField(
        label="Time zone",
        max_length=60,
        initial="UTC",
        help_text="Where the workshop is, such as Europe/Oslo. A day begins and a service falls due by its clock.",
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "autocapitalize": "off"}),
    )

    def clean_time_zone(self) -> str:
        typed = self.cleaned_data["time_zone"].strip().replace(" ", "_")
        name = {known.lower(): known for known in zoneinfo.available_timezones()}.get(typed.lower(), typed)
        check_timezone(name)
        return name


class InvitationForm(Refusing):
    email = forms.EmailField(label="E-mail", max_length=254)
    role = forms.ChoiceField(choices=ROLES)


class YoursForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "theme")
        labels = {"name": "Your name", "theme": "Light or dark"}
        help_texts = {"name": "So others see it, beside what you did."}
        widgets = {"theme": forms.RadioSelect}


class JoinForm(forms.Form):
    """A new account. The address comes with the link and is not asked for."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        max_length=200,
        strip=False,
        help_text="At least ten characters. A sentence is easy to keep in mind.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("password"):
            person = User(email=self.email, name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(cleaned["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


def blank(fleet: Fleet) -> dict:
    return {"name": fleet.name, "units": fleet.units, "time_zone": fleet.time_zone}
