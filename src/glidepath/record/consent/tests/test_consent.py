"""Each kind of consent stands alone and is taken back alone; nobody asked is not a no."""

from __future__ import annotations

import pytest

from glidepath.record.consent import services
from glidepath.record.consent.models import Consent
from glidepath.record.consent.queries import history, standing
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from tests.cast import Cast, episode_of
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db


def test_each_kind_is_taken_back_alone(cast: Cast, person: Person, frozen_clock: FrozenClock) -> None:
    for kind in ("treatment", "sharing"):
        _record(person, cast.nurse, kind, "given")
    frozen_clock.tick(hours=1)
    _record(person, cast.nurse, "sharing", "withdrawn")
    assert {kind: one.decision for kind, one in standing(person).items()} == {
        "treatment": "given",
        "sharing": "withdrawn",
    }
    assert [one.decision for one in history(person)] == ["withdrawn", "given", "given"]


def test_a_question_nobody_asked_has_no_answer(person: Person) -> None:
    assert standing(person) == {}


def test_what_was_not_given_cannot_be_taken_back(cast: Cast, person: Person) -> None:
    with pytest.raises(BadInput, match="Only a consent that was given"):
        _record(person, cast.nurse, "treatment", "withdrawn")


def test_a_yes_says_how_it_was_given(cast: Cast, person: Person) -> None:
    with pytest.raises(BadInput, match="how it was given"):
        services.record(episode=episode_of(person), kind="treatment", decision="given", by=cast.nurse)


@pytest.mark.parametrize(("kind", "decision"), [("everything", "given"), ("treatment", "perhaps")])
def test_unknown_kinds_and_decisions_are_told(cast: Cast, person: Person, kind: str, decision: str) -> None:
    with pytest.raises(BadInput, match="Choose"):
        _record(person, cast.nurse, kind, decision)


@pytest.mark.parametrize("role", ["pharmacist", "manager", "administrator", "stranger"])
def test_these_record_no_consent(cast: Cast, person: Person, role: str) -> None:
    with pytest.raises(NotAllowed):
        _record(person, getattr(cast, role), "treatment", "given")


def _record(person: Person, by: Staff, kind: str, decision: str) -> Consent:
    return services.record(episode=episode_of(person), kind=kind, decision=decision, by=by, how="signed on paper")
