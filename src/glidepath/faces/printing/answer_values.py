"""What we answered somebody who called, as values and as the sentences of their letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from glidepath.faces.printing.advice import EMERGENCY_SIGNS, WHEN_IT_IS_HARD, Advice
from glidepath.faces.printing.plan_values import NOT_PRINTABLE
from glidepath.faces.shell import words

KEEP_ON = "Keep taking your usual dose. Do not stop suddenly and do not skip doses."
NEVER_SUDDENLY = next(one for one in WHEN_IT_IS_HARD if "JCG-2" in one.rules)
NOTHING_ON_TOP = Advice(  # to somebody whose medicines others prescribe: what is prescribed goes on
    "Add no alcohol and no opioids.",
    "Together they can slow or stop your breathing. Keep taking what is prescribed for you, methadone or "
    "buprenorphine too.",
    ("POL-8", "JCG-21"),
)
WHERE = {
    "outpatient": "care while you live at home",
    "residential": "a bed in our house",
    "inpatient": "a bed on a hospital ward",
    "emergency": "emergency care",
}
_NAMES = ("preferred_name", "centre_name", "centre_phone", "crisis_line", "signed_by")
_SAID = ("reason", "elsewhere", "elsewhere_contact", "bridging", "bridging_by")


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """The letter. made_at: on the centre's clock. comes_on: of an acceptance; the last five are of a redirection."""

    preferred_name: str
    centre_name: str
    centre_phone: str
    crisis_line: str
    made_at: dt.datetime
    signed_by: str
    signed_on: dt.date
    level: str
    comes_on: dt.date | None
    reason: str
    elsewhere: str = ""
    elsewhere_contact: str = ""
    bridging: str = ""
    bridging_by: str = ""
    we_call_on: dt.date | None = None


def answer_sheet(letter: OwnAnswer) -> dict[str, Any]:
    """Everything that stands on the page, as plain text in plain lists: the medicine first."""
    made = letter.made_at.date()
    return {
        "title": f"Our answer, {letter.preferred_name}" if letter.preferred_name else "Our answer",
        "made": f"Decided by {letter.signed_by or 'our physician'} on {words.day(letter.signed_on)}.",
        "date": [made.year, made.month, made.day],
        "medicine": [KEEP_ON, *([letter.bridging] if letter.bridging else []), *_by_whom(letter)],
        "never": [[one.lead, one.words] for one in (NEVER_SUDDENLY, NOTHING_ON_TOP)],
        "decided": _decided(letter),
        "call": f"Call us: {letter.centre_phone or 'your team here'}. Call if a dose will be missing.",
        "signs": [one.lead for one in EMERGENCY_SIGNS],
        "numbers": [text for text in (letter.crisis_line, _centre(letter)) if text],
        "foot": f"Printed {words.day(made)}",
    }


def printable(letter: OwnAnswer, is_printable: Callable[[str], bool]) -> OwnAnswer:
    """The letter with each text that the print letters lack replaced by a line that says so; names are left out."""
    names = {name: "" for name in _NAMES if not is_printable(getattr(letter, name))}
    said = {name: NOT_PRINTABLE for name in _SAID if not is_printable(getattr(letter, name))}
    return replace(letter, **names, **said)  # type: ignore[arg-type]


def _decided(letter: OwnAnswer) -> list[str]:
    if letter.comes_on is not None:
        came = f"We expect you on {words.WEEKDAYS[letter.comes_on.weekday()]} {words.day(letter.comes_on)}"
        return [f"{came}: {WHERE[letter.level]}.", *([letter.reason] if letter.reason else [])]
    found = [letter.reason, f"Go to: {letter.elsewhere}. You reach them: {letter.elsewhere_contact}."]
    if letter.we_call_on is not None:
        found.append(f"We call you on {words.WEEKDAYS[letter.we_call_on.weekday()]} {words.day(letter.we_call_on)}.")
    return [*found, "You can call us again at any time. You are welcome to ask anew."]


def _by_whom(letter: OwnAnswer) -> list[str]:
    return [f"Who makes sure of it: {letter.bridging_by}."] if letter.bridging_by else []


def _centre(letter: OwnAnswer) -> str:
    return ": ".join(text for text in (letter.centre_name, letter.centre_phone) if text)
