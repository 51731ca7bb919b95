"""NEWS2 as it is typed: seven values in the order of the chart, or by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.escalation import (
    check_autonomic_signs,
    check_confusion,
    check_early_warning,
    check_pregnant_vitals,
    check_temperature,
)
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.instruments.score import AnswersError, Score
from glidepath.clinical.monitoring.news2 import BadVital, news2
from glidepath.clinical.monitoring.vitals import Mind, Vitals

ORDER = ("rr", "spo2", "on_oxygen", "sbp", "pulse", "mind", "temp_c")  # as the chart prints them
BESIDE = ("spo2_scale", "dbp")
# Other names people and programs write; the first is that of the guideline's vocabulary.
ALIASES = {
    "hr": "pulse",
    "heart_rate": "pulse",
    "temp": "temp_c",
    "temperature": "temp_c",
    "oxygen": "on_oxygen",
    "air_or_oxygen": "on_oxygen",
    "consciousness": "mind",
    "acvpu": "mind",
    "scale": "spo2_scale",
    "respiration_rate": "rr",
    "respiratory_rate": "rr",
    "systolic": "sbp",
    "diastolic": "dbp",
}
OXYGEN = {"air": False, "no": False, "false": False, "0": False, "oxygen": True, "yes": True, "true": True, "1": True}
MINDS = {
    "alert": Mind.ALERT,
    "confusion": Mind.CONFUSION,
    "confused": Mind.CONFUSION,
    "new confusion": Mind.CONFUSION,
    "voice": Mind.VOICE,
    "pain": Mind.PAIN,
    "unresponsive": Mind.UNRESPONSIVE,
    **{one.value.lower(): one for one in Mind},
}
_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,6})?")


def score_news2(
    chart: Instrument, given: Mapping[str, Any] | Sequence[Any], facts: PersonFacts
) -> tuple[Score, tuple[Finding, ...]]:
    """The score of one set and what it calls for. Raises AnswersError naming the value and what is possible."""
    values = _by_name(given)
    try:
        vitals = _vitals(values)
        found = news2(vitals)
    except BadVital as wrong:
        raise AnswersError(f"{chart.name}, {wrong}, or nothing where it was not measured.") from None
    score = Score(
        instrument=chart.key,
        version=chart.version,
        total=found.total,
        band=found.band,
        answered=len(found.parts),
        items=len(ORDER),
        subtotal=sum(found.parts.values()),
        label="complete" if found.total is not None else f"partial {len(found.parts)} of {len(ORDER)}",
        complete=found.total is not None,
        subscales=found.parts,
    )
    confused = None if vitals.mind is None else vitals.mind is Mind.CONFUSION
    findings = (
        *check_early_warning(found.total, threes=found.single_three, missing=found.missing),
        *(check_autonomic_signs(pulse=vitals.pulse) if vitals.pulse is not None else ()),
        *(check_temperature(vitals.temp_c, confused=confused) if vitals.temp_c is not None else ()),
        *(check_confusion(new_confusion=True) if confused else ()),
        *check_pregnant_vitals(
            facts, sbp=vitals.sbp, dbp=vitals.dbp, pulse=vitals.pulse, temp_c=vitals.temp_c, spo2=vitals.spo2
        ),
    )
    return score, findings


def _by_name(given: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        if len(given) > len(ORDER):
            raise AnswersError(
                f"NEWS2 has {len(ORDER)} parameters ({', '.join(ORDER)}); {len(given)} values were given."
            )
        return dict(zip(ORDER, given, strict=False))
    found: dict[str, Any] = {}
    for name, value in given.items():
        folded = re.sub(r"[\s-]", "_", str(name).strip().lower())
        key = ALIASES.get(folded, folded)
        if key in found:
            raise AnswersError(f"NEWS2: {key} stands twice. Write each parameter once.")
        if key in (*ORDER, *BESIDE):
            found[key] = value
        elif key not in ("instrument", "version"):
            near = get_close_matches(folded, (*ORDER, *BESIDE, *ALIASES), n=1, cutoff=0.6)
            meant = f" Did you mean “{near[0]}”?" if near else f" Its parameters are {', '.join(ORDER)}."
            raise AnswersError(f"“{str(name)[:40]}” is not a parameter of NEWS2.{meant}")
    return found


def _vitals(values: Mapping[str, Any]) -> Vitals:
    scale = _whole(values, "spo2_scale")
    if scale not in (None, 1, 2):
        raise AnswersError(f"NEWS2: the oxygen saturation scale is 1, or 2 where a prescriber set it, not {scale}.")
    return Vitals(
        rr=_whole(values, "rr"),
        spo2=_whole(values, "spo2"),
        spo2_scale=scale or 1,
        on_oxygen=_one_of(values, "on_oxygen", OXYGEN, "air or oxygen"),
        sbp=_whole(values, "sbp"),
        dbp=_whole(values, "dbp"),
        pulse=_whole(values, "pulse"),
        temp_c=_number(values, "temp_c"),
        mind=_one_of(values, "mind", MINDS, "A, C, V, P or U"),
    )


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value).strip()


def _number(values: Mapping[str, Any], name: str) -> Decimal | None:
    text = _text(values, name)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise AnswersError(f"NEWS2, {name}: “{text[:40]}” is not a number. Write what was measured, or nothing.")
    return Decimal(text)


def _whole(values: Mapping[str, Any], name: str) -> int | None:
    number = _number(values, name)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise AnswersError(f"NEWS2, {name}: {number} is not a whole number. Write it without decimals.")
    return int(number)


def _one_of(values: Mapping[str, Any], name: str, answers: Mapping[str, Any], allowed: str) -> Any:
    text = _text(values, name).lower()
    if not text:
        return None
    if text not in answers:
        raise AnswersError(f"NEWS2, {name}: “{text[:40]}” is not an answer; allowed is {allowed}, or nothing.")
    return answers[text]
