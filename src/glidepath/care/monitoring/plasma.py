"""The services of levels measured in plasma, in a file of their own: what a laboratory found, and its correction.

Only what can be said of one level by itself is checked here. Whether it can be by the doses recorded is asked by the
room that knows the doses (taper/measured.py). A level explains a curve; it never drives a dose.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from glidepath.care.monitoring.acts import begin, needed, refuse_corrected
from glidepath.care.monitoring.models import MeasuredLevel
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.medicines import Medicine
from glidepath.clinical.pharmacokinetics.fitting import NG_PER_ML
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.model import OneCompartment
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

PG_PER_NG = 1000
MOST_NG_PER_ML = 10**6  # a gram in a litre: no such level is a level of these medicines, and a slip of the unit is


@dataclass(frozen=True, slots=True)
class Measured:
    """What stands on the laboratory's sheet. species: empty is the medicine itself."""

    medicine: str
    value: Decimal
    laboratory: str
    species: str = ""
    unit: str = "ng/mL"
    words: str = ""

    @property
    def pg_per_ml(self) -> int:
        """Raises BadInput for a unit we do not know, nothing or less than nothing, too much, or too fine a figure."""
        if self.unit not in NG_PER_ML:
            raise BadInput(f"{self.unit} is not known: give one of {', '.join(NG_PER_ML)}.", field="unit")
        said = f"{self.value:f} {self.unit}"
        exact = self.value * int(NG_PER_ML[self.unit]) * PG_PER_NG if self.value.is_finite() else None
        if exact is None or exact <= 0:
            raise BadInput(
                f"{said} is not a level. One below the limit of the assay is not zero: write it into the notes.",
                field="value",
            )
        if exact > MOST_NG_PER_ML * PG_PER_NG:
            raise BadInput(f"{said} is more than can be in plasma. Look at the unit.", field="value")
        if exact != exact.to_integral_value():
            raise BadInput(f"{said} is finer than a thousandth of a ng/mL. Round it.", field="value")
        return int(exact)


@transaction.atomic
def record_measured_level(
    *, person: Person, measured: Measured, drawn_at: dt.datetime, by: Staff, once: str, is_plausible: bool = True
) -> MeasuredLevel:
    """What a laboratory found in blood drawn at `drawn_at`, never in the future.

    is_plausible: False where the doses recorded cannot explain it and it is kept all the same.
    """
    earlier = submits.found(once, "measured_level")
    if earlier is not None:
        return MeasuredLevel.objects.get(pk=earlier)
    act = begin(person, by, "level.record", drawn_at)
    row = MeasuredLevel.objects.create(**act.common, **_columns(measured), is_plausible=is_plausible)
    submits.remember(once, "measured_level", row.pk)
    audit.write("level.recorded", by=by, centre=person.centre, person=person, about=row)
    return row


@transaction.atomic
def correct_measured_level(
    *,
    level: MeasuredLevel,
    measured: Measured | None,
    reason: str,
    by: Staff,
    once: str,
    drawn_at: dt.datetime | None = None,
    is_plausible: bool = True,
) -> MeasuredLevel:
    """A further row in place of one that was wrong; both stay to be read. measured None: the old one is taken back."""
    earlier = submits.found(once, "measured_level.correct")
    if earlier is not None:
        return MeasuredLevel.objects.get(pk=earlier)
    act = begin(level.person, by, "level.record", drawn_at or level.happened_at)
    reason = needed(reason, "reason", "A correction says why: write what was wrong.")
    refuse_corrected(level)
    columns = _emptied(level) if measured is None else _columns(measured)
    row = MeasuredLevel.objects.create(
        **act.common, **columns, is_plausible=is_plausible, supersedes=level, correction_reason=reason
    )
    submits.remember(once, "measured_level.correct", row.pk)
    audit.write("level.corrected", by=by, centre=act.person.centre, person=act.person, about=row)
    return row


def as_row(measured: Measured, drawn_at: dt.datetime) -> MeasuredLevel:
    """What would be written: for who holds it against the doses first. Raises BadInput as recording does."""
    return MeasuredLevel(**_columns(measured), happened_at=drawn_at)


def species_of(medicine: Medicine) -> tuple[str, ...]:
    """What can be measured after it: what its model knows, else the medicine alone."""
    model = model_of(medicine, unsure_too=True)
    return model.all_species if isinstance(model, OneCompartment) else (medicine.name,)


def _columns(measured: Measured) -> dict[str, object]:
    try:
        medicine = formulary().find(measured.medicine)
    except UnknownMedicine as unknown:
        raise BadInput(str(unknown), field="substance") from unknown
    known = species_of(medicine)
    species = measured.species or known[0]
    if species not in known:
        either = " or ".join(known)
        raise BadInput(f"{species} does not come from {medicine.name}: measure {either}.", field="substance")
    return {
        "medicine": medicine.name,
        "species": species,
        "pg_per_ml": measured.pg_per_ml,
        "unit": measured.unit,
        "laboratory": needed(measured.laboratory, "laboratory", "Say which laboratory measured it."),
        "words": measured.words.strip(),
    }


def _emptied(level: MeasuredLevel) -> dict[str, object]:
    return {
        "medicine": level.medicine,
        "species": level.species,
        "pg_per_ml": None,
        "unit": level.unit,
        "laboratory": level.laboratory,
    }
