"""The letter to somebody who called: what to do with the medicine, what we decided, whom to call (PDF/UA-1)."""

from __future__ import annotations

import json

import typst

from glidepath.care.flow import queries
from glidepath.faces.printing.answer_values import OwnAnswer, answer_sheet, printable
from glidepath.faces.printing.pdf import HERE, Paper, compiled, is_printable
from glidepath.record import clock
from glidepath.record.episodes.queries import current_episode
from glidepath.record.people.models import Person


def own_answer(person: Person) -> OwnAnswer | None:
    """The decision that stands; None where there is none. The person is already one the viewer may see."""
    episode = current_episode(person)
    decision = queries.decision_of(episode) if episode else None
    if decision is None:
        return None
    centre = person.centre
    return OwnAnswer(
        preferred_name=person.preferred_name,
        centre_name=centre.name,
        centre_phone=centre.phone,
        crisis_line=centre.crisis_line,
        made_at=clock.local(centre, clock.now()),
        signed_by=decision.recorded_by.name,
        signed_on=clock.local(centre, decision.recorded_at).date(),
        level=decision.level,
        comes_on=decision.planned_on,
        reason=decision.words,
        elsewhere=decision.elsewhere,
        elsewhere_contact=decision.elsewhere_contact,
        bridging=decision.bridging,
        bridging_by=decision.bridging_by,
        we_call_on=decision.next_contact_on,
    )


def answer_pdf(letter: OwnAnswer, *, paper: Paper) -> bytes:
    """As PDF/UA-1. Words in letters that cannot be printed are replaced by a line that says so, never left out.

    Raises PrintFault for a warning of the typesetter, typst.TypstError for a page that cannot be set.
    """
    try:
        return _set(letter, paper)
    except typst.TypstError:
        safe = printable(letter, lambda text: is_printable(text, letter.made_at))
        if safe == letter:
            raise
        return _set(safe, paper)


def _set(letter: OwnAnswer, paper: Paper) -> bytes:
    data = {**answer_sheet(letter), "paper": paper.value, "region": "US" if paper is Paper.LETTER else "GB"}
    return compiled(HERE / "answer.typ", json.dumps(data), letter.made_at)
