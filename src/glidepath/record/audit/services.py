"""Writing the chain. One line an act, after everything else of its transaction: the head row is locked last.

A line holds ids, codes and digests, never names, notes, doses or reasons; `write` refuses anything that is not a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Literal

from django.db import models, transaction
from django.db.models import QuerySet

from glidepath.record import clock
from glidepath.record.audit.chain import line_hash
from glidepath.record.audit.models import AuditHead, AuditLine
from glidepath.record.audit.session import session_digest
from glidepath.record.prepared import prepared

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre
    from glidepath.record.people.models import Person
    from glidepath.record.staff.models import Staff

Kind = Literal["read", "write", "sign", "deny", "break_glass", "session"]

_CODE = re.compile(r"[A-Za-z0-9_.:+-]{0,60}")
_ACTION = re.compile(r"[a-z0-9_.]{1,60}")
_DIGEST = re.compile(r"[0-9a-f]{0,64}")

_waiting: ContextVar[list[AuditLine] | None] = ContextVar("audit lines waiting for the end of an act", default=None)


def write(
    action: str,
    *,
    by: Staff | None,
    centre: Centre,
    kind: Kind = "write",
    person: Person | None = None,
    about: models.Model | None = None,
    people: Iterable[Person | int] = (),
    code: str = "",
    digest: str = "",
) -> None:
    """Adds one line to the centre's chain; call it last in the act's transaction.

    by: None for the system itself. people: whom a list showed. code: a reason code or an outcome, never free text.
    Raises ValueError for what is no code: that is a mistake in the calling code, not of the person at the screen.
    """
    _refuse_free_text(action, code, digest)
    line = AuditLine(
        centre_id=centre.pk,
        actor_id=by.pk if by else None,
        role=by.role if by else "",
        session=session_digest(),
        action=action,
        kind=kind,
        about_type=about._meta.label_lower if about is not None else "",
        about_id=about.pk if about is not None else None,
        person_id=person.pk if person is not None else None,
        people=sorted({one if isinstance(one, int) else one.pk for one in people}),
        code=code,
        digest=digest,
        at=clock.now(),
    )
    waiting = _waiting.get()
    if waiting is None:
        _append([line])
    else:
        waiting.append(line)


@contextmanager
def together() -> Iterator[None]:
    """One act made of several services: their lines are written at its end, so that nothing is locked after the head.

    Stands inside the act's own `transaction.atomic()`. If the act fails nothing is written, as nothing was done.
    """
    if _waiting.get() is not None:  # the outer act writes
        yield
        return
    lines: list[AuditLine] = []
    token = _waiting.set(lines)
    try:
        yield
    finally:
        _waiting.reset(token)
    _append(lines)


def open_chain(centre: Centre) -> None:
    """A new centre's empty chain."""
    AuditHead.objects.create(centre=centre)


def _append(lines: list[AuditLine]) -> None:
    """No savepoint of its own: a line that cannot be written fails the whole act."""
    with transaction.atomic(savepoint=False):
        heads: dict[int, AuditHead] = {}
        for centre_id in sorted({line.centre_id for line in lines}):
            (heads[centre_id],) = _locked_head(centre_id)
        for line in lines:
            head = heads[line.centre_id]
            line.seq, line.previous = head.count + 1, head.hash
            line.hash = line_hash(line)
            head.count, head.hash = line.seq, line.hash
        if len(lines) == 1:
            lines[0].save(force_insert=True)
        else:
            AuditLine.objects.bulk_create(lines)
        for head in heads.values():
            head.save(update_fields=["count", "hash"])


@prepared
def _locked_head(centre: int) -> QuerySet[AuditHead]:
    return AuditHead.objects.select_for_update().filter(centre=centre)


def _refuse_free_text(action: str, code: str, digest: str) -> None:
    for name, value, pattern in (("action", action, _ACTION), ("code", code, _CODE), ("digest", digest, _DIGEST)):
        if not pattern.fullmatch(value):
            raise ValueError(f"an audit line's {name} is a code, not {value!r}")
