"""Saving working state (a bed, a phone number, a setting): it may change, and its history says who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from glidepath.record import clock
from glidepath.record.errors import ChangedMeanwhile

if TYPE_CHECKING:
    from glidepath.record.staff.models import Staff

Row = TypeVar("Row", bound=models.Model)


def save_as(row: Row, by: Staff | None) -> Row:
    """Saves the row under `by`'s name in its history. None: the system itself, when a centre is set up."""
    kept: Any = row
    kept._history_user = by
    kept._history_date = clock.now()  # the record's own clock, as every other time in it
    kept.save()
    return row


def version_of(row: models.Model) -> int:
    """The number of the row's newest history entry: what a form carries as `seen`."""
    history: Any = row
    newest = history.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return int(newest or 0)


def last_change(row: models.Model) -> Any:
    """The newest history entry, with who made it."""
    history: Any = row
    return history.history.select_related("history_user").order_by("-history_id").first()


def refuse_if_changed(row: models.Model, seen: int | None, what: str) -> None:
    """Raises ChangedMeanwhile, naming who was first, when `row` has a newer version than the form showed.

    seen: None where no form stands in between. what: the row in words, as a sentence begins: "This person's data".
    """
    if seen is None or version_of(row) == seen:
        return
    newest = last_change(row)
    who = newest.history_user.name if newest.history_user else "the system"
    raise ChangedMeanwhile(
        f"{what} were changed by {who} since you opened the page. Look at what stands there now, then save again.",
        by=who,
        at=newest.history_date,
    )
