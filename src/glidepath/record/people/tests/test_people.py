"""Nobody is entered twice; a name is found however it is typed; an allergy is set right and never erased."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people import services
from glidepath.record.people.fold import fold
from glidepath.record.people.models import AllergyStatement, Person
from glidepath.record.people.queries import (
    allergies,
    allergies_for,
    allergy_history,
    contacts,
    find_known,
    person_version,
    search,
)
from tests.cast import Cast, admitted_person, new_person

pytestmark = pytest.mark.django_db
BORN = dt.date(1979, 3, 12)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Zoë  Łukasik-O’Brien", "zoe lukasik-o'brien"),
        ("ZKUŠEBNÍ", "zkusebni"),
        ("Straße", "strasse"),
        ("Ægir Bjørn", "aegir bjorn"),
        ("  Nguyễn ", "nguyen"),
        ("İpek", "ipek"),
    ],
)
def test_names_are_compared_without_accents_and_capitals(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("typed", ["zoe", "ZOË", "lukasik", "zoe luk", "luk zoe", "1001"])
def test_somebody_is_found_however_the_name_is_typed(cast: Cast, typed: str) -> None:
    wanted = new_person(cast, preferred_name="Zoë", legal_name="Zofia Łukasik")
    new_person(cast, preferred_name="Elif", legal_name="Elif Kaya")
    assert search(cast.nurse, typed) == [wanted]


@pytest.mark.parametrize("typed", ["", "   ", "nobody", "99999999999999999999"])
def test_a_search_for_nothing_finds_nobody(cast: Cast, typed: str) -> None:
    new_person(cast)
    assert search(cast.nurse, typed) == []


def test_a_search_stays_inside_the_centre(cast: Cast) -> None:
    new_person(cast, preferred_name="Zoë", legal_name="Zofia Łukasik")
    assert search(cast.stranger, "zoe") == []


@pytest.mark.parametrize("role", ["peer_worker", "auditor", "administrator"])
def test_these_roles_do_not_search_for_people(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        search(getattr(cast, role), "zoe")


def test_numbers_follow_one_another_in_each_centre(cast: Cast) -> None:
    assert [new_person(cast).number for _ in range(3)] == [1001, 1002, 1003]


def test_a_known_person_is_never_entered_twice(cast: Cast) -> None:
    first = _register(cast, "Zofia Łukasik", BORN)
    with pytest.raises(BadInput, match=rf"number {first.number}"):
        _register(cast, "  ZOFIA lukasik ", BORN)
    assert Person.objects.count() == 1


def test_a_namesake_born_on_the_same_day_is_entered_after_a_look(cast: Cast) -> None:
    _register(cast, "Zofia Łukasik", BORN)
    assert _register(cast, "Zofia Łukasik", BORN, not_the_same=True).number == 1002


def test_who_it_may_be_is_listed_the_certain_first(cast: Cast) -> None:
    namesake = _register(cast, "Zofia Łukasik", dt.date(1950, 1, 1))
    same_day = _register(cast, "Ana Reyes", BORN)
    same = _register(cast, "Zofia Lukasik", BORN)
    _register(cast, "Elif Kaya", dt.date(1990, 5, 5))
    found = [(one.person, one.certain) for one in find_known(cast.centre, "zofia łukasik", BORN)]
    assert found == [(same, True), (namesake, False), (same_day, False)]


def test_a_second_submit_of_the_same_form_enters_nobody_twice(cast: Cast) -> None:
    key = uuid.uuid4().hex
    first = _register(cast, "Zofia Łukasik", BORN, once=key)
    assert _register(cast, "Zofia Łukasik", BORN, once=key) == first


@pytest.mark.parametrize(
    ("name", "born", "field"),
    [
        ("", BORN, "legal_name"),
        ("x" * 161, BORN, "legal_name"),
        ("Zofia", dt.date(2999, 1, 1), "birth_date"),
        ("Zofia", dt.date(1879, 1, 1), "birth_date"),
    ],
)
def test_impossible_data_is_told_by_its_field(cast: Cast, name: str, born: dt.date, field: str) -> None:
    with pytest.raises(BadInput) as said:
        _register(cast, name, born)
    assert said.value.field == field


def test_a_counsellor_enters_nobody(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        new_person(cast, by=cast.counsellor)


def test_a_stale_form_changes_nobody_and_names_who_was_first(cast: Cast) -> None:
    person = admitted_person(cast)
    seen = person_version(person)
    _edit(cast, person, "Danny", seen=seen)
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist") as said:
        _edit(cast, person, "Dan", seen=seen)
    assert said.value.by == "Marta Lindqvist"
    assert Person.objects.get(pk=person.pk).preferred_name == "Danny"


def test_a_changed_name_is_found_by_the_new_one_and_keeps_its_history(cast: Cast) -> None:
    person = admitted_person(cast, preferred_name="Danilo")
    _edit(cast, person, "Dána")
    assert search(cast.nurse, "dana") == [person]
    assert [row.preferred_name for row in person.history.order_by("history_id")] == ["Danilo", "Dána"]


def test_nobody_asked_about_allergies_is_not_the_same_as_none(cast: Cast) -> None:
    asked, unasked = admitted_person(cast), admitted_person(cast)
    services.no_known_allergies(person=asked, by=cast.nurse)
    states = allergies_for([asked, unasked])
    assert (states[asked.pk].state, states[unasked.pk].state) == ("none_known", "not_asked")


def test_an_allergy_takes_the_place_of_none_known(cast: Cast) -> None:
    person = admitted_person(cast)
    services.no_known_allergies(person=person, by=cast.nurse)
    services.record_allergy(person=person, substance="penicillin", reaction="rash", by=cast.nurse)
    assert [row.substance for row in allergies(person).known] == ["penicillin"]


def test_none_known_does_not_wipe_an_allergy_out(cast: Cast) -> None:
    person = admitted_person(cast)
    services.record_allergy(person=person, substance="penicillin", by=cast.nurse)
    with pytest.raises(BadInput, match="penicillin"):
        services.no_known_allergies(person=person, by=cast.nurse)


def test_a_correction_supersedes_and_both_can_be_read(cast: Cast) -> None:
    person = admitted_person(cast)
    wrong = services.record_allergy(person=person, substance="penicilin", by=cast.nurse)
    services.record_allergy(person=person, substance="penicillin", by=cast.physician, corrects=wrong, reason="spelling")
    assert [row.substance for row in allergies(person).known] == ["penicillin"]
    assert [row.substance for row in allergy_history(person)] == ["penicillin", "penicilin"]
    with pytest.raises(BadInput, match="Dr Ines Ferreira corrected this line already"):
        services.record_allergy(person=person, substance="latex", by=cast.nurse, corrects=wrong, reason="again")


def test_a_correction_needs_its_reason(cast: Cast) -> None:
    person = admitted_person(cast)
    wrong = services.record_allergy(person=person, substance="penicilin", by=cast.nurse)
    with pytest.raises(BadInput, match="Say why"):
        services.take_back_allergy(statement=wrong, reason="  ", by=cast.nurse)


def test_an_allergy_taken_back_leaves_the_question_open_again(cast: Cast) -> None:
    person = admitted_person(cast)
    wrong = services.record_allergy(person=person, substance="penicillin", by=cast.nurse)
    services.take_back_allergy(statement=wrong, reason="another person's", by=cast.nurse)
    assert allergies(person).state == "not_asked"
    assert AllergyStatement.objects.filter(person=person).count() == 2


def test_the_same_allergy_is_not_listed_twice(cast: Cast) -> None:
    person = admitted_person(cast)
    services.record_allergy(person=person, substance="Penicillin", by=cast.nurse)
    with pytest.raises(BadInput, match="stands among the allergies already"):
        services.record_allergy(person=person, substance="penicillin ", by=cast.nurse)


def test_an_allergy_cannot_have_been_stated_tomorrow(cast: Cast) -> None:
    person = admitted_person(cast)
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    with pytest.raises(BadInput, match="lies ahead"):
        services.record_allergy(person=person, substance="latex", by=cast.nurse, happened_at=tomorrow)


def test_a_contact_is_told_nothing_unless_the_person_says_what(cast: Cast) -> None:
    person = admitted_person(cast)
    contact = services.add_contact(person=person, name="Ana Reyes", relation="sister", by=cast.nurse)
    assert contact.may_be_told == ""
    services.edit_contact(
        contact=contact, name="Ana Reyes", relation="sister", may_be_told="sleep and dates only", by=cast.nurse
    )
    assert [one.may_be_told for one in contacts(person)] == ["sleep and dates only"]


def test_a_pharmacist_changes_no_contacts(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        services.add_contact(person=admitted_person(cast), name="Ana", relation="sister", by=cast.pharmacist)


def test_another_centre_writes_nothing_here(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        services.record_allergy(person=admitted_person(cast), substance="latex", by=cast.stranger)


def _register(cast: Cast, name: str, born: dt.date, **more: object) -> Person:
    return services.register(
        preferred_name="Zoë",
        legal_name=name,
        birth_date=born,
        by=cast.admissions,
        **more,  # type: ignore[arg-type]
    )


def _edit(cast: Cast, person: Person, preferred_name: str, *, seen: int | None = None) -> Person:
    return services.edit(
        person=person,
        preferred_name=preferred_name,
        legal_name=person.legal_name,
        birth_date=person.birth_date,
        by=cast.nurse,
        seen=seen,
    )
