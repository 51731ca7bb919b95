"""One look and its CIWA-B, saved together or not at all."""

from __future__ import annotations

from django.db import transaction

from glidepath.care.monitoring import consequences, services
from glidepath.care.monitoring.bedside import State
from glidepath.care.monitoring.forms import BedsideForm, CiwaBForm
from glidepath.care.monitoring.models import Observation
from glidepath.record.audit import services as audit
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff


def what_is_missing(form: BedsideForm, scores: CiwaBForm, scale: int) -> tuple[str, ...]:
    """What a whole set lacks, unless a partial one is meant, or its values call for help: those are never held back."""
    if form.is_partial_meant or form.bedside is None:
        return ()
    if consequences.of_bedside(form.bedside, scale=scale).calls or (scores.is_begun and not scores.is_oriented):
        return ()
    return (*form.missing(), *(f"CIWA-B: {label.lower()}" for label in scores.missing()))


def save(person: Person, form: BedsideForm, scores: CiwaBForm, *, by: Staff) -> services.Recorded[Observation]:
    """The observation, and beside it the CIWA-B if it was begun. A repeated submit gives what the first one made."""
    if form.bedside is None:
        raise BadInput("Nothing was given.", field="state")
    if scores.is_begun and form.bedside.state in (State.ASLEEP, State.ABSENT):
        raise BadInput("CIWA-B is asked of somebody awake. Choose Awake, or clear the answers.", field="state")
    key, at = form.cleaned_data["once"], form.happened_at()
    with transaction.atomic(), audit.together():
        done = services.record_observation(person=person, bedside=form.bedside, by=by, once=key, happened_at=at)
        if scores.is_begun:
            services.record_ciwa_b(
                person=person,
                items=scores.answers,
                oriented=scores.is_oriented,
                observation=done.row,
                by=by,
                once=f"{key[:60]}-cb",
                happened_at=at,
            )
    return done
