"""The safety plan on one page, as large as it fits, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

import json

import typst

from glidepath.care.safety import queries
from glidepath.care.safety.parts import parts
from glidepath.faces.printing.pdf import HERE, Paper, compiled, is_printable
from glidepath.faces.printing.safety_values import OwnSafetyPlan, printable, safety_sheet
from glidepath.record import clock
from glidepath.record.people.models import Person


def own_safety_plan(person: Person) -> OwnSafetyPlan | None:
    """The version that counts now; None where none is written. The person is already one the viewer may see."""
    plan = queries.newest_plan(person)
    if plan is None:
        return None
    centre, content = person.centre, queries.content_of(plan)
    return OwnSafetyPlan(
        preferred_name=person.preferred_name,
        centre_name=centre.name,
        centre_phone=centre.phone,
        crisis_line=centre.crisis_line,
        made_at=clock.local(centre, clock.now()),
        version=plan.number,
        written_on=clock.local(centre, plan.recorded_at).date(),
        parts=tuple((one.label, content.get(one.key, ())) for one in parts()),
    )


def safety_pdf(plan: OwnSafetyPlan, *, paper: Paper) -> bytes:
    """As PDF/UA-1. Words in letters that cannot be printed are replaced by a line that says so, never left out.

    Raises PrintFault for a warning of the typesetter, typst.TypstError for a page that cannot be set.
    """
    try:
        return _set(plan, paper)
    except typst.TypstError:
        safe = printable(plan, lambda text: is_printable(text, plan.made_at))
        if safe == plan:
            raise
        return _set(safe, paper)


def _set(plan: OwnSafetyPlan, paper: Paper) -> bytes:
    data = {**safety_sheet(plan), "paper": paper.value, "region": "US" if paper is Paper.LETTER else "GB"}
    return compiled(HERE / "safety.typ", json.dumps(data), plan.made_at)
