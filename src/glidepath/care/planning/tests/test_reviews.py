"""A review records how each objective stands and what the person says; it falls due by where care is given."""

from __future__ import annotations

import pytest

from glidepath.care.assessment import services as assessment
from glidepath.care.planning import queries, services
from glidepath.care.planning.models import Review
from glidepath.care.planning.tests.plans import a_plan, a_problem, review, sign
from glidepath.clinical.planning.editing import with_problem
from glidepath.clinical.planning.values import ProblemKind, Progress
from glidepath.record.episodes import services as episodes
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import admitted_person, enquiring_person, episode_of


def test_a_review_keeps_progress_and_the_persons_view(cast, person):
    version = sign(person, cast.nurse)
    row = review(person, cast.counsellor, version, words="sleeps six hours")
    assert (row.persons_view, row.words, row.recorded_by) == (
        "I sleep a little longer", "sleeps six hours", cast.counsellor,
    )  # fmt: skip
    assert set(row.progress.values()) == {"better"}


def test_without_the_persons_view_there_is_no_review(cast, person):
    version = sign(person, cast.nurse)
    with pytest.raises(BadInput) as refused:
        review(person, cast.nurse, version, persons_view=" ")
    assert refused.value.field == "persons_view"


def test_every_objective_is_spoken_of(cast, person):
    version = sign(person, cast.nurse, a_plan(person, ProblemKind.SLEEP, ProblemKind.FALLS))
    keys = [objective.key for _, objective in queries.plan_of(version.content).objectives()]
    with pytest.raises(BadInput) as refused:
        review(person, cast.nurse, version, progress={keys[0]: Progress.SAME})
    assert refused.value.field == f"progress-{keys[1]}"


def test_a_review_of_an_older_version_is_refused_and_names_who_signed(cast, person):
    first = sign(person, cast.nurse)
    plan = with_problem(queries.plan_of(first.content), a_problem(person, ProblemKind.FALLS))
    sign(person, cast.physician, plan, reason="a fall")
    with pytest.raises(ChangedMeanwhile, match="Dr Ines Ferreira signed version 2"):
        review(person, cast.nurse, first)


def test_a_review_is_recorded_once_and_by_those_who_write(cast, person):
    version = sign(person, cast.nurse)
    assert review(person, cast.nurse, version, once="r") == review(person, cast.nurse, version, once="r")
    assert Review.objects.count() == 1
    for role in ("pharmacist", "peer_worker", "manager"):
        with pytest.raises(NotAllowed):
            review(person, getattr(cast, role), version)


def test_without_a_plan_there_is_nothing_to_review(cast, person):
    with pytest.raises(BadInput, match="no signed plan"):
        services.record_review(person=person, progress={}, persons_view="x", by=cast.nurse, seen=1)


def test_a_residential_plan_is_due_after_thirty_days_and_a_review_starts_the_count_again(cast, person, frozen_clock):
    assessment.record_facts(person=person, answers={"rb_review_on": "2026-11-17"}, by=cast.nurse)
    version = sign(person, cast.nurse)
    assert queries.due_of(person).review.on.isoformat() == "2026-12-17"
    frozen_clock.set("2026-12-16T23:00")
    assert queries.to_review([person]) == ()
    frozen_clock.set("2026-12-17T09:00")
    assert [one.person for one in queries.to_review([person])] == [person]
    review(person, cast.nurse, version)
    assert queries.to_review([person]) == ()
    assert queries.due_of(person).review.on.isoformat() == "2027-01-16"


def test_an_inpatient_plan_is_due_after_seven_days_and_moving_there_makes_it_due_sooner(cast, person):
    sign(person, cast.nurse)
    episodes.move_bed(episode=episode_of(person), bed=cast.other_bed, by=cast.nurse, urgent="no bed on the unit")
    due = queries.due_of(person)
    assert (due.review.on.isoformat(), due.review.every_days) == ("2026-11-24", 7)


def test_risk_and_benefit_that_nobody_recorded_is_due_and_never_in_time(cast, person):
    sign(person, cast.nurse)
    due = queries.due_of(person)
    assert due.risk_benefit.on is None
    assert due.waits
    assessment.record_facts(person=person, answers={"rb_review_on": "2026-11-01"}, by=cast.nurse)
    due = queries.due_of(person)
    assert (due.risk_benefit.on.isoformat(), due.waits) == ("2027-01-30", False)  # 1 Nov and 90 days: 29 + 31 + 30


def test_due_reviews_take_the_same_queries_for_three_and_for_thirty(cast, django_assert_num_queries):
    people = [admitted_person(cast) for _ in range(6)] + [enquiring_person(cast) for _ in range(24)]
    for one in people:
        version = sign(one, cast.nurse)
        review(one, cast.nurse, version)
    with django_assert_num_queries(6):
        queries.dues(people[:3])
    with django_assert_num_queries(6):
        queries.dues(people)


def test_who_has_no_plan_is_named(cast, person):
    other = admitted_person(cast, preferred_name="Danilo")
    sign(person, cast.nurse)
    assert queries.without_plan([person, other]) == (other,)
