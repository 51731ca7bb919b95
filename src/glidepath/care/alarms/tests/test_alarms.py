"""An alarm joins, is answered, and is closed by a name; it is never dismissed."""

import pytest
from django.db import IntegrityError, transaction

from glidepath.care.alarms import queries, services
from glidepath.care.alarms.models import Alarm, AlarmAct, Rank
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import admitted_person, make_centre, proof


def raised(person, by=None, **changed):
    given = {
        "cause": "INP-7",
        "rank": Rank.NOW,
        "message": "NEWS2 6.",
        "do": "Urgent review.",
        "by": by,
    }
    return services.raise_alarm(person=person, **(given | changed))


def acts(alarm):
    return [act.kind for act in queries.history(alarm)]


# --- Raising and joining ----------------------------------------------------------------------------------------------


def test_a_second_trigger_of_the_same_cause_joins_the_open_alarm(person, cast):
    first = raised(person, by=cast.nurse)
    second = raised(person, by=cast.second_nurse, message="NEWS2 7.")
    assert second.pk == first.pk
    assert Alarm.objects.count() == 1
    assert [act.words for act in queries.history(first)] == ["NEWS2 6.", "NEWS2 7."]
    assert Alarm.objects.get().message == "NEWS2 7."


def test_another_cause_is_another_alarm(person, cast):
    assert raised(person).pk != raised(person, cause="SEI-1").pk


def test_after_it_is_closed_a_new_trigger_opens_a_new_alarm(person, cast):
    first = raised(person)
    services.close(alarm=first, words="Seen, settled.", by=cast.nurse, once="a")
    assert raised(person).pk != first.pk


def test_a_milder_trigger_makes_the_alarm_no_milder(person):
    raised(person, do="Emergency.", prescriber_closes=True, pauses_taper=True)
    joined = raised(person, rank=Rank.SOON, message="NEWS2 5.", do="Look.", prescriber_closes=False)
    assert (joined.rank, joined.do) == (Rank.NOW, "Emergency.")
    assert joined.prescriber_closes
    assert joined.pauses_taper
    assert joined.message == "NEWS2 5."


def test_the_database_itself_refuses_a_second_open_alarm_of_a_cause(person):
    alarm = raised(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alarm.objects.create(
            centre=alarm.centre, person=person, cause="INP-7", rank=Rank.NOW, message="x", do="y", opened_at=clock.now()
        )


def test_two_at_once_end_in_one_alarm_with_both_triggers(person, cast, monkeypatch):
    """The second did not see the first when it looked; the constraint decides and it joins."""
    first = raised(person, by=cast.nurse)
    monkeypatch.setattr(services, "_open", lambda *_: None)
    second = raised(person, by=cast.second_nurse, message="NEWS2 8.")
    assert second.pk == first.pk
    assert acts(first) == ["triggered", "triggered"]
    assert Alarm.objects.get().message == "NEWS2 8."


def test_every_trigger_leaves_an_audit_line_with_its_cause_and_no_words(person, cast):
    raised(person, by=cast.nurse)
    line = AuditLine.objects.get(action="alarm.raised")
    assert (line.code, line.person_id, line.actor_id) == ("INP-7", person.pk, cast.nurse.pk)


# --- Answering --------------------------------------------------------------------------------------------------------


def test_an_answered_alarm_of_the_first_rank_is_outlined_and_names_who_has_it(person, cast):
    alarm = raised(person)
    assert queries.open_alarms([person])[0].rank is Rank.NOW
    services.attend(alarm=alarm, by=cast.nurse, once="a")
    (shown,) = queries.open_alarms([person])
    assert shown.rank is Rank.HELD
    assert not shown.filled
    assert shown.answer.recorded_by == cast.nurse


def test_a_new_trigger_after_the_answer_makes_it_loud_again(person, cast):
    alarm = raised(person)
    services.attend(alarm=alarm, by=cast.nurse, once="a")
    raised(person, message="NEWS2 7.")
    (shown,) = queries.open_alarms([person])
    assert shown.filled
    assert shown.answer is None


def test_being_with_the_person_counts_more_than_having_read_it(person, cast):
    alarm = raised(person)
    services.attend(alarm=alarm, by=cast.nurse, once="a")
    services.acknowledge(alarm=alarm, by=cast.physician, once="b")
    assert queries.open_alarms([person])[0].answer.recorded_by == cast.nurse


def test_a_double_submit_answers_once(person, cast):
    alarm = raised(person)
    services.attend(alarm=alarm, by=cast.nurse, once="a")
    services.attend(alarm=alarm, by=cast.nurse, once="a")
    assert acts(alarm).count("attended") == 1


@pytest.mark.parametrize("role", ["admissions", "manager", "auditor", "peer_worker", "administrator"])
def test_who_has_no_clinical_role_answers_no_alarm(role, person, cast):
    alarm = raised(person)
    with pytest.raises(NotAllowed):
        services.attend(alarm=alarm, by=getattr(cast, role), once="a")
    assert acts(alarm) == ["triggered"]


def test_nobody_answers_another_centres_alarm(person, cast):
    with pytest.raises(NotAllowed, match="another centre"):
        services.attend(alarm=raised(person), by=cast.stranger, once="a")


# --- Closing ----------------------------------------------------------------------------------------------------------


def test_it_is_closed_with_words_and_a_name(person, cast):
    alarm = services.close(alarm=raised(person), words=" Settled after an hour. ", by=cast.nurse, once="a")
    assert alarm.closed_at == clock.now()
    last = queries.history(alarm)[-1]
    assert (last.kind, last.words, last.recorded_by) == ("closed", "Settled after an hour.", cast.nurse)
    assert queries.open_alarms([person]) == ()


def test_it_is_not_closed_without_words(person, cast):
    with pytest.raises(BadInput, match="outcome"):
        services.close(alarm=raised(person), words="  ", by=cast.nurse, once="a")
    assert len(queries.open_alarms([person])) == 1


def test_a_hard_stop_is_not_closed_by_a_nurse(person, cast):
    alarm = raised(person, prescriber_closes=True)
    with pytest.raises(NotAllowed, match="prescribe"):
        services.close(alarm=alarm, words="fine", by=cast.nurse, once="a", proof=proof(cast.nurse))


def test_a_hard_stop_is_not_closed_without_proof(person, cast):
    alarm = raised(person, prescriber_closes=True)
    with pytest.raises(NotAllowed, match="PIN"):
        services.close(alarm=alarm, words="fine", by=cast.physician, once="a")


def test_a_hard_stop_is_not_closed_with_an_old_proof(person, cast, frozen_clock):
    alarm, old = raised(person, prescriber_closes=True), proof(cast.physician)
    frozen_clock.tick(minutes=5)
    with pytest.raises(BadInput, match="five minutes"):
        services.close(alarm=alarm, words="fine", by=cast.physician, once="a", proof=old)


def test_a_hard_stop_is_closed_by_a_prescriber_who_proves_it(person, cast):
    alarm = raised(person, prescriber_closes=True)
    services.close(alarm=alarm, words="Seen.", by=cast.physician, once="a", proof=proof(cast.physician))
    assert queries.open_alarms([person]) == ()


def test_the_second_to_close_is_told_who_was_first(person, cast):
    alarm = raised(person)
    services.close(alarm=alarm, words="Seen.", by=cast.nurse, once="a")
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist closed this alarm at 13:14") as told:
        services.close(alarm=alarm, words="Also seen.", by=cast.second_nurse, once="b")
    assert told.value.by == "Marta Lindqvist"


def test_a_double_submit_closes_once(person, cast):
    alarm = raised(person)
    for _ in range(2):
        services.close(alarm=alarm, words="Seen.", by=cast.nurse, once="a")
    assert acts(alarm).count("closed") == 1


def test_a_trigger_that_came_meanwhile_is_not_closed_unread(person, cast):
    alarm = raised(person)
    seen = queries.history(alarm)[-1].pk
    raised(person, message="NEWS2 9.")
    with pytest.raises(ChangedMeanwhile, match="NEWS2 9"):
        services.close(alarm=alarm, words="Seen.", by=cast.nurse, once="a", seen=seen)
    assert len(queries.open_alarms([person])) == 1


def test_acts_on_an_alarm_are_never_changed(person):
    act = AlarmAct.objects.get(alarm=raised(person))
    act.words = "nothing happened"
    with pytest.raises(Exception, match="never changed or deleted"), transaction.atomic():
        act.save()


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_only_the_most_urgent_alarm_is_filled(person, cast, frozen_clock):
    other = admitted_person(cast)
    soon = raised(person, cause="INP-6", rank=Rank.SOON)
    frozen_clock.tick(minutes=1)
    first = raised(person, cause="SEI-1")
    frozen_clock.tick(minutes=1)
    second = raised(other, cause="INP-12")
    shown = queries.open_alarms([person, other])
    assert [one.alarm.pk for one in shown] == [first.pk, second.pk, soon.pk]
    assert [one.filled for one in shown] == [True, False, False]


@pytest.mark.parametrize(
    ("later", "shown"), [({"seconds": 402}, "06:42"), ({"minutes": 74}, "74 min"), ({"hours": 5}, "5 h")]
)
def test_the_running_clock_is_drawn_by_the_server(later, shown, person, frozen_clock):
    raised(person)
    frozen_clock.tick(**later)
    assert queries.open_alarms([person])[0].clock == shown


def test_a_pause_runs_from_the_trigger_that_pauses_to_the_close(person, cast, frozen_clock):
    opened = clock.now()
    alarm = raised(person)
    frozen_clock.tick(hours=1)
    paused = clock.now()
    raised(person, pauses_taper=True)
    assert queries.pauses(person) == ((paused, None),)
    assert paused != opened, "the past is not paused by a later trigger"
    frozen_clock.tick(hours=1)
    services.close(alarm=alarm, words="Seen.", by=cast.nurse, once="a")
    assert queries.pauses(person) == ((paused, clock.now()),)


def test_an_alarm_that_does_not_pause_leaves_the_taper_alone(person):
    raised(person)
    assert queries.pauses(person) == ()


@pytest.mark.parametrize("many", [3, 30])
def test_alarms_of_30_people_take_as_many_queries_as_of_3(many, frozen_clock, django_assert_num_queries):
    cast = make_centre(beds=many)
    people = [admitted_person(cast) for _ in range(many)]
    for one in people:
        raised(one)
    frozen_clock.tick(minutes=25)
    services.page_who_is_called(cast.centre)
    with django_assert_num_queries(6):
        found = queries.open_alarms(people)
        assert len(found) == many
        assert all(one.calling.called and one.calling.following for one in found)
    with django_assert_num_queries(1):
        assert set(queries.pauses_for(people)) == {one.pk for one in people}


def test_a_call_for_help_is_an_alarm_of_the_first_rank(person, cast):
    services.call_for_help(person=person, by=cast.nurse, once="a")
    services.call_for_help(person=person, by=cast.nurse, once="a")
    (shown,) = queries.open_alarms([person])
    assert shown.filled
    assert shown.triggers == 1
    assert "Marta Lindqvist calls for help" in shown.alarm.message
