"""Back from leave: each dose counted by two as what it became.

What came due meanwhile is answered. What was brought back is the person's own from then on: counted, sealed and kept
apart, never given again (L15); doses that still lie ahead come from the stock, in the round. What should be there and
is not calls the prescriber: the register is right about its own shelf, so there is nothing to count there, and what
matters is what the person took. A missing dose that lies ahead stays due, so that none is left out unsaid: until then
the prescriber decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from glidepath.care.medication import queries
from glidepath.care.medication.answering import create, same_centre
from glidepath.care.medication.models import DoseAnswer, LeavePack, LeaveReturn
from glidepath.care.medication.watching import tell_missing, watch_person
from glidepath.care.supply import amounts, services as supply
from glidepath.care.supply.models import OwnBag
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, second_signer

BECAME = ("taken", "back", "missing")


@dataclass(frozen=True, slots=True)
class Sealed:
    """Where what was brought back went: the number of the seal, and where the bag is kept."""

    seal: str = ""
    kept_where: str = ""


NOT_SEALED = Sealed()


@transaction.atomic
def return_leave(
    *, pack: LeavePack, became: Mapping[str, str], by: Staff, second: Proof | None, words: str = "",
    sealed: Sealed = NOT_SEALED, once: str = "",
) -> LeaveReturn:  # fmt: skip
    """Each dose of the pack as it became, by its mark: taken, brought back (which wants a seal), or missing (which
    wants words). Those due by now are answered; what is still ahead is given here, from the stock. second: who counts
    with `by`. Raises BadInput by field, ChangedMeanwhile where they were counted back before."""
    earlier = submits.found(once, "leave.returned")
    if earlier is not None:
        return LeaveReturn.objects.get(pk=earlier)
    require(by, "leave.pack")
    person = pack.person
    same_centre(person, by)
    Person.objects.select_for_update().get(pk=person.pk)
    _refuse_counted(pack)
    counted = [[key, at, became.get(f"{key}|{at}", "")] for key, at, _ in pack.doses]
    _refuse_uncounted(counted, words)
    counted_with = second_signer(by, second, action="dose.witness")
    now = clock.now()
    with audit.together():
        bag = _sealed(pack, counted, sealed, by, second)
        row = LeaveReturn.objects.create(
            centre_id=pack.centre_id, pack=pack, became=counted, words=words.strip()[:300],
            bag=bag, counted_with=counted_with, happened_at=now, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        for key, at, how in counted:
            _answer(person, by, counted_with, key, dt.datetime.fromisoformat(at), how, words)
        watch_person(person)
        missing = _missing(pack, counted)
        if missing:
            tell_missing(person, missing, words.strip())
        submits.remember(once, "leave.returned", row.pk)
        audit.write("leave.returned", by=by, centre=person.centre, person=person, about=row)
    return row


def _answer(
    person: Person, by: Staff, counted_with: Staff, key: str, due_at: dt.datetime, how: str, words: str
) -> None:
    """The answer to one dose that came due while they were away, or was taken early; else one that lies ahead is still
    to be given."""
    now = clock.now()
    due = queries.due_one(person, key, due_at)
    if due is None or due.answer is not None or (due_at > now and how != "taken"):
        return
    outcome, reason = {
        "taken": (DoseAnswer.Outcome.ELSEWHERE, DoseAnswer.Reason.ON_LEAVE),
        "back": (DoseAnswer.Outcome.MISSED, DoseAnswer.Reason.BROUGHT_BACK),
        "missing": (DoseAnswer.Outcome.MISSED, DoseAnswer.Reason.OTHER),
    }[how]
    answer = create(
        person, by, due_key=key, due_at=due_at, order=due.order, version_id=due.due.version_id,
        step_number=due.due.step_number, medicine=due.order.medicine if due.order else queries.key_of(due.due.medicine),
        medicine_name=due.due.medicine, ng=due.due.dose.ng, outcome=outcome, reason=reason,
        words=words.strip()[:300] if how == "missing" else "", witness=counted_with, happened_at=min(due_at, now),
    )  # fmt: skip
    audit.write("dose.answered", by=by, centre=person.centre, person=person, about=answer, code=answer.outcome)


def _sealed(
    pack: LeavePack, counted: Sequence[Sequence[str]], sealed: Sealed, by: Staff, second: Proof | None
) -> OwnBag | None:
    """What was brought back, as what a person brings along; None where nothing was."""
    back = [number for number, (_, _, how) in enumerate(counted) if how == "back"]
    if back:
        return supply.take_in(
            person=pack.person, items=_brought(pack, back), seal=sealed.seal, kept_where=sealed.kept_where, by=by,
            second=second,
        )  # fmt: skip
    if sealed.seal.strip():
        raise BadInput("A seal is written, and no dose was brought back. Look at both again.", field="seal")
    return None


def _brought(pack: LeavePack, numbers: Sequence[int]) -> list[supply.Brought]:
    """The pieces of these doses, by product; a dose whose products are not known counts as one, as it was packed."""
    sizes: dict[tuple[str, bool], int] = {}
    for number in numbers:
        pieces = [((one.name, one.is_liquid), one.quantity) for one in pack.pieces(number)]
        as_packed = (f"{pack.doses[number][2]} (doses as packed)"[-120:], False)
        for kind, size in pieces or [(as_packed, amounts.QUARTERS)]:
            sizes[kind] = sizes.get(kind, 0) + size
    return [supply.Brought(name, size, is_liquid) for (name, is_liquid), size in sizes.items()]


def _missing(pack: LeavePack, counted: Sequence[Sequence[str]]) -> list[str]:
    """The missing doses that a prescriber signed for, in words."""
    return [
        f"{pack.doses[number][2]}, due {clock.local(pack.person.centre, dt.datetime.fromisoformat(at)):%-d %b %H:%M}"
        for number, (_, at, how) in enumerate(counted)
        if how == "missing" and pack.is_signed_for(number)
    ]


def _refuse_counted(pack: LeavePack) -> None:
    first = LeaveReturn.objects.select_related("recorded_by").filter(pack=pack).first()
    if first is not None:
        name = first.recorded_by.name
        raise ChangedMeanwhile(f"{name} counted these doses back first.", by=name, at=first.recorded_at)


def _refuse_uncounted(counted: list[list[str]], words: str) -> None:
    if any(how not in BECAME for _, _, how in counted):
        raise BadInput("Say of each dose what became of it: taken, brought back, or missing.", field="became")
    if any(how == "missing" for _, _, how in counted) and not words.strip():
        raise BadInput("A dose is missing: write what the person says of it.", field="words")
