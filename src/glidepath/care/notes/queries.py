"""Reads of progress notes. What is kept apart is read by its author alone, decided here and not on a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from glidepath.care.notes.models import Note
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may

SHORT = 120  # of a note in a list


def notes_of(viewer: Staff, person: Person, *, profession: str = "", limit: int = 60) -> tuple[Note, ...]:
    """The newest this viewer may read, amended and amendments alike, newest first; of one profession, or of all."""
    rows = _open_to(viewer).filter(person=person)
    rows = rows.filter(profession=profession) if profession else rows
    return tuple(rows.order_by("-recorded_at", "-id")[:limit])


def note_of(viewer: Staff, person: Person, public_id: UUID) -> Note:
    """This person's note under this address, where the viewer may read it. Raises Note.DoesNotExist."""
    return _open_to(viewer).select_related("person__centre").get(person=person, public_id=public_id)


def for_handover(viewer: Staff, people: Sequence[Person], since: dt.datetime) -> Mapping[int, tuple[Note, ...]]:
    """The notes the next shift is to hear, written from `since` on and not amended since, oldest first, by person id.

    One query for 3 and for 30. Who may read no notes is given none. The people are those the viewer may see.
    """
    found: dict[int, list[Note]] = {person.pk: [] for person in people}
    rows = _open_to(viewer).filter(
        person__in=list(found), for_handover=True, recorded_at__gte=since, superseded_by__isnull=True
    )
    for row in rows.order_by("recorded_at", "id"):
        found[row.person_id].append(row)
    return {pk: tuple(rows) for pk, rows in found.items()}


def progress_notes(person: Person, since: dt.datetime) -> tuple[Note, ...]:
    """What the whole care team reads of this person, as it stands, oldest first; nothing that is kept apart."""
    rows = Note.objects.filter(person=person, kind=Note.Kind.PROGRESS, happened_at__gte=since)
    return tuple(rows.filter(superseded_by__isnull=True).select_related("recorded_by").order_by("happened_at", "id"))


def shortened(words: str) -> str:
    """The beginning of a note, for a list."""
    line = " ".join(words.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1].rstrip()}…"


def amendment_of(note: Note) -> Note | None:
    """The row that amends this one, if there is one."""
    return Note.objects.filter(supersedes=note).select_related("recorded_by").first()


def _open_to(viewer: Staff) -> QuerySet[Note]:
    rows = Note.objects.filter(centre=viewer.centre_id).select_related("recorded_by", "superseded_by__recorded_by")
    if not may(viewer, "note.read"):
        return rows.none()
    return rows.filter(Q(kind=Note.Kind.PROGRESS) | Q(recorded_by=viewer))
