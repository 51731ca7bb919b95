"""Progress notes: signed, amended in view, read by whom they are for, quoted into the handover."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.notes import queries, services
from glidepath.care.notes.models import Note
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import PIN, admitted_person, client_for, make_centre, new_person, proof

WRITERS = ("physician", "nurse", "counsellor", "psychologist")
APART = Note.Kind.APART


@pytest.fixture
def cast(frozen_clock):
    return make_centre()


@pytest.fixture
def person(cast):
    return admitted_person(cast, preferred_name="Danilo")


def sign(person, by, words="Slept badly, ate well.", kind=Note.Kind.PROGRESS, **given):
    once = given.pop("once", uuid4().hex)
    return services.sign_note(person=person, kind=kind, words=words, by=by, proof=proof(by), once=once, **given)


def amend(note, by, words="Slept well.", reason="mixed up the nights", **given):
    once = given.pop("once", uuid4().hex)
    return services.amend_note(note=note, words=words, reason=reason, by=by, proof=proof(by), once=once, **given)


@pytest.mark.parametrize("who", WRITERS)
def test_each_profession_signs_its_own(who, person, cast):
    author = getattr(cast, who)
    row = sign(person, author)
    assert (row.recorded_by, row.profession, len(row.digest)) == (author, author.role, 64)
    assert AuditLine.objects.filter(action="note.signed", digest=row.digest).exists()


@pytest.mark.parametrize("who", ["pharmacist", "admissions", "peer_worker", "manager", "auditor", "administrator"])
def test_who_writes_none(who, person, cast):
    with pytest.raises(NotAllowed):
        sign(person, getattr(cast, who))


@pytest.mark.parametrize("who", ["admissions", "peer_worker", "manager", "auditor", "administrator"])
def test_who_reads_none(who, person, cast):
    sign(person, cast.nurse)
    assert queries.notes_of(getattr(cast, who), person) == ()
    assert queries.for_handover(getattr(cast, who), [person], clock.now()) == {person.pk: ()}


def test_what_is_kept_apart_is_read_by_its_author_alone(person, cast):
    apart = sign(person, cast.counsellor, "Spoke of the family.", APART)
    assert queries.notes_of(cast.counsellor, person) == (apart,)
    for other in (cast.physician, cast.nurse, cast.psychologist, cast.pharmacist, cast.case_manager):
        assert queries.notes_of(other, person) == ()
        with pytest.raises(Note.DoesNotExist):
            queries.note_of(other, person, apart.public_id)


@pytest.mark.parametrize("who", ["physician", "nurse", "case_manager"])
def test_only_counsellors_and_psychologists_keep_notes_apart(who, person, cast):
    with pytest.raises(NotAllowed):
        sign(person, getattr(cast, who), kind=APART)


def test_what_is_kept_apart_is_never_handed_over(person, cast):
    with pytest.raises(BadInput, match="not handed over"):
        sign(person, cast.counsellor, kind=APART, for_handover=True)
    row = sign(person, cast.counsellor, kind=APART)
    columns = {
        f.attname: getattr(row, f.attname) for f in Note._meta.concrete_fields if f.attname not in ("id", "public_id")
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(**columns | {"for_handover": True})


def test_an_amendment_stands_beside_the_old_note_with_its_reason(person, cast):
    old = sign(person, cast.nurse)
    new = amend(old, cast.nurse)
    assert queries.notes_of(cast.physician, person) == (new, old)
    assert (new.supersedes, new.correction_reason) == (old, "mixed up the nights")
    with pytest.raises(ChangedMeanwhile, match="amended this note already"):
        amend(old, cast.nurse)


def test_nobody_amends_anothers_note(person, cast):
    with pytest.raises(NotAllowed, match="Marta Lindqvist wrote this note"):
        amend(sign(person, cast.nurse), cast.physician)


def test_an_amendment_says_why(person, cast):
    with pytest.raises(BadInput, match="says why"):
        amend(sign(person, cast.nurse), cast.nurse, reason=" ")


@pytest.mark.parametrize(("words", "said"), [("  ", "empty"), ("x" * 6001, "6001 letters")])
def test_a_note_says_something_and_not_too_much(words, said, person, cast):
    with pytest.raises(BadInput, match=said):
        sign(person, cast.nurse, words)


def test_an_old_proof_signs_nothing(person, cast, frozen_clock):
    old = proof(cast.nurse)
    frozen_clock.tick(minutes=6)
    with pytest.raises(BadInput, match="five minutes"):
        services.sign_note(person=person, kind=Note.Kind.PROGRESS, words="x", by=cast.nurse, proof=old, once="k")


def test_a_double_submit_signs_one_note(person, cast):
    assert sign(person, cast.nurse, once="k") == sign(person, cast.nurse, once="k")
    assert Note.objects.count() == 1


def test_nothing_is_written_about_somebody_not_in_care(cast):
    with pytest.raises(BadInput, match="not in our care"):
        sign(new_person(cast), cast.nurse)


def test_another_centre_writes_nothing(person, cast):
    with pytest.raises(NotAllowed, match="another centre"):
        sign(person, cast.stranger)


# --- The handover -----------------------------------------------------------------------------------------------------


def test_the_handover_hears_what_was_marked_since_and_the_amended_word(person, cast, frozen_clock):
    sign(person, cast.nurse, "of the day before", for_handover=True)
    frozen_clock.tick(hours=1)
    since = clock.now()
    wrong = sign(person, cast.nurse, "wrong", for_handover=True)
    sign(person, cast.physician, "not marked")
    right = amend(wrong, cast.nurse, "right", for_handover=True)
    elif_ = admitted_person(cast, preferred_name="Elif")
    assert queries.for_handover(cast.second_nurse, [person, elif_], since) == {person.pk: (right,), elif_.pk: ()}


def test_the_handover_asks_once_for_3_and_for_12(cast):
    def ask(people):
        with CaptureQueriesContext(connection) as asked:
            queries.for_handover(cast.nurse, people, clock.now() - dt.timedelta(hours=12))
        return len(asked)

    people = [admitted_person(cast) for _ in range(6)]
    for one in people:
        sign(one, cast.nurse, for_handover=True)
    assert ask(people[:3]) == ask(people) == 1


# --- The page ---------------------------------------------------------------------------------------------------------


def address(person):
    return reverse("notes:notes", args=[person.public_id])


def test_a_note_is_written_read_by_profession_and_amended_on_its_page(person, cast):
    nurse = client_for(cast.nurse)
    sent = {"once": "a", "kind": "progress", "words": "Ate well.", "for_handover": "on", "pin": PIN}
    assert nurse.post(address(person), sent).status_code == 303
    text = client_for(cast.physician).get(address(person)).text
    assert "Ate well." in text
    assert "for the handover" in text
    assert "Amend<" not in text, "another's note is only read"
    assert "Ate well." not in client_for(cast.physician).get(address(person) + "?by=counsellor").text
    url = reverse("notes:amend", args=[person.public_id, Note.objects.get().public_id])
    assert "Ate well." in nurse.get(url).text
    sent = {"once": "b", "words": "Ate little.", "reason": "slip", "pin": PIN}
    assert nurse.post(url, sent).status_code == 303
    text = nurse.get(address(person)).text
    assert "Ate well." in text
    assert "Amends an earlier note: slip" in text
    assert AuditLine.objects.filter(action="notes.read", person_id=person.pk).exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"words": ""}, "Write what was seen"),
        ({"pin": "0000"}, "PIN"),
        ({"kind": "apart"}, "may not do this"),
        ({"kind": "secret"}, "secret"),
    ],
)
def test_what_is_refused_comes_back_with_what_was_typed(changed, said, person, cast):
    sent = {"once": "a", "kind": "progress", "words": "Ate well.", "pin": PIN} | changed
    answer = client_for(cast.nurse).post(address(person), sent)
    assert answer.status_code in (422, 403)
    assert said in answer.text
    assert not Note.objects.exists()


def test_a_peer_worker_and_a_manager_open_no_notes(person, cast):
    for who in (cast.peer_worker, cast.manager, cast.auditor):
        assert client_for(who).get(address(person)).status_code in (403, 404)


def test_the_page_asks_as_often_for_20_notes_as_for_1(person, cast, django_assert_num_queries):
    nurse = client_for(cast.nurse)
    sign(person, cast.physician)
    nurse.get(address(person))
    with CaptureQueriesContext(connection) as few:
        nurse.get(address(person))
    for _ in range(19):
        sign(person, cast.physician)
    with django_assert_num_queries(len(few)):
        nurse.get(address(person))
