"""CIWA-B: how strong the withdrawal is, over time. It never sets a dose.

Items 1 to 17 and 21 to 22 are asked, 18 to 20 are observed; 1 to 20 are scored. Items 12 and 14 are stored as printed
on the form and never turned round again. Origin: Busto and others, J Clin Psychopharmacol 1989;9(6):412-416.
"""

from __future__ import annotations

from collections.abc import Sequence

from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.escalation import check_self_report
from glidepath.clinical.instruments.score import Answer, Score, checked

KEY = "ciwa_b"
OBSERVED = "observer"


def score(items: Sequence[Answer], *, oriented: bool | None = None) -> Score:
    """The score of up to 22 answers in item order; None is unanswered, missing ones at the end are unanswered.

    oriented: the question before the scale (alert, orientated, obeys commands); False: what was asked is invalid and
    only the observed items count, so there is no total (DEL-2). None: it was not asked, which a note says.
    Raises BadAnswer naming the item and what it allows.
    """
    scale = instrument(KEY)
    answers = checked(scale, items)
    counted = {
        item.key: answer
        for item, answer in zip(scale.items, answers, strict=True)
        if item.scored and answer is not None and (oriented is not False or item.asked == OBSERVED)
    }
    return _score(scale, [int(answer) for answer in counted.values()], oriented)


def _score(scale: Instrument, counted: Sequence[int], oriented: bool | None) -> Score:
    needed = len(scale.scored_items)
    subtotal = sum(counted)
    total = subtotal if len(counted) == needed else None
    return Score(
        instrument=scale.key,
        version=scale.version,
        total=total,
        band=None if total is None else scale.band(total).key,
        answered=len(counted),
        items=needed,
        subtotal=subtotal,
        label="complete" if total is not None else f"partial {len(counted)} of {needed}",
        alerts=_alerts(oriented),
        notes=_notes(scale, oriented),
    )


def _alerts(oriented: bool | None) -> tuple[Finding, ...]:
    return check_self_report(oriented=oriented) if oriented is False else ()


def _notes(scale: Instrument, oriented: bool | None) -> tuple[str, ...]:
    if oriented is None and scale.gate is not None:
        return (f"Not asked before the scale: {scale.gate.question}",)
    return ()
