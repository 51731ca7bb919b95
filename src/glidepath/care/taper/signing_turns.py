"""To sign a turn of a running taper as its page showed it: one way for every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

from glidepath.care.taper import queries
from glidepath.care.taper.models import Plan, Version
from glidepath.care.taper.releasing import answered, lock, newest_seen
from glidepath.care.taper.rows import save_version
from glidepath.care.taper.services import note_signed, refuse_unanswered
from glidepath.care.taper.turning import REASONS, Reason, Turn
from glidepath.record.audit import once as submits
from glidepath.record.errors import BadInput
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof


@transaction.atomic
def sign_turn(
    *,
    plan: Plan,
    kind: str,
    make: Callable[[Plan, Version], Turn],
    reason: Reason,
    by: Staff,
    proof: Proof,
    seen: int,
    shown: str,
    overrides: Mapping[str, str],
    once: str,
    never_kept: bool = False,
) -> Version:
    """The next version, where `make` gives under the lock what the page showed (`shown`, its digest).

    seen: the newest version the page showed. never_kept: what is said stands in the version, and none of it is in the
    way. Raises HardStop, BadInput by field, ChangedMeanwhile.
    """
    earlier = submits.found(once, f"taper.{kind}")
    if earlier is not None:
        return queries.signed_version(earlier)
    require(by, "taper.change")
    require_proof(by, proof)
    locked = lock(plan, by)
    before = newest_seen(locked, seen)
    if reason.code not in REASONS:
        raise BadInput("Choose the reason: one tap.", field="reason_code")
    turn = make(locked, before)
    if turn.digest != shown:
        raise BadInput("The change is another than the page showed. Look at it again, then sign it.")
    findings = answered(turn.findings, overrides)
    if not never_kept:
        refuse_unanswered(findings, reason.words, field="words")
    version = save_version(
        plan=locked,
        proposed=turn.revision.plan,
        chosen=turn.chosen,
        kind=kind,
        effective_at=turn.effective_at,
        findings=findings,
        by=by,
        reason_code=reason.code,
        reason=reason.words.strip(),
        agreed=reason.agreed.strip(),
        handover=turn.handover,
        last_taken=turn.last_taken,
    )
    submits.remember(once, f"taper.{kind}", version.pk)
    note_signed(version, by)
    return version
