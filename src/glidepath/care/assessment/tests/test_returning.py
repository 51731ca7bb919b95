"""A returning person: what an earlier stay said is shown as of its day, and counts again when it is confirmed."""

from __future__ import annotations

import pytest

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.assessment import queries, services
from glidepath.care.assessment.tests.told import answer, record
from glidepath.care.assessment.unconfirmed import dated
from glidepath.clinical.facts.load import rule
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Stage
from glidepath.record.errors import BadInput
from tests.cast import episode_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(cast, person, frozen_clock):
    """Danilo answered in November, left, and is back forty days later; nobody has asked anything since."""
    answer(
        person, cast.nurse, past_seizure="yes", alcohol_dependent="no", oud_med="methadone", driving="yes",
        naloxone_offered="yes", wants="to sleep without it", readiness="7", falls_risk="unknown",
    )  # fmt: skip
    episodes.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=cast.physician)
    frozen_clock.tick(days=40)
    episodes.open_enquiry(person=person, by=cast.nurse)
    return person


def heard(person, name):
    return queries.heard([person])[person.pk][name]


def test_while_the_stay_lasts_its_answers_count(cast, person):
    answer(person, cast.nurse, alcohol_dependent="no")
    assert queries.facts(person).alcohol_dependent is False


def test_what_reassured_before_counts_for_nobody_until_it_is_confirmed(cast, returned):
    facts = queries.facts(returned)
    assert (facts.alcohol_dependent, facts.naloxone_offered) == (None, None)
    assert "alcohol_dependent" not in queries.answers([returned])[returned.pk]
    assert heard(returned, "alcohol_dependent").is_earlier


def test_what_warned_before_is_not_lost_and_says_of_when_it_is(cast, returned):
    facts = queries.facts(returned)
    assert (facts.past_seizure, facts.oud_med) == (True, "methadone")
    kept = queries.answers([returned])[returned.pk]["past_seizure"]
    assert (kept.is_earlier, f"{kept.asked_at:%Y-%m-%d}") == (True, "2026-11-17")
    assert [one.name for one in queries.unconfirmed(returned)] == ["past_seizure", "oud_med"]


def test_it_is_answered_in_this_stay_by_one_tap(cast, returned):
    row = services.answer_again(person=returned, name="alcohol_dependent", holds=True, by=cast.nurse, once="t1")
    assert services.answer_again(person=returned, name="alcohol_dependent", holds=True, by=cast.nurse, once="t1") == row
    assert queries.facts(returned).alcohol_dependent is False
    assert not heard(returned, "alcohol_dependent").is_earlier


def test_no_longer_so_turns_a_yes_to_no_and_leaves_all_else_unknown(cast, returned):
    services.answer_again(person=returned, name="driving", holds=False, by=cast.nurse)
    services.answer_again(person=returned, name="readiness", holds=False, by=cast.nurse)
    assert heard(returned, "driving").answer.value == "no"
    assert (heard(returned, "readiness").answer.value, heard(returned, "readiness").answer.words) == (
        "unknown", "no longer as in the earlier stay",
    )  # fmt: skip


def test_what_was_answered_meanwhile_is_not_answered_again(cast, returned):
    answer(returned, cast.psychologist, driving="no")
    with pytest.raises(BadInput, match="answered in this stay meanwhile"):
        services.answer_again(person=returned, name="driving", holds=True, by=cast.nurse)


def test_thoughts_of_suicide_that_still_hold_call_somebody(cast, person, frozen_clock):
    answer(person, cast.nurse, suicidality_voiced="yes")
    episodes.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=cast.physician)
    frozen_clock.tick(days=40)
    episodes.open_enquiry(person=person, by=cast.nurse)
    assert queries.facts(person).suicidality_voiced is True
    services.answer_again(person=person, name="suicidality_voiced", holds=True, by=cast.nurse)
    assert open_alarm(person, "SUI-1") is not None


def test_entries_of_before_are_shown_and_are_not_of_this_stay(cast, person, frozen_clock):
    record(person, cast.nurse)
    assert queries.earlier_entries(person) == ()
    episodes.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=cast.physician)
    frozen_clock.tick(days=40)
    episodes.open_enquiry(person=person, by=cast.nurse)
    assert queries.entries(person).uses == ()
    assert [one.medicine_name for one in queries.earlier_entries(person)] == ["lorazepam"]


def test_at_the_door_everything_of_a_closed_stay_is_of_an_earlier_one(cast, person):
    answer(person, cast.nurse, alcohol_dependent="no")
    episodes.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=cast.physician)
    assert not heard(person, "alcohol_dependent").is_earlier
    assert queries.heard([person], at_the_door=True)[person.pk]["alcohol_dependent"].is_earlier


def test_a_finding_that_rests_on_an_earlier_stay_says_of_when_it_is(cast, returned):
    finding = rule("LOC-2").finding(message="Not at home.", do="Admit.")  # its rule asks for past seizures
    other = rule("JCG-27").finding(message="The person is 70.", do="Taper.")
    said, unchanged = dated(returned, (finding, other))
    assert said.message == "Not at home. Not confirmed in this stay: an earlier seizure as of 17 Nov 2026."
    assert unchanged == other
    services.answer_again(person=returned, name="past_seizure", holds=True, by=cast.nurse)
    assert dated(returned, (finding,)) == (finding,)
