from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from glidepath.care.instruments import services
from glidepath.care.instruments.models import Form
from glidepath.care.instruments.services import Answered
from glidepath.record.people.models import Person
from tests.cast import Cast, admitted_person, make_centre

_keys = count(1)


@pytest.fixture
def cast(frozen_clock) -> Cast:
    """The centre at 10:00 on Tuesday 17 November 2026 (London is on UTC)."""
    frozen_clock.set("2026-11-17T10:00")
    return make_centre()


@pytest.fixture
def person(cast: Cast) -> Person:
    """Danilo, born 12 March 1979, admitted; nothing is filled in yet."""
    return admitted_person(cast, preferred_name="Danilo")


@pytest.fixture
def opened(cast: Cast, person: Person) -> Callable[..., Form]:
    """`opened("phq_9")`: a form of this instrument for Danilo, which he fills in himself where it allows that."""

    def one(instrument: str, **more: object) -> Form:
        more = {"filled_by": "self", "by": cast.nurse, "person": person, **more}
        return services.open_form(instrument=instrument, **more)

    return one


@pytest.fixture
def give(cast: Cast) -> Callable[..., Answered]:
    """`give(form, "mood", "2")`: one answer, by the nurse, with a key of its own."""

    def one(form: Form, item: str, given: str | None, **more: object) -> Answered:
        more = {"by": cast.nurse, "client_key": f"tapped-{next(_keys)}", **more}
        return services.answer(form=form, item=item, given=given, **more)

    return one
