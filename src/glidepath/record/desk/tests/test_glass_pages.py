"""Charts opened without a tie: listed with what was opened in them, and reviewed by the manager once, in words."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.record.audit.models import AuditLine
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import BreakGlass, GlassReview
from glidepath.record.episodes.queries import glasses_waiting
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Role
from tests.cast import Cast, admitted_person, client_for, make_centre, proof
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db

LIST = "/break-glass/"


@pytest.fixture
def glass(cast: Cast, person: Person, frozen_clock: FrozenClock) -> BreakGlass:
    return _opened(cast, person)


@pytest.fixture
def manager(cast: Cast) -> Client:
    return client_for(cast.manager)


def test_the_list_and_each_opening_are_for_manager_and_auditor_alone(cast: Cast, glass: BreakGlass) -> None:
    for one in cast.everybody:
        expected = 200 if one.role in (Role.MANAGER, Role.AUDITOR) else 403
        client = client_for(one)
        assert (client.get(LIST).status_code, client.get(_at(glass)).status_code) == (expected, expected), one.role


def test_an_opening_says_who_whose_why_and_what_was_opened_in_it_and_nothing_after(
    cast: Cast, person: Person, glass: BreakGlass, manager: Client, frozen_clock: FrozenClock
) -> None:
    nurse = client_for(cast.off_shift_nurse)
    for _ in range(2):
        nurse.get(reverse("people:allergies", args=[person.public_id]))
    client_for(cast.nurse).get(reverse("people:contacts", args=[person.public_id]))  # hers by her shift
    frozen_clock.set(glass.until)
    episodes.break_glass(
        person=person, reason="consult", words="asked once more", by=cast.off_shift_nurse,
        proof=proof(cast.off_shift_nurse),
    )  # fmt: skip
    nurse.get(reverse("people:identity", args=[person.public_id]))
    for address in (LIST, _at(glass)):
        page = manager.get(address).content.decode()
        assert "Ewa Dudek, nurse" in page
        assert "emergency: found on the stairs" in page
        assert page.count("allergies.read ×2") == 1  # of this opening, not of the next one
        assert "contacts.read" not in page
    assert "identity.read" not in manager.get(_at(glass)).content.decode()


def test_no_name_of_a_person_stands_on_the_list_and_the_auditor_reads_none(
    cast: Cast, person: Person, glass: BreakGlass, manager: Client
) -> None:
    auditor = client_for(cast.auditor)
    for page in (manager.get(LIST), auditor.get(LIST), auditor.get(_at(glass))):
        assert person.preferred_name not in page.content.decode()
        assert str(person.number) in page.content.decode()
    assert person.preferred_name in manager.get(_at(glass)).content.decode()


def test_reading_the_list_leaves_a_line_that_names_the_people(
    cast: Cast, person: Person, glass: BreakGlass, manager: Client
) -> None:
    manager.get(LIST)
    line = AuditLine.objects.latest("seq")
    assert (line.action, line.people, line.actor_id) == ("glasses.read", [person.pk], cast.manager.pk)


def test_the_manager_reviews_an_opening_in_words_and_it_moves_behind_those_that_wait(
    cast: Cast, glass: BreakGlass, manager: Client, frozen_clock: FrozenClock
) -> None:
    frozen_clock.tick(hours=1)
    later = _opened(cast, admitted_person(cast), words="covering the night")
    assert manager.post(_at(later), _form())["Location"] == LIST
    page = manager.get(LIST).content.decode()
    assert page.index("found on the stairs") < page.index("covering the night")
    assert "in order, Ruth Aldous" in page
    assert glasses_waiting(cast.manager) == 1
    line = AuditLine.objects.filter(action="glass.reviewed").get()
    assert (line.code, line.person_id, line.actor_id) == ("in_order", later.person_id, cast.manager.pk)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_nobody_but_the_manager_reviews(cast: Cast, glass: BreakGlass, role: Role) -> None:
    by = next(one for one in cast.everybody if one.role == role)
    with pytest.raises(NotAllowed, match="It is for manager"):
        episodes.review_glass(glass=glass, outcome="in_order", words="Asked.", by=by)
    assert client_for(by).post(_at(glass), _form()).status_code == 403
    assert not GlassReview.objects.exists()


def test_an_opening_of_another_centre_is_out_of_reach(cast: Cast, glass: BreakGlass) -> None:
    elsewhere = make_centre("Elsewhere")
    assert client_for(elsewhere.manager).get(_at(glass)).status_code == 404
    with pytest.raises(NotAllowed, match="another centre"):
        episodes.review_glass(glass=glass, outcome="in_order", words="Asked.", by=elsewhere.manager)


def test_a_double_submit_is_one_review(cast: Cast, glass: BreakGlass, manager: Client) -> None:
    form = _form()
    assert [manager.post(_at(glass), form).status_code for _ in range(2)] == [302, 302]
    assert GlassReview.objects.count() == 1


def test_a_second_review_names_who_was_first_and_keeps_what_was_typed(
    cast: Cast, glass: BreakGlass, manager: Client
) -> None:
    manager.post(_at(glass), _form())
    answer = manager.post(_at(glass), {**_form(), "words": "Looked again."})
    assert answer.status_code == 422
    assert "Ruth Aldous has reviewed this already" in answer.content.decode()
    with pytest.raises(ChangedMeanwhile):
        episodes.review_glass(glass=glass, outcome="in_order", words="Looked again.", by=cast.manager)


@pytest.mark.parametrize(
    ("wrong", "says"), [({"words": "  "}, "required"), ({"outcome": "fine"}, "fine"), ({"outcome": ""}, "required")]
)
def test_a_review_without_words_or_outcome_comes_back(
    glass: BreakGlass, manager: Client, wrong: dict[str, str], says: str
) -> None:
    answer = manager.post(_at(glass), {**_form(), **wrong})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert wrong.get("words", "Dr Ferreira had asked her.").strip() in answer.content.decode()


@pytest.mark.parametrize(("outcome", "words"), [("fine", "Asked."), ("in_order", " "), ("in_order", "x" * 301)])
def test_the_service_refuses_the_same_without_the_form(cast: Cast, glass: BreakGlass, outcome: str, words: str) -> None:
    with pytest.raises(BadInput):
        episodes.review_glass(glass=glass, outcome=outcome, words=words, by=cast.manager)


def test_30_openings_take_as_many_queries_as_3(frozen_clock: FrozenClock) -> None:
    few, many = make_centre("Small", beds=3), make_centre("Large", beds=30)
    for cast, number in ((few, 3), (many, 30)):
        for _ in range(number):
            _opened(cast, admitted_person(cast))
    assert _asked(few) == _asked(many)


def _asked(cast: Cast) -> int:
    client = client_for(cast.manager)
    client.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(LIST).status_code == 200
    return len(queries)


def _opened(cast: Cast, person: Person, *, words: str = "found on the stairs") -> BreakGlass:
    nurse = cast.off_shift_nurse
    return episodes.break_glass(person=person, reason="emergency", words=words, by=nurse, proof=proof(nurse))


def _at(glass: BreakGlass) -> str:
    return reverse("episodes:glass", args=[glass.public_id])


def _form() -> dict[str, str]:
    return {"once": uuid.uuid4().hex, "outcome": "in_order", "words": "Dr Ferreira had asked her."}
