"""The services of CIWA-Ar and COWS at the bedside, in a file of their own. A score watches; it never sets a dose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from glidepath.care.monitoring import ports, queries
from glidepath.care.monitoring.acts import Act, begin, needed, refuse_corrected
from glidepath.care.monitoring.models import Observation, ScaleScore
from glidepath.care.monitoring.overdue import close_if_taken
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.findings import Finding
from glidepath.clinical.instruments import scoring
from glidepath.clinical.instruments.score import BadAnswer
from glidepath.clinical.monitoring.scale_choice import NAMES, Scale, inflated, refusal
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff


@transaction.atomic
def record_scale(
    *,
    person: Person,
    scale: Scale,
    items: Sequence[int | None],
    by: Staff,
    once: str,
    observation: Observation | None = None,
    happened_at: dt.datetime | None = None,
) -> ScaleScore:
    """One CIWA-Ar or COWS beside vital signs. `items`: an answer each in the order of the scale, None = unanswered.

    Refused where the scale is wrong for the person: CIWA-Ar without alcohol, COWS without an opioid. Without
    `observation` the newest awake set of this round stands beside it.
    """
    earlier = submits.found(once, "scale")
    if earlier is not None:
        return ScaleScore.objects.get(pk=earlier)
    act = begin(person, by, "observe", happened_at)
    why = refuses(act.person, scale)
    if why:
        raise BadInput(why, field=f"{scale}_1")
    row = _keep(act, scale, items, _companion(act, observation))
    close_if_taken(row.observation, by=by)
    submits.remember(once, "scale", row.pk)
    audit.write("scale.recorded", by=by, centre=person.centre, person=person, about=row, code=scale.value)
    return row


@transaction.atomic
def correct_scale(*, score: ScaleScore, items: Sequence[int | None], reason: str, by: Staff, once: str) -> ScaleScore:
    """A further row in place of a wrong one; both stay to be read. With no answer in it, it takes the old back."""
    earlier = submits.found(once, "scale.correct")
    if earlier is not None:
        return ScaleScore.objects.get(pk=earlier)
    act = begin(score.person, by, "observe", score.happened_at)
    reason = needed(reason, "reason", "A correction says why: write what was wrong.")
    refuse_corrected(score)
    scale = Scale(score.scale)
    if any(answer is not None for answer in items) and score.instrument_version != instrument(scale).version:
        raise BadInput(
            f"This score was taken with version {score.instrument_version} of the scale, and version "
            f"{instrument(scale).version} is in use. It can be taken back, with a reason; then take a new score."
        )
    companion = queries.standing_observation(score.observation)
    row = _keep(act, scale, items, companion, supersedes=score, reason=reason)
    submits.remember(once, "scale.correct", row.pk)
    audit.write("scale.corrected", by=by, centre=act.person.centre, person=act.person, about=row, code=scale.value)
    return row


def refuses(person: Person, scale: Scale) -> str:
    """Why this scale may not be scored for this person, in words; empty where it may."""
    plan = queries.observation_plan(person)
    named = plan is not None and queries.intervals_of(plan).scales.get(scale) is not None
    return refusal(scale, ports.facts_of(person), named=named)


def said_of(score: ScaleScore) -> tuple[Finding, ...]:
    """What there is to say of a complete score: POL-2 beside a CIWA-Ar."""
    if score.scale != Scale.CIWA_AR or score.total is None:
        return ()
    return (inflated(ports.facts_of(score.person)),)


def _keep(
    act: Act,
    scale: Scale,
    items: Sequence[int | None],
    companion: Observation,
    *,
    supersedes: ScaleScore | None = None,
    reason: str = "",
) -> ScaleScore:
    try:
        score = scoring.score(instrument(scale), items)
    except BadAnswer as wrong:
        raise BadInput(str(wrong), field=_field_of(scale, wrong)) from None
    return ScaleScore.objects.create(
        **act.common,
        observation=companion,
        scale=scale.value,
        items=[*items, *[None] * (len(instrument(scale).items) - len(items))],
        total=score.total,
        band=score.band or "",
        answered=score.answered,
        of_items=score.items,
        instrument_version=score.version,
        supersedes=supersedes,
        correction_reason=reason,
    )


def _companion(act: Act, observation: Observation | None) -> Observation:
    """Ours, as INP-4 asks for CIWA-B: vital signs of somebody awake stand beside every withdrawal score."""
    found = observation or queries.companion(act.person, act.happened_at)
    if found is None or found.state == Observation.State.ASLEEP:
        raise BadInput("A withdrawal score needs vital signs beside it: take a set now, then score.", field="rr")
    if found.person_id != act.person.pk:
        raise BadInput("The vital signs beside this score are another person's.", field="rr")
    if all(value is None for value in (found.rr, found.spo2, found.sbp, found.pulse, found.temperature)):
        raise BadInput(
            "A withdrawal score needs vital signs beside it, and none was measured. Measure, then score.", field="rr"
        )
    return found


def _field_of(scale: Scale, wrong: BadAnswer) -> str:
    return f"{scale}_{instrument(scale).item(wrong.item).number}" if wrong.item else ""


__all__ = ["NAMES", "correct_scale", "record_scale", "refuses", "said_of"]
