"""To hand a unit over, and to take it over: the giver signs what is shown, the receiver reads it back and signs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from glidepath.faces.handover.lines import Part, frozen
from glidepath.faces.handover.models import Handover, HandoverEntry, HandoverReceipt
from glidepath.faces.handover.sheet import Entry, Sheet
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Unit
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.queries import open_shifts
from glidepath.record.staff.signing import Proof, require_proof

MOST_WORDS = 600


def shown_digest(sheet: Sheet, parts: Sequence[Part]) -> str:
    """What the giver has before their eyes, without the passing minutes."""
    return _digest([_as_json(entry) for entry in sheet.entries], frozen(parts))


@transaction.atomic
def hand_over(
    *, sheet: Sheet, parts: Sequence[Part], said: Mapping[int, str], words: str, shown: str, by: Staff,
    proof: Proof, once: str,
) -> Handover:  # fmt: skip
    """Freezes the sheet with the giver's sentences. said: by person id. shown: the digest of the page that was signed.

    Raises BadInput, NotAllowed, and ChangedMeanwhile where the record moved on since the page was drawn: what is handed
    over is what was read.
    """
    earlier = submits.found(once, "handover.give")
    if earlier is not None:
        return Handover.objects.get(pk=earlier)
    _may(by, sheet.unit)
    require_proof(by, proof)
    if shown != shown_digest(sheet, parts):
        raise ChangedMeanwhile(
            "Something changed since this page was drawn. Read it again below, then hand over; your words are kept.",
            by="", at=sheet.now,
        )  # fmt: skip
    _refuse_long(words, *said.values())
    entries = [_as_json(entry) for entry in sheet.entries]
    row = Handover.objects.create(
        centre_id=sheet.unit.centre_id, unit=sheet.unit, since=sheet.since, words=words.strip(), parts=frozen(parts),
        digest=_digest([*entries, {str(pk): text for pk, text in said.items()}], frozen(parts)),
        happened_at=sheet.now, recorded_at=clock.now(), recorded_by=by,
    )  # fmt: skip
    HandoverEntry.objects.bulk_create(
        HandoverEntry(
            handover=row, person=entry.person, bed=entry.bed, head=entry.head, risks=kept["risks"], parts=kept["parts"],
            words=said.get(entry.person.pk, "").strip(),
        )
        for entry, kept in zip(sheet.entries, entries, strict=True)
    )  # fmt: skip
    submits.remember(once, "handover.give", row.pk)
    audit.write(
        "handover.given", by=by, centre=sheet.unit.centre, kind="sign", about=row,
        people=[one.pk for one in sheet.people],
    )  # fmt: skip
    return row


@transaction.atomic
def take_over(
    *, handover: Handover, read_back: Sequence[int], words: str, by: Staff, proof: Proof, once: str
) -> HandoverReceipt:
    """Somebody else, on shift on the unit, has read every person back and signs. read_back: the entries' ids.

    Raises BadInput (field `read_back`) with who is still to be read back, NotAllowed, ChangedMeanwhile.
    """
    earlier = submits.found(once, "handover.take")
    if earlier is not None:
        return HandoverReceipt.objects.get(pk=earlier)
    _may(by, handover.unit)
    require_proof(by, proof)
    if handover.recorded_by_id == by.pk:
        raise NotAllowed("Who hands over does not take over: a colleague of the next shift reads it back and signs.")
    _refuse_long(words)
    _refuse_unread(handover, read_back)
    now = clock.now()
    try:
        with transaction.atomic():
            row = HandoverReceipt.objects.create(
                centre_id=handover.centre_id, handover=handover, words=words.strip(), digest=handover.digest,
                happened_at=now, recorded_at=now, recorded_by=by,
            )  # fmt: skip
    except IntegrityError:
        kept = HandoverReceipt.objects.get(handover=handover, recorded_by=by)
        at = clock.local(handover.unit.centre, kept.recorded_at)
        raise ChangedMeanwhile(
            f"You signed for this handover at {at:%H:%M}.", by=by.name, at=kept.recorded_at
        ) from None
    submits.remember(once, "handover.take", row.pk)
    audit.write("handover.taken", by=by, centre=handover.unit.centre, kind="sign", about=handover)
    return row


def _may(by: Staff, unit: Unit) -> None:
    require(by, "handover.sign")
    if by.centre_id != unit.centre_id:
        raise NotAllowed("This unit belongs to another centre.")
    if unit.pk not in {shift.unit_id for shift in open_shifts(by)}:
        raise NotAllowed(f"You are not on shift on {unit.name}. Start your shift there first.")


def _refuse_unread(handover: Handover, read_back: Sequence[int]) -> None:
    entries = HandoverEntry.objects.filter(handover=handover).select_related("person")
    missing = [f"{one.bed} {one.person.preferred_name}" for one in entries if one.pk not in set(read_back)]
    if missing:
        raise BadInput(f"Still to be read back: {', '.join(missing)}.", field="read_back")


def _refuse_long(*texts: str) -> None:
    if any(len(text) > MOST_WORDS for text in texts):
        raise BadInput(f"A sentence has at most {MOST_WORDS} characters; write more as a progress note.", field="words")


def _as_json(entry: Entry) -> dict[str, Any]:
    risks = [{"name": flag.name, "state": flag.state, "words": flag.words} for flag in entry.flags]
    return {"person": entry.person.pk, "bed": entry.bed, "head": entry.head, "risks": risks,
            "parts": frozen(entry.parts)}  # fmt: skip


def _digest(entries: Sequence[dict[str, Any]], parts: Sequence[dict[str, Any]]) -> str:
    text = json.dumps([entries, parts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
