"""A CIWA-B, an event or a night written wrongly: a new row stands in its place, and both can be read."""

import datetime as dt
from dataclasses import replace
from unittest import mock

import pytest
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.monitoring import queries, services
from glidepath.care.monitoring.models import CiwaB, Event, Sleep
from glidepath.care.monitoring.tests.looks import ciwa, only, scored, seen
from glidepath.clinical.facts.load import instrument
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import admitted_person, client_for, proof


@pytest.fixture
def nurse(cast):
    return client_for(cast.nurse)


@pytest.fixture
def score(person, cast):
    """20 of 80, mild, beside whole vital signs."""
    seen(person, cast.nurse)
    return scored(person, cast.nurse, ciwa(1)).row


@pytest.fixture
def fall(person, cast):
    return happened(person, cast.nurse, Event.Kind.FALL, words="from the bed")


def happened(person, by, kind, **given):
    return services.record_event(person=person, kind=kind, by=by, once="", **given).row


def at(person, name="person", *rows):
    return reverse(f"monitoring:{name}", args=[person.public_id, *[row.public_id for row in rows]])


def causes(person):
    return {one.alarm.cause for one in open_alarms([person])}


def answers(items, **more):
    """The CIWA-B form as a browser sends it."""
    given = {f"c{number}": value for number, value in enumerate(items, start=1) if value is not None}
    return {"once": "k", "oriented": "yes", "reason": "the wrong row was tapped", **given, **more}


def rescored(row, by, items, *, oriented=True, reason="wrong row", once=""):
    return services.correct_ciwa_b(ciwa_b=row, items=items, oriented=oriented, reason=reason, by=by, once=once)


def corrected(row, by, kind=None, **given):
    return services.correct_event(
        event=row,
        kind=kind or Event.Kind(row.kind),
        words=given.pop("words", row.words),
        reason=given.pop("reason", "tapped wrongly"),
        by=by,
        once=given.pop("once", ""),
        **given,
    )


# --- CIWA-B -----------------------------------------------------------------------------------------------------------


def test_the_page_of_a_score_shows_its_old_answers_to_correct(nurse, person, score):
    page = nurse.get(at(person, "correct_score", score)).text
    assert page.count(' checked aria-label="') == 21  # 20 answers and the question before them
    assert "Correct the CIWA-B of" in page
    assert at(person, "correct_score", score) in nurse.get(at(person)).text


def test_a_nurse_corrects_a_score_and_both_stay_to_be_read(nurse, person, score):
    assert nurse.post(at(person, "correct_score", score), answers(ciwa(1, c7=2))).status_code == 303
    page = nurse.get(at(person)).text
    assert "corrected by Marta Lindqvist: the wrong row was tapped" in page
    assert [row.total for row in queries.scores(person)] == [21, 20]
    assert AuditLine.objects.filter(action="ciwa_b.corrected").count() == 1


def test_the_alarms_of_the_old_score_stay(person, cast):
    seen(person, cast.nurse)
    high = scored(person, cast.nurse, ciwa(2, c1=3)).row
    assert "INP-6" in causes(person)
    rescored(high, cast.nurse, ciwa(1))
    assert queries.latest([person])[person.pk].ciwa_b.total == 20
    assert "INP-6" in causes(person)


def test_a_corrected_score_that_is_severe_calls_as_any_other(person, cast, score):
    assert causes(person) == set()
    rescored(score, cast.nurse, ciwa(2, c1=3))
    assert "INP-6" in causes(person)


def test_the_question_of_confusion_holds_for_a_correction_too(nurse, person, score):
    assert nurse.post(at(person, "correct_score", score), answers(ciwa(2), oriented="no")).status_code == 303
    assert queries.latest([person])[person.pk].ciwa_b_any.total is None
    assert "DEL-1" in causes(person)


def test_a_correction_to_a_whole_score_needs_whole_vital_signs(nurse, person, cast):
    row = seen(person, cast.nurse, only(pulse=80)).row
    partial = scored(person, cast.nurse, ciwa(1, c20=None), observation=row).row
    answer = nurse.post(at(person, "correct_score", partial), answers(ciwa(1)))
    assert answer.status_code == 422
    assert "needs vital signs beside it (INP-4)" in answer.text
    assert "the wrong row was tapped" in answer.text
    assert CiwaB.objects.count() == 1


def test_a_score_of_another_version_is_never_scored_again(person, cast, score):
    newer = replace(instrument("ciwa_b"), version="of later")
    with mock.patch("glidepath.care.monitoring.services.instrument", return_value=newer):
        with pytest.raises(BadInput, match="version"):
            rescored(score, cast.nurse, ciwa(2))
        rescored(score, cast.nurse, [None] * 22)
    assert [row.instrument_version for row in queries.scores(person)] == [score.instrument_version] * 2


def test_a_correction_that_leaves_an_item_out_asks_before_it_becomes_partial(nurse, person, score):
    address = at(person, "correct_score", score)
    answer = nurse.post(address, answers(ciwa(1, c20=None)))
    assert answer.status_code == 422
    assert "Not measured" in answer.text
    assert nurse.post(address, answers(ciwa(1, c20=None), keep="partial")).status_code == 303
    assert queries.latest([person])[person.pk].ciwa_b_any.label == "partial 19 of 20"


def test_a_score_of_another_person_is_taken_back(nurse, person, cast, score, frozen_clock):
    frozen_clock.tick(minutes=20)
    right = scored(person, cast.nurse, ciwa(2)).row
    answer = nurse.post(at(person, "correct_score", right), {"once": "k", "take_back": "on", "reason": "it was Elif's"})
    assert answer.status_code == 303
    latest = queries.latest([person])[person.pk]
    assert (latest.ciwa_b, latest.ciwa_b_any) == (score, score)
    assert "taken back" in nurse.get(at(person)).text
    window = (clock.now() - dt.timedelta(days=1), clock.now() + dt.timedelta(minutes=1))
    assert queries.series(person, *window).ciwa_b == (score,)


def test_nothing_answered_is_no_correction(nurse, person, score):
    answer = nurse.post(at(person, "correct_score", score), {"once": "k", "reason": "hm"})
    assert answer.status_code == 422
    assert "take the score back" in answer.text


def test_a_correction_of_a_score_says_why_and_keeps_the_answers(nurse, person, score):
    answer = nurse.post(at(person, "correct_score", score), answers(ciwa(3), reason=" "))
    assert answer.status_code == 422
    assert "Say why it is corrected" in answer.text
    assert answer.text.count('value="3" checked aria-label="') == 20
    assert CiwaB.objects.count() == 1


def test_the_second_of_two_who_correct_one_score_is_told_who_was_first(nurse, person, cast, score):
    rescored(score, cast.second_nurse, ciwa(0))
    answer = nurse.post(at(person, "correct_score", score), answers(ciwa(2)))
    assert answer.status_code == 422
    assert "Kofi Mensah has corrected this entry already" in answer.text
    assert CiwaB.objects.count() == 2


def test_a_correction_sent_twice_is_kept_once(nurse, person, score):
    for _ in range(2):
        assert nurse.post(at(person, "correct_score", score), answers(ciwa(2))).status_code == 303
    assert CiwaB.objects.count() == 2


def test_a_counsellor_corrects_no_score(person, cast, score):
    assert client_for(cast.counsellor).post(at(person, "correct_score", score), answers(ciwa(2))).status_code == 403
    with pytest.raises(NotAllowed):
        rescored(score, cast.counsellor, ciwa(2))


def test_a_score_under_another_persons_address_is_not_found(nurse, cast, score):
    assert nurse.get(at(admitted_person(cast), "correct_score", score)).status_code == 404


# --- Events -----------------------------------------------------------------------------------------------------------


def test_a_time_tapped_wrongly_is_corrected_by_a_new_row(nurse, person, fall, frozen_clock):
    frozen_clock.tick(minutes=40)
    typed = {"once": "k", "kind": "fall", "words": fall.words, "at": "2026-11-17T13:40", "reason": "it was at 13:40"}
    assert nurse.post(at(person, "correct_event", fall), typed).status_code == 303
    new, old = queries.events(person)
    assert (new.supersedes, old) == (fall, fall)
    assert new.happened_at == dt.datetime(2026, 11, 17, 13, 40, tzinfo=dt.UTC)
    assert "it was at 13:40" in nurse.get(at(person)).text
    assert [event.pk for event in queries.open_events([person])[person.pk]] == [new.pk]


def test_an_untouched_time_keeps_its_second(nurse, person, cast, frozen_clock):
    frozen_clock.set("2026-11-17T13:14:41")
    fall = happened(person, cast.nurse, Event.Kind.FALL, words="from the bed")
    typed = {"once": "k", "kind": "fall", "words": "in the bath", "at": "2026-11-17T13:14", "reason": "place"}
    assert nurse.post(at(person, "correct_event", fall), typed).status_code == 303
    assert Event.objects.get(supersedes=fall).happened_at == fall.happened_at


def test_a_fall_that_was_a_seizure_freezes_the_taper_from_its_correction(person, cast, fall, frozen_clock):
    frozen_clock.tick(minutes=5)
    corrected(fall, cast.nurse, Event.Kind.SEIZURE)
    assert queries.freezes(person) == ((clock.now(), None),)
    assert "SEI-1" in causes(person)


def test_a_seizure_whose_time_is_corrected_freezes_without_a_gap_and_calls_nobody_again(person, cast, frozen_clock):
    began = frozen_clock.tick(minutes=10)
    seizure = happened(person, cast.nurse, Event.Kind.SEIZURE)
    frozen_clock.tick(minutes=5)
    done = corrected(seizure, cast.nurse, happened_at=began - dt.timedelta(minutes=2))
    assert queries.freezes(person) == ((began, clock.now()), (clock.now(), None))
    assert done.alarms == ()
    assert len(queries.events_of_kind(person, Event.Kind.SEIZURE)) == 1


@pytest.mark.parametrize("kind", [Event.Kind.SEIZURE, Event.Kind.OVER_SEDATION, Event.Kind.DELIRIUM])
def test_what_a_prescriber_lifts_is_not_lifted_by_a_correction(kind, nurse, person, cast):
    grave = happened(person, cast.nurse, kind)
    typed = {"once": "k", "kind": "other", "words": "a cramp", "reason": "it was a cramp"}
    answer = nurse.post(at(person, "correct_event", grave), typed)
    assert answer.status_code == 422
    assert "only a prescriber lifts that" in answer.text
    assert "a cramp" in answer.text
    assert [event.kind for event in queries.open_events([person])[person.pk]] == [kind]


def test_what_a_prescriber_has_signed_is_not_changed_afterwards(person, cast, frozen_clock):
    seizure = happened(person, cast.nurse, Event.Kind.SEIZURE)
    services.review_event(
        event=seizure, lifted=False, words="Observed.", by=cast.physician, proof=proof(cast.physician), once="",
        again_at=clock.now() + dt.timedelta(hours=2),
    )  # fmt: skip
    with pytest.raises(ChangedMeanwhile, match="has reviewed this event"):
        corrected(seizure, cast.nurse, words="on the left side")


def test_what_values_opened_is_corrected_by_its_observation(person, cast):
    (event,) = seen(person, cast.nurse, only(rr=8)).events
    with pytest.raises(BadInput, match="correct that entry"):
        corrected(event, cast.nurse, words="no")


def test_a_corrected_event_is_reviewed_in_its_newer_row(person, cast, frozen_clock):
    seizure = happened(person, cast.nurse, Event.Kind.SEIZURE)
    corrected(seizure, cast.nurse, words="two minutes")
    with pytest.raises(ChangedMeanwhile, match="corrected this entry already"):
        services.review_event(
            event=seizure, lifted=True, words="Well.", by=cast.physician, proof=proof(cast.physician), once=""
        )


def test_an_event_is_not_moved_into_the_future_or_before_the_stay(person, cast, fall):
    with pytest.raises(BadInput, match="still to come"):
        corrected(fall, cast.nurse, happened_at=clock.now() + dt.timedelta(minutes=1))
    with pytest.raises(BadInput, match="before this stay"):
        corrected(fall, cast.nurse, happened_at=clock.now() - dt.timedelta(days=400))


def test_a_correction_of_an_event_says_why_and_keeps_what_was_typed(nurse, person, fall):
    answer = nurse.post(at(person, "correct_event", fall), {"once": "k", "kind": "fall", "words": "out of the bath"})
    assert answer.status_code == 422
    assert "Say why it is corrected" in answer.text
    assert "out of the bath" in answer.text
    assert Event.objects.count() == 1


def test_the_second_of_two_who_correct_one_event_is_told_who_was_first(nurse, person, cast, fall):
    corrected(fall, cast.second_nurse, words="from the chair")
    typed = {"once": "k", "kind": "fall", "words": "from the stairs", "reason": "place"}
    answer = nurse.post(at(person, "correct_event", fall), typed)
    assert answer.status_code == 422
    assert "Kofi Mensah has corrected this entry already" in answer.text
    assert "from the stairs" in answer.text


def test_an_event_corrected_twice_by_one_submit_is_corrected_once(person, cast, fall):
    first = corrected(fall, cast.nurse, words="from the chair", once="k").row
    assert corrected(fall, cast.nurse, words="from the chair", once="k").row == first
    assert Event.objects.count() == 2


def test_who_may_not_record_an_event_may_not_correct_one(person, cast, fall):
    with pytest.raises(NotAllowed):
        corrected(fall, cast.case_manager, words="no")


# --- Sleep ------------------------------------------------------------------------------------------------------------


def slept(person, by, minutes, **given):
    return services.record_sleep(
        person=person, night_of=clock.today(person.centre), minutes=minutes, by=by, once="", **given
    )


def test_a_night_is_corrected_from_its_place_in_the_list(nurse, person, cast):
    old = slept(person, cast.nurse, 330)
    page = nurse.get(f"{at(person)}?night={old.night_of:%Y-%m-%d}").text
    assert "5\u00a0h 30\u00a0min" in page
    assert f'name="seen" value="{old.pk}"' in page
    typed = {"once": "k", "night_of": f"{old.night_of}", "hours": "4", "reason": "misheard", "seen": old.pk}
    assert nurse.post(at(person, "sleep"), typed).status_code == 303
    page = nurse.get(at(person)).text
    assert "Corrected by Marta Lindqvist: misheard" in page
    assert "5\u00a0h 30\u00a0min" in page
    assert queries.sleep_of(person, old.night_of).minutes == 240


def test_nobody_corrects_a_night_whose_newest_answer_they_have_not_read(nurse, person, cast):
    old = slept(person, cast.nurse, 330)
    slept(person, cast.second_nurse, 300, reason="asked again", seen=old.pk)
    typed = {"once": "k", "night_of": f"{old.night_of}", "hours": "4", "reason": "misheard", "seen": old.pk}
    answer = nurse.post(at(person, "sleep"), typed)
    assert answer.status_code == 422
    assert "Kofi Mensah already wrote 5 h" in answer.text
    assert "misheard" in answer.text
    newest = queries.sleep_of(person, old.night_of)
    assert f'name="seen" value="{newest.pk}"' in answer.text
    assert nurse.post(at(person, "sleep"), {**typed, "seen": newest.pk}).status_code == 303
    assert Sleep.objects.count() == 3
