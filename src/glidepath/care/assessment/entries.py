"""To write down structured entries: an earlier taper, another substance, and each medicine of the list with what the
prescriber decided and the pharmacist found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from django.db import transaction

from glidepath.care.assessment.locking import lock, present_stay
from glidepath.care.assessment.models import (
    MedicineCheck,
    MedicineDecision,
    MedicineTaken,
    Mouth,
    PastTaper,
    Said,
    SubstanceUse,
    Told,
)
from glidepath.clinical.facts.errors import AmbiguousMedicine, UnknownMedicine
from glidepath.clinical.facts.load import assessment, formulary
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

Row = TypeVar("Row", bound=Told)
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Taper:
    """An earlier way down, as it was told. seizure: Said."""

    medicine_name: str
    seizure: str
    when: str = ""
    began_at: str = ""
    speed: str = ""
    stopped_at: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Substance:
    """One substance. substance: a key of the facts' list; name: what it is where the list has no word for it."""

    substance: str
    name: str = ""
    amount: str = ""
    days_per_week: int | None = None
    last_use_on: dt.date | None = None
    route: str = ""
    how_long: str = ""
    treatment_wanted: str = Said.UNKNOWN


@dataclass(frozen=True, slots=True)
class Medicine:
    """One line of the list. sources: of Mouth, at least one. is_sedative, is_opioid: Said; nobody guesses them."""

    medicine_name: str
    sources: tuple[str, ...]
    dose_words: str = ""
    prescriber: str = ""
    pharmacy: str = ""
    last_taken: str = ""
    is_sedative: str = Said.UNKNOWN
    is_opioid: str = Said.UNKNOWN


@transaction.atomic
def record_past_taper(
    *, person: Person, taper: Taper, by: Staff, mouth: Mouth = Mouth.PERSON, once: str = "",
    corrects: PastTaper | None = None, reason: str = "",
) -> PastTaper:  # fmt: skip
    """A seizure on the way down counts as a past seizure for the rules. Raises BadInput by field."""
    if not taper.medicine_name.strip():
        raise BadInput("Write which medicine it was.", field="medicine_name")
    given = asdict(taper) | {"medicine_name": medicine_called(taper.medicine_name)[1]}
    return _save(PastTaper, "assessment.past_taper", person, given, by, mouth, once, corrects, reason)


@transaction.atomic
def record_substance(
    *, person: Person, substance: Substance, by: Staff, mouth: Mouth = Mouth.PERSON, once: str = "",
    corrects: SubstanceUse | None = None, reason: str = "",
) -> SubstanceUse:  # fmt: skip
    """Raises BadInput by field for what cannot be."""
    allowed = assessment().substances
    if substance.substance not in allowed:
        raise BadInput(f"Choose one of {', '.join(allowed.values())}.", field="substance")
    if substance.substance == "other" and not substance.name.strip():
        raise BadInput("Write what it is.", field="name")
    days, last = substance.days_per_week, substance.last_use_on
    if days is not None and not 0 <= days <= DAYS_A_WEEK:
        raise BadInput(f"{days} days a week cannot be: write 0 to 7.", field="days_per_week")
    if last is not None and not person.birth_date <= last <= clock.today(person.centre):
        raise BadInput(f"{last:%-d %b %Y} cannot be: the last time lies between birth and today.", field="last_use_on")
    return _save(SubstanceUse, "assessment.substance", person, asdict(substance), by, mouth, once, corrects, reason)


@transaction.atomic
def record_medicine(
    *, person: Person, medicine: Medicine, by: Staff, once: str = "", corrects: MedicineTaken | None = None,
    reason: str = "",
) -> MedicineTaken:  # fmt: skip
    """One line of the list; a medicine outside the facts keeps its name. Raises BadInput by field."""
    if not medicine.medicine_name.strip():
        raise BadInput("Write the medicine's name as it stands on the box or in the letter.", field="medicine_name")
    if not medicine.sources or any(one not in Mouth.values for one in medicine.sources):
        raise BadInput("Say where this is from: at least one.", field="sources")
    key, name = medicine_called(medicine.medicine_name)
    given = asdict(medicine) | {"medicine": key, "medicine_name": name, "sources": list(medicine.sources)}
    if key:
        # The facts hold benzodiazepines and Z-drugs alone.
        given |= {"is_sedative": Said.YES, "is_opioid": Said.NO}
    mouth = Mouth(medicine.sources[0])
    return _save(MedicineTaken, "assessment.medicine", person, given, by, mouth, once, corrects, reason)


@transaction.atomic
def decide_medicine(
    *, medicine: MedicineTaken, decision: str, reason: str, by: Staff, proof: Proof, once: str = ""
) -> MedicineDecision:
    """Continue, change, stop or hold, signed by a prescriber. It is no order: that is signed with the medicines."""
    earlier = submits.found(once, "medicine.decided")
    if earlier is not None:
        return MedicineDecision.objects.get(pk=earlier)
    require(by, "medicine.decide")
    require_proof(by, proof)
    lock(medicine.person, by)
    if decision not in MedicineDecision.Choice.values:
        raise BadInput("Choose continue, change, stop or hold.", field="decision")
    said = _said(reason, "reason", "Say why, in a few words.")
    _refuse_replaced(medicine)
    now = clock.now()
    row = MedicineDecision.objects.create(
        centre_id=medicine.centre_id, medicine=medicine, decision=decision, reason=said, happened_at=now,
        recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "medicine.decided", row.pk)
    person = medicine.person
    audit.write("medicine.decided", by=by, centre=person.centre, kind="sign", person=person, about=row, code=decision)
    return row


@transaction.atomic
def check_medicine(*, medicine: MedicineTaken, words: str, by: Staff, once: str = "") -> MedicineCheck:
    """A pharmacist looked at the line. Raises BadInput (field `words`) where nothing is said."""
    earlier = submits.found(once, "medicine.checked")
    if earlier is not None:
        return MedicineCheck.objects.get(pk=earlier)
    require(by, "medicine.check")
    lock(medicine.person, by)
    said = _said(words, "words", "Write what you found; “nothing to add” is an answer.")
    _refuse_replaced(medicine)
    now = clock.now()
    row = MedicineCheck.objects.create(
        centre_id=medicine.centre_id, medicine=medicine, words=said, happened_at=now, recorded_at=now, recorded_by=by
    )
    submits.remember(once, "medicine.checked", row.pk)
    audit.write("medicine.checked", by=by, centre=medicine.person.centre, person=medicine.person, about=row)
    return row


def medicine_called(name: str) -> tuple[str, str]:
    """The facts' key and generic name; no key outside the facts, or where the name is that of several medicines."""
    try:
        found = formulary().find(name)
    except (UnknownMedicine, AmbiguousMedicine):
        return "", name.strip()
    return found.key, found.name


def _save(
    kind: type[Row], action: str, person: Person, given: Mapping[str, Any], by: Staff, mouth: Mouth, once: str,
    corrects: Row | None, reason: str,
) -> Row:  # fmt: skip
    earlier = submits.found(once, action)
    if earlier is not None:
        return kind._default_manager.get(pk=earlier, person=person)
    require(by, "assessment.record")
    lock(person, by)
    if corrects is not None:
        _refuse_replaced(corrects)
    said = _said(reason, "reason", "Say why this is corrected; both entries stay readable.") if corrects else ""
    now = clock.now()
    stripped = {key: value.strip() if isinstance(value, str) else value for key, value in given.items()}
    row = kind._default_manager.create(
        centre_id=person.centre_id, person=person, episode=present_stay(person), mouth=mouth, happened_at=now,
        recorded_at=now, recorded_by=by, supersedes=corrects, correction_reason=said, **stripped,
    )  # fmt: skip
    submits.remember(once, action, row.pk)
    audit.write(action, by=by, centre=person.centre, person=person, about=row)
    return row


def _refuse_replaced(row: Told) -> None:
    if hasattr(row, "superseded_by"):
        raise BadInput("This entry was corrected meanwhile. Open the page again and look at the newer one.")


def _said(words: str, field: str, ask: str) -> str:
    said = words.strip()
    if not said:
        raise BadInput(ask, field=field)
    if len(said) > 300:
        raise BadInput("Say it in 300 characters at most.", field=field)
    return said
