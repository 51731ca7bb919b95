"""To record what was seen at the bedside, and what follows from it in the same transaction.

Values that mean over-sedation, a high score, new confusion or a seizure open their event and raise their alarm here,
or nothing is saved at all. A late entry keeps both its times and still raises: its message names the hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from glidepath.care.monitoring import consequences, ports, queries
from glidepath.care.monitoring.acts import Act, Recorded, again, begin, follow, late, needed, refuse_corrected
from glidepath.care.monitoring.bedside import Bedside, State
from glidepath.care.monitoring.happenings import correct_event, record_event, review_event
from glidepath.care.monitoring.laboratory import Value, read_file
from glidepath.care.monitoring.looking_again import alarm_looks_due
from glidepath.care.monitoring.measuring import correct_measurement, import_measurements, record_measurement
from glidepath.care.monitoring.models import CiwaB, Observation, OxygenTarget, Sleep
from glidepath.care.monitoring.overdue import alarm_overdue_observations, close_if_taken
from glidepath.care.monitoring.plasma import Measured, as_row, correct_measured_level, record_measured_level
from glidepath.care.monitoring.scales import correct_scale, record_scale, refuses, said_of
from glidepath.care.monitoring.setting_plans import set_observation_plan
from glidepath.clinical.facts.load import formulary, instrument
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import Proof, require_proof

__all__ = [
    "Measured",
    "Recorded",
    "Value",
    "alarm_looks_due",
    "alarm_overdue_observations",
    "as_row",
    "correct_ciwa_b",
    "correct_event",
    "correct_measured_level",
    "correct_measurement",
    "correct_observation",
    "correct_scale",
    "import_measurements",
    "read_file",
    "record_ciwa_b",
    "record_event",
    "record_measured_level",
    "record_measurement",
    "record_observation",
    "record_scale",
    "record_sleep",
    "refuses",
    "review_event",
    "said_of",
    "set_observation_plan",
    "set_oxygen_target",
]

# --- Vital signs and sedation -----------------------------------------------------------------------------------------


@transaction.atomic
def record_observation(
    *, person: Person, bedside: Bedside, by: Staff, once: str, happened_at: dt.datetime | None = None
) -> Recorded[Observation]:
    """One look at a person, whole or partial. `happened_at` for a late entry; never in the future."""
    earlier = submits.found(once, "observe")
    if earlier is not None:
        return again(Observation.objects.get(pk=earlier))
    act = begin(person, by, "observe", happened_at)
    bedside.check()
    done = _keep_observation(act, bedside)
    submits.remember(once, "observe", done.row.pk)
    audit.write("observation.recorded", by=by, centre=person.centre, person=person, about=done.row)
    return done


@transaction.atomic
def correct_observation(
    *, observation: Observation, bedside: Bedside, reason: str, by: Staff, once: str
) -> Recorded[Observation]:
    """A further row in place of one that was wrong; both stay to be read. With nothing in it, it takes the old back.

    Its values are held against the rules like any others. What the wrong one opened stays open until a prescriber has
    looked: a correction lifts nothing.
    """
    earlier = submits.found(once, "observe.correct")
    if earlier is not None:
        return again(Observation.objects.get(pk=earlier))
    act = begin(observation.person, by, "observe", observation.happened_at)
    reason = needed(reason, "reason", "A correction says why: write what was wrong.")
    refuse_corrected(observation)
    if not (bedside.is_empty and bedside.state != State.HARD_TO_ROUSE):
        bedside.check()
    done = _keep_observation(act, bedside, supersedes=observation, reason=reason)
    submits.remember(once, "observe.correct", done.row.pk)
    audit.write("observation.corrected", by=by, centre=act.person.centre, person=act.person, about=done.row)
    return done


@transaction.atomic
def set_oxygen_target(*, person: Person, scale_two: bool, by: Staff, proof: Proof, once: str) -> OxygenTarget:
    """A prescriber sets the 88-92 % target, or takes it back: only with it is SpO2 scored on scale 2."""
    earlier = submits.found(once, "oxygen_target")
    if earlier is not None:
        return OxygenTarget.objects.get(pk=earlier)
    act = begin(person, by, "order.sign", None)
    require_proof(by, proof)
    row = OxygenTarget.objects.create(**act.without_episode, scale_two=scale_two)
    submits.remember(once, "oxygen_target", row.pk)
    code = "scale_2" if scale_two else "scale_1"
    audit.write("oxygen_target.set", by=by, centre=person.centre, kind="sign", person=person, about=row, code=code)
    return row


# --- CIWA-B and sleep -------------------------------------------------------------------------------------------------


@transaction.atomic
def record_ciwa_b(
    *,
    person: Person,
    items: Sequence[int | None],
    oriented: bool,
    by: Staff,
    once: str,
    observation: Observation | None = None,
    happened_at: dt.datetime | None = None,
) -> Recorded[CiwaB]:
    """One CIWA-B beside its vital signs (INP-4). `items`: 22 answers, None where unanswered. Never drives a dose.

    `observation`: its companion; without one the newest set of this hour is taken. While the person is not alert and
    orientated no total is given (DEL-2).
    """
    earlier = submits.found(once, "ciwa_b")
    if earlier is not None:
        return again(CiwaB.objects.get(pk=earlier))
    act = begin(person, by, "observe", happened_at)
    done = _keep_ciwa_b(act, items, oriented, observation)
    submits.remember(once, "ciwa_b", done.row.pk)
    audit.write("ciwa_b.recorded", by=by, centre=person.centre, person=person, about=done.row)
    return done


@transaction.atomic
def correct_ciwa_b(
    *, ciwa_b: CiwaB, items: Sequence[int | None], oriented: bool, reason: str, by: Staff, once: str
) -> Recorded[CiwaB]:
    """A further row in place of a wrong one, beside the same vital signs. With no answer in it, it takes the old back.

    It is scored and held against the rules like any other; the alarms of the old total stay until they are closed.
    """
    earlier = submits.found(once, "ciwa_b.correct")
    if earlier is not None:
        return again(CiwaB.objects.get(pk=earlier))
    act = begin(ciwa_b.person, by, "observe", ciwa_b.happened_at)
    reason = needed(reason, "reason", "A correction says why: write what was wrong.")
    refuse_corrected(ciwa_b)
    if oriented and all(answer is None for answer in items):
        done = _take_back(act, ciwa_b, reason)
    else:
        _refuse_another_version(ciwa_b)
        companion = queries.standing_observation(ciwa_b.observation)
        done = _keep_ciwa_b(act, items, oriented, companion, supersedes=ciwa_b, reason=reason)
    submits.remember(once, "ciwa_b.correct", done.row.pk)
    audit.write("ciwa_b.corrected", by=by, centre=act.person.centre, person=act.person, about=done.row)
    return done


@transaction.atomic
def record_sleep(
    *,
    person: Person,
    night_of: dt.date,
    minutes: int,
    by: Staff,
    once: str,
    reason: str = "",
    seen: int | None = None,
) -> Sleep:
    """Minutes slept in the night that ended on `night_of`. A second answer for a night is a correction and says why.

    `seen`: the id of the answer the page showed (0 for none), so that nobody corrects what they have not read.
    """
    earlier = submits.found(once, "sleep")
    if earlier is not None:
        return Sleep.objects.get(pk=earlier)
    act = begin(person, by, "sleep.record", None)
    if night_of > clock.today(person.centre):
        raise BadInput(f"The night to {night_of:%-d %b} has not ended yet.", field="night_of")
    if not 0 <= minutes <= 24 * 60:
        raise BadInput(f"{minutes} minutes cannot be a night's sleep: 0 to {24 * 60}.", field="minutes")
    standing = queries.sleep_of(person, night_of)
    if standing is not None and (not reason.strip() or seen not in (None, standing.pk)):
        raise ChangedMeanwhile(
            f"{standing.recorded_by.name} already wrote {standing.minutes / 60:.4g} h for this night. "
            "If that is wrong, say why and it is corrected.",
            by=standing.recorded_by.name,
            at=standing.recorded_at,
        )
    row = Sleep.objects.create(
        **act.without_episode, night_of=night_of, minutes=minutes, supersedes=standing, correction_reason=reason.strip()
    )
    submits.remember(once, "sleep", row.pk)
    audit.write("sleep.recorded", by=by, centre=person.centre, person=person, about=row)
    return row


def _keep_observation(
    act: Act, bedside: Bedside, *, supersedes: Observation | None = None, reason: str = ""
) -> Recorded[Observation]:
    scale = queries.oxygen_scale(act.person)
    settings = clinical_settings_of(act.person.centre)
    facts = ports.facts_of(act.person, consequences.BESIDE_SIGNS, episode=act.episode)
    reading = consequences.of_bedside(bedside, scale=scale, settings=settings, facts=facts, late=late(act))
    row = Observation.objects.create(
        **act.common,
        state=bedside.state,
        rr=bedside.rr,
        spo2=bedside.spo2,
        on_oxygen=bedside.on_oxygen,
        spo2_scale=scale,
        sbp=bedside.sbp,
        dbp=bedside.dbp,
        pulse=bedside.pulse,
        temperature_tenths=None if bedside.temperature is None else int(bedside.temperature * 10),
        mind=bedside.mind or "",
        rass=bedside.rass,
        breathing=bedside.breathing or "",
        colour=bedside.colour or "",
        position=bedside.position or "",
        **{sign.value: sign in bedside.also_seen for sign in AlsoSeen},
        news2=reading.news2,
        single_three=reading.single_three,
        facts_version=formulary().version,
        supersedes=supersedes,
        correction_reason=reason,
    )
    done = follow(act, reading, row)
    close_if_taken(row, by=act.by)
    return Recorded(row, done.findings, done.events, done.alarms)


def _take_back(act: Act, wrong: CiwaB, reason: str) -> Recorded[CiwaB]:
    row = CiwaB.objects.create(
        **act.common,
        observation=wrong.observation,
        oriented=True,
        items=[None] * len(instrument("ciwa_b").items),
        instrument_version=wrong.instrument_version,
        supersedes=wrong,
        correction_reason=reason,
    )
    return Recorded(row, ())


def _refuse_another_version(ciwa_b: CiwaB) -> None:
    """Answers to one version of the scale are never scored by another."""
    now = instrument("ciwa_b").version
    if ciwa_b.instrument_version != now:
        raise BadInput(
            f"This score was taken with version {ciwa_b.instrument_version} of the scale, and version {now} is in use. "
            "It can be taken back, with a reason; then take a new score."
        )


def _keep_ciwa_b(
    act: Act,
    items: Sequence[int | None],
    oriented: bool,
    observation: Observation | None,
    *,
    supersedes: CiwaB | None = None,
    reason: str = "",
) -> Recorded[CiwaB]:
    companion = observation or queries.companion(act.person, act.happened_at)
    if companion is not None and companion.person_id != act.person.pk:
        raise BadInput("The vital signs beside this score are another person's.", field="observation")
    earlier = queries.ciwa_b_before(act.person, act.happened_at, but=supersedes)
    reading = consequences.of_ciwa_b(
        items,
        oriented=oriented,
        companion=companion,
        earlier=earlier,
        at=act.happened_at,
        settings=clinical_settings_of(act.person.centre),
        late=late(act),
    )
    row = CiwaB.objects.create(
        **act.common,
        observation=reading.companion,
        oriented=oriented,
        items=list(items),
        total=reading.total,
        band=reading.band,
        instrument_version=reading.version,
        supersedes=supersedes,
        correction_reason=reason,
    )
    done = follow(act, reading, reading.companion)
    close_if_taken(reading.companion, by=act.by)
    return Recorded(row, done.findings, done.events, done.alarms)
