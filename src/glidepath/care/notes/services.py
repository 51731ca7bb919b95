"""To write a progress note and sign it, and to amend one's own; nobody signs or changes another's."""

from __future__ import annotations

import hashlib

from django.db import transaction

from glidepath.care.notes import queries
from glidepath.care.notes.models import LONGEST, Note
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

ACTION = {Note.Kind.PROGRESS: "note.write", Note.Kind.APART: "note.write_apart"}


@transaction.atomic
def sign_note(
    *, person: Person, kind: Note.Kind, words: str, by: Staff, proof: Proof, once: str, for_handover: bool = False
) -> Note:
    """A note of one's own, signed. for_handover: the next shift hears it; never what is kept apart."""
    earlier = submits.found(once, "note")
    if earlier is not None:
        return Note.objects.get(pk=earlier)
    episode = _begin(person, Note.Kind(kind), by, proof)
    row = _keep(person, episode, Note.Kind(kind), words, for_handover, by)
    submits.remember(once, "note", row.pk)
    audit.write(
        "note.signed", by=by, centre=person.centre, kind="sign", person=person, about=row, code=row.kind,
        digest=row.digest,
    )  # fmt: skip
    return row


@transaction.atomic
def amend_note(
    *, note: Note, words: str, reason: str, by: Staff, proof: Proof, once: str, for_handover: bool = False
) -> Note:
    """A further row in place of one's own note, with the reason; the old one stays readable beside it."""
    earlier = submits.found(once, "note.amend")
    if earlier is not None:
        return Note.objects.get(pk=earlier)
    if note.recorded_by_id != by.pk:
        raise NotAllowed(f"{note.recorded_by.name} wrote this note, and amends it. Write one of your own beside it.")
    episode = _begin(note.person, Note.Kind(note.kind), by, proof)
    if not reason.strip():
        raise BadInput("An amendment says why: write what was wrong or missing.", field="reason")
    newer = queries.amendment_of(note)
    if newer is not None:
        raise ChangedMeanwhile(
            "You have amended this note already. Open the newer one.", by=newer.recorded_by.name, at=newer.recorded_at
        )
    row = _keep(
        note.person, episode, Note.Kind(note.kind), words, for_handover, by, supersedes=note, reason=reason.strip()
    )
    submits.remember(once, "note.amend", row.pk)
    audit.write(
        "note.amended", by=by, centre=note.person.centre, kind="sign", person=note.person, about=row, code=row.kind,
        digest=row.digest,
    )  # fmt: skip
    return row


def _begin(person: Person, kind: Note.Kind, by: Staff, proof: Proof) -> Episode:
    require(by, ACTION[kind])
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    require_proof(by, proof)
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    episode = current_episode(person)
    if episode is None or episode.stage == Stage.DISCHARGED:
        raise BadInput(f"{person.preferred_name} is not in our care now: open an enquiry or an admission first.")
    return episode


def _keep(
    person: Person,
    episode: Episode,
    kind: Note.Kind,
    words: str,
    for_handover: bool,
    by: Staff,
    *,
    supersedes: Note | None = None,
    reason: str = "",
) -> Note:
    words = words.strip()
    if not words:
        raise BadInput("The note is empty. Write what was seen, said or done.", field="words")
    if len(words) > LONGEST:
        raise BadInput(f"The note has {len(words)} letters; at most {LONGEST}. Split it into two.", field="words")
    if for_handover and kind is Note.Kind.APART:
        raise BadInput(
            "What is kept apart is not handed over. Write a progress note of what the next shift needs to know.",
            field="for_handover",
        )
    now = clock.now()
    return Note.objects.create(
        centre_id=person.centre_id,
        person=person,
        episode=episode,
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
        kind=kind,
        profession=by.role,
        words=words,
        for_handover=for_handover,
        digest=hashlib.sha256(f"{kind}\n{for_handover}\n{words}".encode()).hexdigest(),
        supersedes=supersedes,
        correction_reason=reason,
    )
