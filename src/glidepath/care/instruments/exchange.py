"""Instruments and filled-in forms as FHIR R4: a centre brings its own Questionnaire, and takes answers elsewhere."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

from glidepath.care.instruments import queries
from glidepath.care.instruments.catalogue import instrument_of
from glidepath.care.instruments.models import Form
from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.instruments.fhir.response import response


def response_of(form: Form) -> dict[str, Any] | None:
    """The QuestionnaireResponse of a finished form: the answers that its score counts. None while it is open.

    The person stands in it as the reference that this record has for them, and with no name.
    """
    closing = queries.closing_of(form)
    if closing is None:
        return None
    answers = queries.filling_of(form, closed_at=closing.last_number).answers
    instrument: Instrument = instrument_of(form)
    return response(
        instrument,
        answers,
        authored=closing.happened_at,
        subject=f"Patient/{form.person.public_id}",
        status="completed" if closing.complete else "in-progress",
    )


def fhir_answer(resource: Any, name: str) -> HttpResponse:
    """A resource as a file to keep."""
    found = HttpResponse(json.dumps(resource, ensure_ascii=False, indent=1), content_type="application/fhir+json")
    found["Content-Disposition"] = f'attachment; filename="{name}"'
    found["Cache-Control"] = "no-store, private"
    return found
