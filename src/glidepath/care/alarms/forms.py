"""What answers an alarm."""

from __future__ import annotations

from django import forms


class AnswerForm(forms.Form):
    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    back = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)


class CloseForm(AnswerForm):
    words = forms.CharField(
        label="What was found and done",
        max_length=600,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "An alarm is closed with its outcome: write what was found and done."},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    pin = forms.CharField(required=False, max_length=8)
