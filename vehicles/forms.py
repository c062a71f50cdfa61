"""Who is asked for consent."""

from django import forms

from fleet.owners.models import Owner


class OwnerForm(forms.ModelForm):
    """A new owner, or one of this name that the fleet has already."""

    class Meta:
        model = Owner
        fields = ["name", "email"]
        labels = {"name": "Owner", "email": "E-mail"}
        help_texts = {"name": "The person or company that holds the account at the car’s maker."}

    def __init__(self, *args, fleet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fleet = fleet

    def find_or_create(self) -> Owner:
        name = self.cleaned_data["name"]
        known = Owner.objects.for_fleet(self.fleet).filter(name__iexact=name).order_by("pk").first()
        if known is not None:
            return known
        owner, _ = Owner.objects.get_or_create(
            fleet=self.fleet, name=name, defaults={"email": self.cleaned_data["email"]}
        )
        return owner


class CampaignForm(forms.Form):
    """Whose owners are asked to reconnect, and what they are told as the reason."""

    make = forms.ChoiceField(label="Maker")
    reason = forms.CharField(
        label="What happened",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences; they stand in the letter to the owners.",
    )

    def __init__(self, *args, makes: dict[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["make"].choices = list(makes.items())
