"""To go through the medicines before a move: signed by a prescriber, whole; and the move that waits for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from django.db import transaction

from glidepath.care.flow.going_through import List, findings_of, going_through
from glidepath.care.flow.models import GoneThrough
from glidepath.clinical.guidelines.medicines_at_a_move import Reply, refused, unanswered
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Unit
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof


@transaction.atomic
def go_through(
    *, person: Person, replies: Mapping[str, Reply], by: Staff, proof: Proof, to_unit: Unit | None = None,
    once: str = "",
) -> GoneThrough:  # fmt: skip
    """Every medicine answered, by key, for a discharge or for a transfer to `to_unit`.

    Raises BadInput that names what is open or cannot be so: a list that has changed meanwhile is gone through anew.
    """
    earlier = submits.found(once, "medicines.gone_through")
    if earlier is not None:
        return GoneThrough.objects.get(pk=earlier)
    require(by, "medicine.decide")
    require_proof(by, proof)
    Person.objects.select_for_update().get(pk=person.pk)
    episode = _of_stay(person, by, to_unit)
    found = going_through(person, episode, to_unit=to_unit)
    lines = _lines(found, replies)
    now = clock.now()
    row = GoneThrough.objects.create(
        centre_id=person.centre_id, person=person, episode=episode, to_unit=to_unit, lines=lines, digest=_digest(lines),
        at=GoneThrough.At.DISCHARGE if to_unit is None else GoneThrough.At.TRANSFER, happened_at=now, recorded_at=now,
        recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "medicines.gone_through", row.pk)
    audit.write(
        "medicines.gone_through", by=by, centre=person.centre, kind="sign", person=person, about=row, code=row.at,
        digest=row.digest,
    )  # fmt: skip
    return row


def why_not_to(episode: Episode, to_unit: Unit) -> str:
    """Why this transfer waits; empty where it need not. Asked by the move itself (record/episodes/ports.py)."""
    found = findings_of(episode.person, episode, to_unit=to_unit)
    return " ".join(f"{one.message} {one.do}" for one in found)


def _of_stay(person: Person, by: Staff, to_unit: Unit | None) -> Episode:
    if person.centre_id != by.centre_id or (to_unit is not None and to_unit.centre_id != by.centre_id):
        raise NotAllowed("This person, or this unit, is another centre's.")
    episode = current_episode(person)
    if episode is None or episode.stage != Stage.ADMITTED:
        raise BadInput(f"{person.preferred_name} is not admitted: there is no move to prepare.")
    return episode


def _lines(found: List, replies: Mapping[str, Reply]) -> list[list[str]]:
    medicines = [one.medicine for one in found.lines]
    still_open = unanswered(medicines, replies)
    if still_open:
        names = "; ".join(one.words for one in still_open)
        raise BadInput(f"Not answered: {names}. Decide about each medicine.")
    wrong = [words for one in medicines if (words := refused(one, replies[one.key]))]
    if wrong:
        raise BadInput(" ".join(wrong))
    return [
        [one.key, one.words, one.origin.value, replies[one.key].decided.value, replies[one.key].words.strip()]
        for one in medicines
    ]


def _digest(lines: list[list[str]]) -> str:
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()
