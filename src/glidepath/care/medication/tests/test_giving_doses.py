"""To answer a due dose: one answer a dose, in its time, after a look, and everything that was wrong stays readable."""

from __future__ import annotations

import pytest
from django.db import transaction

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.medication import queries, services
from glidepath.care.medication.models import DoseAnswer, YesNoUnknown
from glidepath.care.medication.tests import story
from glidepath.care.medication.tests.story import at, decline, give, over_sedation, wanted
from glidepath.care.monitoring.tests.looks import awake, seen
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import Cast, make_centre, proof
from tests.scenarios import ward


@pytest.fixture
def cast(frozen_clock) -> Cast:
    frozen_clock.set(at("07:00"))
    made = make_centre()
    ward.stock_shelf(made)
    return made


@pytest.fixture
def person(cast):
    return ward.person_with_history(cast, preferred_name="Danilo")


@pytest.fixture
def order(cast, person):
    """Diazepam 10 mg at 08:00 and 22:00."""
    return ward.order(cast, person, "diazepam", "10", "08:00", "22:00")


@pytest.fixture
def morning(frozen_clock, person, order):
    """The dose of 08:00, at 08:05."""
    frozen_clock.set(at("08:05"))
    return wanted(person, order, at("08:00"))


# --- One answer a dose ------------------------------------------------------------------------------------------------


def test_a_dose_is_given_exactly_as_ordered_with_who_and_when(cast, morning):
    row = give(cast, morning, rass=-1)
    assert (row.outcome, row.given_ng, row.rass, row.recorded_by) == ("given", 10_000_000, -1, cast.nurse)
    assert (row.due_at, row.happened_at) == (at("08:00"), at("08:05"))
    assert AuditLine.objects.get(action="dose.answered").code == "given"


def test_the_same_submit_twice_gives_one_dose(cast, morning):
    key = story.once()
    assert give(cast, morning, once=key).pk == give(cast, morning, once=key).pk
    assert DoseAnswer.objects.count() == 1


def test_of_two_nurses_the_second_is_told_who_was_first_and_when(cast, morning):
    give(cast, morning)
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist answered this dose at 08:05: given") as told:
        give(cast, morning, by=cast.second_nurse)
    assert (told.value.by, told.value.at) == ("Marta Lindqvist", at("08:05"))
    assert DoseAnswer.objects.count() == 1


def test_of_two_nurses_in_the_same_moment_the_database_decides_and_the_second_is_told(
    cast, morning, person, monkeypatch
):
    """The second looked before the first had written: her look shows no answer, and the constraint says no."""
    look = queries.due_one
    before = look(person, morning.key, morning.due_at)
    give(cast, morning)
    looks = iter([before])
    monkeypatch.setattr(queries, "due_one", lambda *which, **standing: next(looks, None) or look(*which, **standing))
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist answered this dose"):
        give(cast, morning, by=cast.second_nurse)
    assert [row.recorded_by for row in DoseAnswer.objects.all()] == [cast.nurse]


def test_a_dose_that_one_nurse_gave_cannot_be_declined_by_another(cast, morning):
    first = give(cast, morning)
    with pytest.raises(ChangedMeanwhile):
        decline(cast, morning, by=cast.second_nurse, seen=first.pk)


def test_who_declined_and_takes_it_after_all_is_given_it_once_and_both_can_be_read(cast, morning, person):
    first = decline(cast, morning)
    with pytest.raises(ChangedMeanwhile):
        give(cast, morning)  # a page that did not show the first answer
    row = give(cast, morning, seen=first.pk)
    assert (row.revision, row.supersedes) == (1, first)
    assert [one.outcome for one in story.answers(person)] == ["given", "declined"]


def test_a_dose_whose_order_was_stopped_meanwhile_is_not_given(cast, morning, person, order):
    later = wanted(person, order, at("22:00"))
    services.stop_order(
        order=order, reason="other plan", by=cast.physician, proof=proof(cast.physician), once=story.once(),
        overrides={"JCG-2": "goes to hospital now, doses go on there"},
    )  # fmt: skip
    with pytest.raises(BadInput, match="not due any more"):
        give(cast, later)


# --- In its time ------------------------------------------------------------------------------------------------------


def test_a_dose_is_not_given_before_its_window(cast, morning, person, order, frozen_clock):
    """The window is one hour: at 20:59 the dose of 22:00 waits, at 21:00 it may be given."""
    night = wanted(person, order, at("22:00"))
    frozen_clock.set(at("20:59"))
    with pytest.raises(BadInput, match="due 22:00: it is given at most 60 min before"):
        give(cast, night)
    frozen_clock.set(at("21:00"))
    assert give(cast, night).was_given


def test_a_dose_is_not_given_later_than_half_way_to_the_next(cast, morning, frozen_clock):
    """08:00 and 22:00 lie 14 hours apart: half-way is 15:00."""
    frozen_clock.set(at("15:01"))
    with pytest.raises(BadInput, match="Too late for the 08:00 dose"):
        give(cast, morning)
    frozen_clock.set(at("15:00"))
    assert give(cast, morning).was_given


def test_a_missed_dose_is_never_doubled_when_the_next_is_due(cast, morning, person, order, frozen_clock):
    frozen_clock.set(at("22:00"))
    with pytest.raises(BadInput, match="never doubled"):
        give(cast, morning)
    services.answer_dose(wanted=morning, outcome="missed", reason="not_recorded", by=cast.nurse, once=story.once())
    assert give(cast, wanted(person, order, at("22:00"))).was_given


def test_a_dose_is_not_entered_for_the_future(cast, morning):
    with pytest.raises(BadInput):
        give(cast, morning, happened_at=at("08:30"))


# --- After a look -----------------------------------------------------------------------------------------------------


def test_a_sedative_without_a_look_is_refused(cast, morning):
    with pytest.raises(BadInput, match="RASS before a sedative") as refused:
        give(cast, morning, rass=None)
    assert refused.value.field == "rass"
    assert not DoseAnswer.objects.exists()


@pytest.mark.parametrize("rass", [5, -6, 40])
def test_a_look_outside_the_scale_is_refused(cast, morning, rass):
    with pytest.raises(BadInput, match="runs from -5 to"):
        give(cast, morning, rass=rass)


def test_a_medicine_that_does_not_sedate_needs_no_look(cast, person, frozen_clock):
    order = story.outside(cast, person, YesNoUnknown.NO, "08:00")
    frozen_clock.set(at("08:00"))
    assert give(cast, wanted(person, order, at("08:00")), rass=None).was_given


def test_at_rass_minus_2_somebody_says_why_it_is_given(cast, morning):
    with pytest.raises(BadInput, match="hold this dose and ask"):
        give(cast, morning, rass=-2)
    assert give(cast, morning, rass=-2, words="asked Dr Ferreira at the bedside: give").was_given


def test_after_slurred_or_unsteady_somebody_says_why_the_next_one_is_given(cast, person, morning, frozen_clock):
    """INP-13 holds the next dose for either sign. A look without it, later, asks nothing any more."""
    seen(person, cast.nurse, awake(also_seen=(AlsoSeen.UNSTEADY,)))
    with pytest.raises(BadInput, match=r"seen 08:05 \(INP-13\): hold this dose and ask") as refused:
        give(cast, morning)
    assert refused.value.field == "words"
    with transaction.atomic():
        assert give(cast, morning, words="asked Dr Ferreira at the bedside: give").was_given
        transaction.set_rollback(True)
    frozen_clock.set(at("08:20"))
    seen(person, cast.nurse, awake())
    assert give(cast, morning).was_given


@pytest.mark.parametrize("rass", [-3, -4, -5])
def test_at_rass_minus_3_or_below_nothing_is_given_and_the_physician_is_called(cast, morning, person, rass):
    row = give(cast, morning, rass=rass)
    assert (row.outcome, row.given_ng, row.reason, row.rass) == ("held", 0, "sedation", rass)
    assert over_sedation(person) is not None
    (alarm,) = open_alarms([person])
    assert (alarm.alarm.rank, alarm.alarm.prescriber_closes) == ("now", True)


def test_while_the_over_sedation_is_open_no_sedative_is_given(cast, morning, person, order, frozen_clock):
    give(cast, morning, rass=-3)
    frozen_clock.set(at("21:30"))
    night = wanted(person, order, at("22:00"))
    row = queries.due_one(person, night.key, at("22:00"))
    assert (row.state, row.held_by) == (queries.State.HELD, over_sedation(person))
    with pytest.raises(BadInput, match="held for safety"):
        give(cast, night, rass=0)


def test_a_prescriber_who_lifts_it_releases_the_next_dose(cast, morning, person, order, frozen_clock):
    give(cast, morning, rass=-3)
    frozen_clock.set(at("21:30"))
    seen(person, cast.nurse)  # nobody lifts it without a look
    story.lift(cast, over_sedation(person))
    assert give(cast, wanted(person, order, at("22:00")), rass=0).was_given


def test_what_does_not_sedate_is_given_while_sedatives_are_held(cast, morning, person):
    order = story.outside(cast, person, YesNoUnknown.NO, "08:30")
    give(cast, morning, rass=-3)
    assert give(cast, wanted(person, order, at("08:30")), rass=None).was_given


def test_a_medicine_nobody_knows_waits_for_the_prescribers_word(cast, morning, person):
    order = story.outside(cast, person, YesNoUnknown.UNKNOWN, "08:30")
    dose = wanted(person, order, at("08:30"))
    with pytest.raises(BadInput, match="RASS before a sedative"):
        give(cast, dose, rass=None)  # not known is not no
    give(cast, morning, rass=-3)
    with pytest.raises(BadInput, match="nobody has said whether sertraline is one"):
        give(cast, dose)
    services.say_whether_sedative(
        order=order, is_sedative=False, by=cast.physician, proof=proof(cast.physician), once=story.once()
    )
    assert give(cast, dose, rass=None).was_given


def test_the_word_that_it_sedates_keeps_it_held(cast, morning, person):
    order = story.outside(cast, person, YesNoUnknown.UNKNOWN, "08:30")
    give(cast, morning, rass=-3)
    services.say_whether_sedative(
        order=order, is_sedative=True, by=cast.physician, proof=proof(cast.physician), once=story.once()
    )
    with pytest.raises(BadInput, match="held for safety"):
        give(cast, wanted(person, order, at("08:30")))


# --- Not given --------------------------------------------------------------------------------------------------------


def test_a_dose_not_given_has_a_coded_reason(cast, morning):
    for reason in ("", "because"):
        with pytest.raises(BadInput, match="Choose the reason"):
            decline(cast, morning, reason=reason)
    with pytest.raises(BadInput, match="what the other reason is"):
        decline(cast, morning, reason="other")
    row = decline(cast, morning, reason="other", words="wants to see her daughter first")
    assert (row.outcome, row.given_ng) == ("declined", 0)


def test_given_is_no_reason_why_it_was_not(cast, morning):
    with pytest.raises(BadInput, match="Choose declined, unable, held, missed or had elsewhere"):
        decline(cast, morning, outcome="given")


def test_a_dose_ahead_is_not_answered_before_its_window(cast, person, order):
    with pytest.raises(BadInput, match="cannot be answered before"):
        decline(cast, wanted(person, order, at("22:00")))


# --- What was wrong ---------------------------------------------------------------------------------------------------


def test_a_correction_keeps_both(cast, morning, person):
    wrong = give(cast, morning)
    row = services.correct(
        answer=wrong, outcome="declined", reason="feels_sick", why="I tapped the wrong row", by=cast.nurse,
        once=story.once(),
    )  # fmt: skip
    assert (row.revision, row.supersedes, row.correction_reason) == (1, wrong, "I tapped the wrong row")
    assert [(one.outcome, one.given_ng) for one in story.answers(person)] == [("declined", 0), ("given", 10_000_000)]
    assert queries.given(person, at("00:00"), at("00:00", 18)) == []


def test_a_correction_says_what_was_wrong_and_is_made_once(cast, morning):
    wrong = give(cast, morning)
    again = {"answer": wrong, "outcome": "declined", "reason": "feels_sick", "by": cast.nurse}
    with pytest.raises(BadInput, match="what was wrong"):
        services.correct(**again, why=" ", once=story.once())
    services.correct(**again, why="wrong row", once=story.once())
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist has set this entry right already"):
        services.correct(**(again | {"by": cast.second_nurse}), why="wrong row", once=story.once())


def test_a_sedative_that_was_given_after_all_wants_the_look_of_then(cast, morning):
    wrong = decline(cast, morning)
    with pytest.raises(BadInput, match="write the RASS of then"):
        services.correct(answer=wrong, outcome="given", why="he took it", by=cast.nurse, once=story.once())
    row = services.correct(answer=wrong, outcome="given", why="he took it", rass=0, by=cast.nurse, once=story.once())
    assert (row.given_ng, row.rass) == (10_000_000, 0)


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role", ["physician", "pharmacist", "counsellor", "case_manager", "manager", "auditor", "administrator"]
)
def test_only_a_nurse_answers_a_dose(cast, morning, role):
    other = getattr(cast, role)
    with pytest.raises(NotAllowed):
        give(cast, morning, by=other)
    with pytest.raises(NotAllowed):
        decline(cast, morning, by=other)
    assert not DoseAnswer.objects.exists()


def test_nobody_of_another_centre_answers_or_orders(cast, morning, person, order):
    with pytest.raises(NotAllowed):
        give(cast, morning, by=cast.stranger)
    with pytest.raises(NotAllowed, match="another centre"):
        story.signed(cast, person, story.draft("diazepam", "5", "12:00"), by=cast.stranger)


# --- Many doses in one transaction ------------------------------------------------------------------------------------


@pytest.fixture
def both_due(cast, person, frozen_clock):
    """Diazepam and lorazepam, due together at 08:00; it is 08:05."""
    orders = [ward.order(cast, person, name, mg, "08:00") for name, mg in (("diazepam", "10"), ("lorazepam", "1"))]
    frozen_clock.set(at("08:05"))
    return [wanted(person, order, at("08:00")) for order in orders]


def test_several_doses_under_one_reading_are_given_and_answered_as_one_by_one(cast, person, both_due):
    with transaction.atomic():
        standing = services.lock_people([person])
        first = give(cast, both_due[0], under=standing)
        with pytest.raises(ChangedMeanwhile, match="answered this dose"):
            give(cast, both_due[0], under=standing)
        second = give(cast, both_due[1], under=standing)
    assert [(one.outcome, one.given_ng) for one in (first, second)] == [("given", 10_000_000), ("given", 1_000_000)]


def test_a_hold_that_the_first_look_opened_holds_the_next_dose_under_the_same_reading(cast, person, both_due):
    with transaction.atomic():
        standing = services.lock_people([person])
        assert give(cast, both_due[0], rass=-3, under=standing).outcome == "held"
        with pytest.raises(BadInput, match="held for safety"):
            give(cast, both_due[1], rass=0, under=standing)
    assert DoseAnswer.objects.filter(outcome="given").count() == 0


def test_a_reading_of_somebody_else_is_not_used(cast, person, both_due):
    other = ward.person_with_history(cast, preferred_name="Marta")
    with transaction.atomic():
        standing = services.lock_people([other])
        assert give(cast, both_due[0], under=standing).outcome == "given"
