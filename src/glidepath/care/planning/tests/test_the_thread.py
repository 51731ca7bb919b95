"""The golden thread both ways: from an objective to what serves it, from a record to the objectives it serves."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest

from glidepath.care.monitoring import services as monitoring
from glidepath.care.monitoring.tests.looks import awake, ciwa
from glidepath.care.notes import services as notes
from glidepath.care.notes.models import Note
from glidepath.care.planning import evidence, queries, services
from glidepath.care.planning.models import Serves
from glidepath.care.planning.tests.plans import a_plan, sign
from glidepath.clinical.planning.values import ProblemKind
from glidepath.record import clock
from glidepath.record.errors import BadInput, NotAllowed
from tests.cast import admitted_person, proof
from tests.scenarios import ward


def record(person):
    return evidence.record_of(person, clock.now() - dt.timedelta(days=60))


def objectives(version):
    return [objective for _, objective in queries.plan_of(version.content).objectives()]


def fall(cast, person):
    return monitoring.record_event(person=person, kind="fall", words="by the bed", by=cast.nurse, once=uuid4().hex).row


def night(cast, person, minutes=390):
    today = clock.today(person.centre)
    return monitoring.record_sleep(person=person, night_of=today, minutes=minutes, by=cast.nurse, once=uuid4().hex)


def linked(person, objective, kind, row, by, **more):
    return services.link(person=person, objective=UUID(objective.key), kind=kind, evidence=row.public_id, by=by, **more)


def serves(person, objective):
    plan = queries.active(person)
    found = queries.served_by(
        objective, record(person), queries.links(plan).get(UUID(objective.key), ()), plan.opened_at
    )
    return [(one.evidence.kind if one.evidence else "gone", one.link is not None) for one in found]


def objectives_of(person, kind, row):
    """Back along the thread, as the page of it goes."""
    return queries.served_back(queries.newest_of(person), record(person)).get((kind, row.public_id), [])


def test_one_tap_links_a_record_both_ways(cast, person):
    (falls,) = objectives(sign(person, cast.nurse, a_plan(person, ProblemKind.FALLS)))
    event = fall(cast, person)
    linked(person, falls, "event", event, cast.counsellor)
    assert serves(person, falls) == [("event", True)]
    assert objectives_of(person, "event", event) == [falls]


def test_a_progress_note_serves_an_objective_and_one_kept_apart_none(cast, person):
    (falls,) = objectives(sign(person, cast.nurse, a_plan(person, ProblemKind.FALLS)))
    note, apart = (
        notes.sign_note(
            person=person, kind=kind, words="Walked to the garden and back.", by=cast.counsellor,
            proof=proof(cast.counsellor), once=uuid4().hex,
        )
        for kind in (Note.Kind.PROGRESS, Note.Kind.APART)
    )  # fmt: skip
    linked(person, falls, "note", note, cast.nurse)
    assert serves(person, falls) == [("note", True)]
    with pytest.raises(BadInput, match="not in this person’s chart"):
        linked(person, falls, "note", apart, cast.counsellor)


def test_a_second_tap_links_nothing_twice(cast, person):
    (falls,) = objectives(sign(person, cast.nurse, a_plan(person, ProblemKind.FALLS)))
    event = fall(cast, person)
    assert linked(person, falls, "event", event, cast.nurse) == linked(person, falls, "event", event, cast.physician)
    assert Serves.objects.count() == 1


def test_evidence_of_another_person_can_never_be_linked(cast, person):
    (falls,) = objectives(sign(person, cast.nurse, a_plan(person, ProblemKind.FALLS)))
    other = admitted_person(cast, preferred_name="Danilo")
    (of_other,) = objectives(sign(other, cast.nurse, a_plan(other, ProblemKind.FALLS)))
    event = fall(cast, other)
    with pytest.raises(BadInput, match="not in this person’s chart"):
        linked(person, falls, "event", event, cast.nurse)
    with pytest.raises(BadInput, match="not in this person’s plan"):
        linked(person, of_other, "event", event, cast.nurse)
    with pytest.raises(BadInput):  # nor under another kind, nor under no address at all
        linked(person, falls, "ciwa_b", event, cast.nurse)
    assert not Serves.objects.exists()


def test_only_those_who_write_plans_link(cast, person):
    (falls,) = objectives(sign(person, cast.nurse, a_plan(person, ProblemKind.FALLS)))
    event = fall(cast, person)
    for role in ("peer_worker", "pharmacist", "auditor", "stranger"):
        with pytest.raises(NotAllowed):
            linked(person, falls, "event", event, getattr(cast, role))


def test_a_link_taken_back_stays_readable_and_may_be_made_again(cast, person):
    (falls,) = objectives(sign(person, cast.nurse, a_plan(person, ProblemKind.FALLS)))
    event = fall(cast, person)
    linked(person, falls, "event", event, cast.nurse)
    same = {"person": person, "objective": UUID(falls.key), "kind": "event", "evidence": event.public_id}
    with pytest.raises(BadInput, match="Say why"):
        services.unlink(**same, by=cast.nurse, reason="")
    services.unlink(**same, by=cast.nurse, reason="another fall was meant")
    assert serves(person, falls) == []
    linked(person, falls, "event", event, cast.nurse)
    assert serves(person, falls) == [("event", True)]
    assert [row.taken_back for row in Serves.objects.order_by("pk")] == [False, True, False]


def test_the_taper_serves_where_it_is_the_intervention_and_nowhere_else(cast, frozen_clock):
    frozen_clock.set("2026-11-17T07:00")
    ward.stock_shelf(cast)
    ruth = ward.person_with_history(cast, preferred_name="Ruth")
    tapered = ward.sign(cast, ruth, ward.draft(start=dt.date(2026, 11, 17)))
    plan = sign(ruth, cast.nurse, a_plan(ruth, ProblemKind.FALLS, ProblemKind.SEIZURE))
    falls, seizure = objectives(plan)
    assert serves(ruth, falls) == []
    assert serves(ruth, seizure) == [("taper_version", False)]
    back = objectives_of(ruth, "taper_version", tapered)
    assert [one.key for one in back] == [seizure.key]


def test_what_an_objective_is_measured_by_serves_it_without_a_tap(cast, person, frozen_clock):
    night(cast, person)  # before the plan: part of no progress
    frozen_clock.set("2026-11-18T10:00")
    (sleep,) = objectives(sign(person, cast.nurse))
    night(cast, person, 420)
    seen = monitoring.record_observation(person=person, bedside=awake(), by=cast.nurse, once=uuid4().hex)
    assert seen.row.pk
    monitoring.record_ciwa_b(person=person, items=ciwa(1), oriented=True, by=cast.nurse, once=uuid4().hex)
    assert serves(person, sleep) == [("sleep", False)]


def test_a_linked_record_that_was_set_right_says_so_and_is_not_lost(cast, person):
    (falls,) = objectives(sign(person, cast.nurse, a_plan(person, ProblemKind.FALLS)))
    event = fall(cast, person)
    linked(person, falls, "event", event, cast.nurse)
    monitoring.correct_event(
        event=event, kind=event.kind, words="from the chair", reason="misheard", by=cast.nurse, once=uuid4().hex
    )
    assert serves(person, falls) == [("gone", True)]


def test_a_later_room_hands_in_its_own_records(cast, person, monkeypatch):
    monkeypatch.setattr(evidence, "KINDS", dict(evidence.KINDS))
    monkeypatch.setattr(evidence, "_later", {})
    note = evidence.Evidence("note", uuid4(), clock.now(), "group note", "Joao Castro")
    evidence.tell_evidence("note", "note", lambda who, since: [note] if who == person else [])
    (falls,) = objectives(sign(person, cast.nurse, a_plan(person, ProblemKind.FALLS)))
    linked(person, falls, "note", note, cast.counsellor)
    assert serves(person, falls) == [("note", True)]
