"""Reads of the audit lines, for those who may."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max, Q, QuerySet, TextField
from django.db.models.functions import Cast

from glidepath.record.audit.models import AuditHead, AuditLine, Once

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre


def lines(
    centre: Centre,
    *,
    person_id: int | None = None,
    actor_id: int | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    code: str = "",
) -> QuerySet[AuditLine]:
    """The centre's lines, the newest first.

    person_id: lines about this person, and lists that showed them among others. since, until: half-open.
    code: how what was done begins ("taper", "taper.signed"), or the line's own code as a whole ("emergency").
    """
    found = AuditLine.objects.filter(centre=centre)
    wanted = Q()
    if person_id is not None:
        found = found.annotate(shown=Cast("people", TextField()))
        wanted &= Q(person_id=person_id) | _in_the_list(person_id)
    if actor_id is not None:
        wanted &= Q(actor_id=actor_id)
    if since is not None:
        wanted &= Q(at__gte=since)
    if until is not None:
        wanted &= Q(at__lt=until)
    if code:
        wanted &= Q(action__istartswith=code) | Q(code__iexact=code)
    return found.filter(wanted).order_by("-seq")


def head(centre: Centre) -> AuditHead | None:
    """The end of the chain: how many lines, and the hash of the last. None: it is missing, and the chain is broken."""
    return AuditHead.objects.filter(centre=centre).first()


def last_check(centre: Centre) -> AuditLine | None:
    """The line of the newest check of the whole chain: its code says how it stood, its digest its last hash."""
    return AuditLine.objects.filter(centre=centre, action="audit.verified").order_by("-seq").first()


@dataclass(frozen=True, slots=True)
class Span:
    """What one member of staff did with one person's record from one moment to another (half-open)."""

    actor_id: int
    person_id: int
    since: dt.datetime
    until: dt.datetime


def done_within(centre: Centre, spans: Sequence[Span]) -> list[dict[str, int]]:
    """For each span what was done in it, by the lines' own codes and how often; one query for all of them."""
    if not spans:
        return []
    lines = AuditLine.objects.filter(
        centre=centre,
        person_id__in={span.person_id for span in spans},
        actor_id__in={span.actor_id for span in spans},
        kind__in=("read", "write", "sign"),
        at__gte=min(span.since for span in spans),
        at__lt=max(span.until for span in spans),
    )
    rows = list(lines.order_by("seq").values_list("actor_id", "person_id", "at", "action"))
    return [_counted(span, rows) for span in spans]


def _counted(span: Span, rows: Sequence[tuple[int | None, int | None, dt.datetime, str]]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for actor_id, person_id, at, action in rows:
        if (actor_id, person_id) == (span.actor_id, span.person_id) and span.since <= at < span.until:
            counted[action] += 1
    return dict(counted)


def _in_the_list(person_id: int) -> Q:
    """The id as a whole number of the list's text, "[3, 14, 15]": SQLite cannot ask a JSON list what it contains."""
    alone, first, between, last = f"[{person_id}]", f"[{person_id},", f" {person_id},", f" {person_id}]"
    within = Q(shown__contains=first) | Q(shown__contains=between) | Q(shown__contains=last)
    return Q(shown__contains=alone) | within


def last_under(prefix: str) -> dt.datetime | None:
    """When an act was last done under a submit's key that begins so; None when none was."""
    newest: dt.datetime | None = Once.objects.filter(key__startswith=prefix).aggregate(at=Max("at"))["at"]
    return newest
