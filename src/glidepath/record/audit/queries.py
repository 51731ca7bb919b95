"""Reads of the audit lines, for those who may."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from glidepath.record.audit.models import AuditLine

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre


def lines(
    centre: Centre,
    *,
    person_id: int | None = None,
    actor_id: int | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> QuerySet[AuditLine]:
    """The centre's lines, the newest first.

    person_id: lines about this person, and lists that showed them among others. since, until: half-open.
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
    return found.filter(wanted).order_by("-seq")


def _in_the_list(person_id: int) -> Q:
    """The id as a whole number of the list's text, "[3, 14, 15]": SQLite cannot ask a JSON list what it contains."""
    alone, first, between, last = f"[{person_id}]", f"[{person_id},", f" {person_id},", f" {person_id}]"
    within = Q(shown__contains=first) | Q(shown__contains=between) | Q(shown__contains=last)
    return Q(shown__contains=alone) | within


def newest_moment(centre: Centre) -> dt.datetime:
    """When the newest line of the centre's chain was written; the beginning of time for an empty one."""
    newest = AuditLine.objects.filter(centre=centre).order_by("-seq").values_list("at", flat=True).first()
    return newest or dt.datetime.min.replace(tzinfo=dt.UTC)
