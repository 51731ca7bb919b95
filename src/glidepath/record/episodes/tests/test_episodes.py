"""Stages in their order, one person in a bed, and who was first."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from glidepath.record.centres import services as centres
from glidepath.record.episodes import services
from glidepath.record.episodes.models import BedStay, Stage
from glidepath.record.episodes.queries import bed_of, beds_of, care_team, current_episode, in_beds, people_for, stages
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed, ServiceError
from glidepath.record.people.models import Person
from tests.cast import Cast, admitted_person, enquiring_person, episode_of, make_centre

pytestmark = pytest.mark.django_db


def test_an_episode_goes_from_the_first_call_to_aftercare(cast: Cast) -> None:
    person = enquiring_person(cast)
    episode = episode_of(person)
    for stage, by in (
        (Stage.PRE_ADMISSION, cast.admissions),
        (Stage.ADMITTED, cast.nurse),
        (Stage.AFTERCARE, cast.physician),
        (Stage.DISCHARGED, cast.case_manager),
    ):
        services.change_stage(episode=episode, stage=stage, by=by)
    assert [one.stage for one in stages(episode)] == [
        "enquiry",
        "pre_admission",
        "admitted",
        "aftercare",
        "discharged",
    ]


@pytest.mark.parametrize("stage", [Stage.ENQUIRY, Stage.PRE_ADMISSION])
def test_an_admitted_person_does_not_go_back(cast: Cast, person: Person, stage: Stage) -> None:
    with pytest.raises(BadInput, match="does not go to"):
        services.change_stage(episode=episode_of(person), stage=stage, by=cast.physician)


def test_a_caller_is_redirected_only_with_a_reason(cast: Cast) -> None:
    episode = episode_of(enquiring_person(cast))
    with pytest.raises(BadInput, match="Say why"):
        services.change_stage(episode=episode, stage=Stage.DISCHARGED, by=cast.admissions)
    services.change_stage(
        episode=episode, stage=Stage.DISCHARGED, reason="nearer home: Harbour House", by=cast.admissions
    )


def test_a_nurse_does_not_discharge(cast: Cast, person: Person) -> None:
    with pytest.raises(NotAllowed, match="prescribe"):
        services.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=cast.nurse)


def test_leaving_frees_the_bed(cast: Cast, person: Person) -> None:
    bed = bed_of(person)
    assert bed is not None
    services.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=cast.physician)
    assert bed_of(person) is None
    assert admitted_person(cast, bed=bed.bed) != person


def test_a_person_has_one_open_episode(cast: Cast, person: Person) -> None:
    with pytest.raises(BadInput, match="open episode already"):
        services.open_enquiry(person=person, by=cast.admissions)


def test_a_person_comes_back_with_a_new_episode(cast: Cast, person: Person) -> None:
    first = services.change_stage(episode=episode_of(person), stage=Stage.AFTERCARE, by=cast.physician)
    second = services.open_enquiry(person=person, by=cast.admissions)
    assert current_episode(person) == second
    services.change_stage(episode=second, stage=Stage.DISCHARGED, reason="not needed", by=cast.admissions)
    assert current_episode(person) == first


def test_a_stale_stage_names_who_moved_it(cast: Cast) -> None:
    episode = episode_of(enquiring_person(cast))
    services.change_stage(episode=episode, stage=Stage.PRE_ADMISSION, by=cast.admissions, seen=Stage.ENQUIRY)
    with pytest.raises(ChangedMeanwhile, match="Petra Novak"):
        services.change_stage(
            episode=episode, stage=Stage.DISCHARGED, reason="x", by=cast.physician, seen=Stage.ENQUIRY
        )


def test_the_second_into_a_bed_is_told_who_was_first_and_not_who_lies_there(cast: Cast, person: Person) -> None:
    other = enquiring_person(cast)
    services.change_stage(episode=episode_of(other), stage=Stage.ADMITTED, by=cast.physician)
    with pytest.raises(ChangedMeanwhile, match="Willow 1 was taken by Marta Lindqvist") as said:
        services.put_to_bed(episode=episode_of(other), bed=cast.beds[0], by=cast.second_nurse)
    assert person.preferred_name not in said.value.message
    assert said.value.by == "Marta Lindqvist"


def test_putting_somebody_into_their_own_bed_again_does_nothing(cast: Cast, person: Person) -> None:
    services.put_to_bed(episode=episode_of(person), bed=cast.beds[0], by=cast.nurse)
    assert BedStay.objects.count() == 1


def test_nobody_lies_in_two_beds(cast: Cast, person: Person) -> None:
    with pytest.raises(BadInput, match="Move them instead"):
        services.put_to_bed(episode=episode_of(person), bed=cast.beds[1], by=cast.nurse)


def test_a_move_to_a_taken_bed_leaves_both_where_they_are(cast: Cast, person: Person) -> None:
    other = admitted_person(cast)
    with pytest.raises(ChangedMeanwhile):
        services.move_bed(episode=episode_of(other), bed=cast.beds[0], by=cast.nurse)
    where = {person_id: here.bed for person_id, here in beds_of([person, other]).items()}
    assert where == {person.pk: cast.beds[0], other.pk: cast.beds[1]}


def test_a_move_takes_the_setting_of_the_new_unit(cast: Cast, person: Person) -> None:
    assert episode_of(person).setting == "residential"
    services.move_bed(episode=episode_of(person), bed=cast.other_bed, by=cast.nurse)
    assert episode_of(person).setting == "inpatient_medical"


def test_a_stale_move_names_who_moved_first(cast: Cast, person: Person) -> None:
    stay = BedStay.objects.get()
    services.move_bed(episode=episode_of(person), bed=cast.beds[2], by=cast.nurse, seen=stay.pk)
    with pytest.raises(ChangedMeanwhile, match="was moved to Willow 3 by Marta Lindqvist"):
        services.move_bed(episode=episode_of(person), bed=cast.beds[3], by=cast.second_nurse, seen=stay.pk)


def test_a_bed_that_is_being_cleaned_takes_nobody(cast: Cast, person: Person) -> None:
    centres.set_bed_state(bed=cast.beds[1], state="cleaning", by=cast.nurse)
    with pytest.raises(BadInput, match="being cleaned"):
        services.move_bed(episode=episode_of(person), bed=cast.beds[1], by=cast.nurse)


def test_the_care_team_is_those_named_and_those_on_shift(cast: Cast, person: Person) -> None:
    services.add_to_team(episode=episode_of(person), staff=cast.case_manager, by=cast.nurse)
    team = care_team(person)
    assert [member.staff for member in team if member.named] == [cast.case_manager]
    assert {member.staff for member in team if not member.named} == {
        cast.physician,
        cast.second_physician,
        cast.nurse,
        cast.second_nurse,
        cast.pharmacist,
        cast.counsellor,
        cast.psychologist,
    }


@pytest.mark.parametrize("how_many", [3, 30])
def test_a_list_of_people_costs_the_same_for_three_and_for_thirty(
    how_many: int, django_assert_num_queries: object
) -> None:
    cast = make_centre(beds=how_many)
    for bed in cast.beds:
        admitted_person(cast, bed=bed)
    with django_assert_num_queries(3):  # type: ignore[operator]  # the shift, the people, the beds
        people = list(people_for(cast.nurse))
        beds_of(people)
    assert len(people) == how_many
    with django_assert_num_queries(3):  # type: ignore[operator]  # the shift, the people, the stays
        assert len(in_beds(cast.nurse, cast.unit)) == how_many


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_admitted_into_one_bed_at_the_same_moment_end_with_one_in_it() -> None:
    cast = make_centre()
    callers = [enquiring_person(cast) for _ in range(2)]
    for caller in callers:
        services.change_stage(episode=episode_of(caller), stage=Stage.ADMITTED, by=cast.physician)
    refused: list[ServiceError] = []
    together = threading.Barrier(2)

    def take(caller: Person) -> None:
        try:
            together.wait(timeout=10)
            services.put_to_bed(episode=episode_of(caller), bed=cast.beds[0], by=cast.nurse)
        except ServiceError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert [type(error) for error in refused] == [ChangedMeanwhile]
    assert BedStay.objects.filter(bed=cast.beds[0], to_at__isnull=True).count() == 1
