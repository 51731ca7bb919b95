"""Who can be called: on shift, else on call; the list the handover keeps."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, strategies as st

from glidepath.clinical.facts.escalation import Part, Reach
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff import queries, services
from glidepath.record.staff.cover import Cover, Duty
from glidepath.record.staff.models import OnCall, Role, Staff
from tests.cast import Cast, proof
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 17, 12, tzinfo=dt.UTC)


def hours(number: float) -> dt.datetime:
    return clock.now() + dt.timedelta(hours=number)


def on_call(cast: Cast, who: Staff, **changed) -> OnCall:
    given_ = {"unit": None, "begins_at": hours(0), "until": hours(12), "by": cast.nurse}
    return services.put_on_call(staff=who, **(given_ | changed))


def who_answers(unit, parts, at=None):
    """Whoever is found for a call at this moment."""
    moment = at or clock.now()
    return queries.cover(unit.centre_id, moment).answering(unit.pk, parts, moment)


def names(found) -> list[str]:
    return [one.staff.name for one in found]


# --- Who answers ------------------------------------------------------------------------------------------------------


def test_on_shift_on_the_unit_answers_before_whoever_is_on_call(cast: Cast) -> None:
    on_call(cast, cast.off_shift_nurse)
    found = who_answers(cast.unit, [Part.NURSE])
    assert names(found) == ["Kofi Mensah", "Marta Lindqvist"]
    assert not any(one.on_call for one in found)


def test_on_call_answers_where_nobody_is_on_shift(cast: Cast) -> None:
    on_call(cast, cast.off_shift_nurse, phone="07700 900123")
    (found,) = who_answers(cast.other_unit, [Part.NURSE])
    assert (found.staff, found.on_call, found.phone) == (cast.off_shift_nurse, True, "07700 900123")


def test_each_part_is_looked_for_by_itself(cast: Cast) -> None:
    """A nurse on shift does not hide that the prescriber is only on call."""
    for one in (cast.physician, cast.second_physician):
        services.end_shift(unit=cast.unit, by=one)
    assert names(who_answers(cast.unit, [Part.NURSE, Part.PRESCRIBER])) == ["Kofi Mensah", "Marta Lindqvist"]
    on_call(cast, cast.physician)
    found = who_answers(cast.unit, [Part.NURSE, Part.PRESCRIBER])
    assert names(found) == ["Kofi Mensah", "Marta Lindqvist", "Dr Ines Ferreira"]


def test_a_prescriber_is_who_may_and_not_who_is_a_physician(cast: Cast) -> None:
    admin = cast.administrator
    services.grant_prescribing(staff=cast.physician, granted=False, by=admin, proof=proof(admin))
    services.grant_prescribing(staff=cast.nurse, granted=True, by=admin, proof=proof(admin))
    assert names(who_answers(cast.unit, [Part.PRESCRIBER])) == ["Dr Tomasz Wilk", "Marta Lindqvist"]


def test_nobody_is_an_empty_answer(cast: Cast) -> None:
    assert who_answers(cast.other_unit, [Part.NURSE, Part.PRESCRIBER]) == ()


def test_on_call_for_another_unit_does_not_answer(cast: Cast) -> None:
    on_call(cast, cast.off_shift_nurse, unit=cast.unit)
    assert who_answers(cast.other_unit, [Part.NURSE]) == ()


def test_a_forgotten_shift_answers_no_longer(cast: Cast, frozen_clock: FrozenClock) -> None:
    frozen_clock.tick(hours=16)
    assert who_answers(cast.unit, [Part.NURSE]) == ()


def test_a_closed_account_answers_no_longer(cast: Cast) -> None:
    on_call(cast, cast.off_shift_nurse)
    services.close_account(staff=cast.off_shift_nurse, by=cast.administrator, proof=proof(cast.administrator))
    assert who_answers(cast.other_unit, [Part.NURSE]) == ()


def test_another_centres_staff_never_answers(cast: Cast) -> None:
    assert cast.stranger.name not in names(who_answers(cast.unit, [Part.PRESCRIBER]))


def test_two_queries_however_many_are_on_duty(cast: Cast, django_assert_num_queries) -> None:
    for one in (cast.off_shift_nurse, cast.physician, cast.manager):
        on_call(cast, one)
    with django_assert_num_queries(2):
        who_answers(cast.unit, [*Part])


@pytest.mark.clock
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, None]), st.booleans(), st.integers(0, 30), st.integers(0, 30),
            st.sampled_from([Role.NURSE, Role.PHYSICIAN]),
        ),
        max_size=6,
    ),
    st.sampled_from([1, 2, None]),
    st.integers(0, 30),
    st.sampled_from([*Reach]),
)  # fmt: skip
def test_the_first_moment_somebody_is_there_is_the_first_at_which_somebody_answers(rows, unit, start, reach) -> None:
    """Minute by minute: the slow way to the same moment."""
    duties = tuple(
        Duty(Staff(pk=number, name=str(number), role=role), None if on_call_ else here or 1, on_call_,
             NOON + dt.timedelta(minutes=begin), NOON + dt.timedelta(minutes=begin + lasts))
        for number, (here, on_call_, begin, lasts, role) in enumerate(rows)
    )  # fmt: skip
    cover, wanted = Cover(duties), [Part.NURSE]
    minutes = [NOON + dt.timedelta(minutes=one) for one in range(start, 62)]
    slow = next((one for one in minutes if cover.answering(unit, wanted, one, reach)), None)
    assert cover.somebody_from(unit, wanted, minutes[0], reach) == slow


# --- The list ---------------------------------------------------------------------------------------------------------


def test_nobody_was_on_call_before_the_list_said_so(cast: Cast) -> None:
    entry = on_call(cast, cast.off_shift_nurse, begins_at=hours(-5))
    assert entry.starts_counting == clock.now()
    assert who_answers(cast.other_unit, [Part.NURSE], hours(-1)) == ()


def test_taken_off_the_list_one_is_called_no_longer_and_the_entry_stays(cast: Cast, frozen_clock: FrozenClock) -> None:
    entry = on_call(cast, cast.off_shift_nurse)
    frozen_clock.tick(hours=1)
    services.take_off_call(entry=entry, by=cast.manager)
    assert who_answers(cast.other_unit, [Part.NURSE]) == ()
    assert queries.on_call_list(cast.centre) == []
    (kept,) = queries.on_call_history(cast.centre, hours(-24))
    assert (kept.set_by, kept.ended_by, kept.ended_at) == (cast.nurse, cast.manager, clock.now())


def test_two_who_take_somebody_off_at_once_are_told(cast: Cast) -> None:
    entry = on_call(cast, cast.off_shift_nurse)
    services.take_off_call(entry=entry, by=cast.manager)
    with pytest.raises(ChangedMeanwhile, match="Ruth Aldous took Ewa Dudek off"):
        services.take_off_call(entry=entry, by=cast.nurse)


@pytest.mark.parametrize(
    ("begins", "until", "says"),
    [(2, 1, "ends before it begins"), (-5, -1, "has passed"), (0, 24 * 15, "Longer than 14 days")],
)
def test_a_slip_of_the_times_is_said(cast: Cast, begins, until, says) -> None:
    with pytest.raises(BadInput, match=says):
        on_call(cast, cast.off_shift_nurse, begins_at=hours(begins), until=hours(until))
    assert OnCall.objects.count() == 0


def test_the_same_duty_stands_once(cast: Cast) -> None:
    on_call(cast, cast.off_shift_nurse)
    with pytest.raises(BadInput, match="stands on the list already"):
        on_call(cast, cast.off_shift_nurse, begins_at=hours(6), until=hours(20))
    on_call(cast, cast.off_shift_nurse, begins_at=hours(12), until=hours(20))


def test_the_same_submit_twice_is_one_entry(cast: Cast) -> None:
    assert on_call(cast, cast.physician, once="k").pk == on_call(cast, cast.physician, once="k").pk


@pytest.mark.parametrize("who", ["auditor", "admissions", "administrator"])
def test_who_answers_no_alarm_is_not_on_call(cast: Cast, who) -> None:
    with pytest.raises(BadInput, match="cannot be on call"):
        on_call(cast, getattr(cast, who))


def test_the_list_is_kept_by_nurses_physicians_and_the_manager(cast: Cast) -> None:
    on_call(cast, cast.physician, by=cast.manager)
    with pytest.raises(NotAllowed):
        on_call(cast, cast.physician, by=cast.counsellor)
    with pytest.raises(NotAllowed):
        on_call(cast, cast.stranger)


def test_the_lines_of_it_name_the_entry_and_say_no_word(cast: Cast) -> None:
    entry = on_call(cast, cast.physician, remarks="lives ten minutes away")
    line = AuditLine.objects.get(action="on_call.set")
    assert (line.about_id, line.actor_id, line.code) == (entry.pk, cast.nurse.pk, "")


# --- One's own address ------------------------------------------------------------------------------------------------


def test_ones_own_call_address_is_set_and_taken_away(cast: Cast) -> None:
    services.set_call_address(by=cast.nurse, email=" marta@centre.example ")
    assert Staff.objects.get(pk=cast.nurse.pk).email == "marta@centre.example"
    services.set_call_address(by=cast.nurse, email="")
    assert Staff.objects.get(pk=cast.nurse.pk).email == ""


@pytest.mark.parametrize("wrong", ["marta", "marta@", "a b@centre.example", "marta@centre.example\nBcc: x@y.example"])
def test_what_is_no_address_is_refused_in_words(cast: Cast, wrong) -> None:
    with pytest.raises(BadInput, match="is no e-mail address"):
        services.set_call_address(by=cast.nurse, email=wrong)
