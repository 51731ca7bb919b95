"""Each part is signed by who wrote it; a change after it wants a new signature, and every version stays."""

from __future__ import annotations

import pytest

from glidepath.care.assessment import queries, services
from glidepath.care.assessment.models import DomainSignature, Said
from glidepath.care.assessment.tests.told import answer, record
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import proof

pytestmark = pytest.mark.django_db


def sign(person, by, domain="medical", words="Nothing that stands against a taper.", shown=None, once=""):
    shown = queries.part(person, domain).own_of(by).digest if shown is None else shown
    return services.sign_part(
        person=person, domain=domain, words=words, by=by, proof=proof(by), shown=shown, once=once
    )  # fmt: skip


def state(person, by, domain="medical"):
    return queries.part(person, domain).own_of(by).state


def test_what_is_written_waits_for_its_author(cast, person):
    answer(person, cast.nurse, dx_osa="no")
    answer(person, cast.physician, liver_severe="no")
    part = queries.part(person, "medical")
    assert {one.author for one in part.waiting} == {cast.nurse, cast.physician}
    assert (part.answered, part.is_signed, part.is_changed) == (2, False, False)
    sign(person, cast.nurse)
    assert [one.author for one in queries.part(person, "medical").waiting] == [cast.physician]
    sign(person, cast.physician)
    assert queries.part(person, "medical").is_signed


def test_a_change_after_signing_wants_a_new_signature_and_both_versions_stay(cast, person):
    answer(person, cast.nurse, dx_osa="no")
    first = sign(person, cast.nurse)
    assert state(person, cast.nurse) == "signed"
    answer(person, cast.nurse, dx_osa="yes")
    assert state(person, cast.nurse) == "changed"
    assert queries.part(person, "medical").is_changed
    second = sign(person, cast.nurse, words="Sleep apnoea after all.")
    assert (first.number, second.number) == (1, 2)
    assert [one.number for one in queries.part(person, "medical").own_of(cast.nurse).signed] == [2, 1]
    assert DomainSignature.objects.get(pk=first.pk).content[0][:2] == ["dx_osa", "no"]


def test_who_is_answered_over_by_another_has_nothing_left_to_sign(cast, person):
    answer(person, cast.nurse, dx_osa="no")
    sign(person, cast.nurse)
    answer(person, cast.physician, dx_osa="yes")
    part = queries.part(person, "medical")
    assert part.own_of(cast.nurse).state == "replaced"
    assert [one.author for one in part.waiting] == [cast.physician]
    assert part.is_changed


def test_entries_are_part_of_what_is_signed(cast, person):
    record(person, cast.nurse)
    sign(person, cast.nurse, "benzodiazepines")
    services.record_past_taper(
        person=person, taper=services.Taper("lorazepam", Said.NO, stopped_at="1 mg"), by=cast.nurse
    )
    assert state(person, cast.nurse, "benzodiazepines") == "changed"


def test_a_first_calls_answers_need_no_signature(cast, person):
    answer(person, cast.admissions, dx_osa="no")
    part = queries.part(person, "medical")
    assert (part.waiting, part.is_signed) == ((), False)
    with pytest.raises(NotAllowed):
        sign(person, cast.admissions)


def test_nobody_signs_what_another_wrote(cast, person):
    answer(person, cast.nurse, dx_osa="no")
    with pytest.raises(BadInput, match="nothing of yours"):
        sign(person, cast.physician)


def test_what_changed_since_the_page_was_opened_is_not_signed(cast, person):
    answer(person, cast.nurse, dx_osa="no")
    shown = queries.part(person, "medical").own_of(cast.nurse).digest
    answer(person, cast.nurse, dx_osa="yes")
    with pytest.raises(ChangedMeanwhile):
        sign(person, cast.nurse, shown=shown)


def test_the_same_thing_is_signed_once(cast, person):
    answer(person, cast.nurse, dx_osa="no")
    assert sign(person, cast.nurse, once="s1") == sign(person, cast.nurse, once="s1")
    with pytest.raises(BadInput, match="already"):
        sign(person, cast.nurse)


@pytest.mark.parametrize(
    ("wrong", "said", "field"),
    [
        ({"words": " "}, "Sum it up", "words"),
        ({"words": "x" * 1001}, "1000", "words"),
        ({"domain": "aura"}, "no such", ""),
    ],
)
def test_what_cannot_be_signed_says_why(cast, person, wrong, said, field):
    answer(person, cast.nurse, dx_osa="no")
    given = {"domain": "medical", "words": "well", "shown": "x"} | wrong
    with pytest.raises(BadInput, match=said) as refused:
        services.sign_part(person=person, by=cast.nurse, proof=proof(cast.nurse), **given)
    assert refused.value.field == field


def test_a_stranger_signs_nothing_here(cast, person):
    answer(person, cast.nurse, dx_osa="no")
    with pytest.raises(NotAllowed, match="another centre"):
        sign(person, cast.stranger, shown="x")
