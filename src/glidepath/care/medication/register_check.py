"""Whether the answers and the register say the same (L5, L6, L14): each given dose one issue, of the very amount; and
each leave what was handed out for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from glidepath.care.medication.models import DoseAnswer, LeavePack
from glidepath.care.supply import queries as supply
from glidepath.care.supply.amounts import per_unit
from glidepath.record.centres.models import Centre


@dataclass(frozen=True, slots=True)
class RegisterCheck:
    """issued: given doses of the time that the register holds movements for. apart: answers whose amount differs from
    what left the stock for them, and doses that left it without a given answer."""

    issued: int
    apart: tuple[DoseAnswer, ...]
    leaves_apart: tuple[LeavePack, ...] = ()  # whose doses differ from what left the stock for them

    @property
    def agrees(self) -> bool:
        return not self.apart and not self.leaves_apart


def doses_against_register(centre: Centre, since: dt.datetime, until: dt.datetime) -> RegisterCheck:
    """Every dose that the register moved something for from `since` to before `until`, against its answer of now."""
    taken: dict[UUID, int] = defaultdict(int)  # nanograms that stayed with the person, less what was wasted of it
    for row in supply.dose_movements(centre, since, until):
        product = row.batch.product
        size = row.quantity * product.strength_ng // per_unit(product.is_liquid)
        taken[row.dose] += size if row.target.kind == "person" else -size  # type: ignore[index]
    answers = DoseAnswer.objects.filter(centre=centre, public_id__in=list(taken))
    apart = []
    for answer in answers.select_related("superseded_by__superseded_by__superseded_by"):
        newest = _newest(answer)
        due = newest.given_ng if newest.was_given else 0
        if taken[answer.public_id] != due:
            apart.append(newest)
    return RegisterCheck(len(taken), tuple(apart), _leaves_apart(centre, since, until))


def _leaves_apart(centre: Centre, since: dt.datetime, until: dt.datetime) -> tuple[LeavePack, ...]:
    """The leaves of the time for which the register moved something, and of one product another amount."""
    taken: dict[UUID, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in supply.leave_movements(centre, since, until):
        taken[row.dose][str(row.batch.product.public_id)] += row.quantity  # type: ignore[index]
    apart = []
    for pack in LeavePack.objects.filter(centre=centre, public_id__in=list(taken)):
        handed: dict[str, int] = defaultdict(int)
        for piece in pack.all_pieces():
            handed[piece.product] += piece.quantity
        if any(handed[product] != quantity for product, quantity in taken[pack.public_id].items()):
            apart.append(pack)
    return tuple(apart)


def _newest(answer: DoseAnswer) -> DoseAnswer:
    """The answer that stands in its place now, following only corrections of one given dose by another."""
    while hasattr(answer, "superseded_by"):
        answer = answer.superseded_by
    return answer
