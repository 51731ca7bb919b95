"""Who may see whom: role, centre, shift, team, glass."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import Http404

from glidepath.record.episodes import services
from glidepath.record.episodes.models import BreakGlass, Stage
from glidepath.record.episodes.queries import OutsideCareTeam, in_beds, may_see, people_for, people_seen, person_for
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff import services as staff
from glidepath.record.staff.models import Role, Staff
from tests.cast import Cast, admitted_person, enquiring_person, episode_of, make_centre, new_person, proof
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["physician", "nurse", "pharmacist", "counsellor", "psychologist"])
def test_clinical_staff_on_shift_on_the_unit_see_the_chart(cast: Cast, person: Person, role: str) -> None:
    assert person_for(getattr(cast, role), person.public_id) == person


@pytest.mark.parametrize("role", ["peer_worker", "admissions", "manager", "auditor", "administrator"])
def test_these_roles_open_no_chart(cast: Cast, person: Person, role: str) -> None:
    with pytest.raises(NotAllowed):
        person_for(getattr(cast, role), person.public_id)
    assert list(people_for(getattr(cast, role))) == []


def test_a_nurse_who_is_not_on_shift_sees_nobody(cast: Cast, person: Person) -> None:
    with pytest.raises(OutsideCareTeam):
        person_for(cast.off_shift_nurse, person.public_id)


def test_a_nurse_on_shift_on_another_unit_sees_nobody_of_this_one(cast: Cast, person: Person) -> None:
    staff.start_shift(unit=cast.other_unit, by=cast.off_shift_nurse)
    assert not may_see(cast.off_shift_nurse, person)
    assert in_beds(cast.off_shift_nurse, cast.unit) == []


def test_a_person_who_moves_to_another_unit_leaves_the_sight_of_the_first(cast: Cast, person: Person) -> None:
    services.move_bed(episode=episode_of(person), bed=cast.other_bed, by=cast.nurse)
    assert not may_see(cast.nurse, person)


def test_the_end_of_the_shift_closes_the_charts(cast: Cast, person: Person) -> None:
    staff.end_shift(unit=cast.unit, by=cast.nurse)
    assert not may_see(cast.nurse, person)


def test_a_shift_that_nobody_ended_stops_counting_after_sixteen_hours(frozen_clock: FrozenClock) -> None:
    frozen_clock.set("2026-11-17T08:00")
    cast = make_centre()
    person = admitted_person(cast)
    frozen_clock.set("2026-11-17T23:59")
    assert may_see(cast.nurse, person)
    frozen_clock.set("2026-11-18T00:00")
    assert not may_see(cast.nurse, person)
    staff.start_shift(unit=cast.unit, by=cast.nurse)
    assert may_see(cast.nurse, person)


@pytest.mark.parametrize("action", ["person.read", "identity.read", "incident.read", "observe"])
def test_three_ways_of_asking_give_the_same_people(cast: Cast, person: Person, action: str) -> None:
    """Whom a list shows, whom a page reads at once and whose single page opens, for everybody of both centres."""
    enquiring_person(cast)
    moved = admitted_person(cast)
    services.add_to_team(episode=episode_of(moved), staff=cast.off_shift_nurse, by=cast.nurse)
    services.move_bed(episode=episode_of(moved), bed=cast.other_bed, by=cast.nurse)
    staff.start_shift(unit=cast.other_unit, by=cast.second_nurse)
    everybody = [*Person.objects.all()]
    assert len(everybody) > 2
    for viewer in Staff.objects.all():
        listed = [*people_for(viewer, action=action)]
        assert people_seen(viewer, action=action) == listed
        assert {one for one in everybody if may_see(viewer, one, action=action)} == {*listed}


def test_a_colleague_of_another_centre_is_shown_nobody_by_any_of_them(cast: Cast, person: Person) -> None:
    caller = enquiring_person(cast)
    assert people_seen(cast.stranger) == []
    assert [*people_for(cast.stranger)] == []
    assert not any(may_see(cast.stranger, one) for one in (person, caller))


def test_a_named_member_of_the_team_sees_the_chart_off_shift(cast: Cast, person: Person) -> None:
    services.add_to_team(episode=episode_of(person), staff=cast.off_shift_nurse, by=cast.nurse)
    services.add_to_team(episode=episode_of(person), staff=cast.case_manager, by=cast.nurse)
    assert may_see(cast.off_shift_nurse, person)
    assert may_see(cast.case_manager, person)


def test_nobody_names_themselves_into_a_team_from_outside(cast: Cast, person: Person) -> None:
    with pytest.raises(NotAllowed):
        services.add_to_team(episode=episode_of(person), staff=cast.off_shift_nurse, by=cast.off_shift_nurse)


def test_a_case_manager_reads_no_chart_of_somebody_they_are_not_assigned_to(cast: Cast, person: Person) -> None:
    assert not may_see(cast.case_manager, person)


@pytest.mark.parametrize("role", ["admissions", "case_manager", "manager"])
def test_the_desk_sees_who_everybody_of_its_centre_is(cast: Cast, person: Person, role: str) -> None:
    assert person_for(getattr(cast, role), person.public_id, action="identity.read") == person


@pytest.mark.parametrize("role", ["peer_worker", "auditor", "administrator"])
def test_who_somebody_is_stays_closed_to_these_roles(cast: Cast, person: Person, role: str) -> None:
    with pytest.raises(NotAllowed):
        person_for(getattr(cast, role), person.public_id, action="identity.read")


def test_another_centre_does_not_even_learn_that_the_person_exists(cast: Cast, person: Person) -> None:
    with pytest.raises(Http404):
        person_for(cast.stranger, person.public_id)
    with pytest.raises(Http404):
        person_for(cast.stranger, person.public_id, action="identity.read")
    assert list(people_for(cast.stranger)) == []


def test_whoever_calls_is_seen_by_staff_on_shift_on_any_unit(cast: Cast) -> None:
    caller = enquiring_person(cast)
    staff.start_shift(unit=cast.other_unit, by=cast.off_shift_nurse)
    assert may_see(cast.off_shift_nurse, caller)
    assert may_see(cast.case_manager, caller)
    assert may_see(cast.nurse, new_person(cast))  # just registered, before the enquiry is opened


def test_whoever_calls_is_not_seen_by_staff_off_shift(cast: Cast) -> None:
    assert not may_see(cast.off_shift_nurse, enquiring_person(cast))


def test_aftercare_keeps_the_tie_and_a_closed_episode_ends_it(cast: Cast, person: Person) -> None:
    episode = services.change_stage(episode=episode_of(person), stage=Stage.AFTERCARE, by=cast.physician)
    assert may_see(cast.nurse, person)
    services.add_to_team(episode=episode, staff=cast.second_nurse, by=cast.nurse)
    services.change_stage(episode=episode, stage=Stage.DISCHARGED, by=cast.case_manager)
    assert not may_see(cast.nurse, person)
    assert not may_see(cast.second_nurse, person)
    assert may_see(cast.admissions, person, action="identity.read")


def test_a_closed_account_sees_nobody(cast: Cast, person: Person) -> None:
    staff.close_account(staff=cast.nurse, by=cast.administrator, proof=proof(cast.administrator))
    nurse = Staff.objects.get(pk=cast.nurse.pk)
    assert not may_see(nurse, person)


def test_a_broken_glass_opens_one_chart_until_its_end(frozen_clock: FrozenClock) -> None:
    frozen_clock.set("2026-11-17T12:00")
    cast = make_centre()
    person, other = admitted_person(cast), admitted_person(cast)
    glass = _break(cast, person)
    assert glass.until == dt.datetime(2026, 11, 17, 13, 0, tzinfo=dt.UTC)  # the centre's setting: 60 minutes
    assert may_see(cast.off_shift_nurse, person)
    assert not may_see(cast.off_shift_nurse, other)
    frozen_clock.set("2026-11-17T13:00")
    assert not may_see(cast.off_shift_nurse, person)


def test_a_broken_glass_opens_nothing_for_a_colleague(cast: Cast, person: Person) -> None:
    _break(cast, person)
    staff.end_shift(unit=cast.unit, by=cast.second_nurse)
    assert not may_see(cast.second_nurse, person)


@pytest.mark.parametrize("role", [role for role in Role if role not in ("physician", "nurse", "pharmacist")])
def test_only_clinicians_break_the_glass(cast: Cast, person: Person, role: str) -> None:
    one = getattr(cast, role)
    if role in ("counsellor", "psychologist"):
        assert services.break_glass(person=person, reason="consult", words="asked in", by=one, proof=proof(one))
        return
    with pytest.raises(NotAllowed):
        services.break_glass(person=person, reason="consult", words="asked in", by=one, proof=proof(one))


def test_the_glass_of_another_centre_stays_whole(cast: Cast, person: Person) -> None:
    with pytest.raises(NotAllowed):
        services.break_glass(person=person, reason="emergency", words="x", by=cast.stranger, proof=proof(cast.stranger))


@pytest.mark.parametrize(("reason", "words"), [("curious", "I know them"), ("emergency", "   "), ("", "seizure")])
def test_the_glass_wants_a_reason_and_a_sentence(cast: Cast, person: Person, reason: str, words: str) -> None:
    nurse = cast.off_shift_nurse
    with pytest.raises(BadInput):
        services.break_glass(person=person, reason=reason, words=words, by=nurse, proof=proof(nurse))


def _break(cast: Cast, person: Person) -> BreakGlass:
    nurse = cast.off_shift_nurse
    return services.break_glass(
        person=person, reason="emergency", words="found on the stairs", by=nurse, proof=proof(nurse)
    )
