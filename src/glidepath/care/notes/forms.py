"""What the pages of notes send."""

from __future__ import annotations

from django import forms

from glidepath.care.notes.models import LONGEST, Note


class NoteForm(forms.Form):
    """A note as it is typed; the PIN signs it."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Note.Kind.choices, error_messages={"required": "Say who is to read it."})
    words = forms.CharField(max_length=LONGEST, error_messages={"required": "Write what was seen, said or done."})
    for_handover = forms.BooleanField(required=False)
    pin = forms.CharField(required=False, max_length=8)


class AmendForm(forms.Form):
    """The whole note as it should read, and why."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    words = forms.CharField(max_length=LONGEST, error_messages={"required": "Write the whole note as it should read."})
    for_handover = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=300, error_messages={"required": "Say why it is amended."})
    pin = forms.CharField(required=False, max_length=8)
