"""Codes that a count of criteria and a withdrawal suggest: a clinician confirms each, and none is a diagnosis.

Dependence on a supervised prescription is no use disorder: criteria 10 and 11 do not count there, so such a person's
withdrawal is coded without one, and never under F13.2.
"""

from __future__ import annotations

from glidepath.clinical.facts.load import sedative_codes
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.sedative_codes import Code, Course
from glidepath.clinical.instruments.score import Score

KEY = "dsm_sedative"


def suggested_codes(count: Score, *, withdrawal: Course | None = None, in_remission: bool = False) -> tuple[Code, ...]:
    """The codes that go with a count of criteria, and with withdrawal where there is one.

    count: the score of `dsm_sedative`. An unverified code was not seen in a source: it is never shown as guidance.
    With withdrawal one code says both. Raises ValueError for another instrument, and for a count that is not complete:
    unknown is never "no disorder".
    """
    if count.instrument != KEY:
        raise ValueError(f"the codes go with a count of {KEY}, not of {count.instrument}")
    if count.total is None or count.band is None:
        raise ValueError(f"the criteria are not all answered ({count.label}); no code is suggested")
    codes = sedative_codes()
    if withdrawal is not None:
        return (_joined(codes.withdrawal[count.band], codes.course[withdrawal]),)
    found = (codes.remission if in_remission else codes.disorder).get(count.band)
    return () if found is None else (found,)


def _joined(start: Code, course: Code) -> Code:
    seen = Seen.UNVERIFIED if Seen.UNVERIFIED in (start.seen, course.seen) else start.seen
    return Code(f"{start.code}{course.code}", f"{start.words}, {course.words}", seen)
