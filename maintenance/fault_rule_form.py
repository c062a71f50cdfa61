"""A rule for trouble codes, as a manager types it."""

import re

from django import forms

from maintenance.models import FaultRule

CODE = re.compile(r"[A-Z0-9][A-Z0-9:-]{0,19}")


class FaultRuleForm(forms.Form):
    code = forms.CharField(label="Code", max_length=20, help_text="As the car reports it, like P0420.")
    is_prefix = forms.BooleanField(
        label="All codes that begin so", required=False, help_text="P04 then stands for P0400 to P04FF."
    )
    make = forms.CharField(label="Make", max_length=60, required=False, help_text="Left empty: any.")
    model = forms.CharField(label="Model", max_length=100, required=False, help_text="Left empty: any of the make.")
    verdict = forms.ChoiceField(label="What it means here", choices=FaultRule.Verdict.choices)
    name = forms.CharField(
        label="Call it", max_length=120, required=False, help_text="Shown in place of our own sentence."
    )
    reason = forms.CharField(label="Why", max_length=200, required=False)

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split()).upper()
        if not CODE.fullmatch(code):
            raise forms.ValidationError("A code has letters and figures only.")
        return code

    def clean(self) -> dict:
        said = super().clean()
        if said.get("verdict") == FaultRule.Verdict.KEEP and not said.get("name"):
            self.add_error("name", "A rule that keeps the meaning has to give a name.")
        if said.get("model") and not said.get("make"):
            self.add_error("make", "A model needs its make.")
        return said
