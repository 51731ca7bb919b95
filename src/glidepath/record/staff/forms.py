from __future__ import annotations

from django import forms


class PinForm(forms.Form):
    new_pin = forms.CharField(
        label="New PIN",
        help_text="4 to 8 digits, no row such as 1234.",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"}),
    )
    again = forms.CharField(
        label="The same again",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"}),
    )
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new_pin"):
            raise forms.ValidationError("The two PINs differ. Type the same one twice.")
        return again
