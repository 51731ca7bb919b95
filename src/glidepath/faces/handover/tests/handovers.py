"""A handover for the tests: the sheet as it stands, signed."""

from __future__ import annotations

from glidepath.faces.handover import queries, services
from glidepath.faces.handover.models import Handover
from glidepath.faces.handover.sheet import sheet
from glidepath.record.staff.models import Staff
from tests.cast import Cast, proof


def hand_over(cast: Cast, *, said: str = "", by: Staff | None = None, once: str = "h1", shown: str = "") -> Handover:
    """By the nurse of the cast, of its unit; `said` to everybody. shown: the digest of another page than this one."""
    here, parts = sheet(cast.nurse, cast.unit, queries.since(cast.unit)), queries.unit_parts(cast.unit)
    giver = by or cast.nurse
    return services.hand_over(
        sheet=here, parts=parts, said={one.pk: said for one in here.people}, words="quiet night",
        shown=shown or services.shown_digest(here, parts), by=giver, proof=proof(giver), once=once,
    )  # fmt: skip
