"""What follows from what was seen: the core is asked, and what it escalates becomes alarms and events; none saved here.

A finding that cannot be assessed raises nothing and is shown. Breaths counted asleep are held against the chart too:
where they alone score they ask to wake, and where they alone score 3 they call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from glidepath.care.alarms.models import Rank
from glidepath.care.monitoring.bedside import Bedside, State
from glidepath.care.monitoring.models import CiwaB, Event, Observation
from glidepath.clinical.facts.instruments import Item
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding, Status
from glidepath.clinical.guidelines import escalation
from glidepath.clinical.guidelines.co_use import takes_opioid
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.seizures import check_seizure
from glidepath.clinical.instruments import ciwa_b, rass
from glidepath.clinical.instruments.score import BadAnswer
from glidepath.clinical.monitoring import vitals
from glidepath.clinical.monitoring.also_seen import for_the_core
from glidepath.clinical.monitoring.escalation import OPENS, assess, escalations
from glidepath.clinical.monitoring.news2 import ALONE, News2, news2
from glidepath.clinical.monitoring.sedation import HOLD, holds_sedatives, sedation_hold
from glidepath.record.errors import BadInput

BESIDE_SIGNS = ("pregnant", "opioid_active", "oud_med")  # the facts that vital signs are held against
CAUSE_OF_EVENT: Mapping[Event.Kind, str] = {Event.Kind(opens.value): code for code, opens in OPENS.items()}


@dataclass(frozen=True, slots=True)
class Call:
    """An alarm to be raised, and the event it belongs to."""

    cause: str
    rank: Rank
    message: str
    do: str
    prescriber_closes: bool
    pauses_taper: bool
    event: Event.Kind | None
    emergency: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What the core makes of one entry."""

    findings: tuple[Finding, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class BedsideReading(Reading):
    news2: int | None
    single_three: bool


@dataclass(frozen=True, slots=True)
class CiwaBReading(Reading):
    total: int | None
    band: str
    version: str
    companion: Observation


def of_bedside(
    bedside: Bedside, *, scale: int, settings: ClinicalSettings, facts: PersonFacts | None = None, late: str = ""
) -> BedsideReading:
    """Over-sedation, early warning, fever, confusion and a fast pulse, from one look at a person.

    settings: the centre's numbers.
    facts: what is known of the person, for the closer limits of pregnancy and for opioids; None is all unknown.
    """
    if bedside.state == State.ABSENT or (bedside.is_empty and bedside.state != State.HARD_TO_ROUSE):
        return BedsideReading((), (), None, False)
    known = facts or PersonFacts()
    if bedside.state == State.ASLEEP:
        findings = _asleep(bedside, scale, known, settings)
        return BedsideReading(findings, _calls(findings, late, settings), None, _breaths_alone(bedside))
    assessed = assess(_vitals(bedside, scale), facts=known, settings=settings, **for_the_core(bedside.also_seen))
    findings = _hard_to_rouse(bedside, scale, known, assessed.findings, settings)
    score = early_warning(bedside, scale)
    return BedsideReading(findings, _calls(findings, late, settings), score.total, bool(score.single_three))


def of_ciwa_b(
    items: Sequence[int | None],
    *,
    oriented: bool,
    companion: Observation | None,
    earlier: Sequence[CiwaB],
    at: dt.datetime,
    settings: ClinicalSettings,
    late: str = "",
) -> CiwaBReading:
    """The score with its companion (INP-4), a steep rise (INP-6), tremor or sweat (INP-9), confusion (DEL-1, DEL-2)."""
    try:
        score = ciwa_b.score(items, oriented=oriented)
    except BadAnswer as wrong:
        raise BadInput(str(wrong), field=_field_of(wrong)) from None
    beside = _companion(companion, whole=score.complete)
    findings = [*score.alerts]
    if not oriented:
        findings.append(_disoriented())
    if score.total is not None:
        before = [escalation.TimedTotal(one.happened_at, one.total) for one in earlier if one.total is not None]
        findings += escalation.check_ciwa_b(escalation.TimedTotal(at, score.total), earlier=before, settings=settings)
    findings += escalation.check_autonomic_signs(
        pulse=beside.pulse, new_tremor=_new("tremor", items, earlier), new_sweating=_new("sweating", items, earlier)
    )
    return CiwaBReading(
        tuple(findings), _calls(findings, late, settings), score.total, score.band or "", score.version, beside
    )


def of_event(kind: Event.Kind, *, settings: ClinicalSettings, late: str = "") -> Reading:
    """What an event written by hand calls for: a fall or another event calls for nobody by itself.

    An overdose holds as over-sedation does, and is an emergency by that word (our own reading; no rule ranks it).
    """
    findings: tuple[Finding, ...] = ()
    if kind == Event.Kind.SEIZURE:
        findings = check_seizure()
    elif kind in (Event.Kind.OVER_SEDATION, Event.Kind.OVERDOSE):
        findings = sedation_hold(rass=None, rr=None, spo2=None, hard_to_rouse=True, settings=settings)
        findings = tuple(replace(one, emergency=kind == Event.Kind.OVERDOSE) for one in findings)
    elif kind == Event.Kind.DELIRIUM:
        findings = escalation.check_confusion(new_confusion=True)
    elif kind == Event.Kind.SELF_HARM:
        findings = escalation.check_suicidality(PersonFacts(suicidality_voiced=True))
    return Reading(findings, _calls(findings, late, settings))


def early_warning(bedside: Bedside, scale: int) -> News2:
    """NEWS2 of one awake look."""
    return news2(_vitals(bedside, scale))


def bedside_of(row: Observation) -> Bedside:
    """The row as values again."""
    return Bedside(
        state=State(row.state),
        rr=row.rr,
        spo2=row.spo2,
        on_oxygen=row.on_oxygen,
        sbp=row.sbp,
        dbp=row.dbp,
        pulse=row.pulse,
        temperature=row.temperature,
        mind=Observation.Mind(row.mind) if row.mind else None,
        rass=row.rass,
        breathing=Observation.Breathing(row.breathing) if row.breathing else None,
        colour=Observation.Colour(row.colour) if row.colour else None,
        position=Observation.Position(row.position) if row.position else None,
        also_seen=row.also_seen,
    )


def findings_of(row: Observation | CiwaB | Event, settings: ClinicalSettings) -> tuple[Finding, ...]:
    """What there was to say of a row that stands, as today's facts say it."""
    if isinstance(row, Observation):
        return of_bedside(bedside_of(row), scale=row.spo2_scale, settings=settings).findings
    if isinstance(row, Event):
        return of_event(Event.Kind(row.kind), settings=settings).findings
    return ()


def worth_saying(row: Observation, settings: ClinicalSettings) -> tuple[Finding, ...]:
    """The findings of a row that fire; what could not be assessed shows in the row's own gaps."""
    return tuple(one for one in findings_of(row, settings) if one.status is Status.FIRES)


def scored_breaths(rate: int) -> int:
    """What a breathing rate scores by itself."""
    return early_warning(Bedside(State.AWAKE, rr=rate), 1).parts["rr"]


def asks_to_wake(bedside: Bedside) -> bool:
    """Asleep, and a doubt: the breathing rate alone scores, or what is seen is not as it should be."""
    return bool(why_wake(bedside))


def why_wake(bedside: Bedside) -> tuple[str, ...]:
    """Why to wake the person and take a whole set, in words; empty where there is no doubt."""
    scores = bedside.state == State.ASLEEP and bedside.rr is not None and scored_breaths(bedside.rr) > 0
    return (*((f"{bedside.rr} breaths a minute scores by itself",) if scores else ()), *bedside.doubts)


def still_stands(kind: Event.Kind, newest: Observation, settings: ClinicalSettings) -> str:
    """Why an event of this kind cannot be lifted on this observation; empty when it can."""
    seen = bedside_of(newest)
    if kind == Event.Kind.OVER_SEDATION:
        if None in (seen.rass, seen.rr, seen.spo2):
            return "the last observation lacks RASS, breaths or oxygen saturation. Take all three, then review."
        held = [one for one in worth_saying(newest, settings) if one.code == HOLD]
        return f"{held[0].message} {held[0].do}" if held else ""
    if kind in (Event.Kind.DELIRIUM, Event.Kind.SEIZURE) and seen.mind != Observation.Mind.ALERT:
        said = "not recorded" if seen.mind is None else seen.mind.label
        return f"mind is {said} in the last observation. It must have been seen alert."
    return ""


def said_of_breaths(rate: int, settings: ClinicalSettings) -> str:
    """A word under a breathing rate: "alarm" where it alone is urgent, "hold" for sedatives, "wake" where it scores."""
    if scored_breaths(rate) >= ALONE:
        return "alarm"
    if holds_sedatives(sedation_hold(rass=None, rr=rate, spo2=None, settings=settings)):
        return "hold"
    return "wake" if scored_breaths(rate) else ""


def rass_words() -> Mapping[int, str]:
    """What each RASS means, from the facts."""
    return {value: rass.words(value) for value in instrument("rass").items[0].allowed}


def ends_of(item: Item) -> str:
    """What the lowest and the highest answer mean, in the facts' words."""
    ends = (item.allowed[0], item.allowed[-1])
    return ", ".join(f"{value} {item.anchors[value]}" for value in ends if value in item.anchors)


# --- Parts ------------------------------------------------------------------------------------------------------------


def _vitals(bedside: Bedside, scale: int) -> vitals.Vitals:
    return vitals.Vitals(
        rr=bedside.rr,
        spo2=bedside.spo2,
        spo2_scale=scale,
        on_oxygen=bedside.on_oxygen,
        sbp=bedside.sbp,
        dbp=bedside.dbp,
        pulse=bedside.pulse,
        temp_c=bedside.temperature,
        mind=None if bedside.mind is None else vitals.Mind(bedside.mind.value),
        rass=bedside.rass,
        asleep=bedside.state == State.ASLEEP,
    )


def _asleep(bedside: Bedside, scale: int, facts: PersonFacts, settings: ClinicalSettings) -> tuple[Finding, ...]:
    """Asleep nothing more is asked for: what was measured is held against the rules."""
    found = [*assess(_vitals(bedside, scale), facts=facts, settings=settings).findings]
    if _breaths_alone(bedside):
        found += escalation.check_early_warning(None, threes=("Breaths",))
    if bedside.temperature is not None:
        found += escalation.check_temperature(bedside.temperature, settings=settings)
    if bedside.pulse is not None:
        found += escalation.check_autonomic_signs(pulse=bedside.pulse)
    return tuple(found)


def _hard_to_rouse(
    bedside: Bedside, scale: int, facts: PersonFacts, findings: tuple[Finding, ...], settings: ClinicalSettings
) -> tuple[Finding, ...]:
    """Not easily rousable holds sedatives by itself, with or without a RASS."""
    if bedside.state != State.HARD_TO_ROUSE:
        return findings
    held = sedation_hold(
        rass=bedside.rass,
        rr=bedside.rr,
        spo2=bedside.spo2,
        scale_two=scale == 2,
        opioid=takes_opioid(facts),
        hard_to_rouse=True,
        settings=settings,
    )
    return (*held, *(one for one in findings if one.code != HOLD))


def _breaths_alone(bedside: Bedside) -> bool:
    return bedside.rr is not None and scored_breaths(bedside.rr) >= ALONE


def _disoriented() -> Finding:
    (finding,) = escalation.check_confusion(new_confusion=True)
    return replace(finding, message="Not alert, orientated and following instructions when asked before the CIWA-B.")


def _calls(findings: Sequence[Finding], late: str, settings: ClinicalSettings) -> tuple[Call, ...]:
    return tuple(
        Call(
            cause=one.code,
            rank=Rank(one.rank.value),
            message=f"{late}{one.finding.message}",
            do=one.finding.do,
            prescriber_closes=one.prescriber_closes,
            pauses_taper=one.pauses_taper,
            event=None if one.opens is None else Event.Kind(one.opens.value),
            emergency=one.emergency,
        )
        for one in escalations(findings, settings=settings)
    )


def _companion(companion: Observation | None, *, whole: bool) -> Observation:
    """INP-4: a CIWA-B stands beside vital signs. A whole score beside all five, a partial one beside any of them."""
    signs = {
        "breaths": "rr",
        "SpO₂": "spo2",
        "systolic pressure": "sbp",
        "pulse": "pulse",
        "temperature": "temperature",
    }
    if companion is None or companion.state == State.ASLEEP:
        raise BadInput("CIWA-B needs vital signs beside it (INP-4): take a set now, then score.", field="observation")
    lacking = [said for said, name in signs.items() if getattr(companion, name) is None]
    if len(lacking) == len(signs) or (whole and lacking):
        raise BadInput(
            f"CIWA-B needs vital signs beside it (INP-4); not measured: {', '.join(lacking)}. Measure, then score.",
            field="observation",
        )
    return companion


def _new(key: str, items: Sequence[int | None], earlier: Sequence[CiwaB]) -> bool | None:
    """Whether a sign is there now and was not in the last score. None where either was not looked at."""
    number = instrument("ciwa_b").item(key).number
    now = items[number - 1] if len(items) >= number else None
    if now is None or not earlier or earlier[-1].items[number - 1] is None:
        return None
    return bool(now > 0 and earlier[-1].items[number - 1] == 0)


def _field_of(wrong: BadAnswer) -> str:
    return f"c{instrument('ciwa_b').item(wrong.item).number}" if wrong.item else ""
