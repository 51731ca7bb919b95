"""The forms of one's own PIN and password. Whatever opens or signs has `pin` or `password` in its name: such fields are
never shown again, on no page."""

from __future__ import annotations

from django import forms


class PinForm(forms.Form):
    new_pin = forms.CharField(
        label="New PIN",
        help_text="4 to 8 digits, no row such as 1234.",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"}),
    )
    new_pin_again = forms.CharField(
        label="The same again",
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"}),
    )
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_new_pin_again(self) -> str:
        again: str = self.cleaned_data["new_pin_again"]
        if again != self.cleaned_data.get("new_pin"):
            raise forms.ValidationError("The two PINs differ. Type the same one twice.")
        return again


class PasswordForm(forms.Form):
    old_password = forms.CharField(
        label="Present password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new_password = forms.CharField(
        label="New password",
        help_text="At least 12 characters: a few words that belong to no song are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password_again = forms.CharField(
        label="The new one again", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_new_password_again(self) -> str:
        again: str = self.cleaned_data["new_password_again"]
        if again != self.cleaned_data.get("new_password"):
            raise forms.ValidationError("The two new passwords differ. Type the same one twice.")
        return again


class CallsForm(forms.Form):
    """By which way one is called."""

    email = forms.CharField(
        label="Call me by e-mail at",
        required=False,
        max_length=254,
        help_text="Empty: not by e-mail. Use an address you read while on duty.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class DeviceForm(forms.Form):
    """Filled by the page's script: the address the browser's push service gave, and what the browser calls itself."""

    endpoint = forms.CharField(
        max_length=800,
        widget=forms.HiddenInput,
        error_messages={"required": "This browser gave no address to call it at. Allow notifications, then try again."},
    )
    name = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)


class SecondSignature(forms.Form):
    """The part of a form where a second person signs: shown by components/second_sign.html."""

    second_user = forms.CharField(
        label="User name of the second",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    second_pin = forms.CharField(
        label="PIN of the second",
        max_length=8,
        required=False,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
