"""One look and its CIWA-B, saved together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import QueryDict

from glidepath.care.monitoring import consequences, services
from glidepath.care.monitoring.bedside import State
from glidepath.care.monitoring.forms import BedsideForm, CiwaBForm, ScaleForm, scale_forms
from glidepath.care.monitoring.models import Observation
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.monitoring.scale_choice import NAMES, Scale
from glidepath.record.audit import services as audit
from glidepath.record.centres.models import Centre
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Given:
    """Everything one page of the bedside sends."""

    look: BedsideForm
    ciwa_b: CiwaBForm
    scales: Mapping[Scale, ScaleForm]

    def is_valid(self) -> bool:
        """Every form is looked at, so that all there is to mend is said at once."""
        return all([self.look.is_valid(), self.ciwa_b.is_valid(), *(one.is_valid() for one in self.scales.values())])

    def refuse(self, refused: ServiceError) -> None:
        """The service's refusal, at the field it belongs to."""
        forms = (self.ciwa_b, *self.scales.values())
        owner = next((one for one in forms if refused.field in one.fields), self.look)
        owner.add_error(refused.field if refused.field in owner.fields else None, refused.message)

    @property
    def begun(self) -> list[ScaleForm]:
        return [one for one in self.scales.values() if one.is_begun]


def blank(centre: Centre, **initial: Any) -> Given:
    """Nothing given yet, with a key of its own."""
    return Given(BedsideForm(initial={"once": uuid4().hex, **initial}, centre=centre), CiwaBForm(), scale_forms())


def given_by(data: QueryDict, centre: Centre) -> Given:
    return Given(BedsideForm(data, centre=centre), CiwaBForm(data), scale_forms(data))


def what_is_missing(given: Given, scale: int, settings: ClinicalSettings) -> tuple[str, ...]:
    """What a whole set lacks, unless a partial one is meant, or its values call for help: those are never held back."""
    form, scores = given.look, given.ciwa_b
    if form.is_partial_meant or form.bedside is None:
        return ()
    if consequences.of_bedside(form.bedside, scale=scale, settings=settings).calls or (
        scores.is_begun and not scores.is_oriented
    ):
        return ()
    others = [said for one in given.scales.values() for said in one.missing()]
    return (*form.missing(), *(f"CIWA-B: {label.lower()}" for label in scores.missing()), *others)


def save(person: Person, given: Given, *, by: Staff) -> services.Recorded[Observation]:
    """The observation, and beside it each scale that was begun. A repeated submit gives what the first one made."""
    form, scores = given.look, given.ciwa_b
    if form.bedside is None:
        raise BadInput("Nothing was given.", field="state")
    if scores.is_begun and form.bedside.state in (State.ASLEEP, State.ABSENT):
        raise BadInput("CIWA-B is asked of somebody awake. Choose Awake, or clear the answers.", field="state")
    for one in given.begun:
        if form.bedside.state in (State.ASLEEP, State.ABSENT):
            raise BadInput(f"{NAMES[one.scale]} is scored of somebody awake. Choose Awake, or clear it.", field="state")
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
        for one in given.begun:
            services.record_scale(
                person=person,
                scale=one.scale,
                items=one.answers,
                observation=done.row,
                by=by,
                once=f"{key[:57]}-{one.scale}"[:64],
                happened_at=at,
            )
    return done
