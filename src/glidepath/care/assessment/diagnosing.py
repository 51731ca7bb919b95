"""Codes that a count of criteria suggests, and those a clinician confirmed. A suggestion is never a diagnosis.

How strongly the body depends stands apart (guideline's Table 2): who takes a prescription as directed may depend on it
and have no use disorder.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from glidepath.care.assessment.locking import lock, present_stay
from glidepath.care.assessment.models import Diagnosis
from glidepath.care.instruments.queries import Result, results
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.sedative_codes import Code, Course
from glidepath.clinical.instruments.sedative_codes import KEY, suggested_codes
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

CODE = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")  # the shape of an ICD-10-CM code


@dataclass(frozen=True, slots=True)
class Suggested:
    """What the last whole count of criteria suggests. codes: only those that were seen in a source."""

    count: Result | None
    codes: tuple[Code, ...]
    left_out: int  # codes that were not seen in a source, and are not shown

    @property
    def because(self) -> str:
        """ "5 of 11 criteria, moderate, counted on 17 Nov 2026"."""
        if self.count is None:
            return ""
        score = self.count.score
        return f"{score.total} of 11 criteria, {score.band_label}, counted on {self.count.day:%-d %b %Y}"

    @property
    def is_supervised(self) -> bool:
        """Whether criteria 10 and 11 were left out, because it is taken as prescribed under supervision."""
        return self.count is not None and any("does not count" in note for note in self.count.score.notes)


def suggested(person: Person, withdrawal: Course | None = None, *, done: Sequence[Result] | None = None) -> Suggested:
    """From the last whole count of this person; without one nothing is suggested: unknown is never "no disorder".

    done: the person's results, those of the count and maybe others, the oldest first, where they were read already.
    """
    read = results([person], instruments=[KEY]).get(person.pk, ()) if done is None else done
    whole = [one for one in read if one.instrument == KEY and one.score.total is not None]
    if not whole:
        return Suggested(None, (), 0)
    found = suggested_codes(whole[-1].score, withdrawal=withdrawal)
    seen = tuple(one for one in found if one.seen is not Seen.UNVERIFIED)
    return Suggested(whole[-1], seen, len(found) - len(seen))


def diagnoses(person: Person) -> tuple[Diagnosis, ...]:
    """The codes that hold in the present stay, in the order in which they were confirmed."""
    return diagnoses_in(person, current_episode(person))


def diagnoses_in(person: Person, episode: Episode | None) -> tuple[Diagnosis, ...]:
    """`diagnoses`, where the present stay was read already."""
    rows = Diagnosis.objects.filter(person=person, episode=episode).select_related("recorded_by")
    newest = {row.code: row for row in rows.order_by("recorded_at", "pk")}
    return tuple(row for row in newest.values() if row.holds)


@transaction.atomic
def confirm(
    *, person: Person, code: str, words: str, because: str, by: Staff, proof: Proof, holds: bool = True, once: str = ""
) -> Diagnosis:
    """One code by one clinician; `holds` False takes it back. Raises BadInput naming the field, NotAllowed."""
    earlier = submits.found(once, "diagnosis.confirmed")
    if earlier is not None:
        return Diagnosis.objects.get(pk=earlier, person=person)
    require(by, "diagnosis.confirm")
    require_proof(by, proof)
    lock(person, by)
    written = _refuse_unclear(person, code.strip().upper(), words.strip(), because.strip(), holds)
    now = clock.now()
    row = Diagnosis.objects.create(
        centre_id=person.centre_id, person=person, episode=present_stay(person), code=written[0], words=written[1],
        because=written[2], holds=holds, happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "diagnosis.confirmed", row.pk)
    audit.write("diagnosis.confirmed", by=by, centre=person.centre, person=person, about=row)
    return row


def _refuse_unclear(person: Person, code: str, words: str, because: str, holds: bool) -> Sequence[str]:
    if not CODE.fullmatch(code):
        raise BadInput(f"“{code[:20]}” has not the shape of an ICD-10-CM code, such as F13.20.", field="code")
    if not words:
        raise BadInput("Say in words what the code stands for.", field="words")
    if not because:
        raise BadInput("Say what it rests on: a count of criteria, a history, a letter.", field="because")
    standing = {row.code for row in diagnoses(person)}
    if holds and code in standing:
        raise BadInput(f"{code} is confirmed already.", field="code")
    if not holds and code not in standing:
        raise BadInput(f"{code} does not stand, so there is nothing to take back.", field="code")
    return code, words, because
