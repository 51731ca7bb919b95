"""CALL-1, CALL-2: what is an emergency at the first call, and until when who called has an answer.

The red flags and what is said to everybody follow the care pathway's first call; the words are ours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.wording import hours, listed

# What is asked about this very moment. The key is kept, the words are shown.
RED_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "seizure": "A seizure now",
        "not_rousable": "Cannot be woken",
        "breathing": "Slow breathing or blue lips",
        "confusion": "Confused now",
        "fever_with_confusion": "Fever with confusion",
        "suicide_plan": "A plan or the intent to die by suicide",
        "pregnancy": "Pregnant, with a seizure or bleeding",
    }
)
ANSWERS: Mapping[str, str] = MappingProxyType(
    {"yes": "yes", "no": "no", "unknown": "not known", "declined": "declined to say"}
)
# What is said to everybody who calls, beside "do not stop suddenly, keep taking the usual dose".
ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "no_skipping": "skip no doses",
        "no_mixing": "add no alcohol and no opioids",
        "emergency": "what to do in an emergency",
    }
)
EMERGENCY = "Call emergency services now and stay on the line until they are there."


def check_red_flags(answers: Mapping[str, str]) -> tuple[Finding, ...]:
    """CALL-1. answers: by key of RED_FLAGS, each a key of ANSWERS; a key that is missing was not asked.

    Fires for each yes together. Where none is yes it cannot be assessed while one is not answered with yes or no.
    """
    found = rule("CALL-1")
    present = [words for key, words in RED_FLAGS.items() if answers.get(key) == "yes"]
    if present:
        words = listed([one[0].lower() + one[1:] for one in present])
        return (found.finding(message=f"{words[0].upper()}{words[1:]}.", do=EMERGENCY),)
    open_flags = open_red_flags(answers)
    if not open_flags:
        return ()
    names = listed([RED_FLAGS[key].lower() for key in open_flags])
    message = f"{found.title}: cannot be assessed; not answered: {names}."
    return (found.cannot_be_assessed(message=message, do="Call back and ask.", missing=()),)


def open_red_flags(answers: Mapping[str, str]) -> tuple[str, ...]:
    """The red flags nobody answered with yes or no, by key: not asked, not known, declined."""
    return tuple(key for key in RED_FLAGS if answers.get(key) not in ("yes", "no"))


def check_waiting(
    *, since: dt.datetime, now: dt.datetime, settings: ClinicalSettings | None = None
) -> tuple[Finding, ...]:
    """CALL-2 for somebody without a decision. since: the first call; both moments with their zone."""
    found = rule("CALL-2")
    limit = (settings or clinical_settings()).call_answer_within_hours
    waited = (now - since) / dt.timedelta(hours=1)
    if waited <= limit:
        return ()
    return (
        found.finding(
            message=f"Waits for an answer for {hours(int(waited))}, over {hours(limit)}.",
            do="Screen the person and decide, or call back and say when; ask whether the usual dose is at hand.",
        ),
    )
