"""Reads of leaves: what a prescriber signed and nobody packed under yet, and how the last leave ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q

from glidepath.care.medication.models import LeaveOrder, LeavePack
from glidepath.record import clock
from glidepath.record.episodes.queries import current_episode
from glidepath.record.people.models import Person


def signed_leave(person: Person) -> LeaveOrder | None:
    """The leave that may be packed for now: signed in this stay, its time still ahead, and nothing packed under it."""
    rows = LeaveOrder.objects.filter(
        person=person, episode=current_episode(person), until_at__gt=clock.now(), superseded_by__isnull=True,
        pack__isnull=True,
    )  # fmt: skip
    return rows.select_related("recorded_by").order_by("-pk").first()


def last_leave(person: Person) -> LeavePack | None:
    """The newest leave that was counted back."""
    rows = LeavePack.objects.filter(person=person, came_back__isnull=False).select_related(
        "recorded_by", "counted_with", "under__recorded_by", "came_back__recorded_by", "came_back__counted_with",
        "came_back__bag",
    )  # fmt: skip
    return rows.order_by("-pk").first()


def packs_of(people: Sequence[Person], since: dt.datetime, until: dt.datetime) -> list[LeavePack]:
    """The leaves of these people of which a part lies from `since` to before `until`, those that ended too."""
    rows = LeavePack.objects.filter(person__in=people, superseded_by__isnull=True)
    rows = rows.filter(Q(happened_at__lt=until), Q(until_at__gte=since))
    return list(rows.select_related("came_back").order_by("pk"))
