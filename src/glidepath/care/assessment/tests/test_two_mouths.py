"""Who said it matters: an answer replaces what its writer saw from the same mouth, and nothing else is lost."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.care.assessment import queries, services, standing
from glidepath.care.assessment.models import Mouth, PersonFact
from glidepath.care.assessment.tests.told import answer
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed

pytestmark = pytest.mark.django_db


def say(person, by, name, value, mouth=Mouth.PERSON, saw=None, once=""):
    return services.record_facts(person=person, answers={name: value}, by=by, mouth=mouth, saw=saw, once=once)[0]


def stands(person, name):
    return [(row.value, row.mouth) for row in queries.heard([person])[person.pk][name].standing]


def test_a_later_answer_of_the_same_mouth_replaces_what_its_writer_saw(cast, person):
    first = say(person, cast.nurse, "dx_osa", "no")
    say(person, cast.physician, "dx_osa", "yes", saw=first.pk)
    assert stands(person, "dx_osa") == [("yes", "person")]
    assert PersonFact.objects.filter(person=person, name="dx_osa").count() == 2


def test_two_at_once_lose_nothing(cast, person):
    """Both opened the page before anybody had answered."""
    say(person, cast.nurse, "dx_osa", "no", saw=0)
    say(person, cast.psychologist, "dx_osa", "yes", saw=0)
    assert stands(person, "dx_osa") == [("no", "person"), ("yes", "person")]
    assert queries.heard([person])[person.pk]["dx_osa"].disagrees


def test_two_at_once_who_say_the_same_do_not_disagree(cast, person):
    say(person, cast.nurse, "dx_osa", "yes", saw=0)
    say(person, cast.psychologist, "dx_osa", "yes", saw=0)
    heard = queries.heard([person])[person.pk]["dx_osa"]
    assert not heard.disagrees
    assert queries.facts(person).dx_osa is True


def test_another_mouth_stands_beside_even_when_it_was_seen(cast, person):
    say(person, cast.nurse, "driving", "no")
    say(person, cast.nurse, "driving", "yes", mouth=Mouth.FAMILY)
    assert stands(person, "driving") == [("no", "person"), ("yes", "family")]


def test_not_known_and_declined_disagree_with_nobody(cast, person):
    say(person, cast.nurse, "naloxone_offered", "declined")
    say(person, cast.nurse, "naloxone_offered", "yes", mouth=Mouth.PHARMACY)
    heard = queries.heard([person])[person.pk]["naloxone_offered"]
    assert (heard.disagrees, heard.answer.value) == (False, "yes")
    assert queries.facts(person).naloxone_offered is True


def test_what_two_mouths_disagree_about_is_unknown_to_the_rules(cast, person):
    say(person, cast.nurse, "naloxone_offered", "yes")
    say(person, cast.nurse, "naloxone_offered", "no", mouth=Mouth.PHARMACY)
    assert queries.facts(person).naloxone_offered is None


@pytest.mark.parametrize("order", list(itertools.permutations([("person", "no"), ("family", "yes")])))
def test_a_warning_counts_until_somebody_has_chosen(cast, person, order):
    for mouth, value in order:
        say(person, cast.nurse, "past_seizure", value, mouth=Mouth(mouth))
    assert queries.facts(person).past_seizure is True
    assert queries.answers([person])[person.pk]["past_seizure"].value == "yes"


def test_a_clinician_chooses_with_a_reason_and_both_stay(cast, person):
    no = say(person, cast.nurse, "past_seizure", "no")
    say(person, cast.nurse, "past_seizure", "yes", mouth=Mouth.FAMILY)
    row = services.settle(
        person=person, name="past_seizure", chosen=no.public_id, reason="It was a faint; the letter says so.",
        by=cast.physician,
    )  # fmt: skip
    assert stands(person, "past_seizure") == [("no", "person")]
    assert (row.settles, row.words) == (True, "It was a faint; the letter says so.")
    assert PersonFact.objects.filter(person=person, name="past_seizure").count() == 3
    assert queries.facts(person).past_seizure is False
    assert AuditLine.objects.filter(action="assessment.settled", person_id=person.pk).count() == 1


def test_what_is_said_after_a_choice_stands_beside_it(cast, person):
    yes = say(person, cast.nurse, "driving", "yes")
    say(person, cast.nurse, "driving", "no", mouth=Mouth.FAMILY)
    services.settle(person=person, name="driving", chosen=yes.public_id, reason="They showed the car.", by=cast.nurse)
    say(person, cast.nurse, "driving", "no", mouth=Mouth.LETTER)
    assert stands(person, "driving") == [("yes", "person"), ("no", "letter")]


def test_a_choice_needs_a_reason_and_something_to_choose(cast, person):
    yes = say(person, cast.nurse, "driving", "yes")
    with pytest.raises(BadInput, match="Nothing disagrees"):
        services.settle(person=person, name="driving", chosen=yes.public_id, reason="so", by=cast.nurse)
    say(person, cast.nurse, "driving", "no", mouth=Mouth.FAMILY)
    for reason, said in (("  ", "Say why"), ("x" * 301, "300 characters")):
        with pytest.raises(BadInput, match=said) as refused:
            services.settle(person=person, name="driving", chosen=yes.public_id, reason=reason, by=cast.nurse)
        assert refused.value.field == "reason"
    with pytest.raises(BadInput, match="Nobody has answered"):
        services.settle(person=person, name="pain", chosen=yes.public_id, reason="so", by=cast.nurse)


def test_a_choice_of_what_no_longer_stands_is_told_who_was_first(cast, person):
    yes = say(person, cast.nurse, "driving", "yes")
    say(person, cast.nurse, "driving", "no", mouth=Mouth.FAMILY)
    say(person, cast.psychologist, "driving", "unknown")
    with pytest.raises(ChangedMeanwhile, match=cast.psychologist.name):
        services.settle(person=person, name="driving", chosen=yes.public_id, reason="so", by=cast.nurse)


@pytest.mark.parametrize("role", ["admissions", "case_manager", "peer_worker", "manager", "auditor", "administrator"])
def test_who_is_no_clinician_chooses_nothing(cast, person, role):
    yes = say(person, cast.nurse, "driving", "yes")
    say(person, cast.nurse, "driving", "no", mouth=Mouth.FAMILY)
    with pytest.raises(NotAllowed):
        services.settle(person=person, name="driving", chosen=yes.public_id, reason="so", by=getattr(cast, role))


def test_words_of_two_mouths_are_two_voices_and_nothing_to_choose(cast, person):
    say(person, cast.nurse, "wants", "to sleep without it")
    say(person, cast.nurse, "wants", "to have her back", mouth=Mouth.FAMILY)
    heard = queries.heard([person])[person.pk]["wants"]
    assert (heard.disagrees, heard.both) == (False, True)


def test_an_answer_in_words_is_kept_and_read_by_no_rule(cast, person):
    answer(person, cast.counsellor, wants="to sleep without it", dx_osa="yes")
    assert queries.facts(person).dx_osa is True
    with pytest.raises(BadInput, match="1000 at most"):
        answer(person, cast.counsellor, wants="x" * 1001)


def test_the_same_query_count_for_three_answers_and_for_thirty(cast, person, django_assert_num_queries):
    names = [name for part in queries.parts(person) for name in part.domain.names if "suicid" not in name][:30]
    answer(person, cast.nurse, dx_osa="yes", driving="no", pregnant="no")
    with django_assert_num_queries(8):  # answers, their writers, signatures, four kinds of entries, the stay
        queries.parts(person)
    for name in names:
        services.record_facts(person=person, answers={name: "unknown"}, by=cast.nurse)
    with django_assert_num_queries(8):
        queries.parts(person)


# --- The rule itself, held against a slow plain reading of it --------------------------------------------------------
WRITES = st.lists(
    st.tuples(st.sampled_from(["person", "family"]), st.integers(0, 8), st.booleans()), min_size=1, max_size=8
)


@given(WRITES)
@settings(max_examples=150, deadline=None)
def test_nothing_is_replaced_that_its_writer_did_not_see(writes):
    rows = [
        PersonFact(pk=number, name="driving", value="yes", mouth=mouth, saw=min(saw, number - 1), settles=settles)
        for number, (mouth, saw, settles) in enumerate(writes, start=1)
    ]
    kept = {row.pk for row in standing.heard(rows, since=None).standing}
    for row in rows:
        replaced_by = [
            later for later in rows
            if later.pk > row.pk and later.saw >= row.pk and (later.settles or later.mouth == row.mouth)
        ]  # fmt: skip
        assert (row.pk in kept) == (not replaced_by)
