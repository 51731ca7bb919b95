"""CIWA-B: how strong the withdrawal is, over time. It never sets a dose.

Items 1 to 17 and 21 to 22 are asked, 18 to 20 are observed; 1 to 20 are scored. Items 12 and 14 are stored as printed
on the form and never turned round again. Origin: Busto and others, J Clin Psychopharmacol 1989;9(6):412-416.
"""

from __future__ import annotations

from collections.abc import Sequence

from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments import scoring
from glidepath.clinical.instruments.score import Answer, Score

KEY = "ciwa_b"


def score(items: Sequence[Answer], *, oriented: bool | None = None) -> Score:
    """The score of up to 22 answers in item order; None is unanswered, missing ones at the end are unanswered.

    oriented: the question before the scale (alert, orientated, obeys commands); False: what was asked is invalid and
    only the observed items count, so there is no total (DEL-2). None: it was not asked, which a note says.
    Raises BadAnswer naming the item and what it allows.
    """
    return scoring.score(instrument(KEY), items, gate=oriented)
