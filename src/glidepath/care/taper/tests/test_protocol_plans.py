"""Plans by a rapid inpatient protocol: where they may be planned, who signs, and what becomes of them when turned."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.care.taper import queries, services
from glidepath.care.taper.models import Version
from glidepath.care.taper.planning import propose
from glidepath.clinical.dosing.plan import Setting, Shape
from glidepath.clinical.dosing.revise import Pace
from glidepath.record.centres import services as centres
from glidepath.record.episodes import services as episodes
from glidepath.record.errors import BadInput, HardStop, NotAllowed, ServiceError
from glidepath.record.staff import services as staff
from tests.cast import episode_of, make_centre, proof
from tests.scenarios import rapid, ward

DAY = dt.date(2026, 11, 17)


@pytest.fixture
def cast(frozen_clock):
    frozen_clock.set("2026-11-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    rapid.open_rapid_unit(cast, "etg", "sa_health_older")
    return cast


@pytest.fixture
def person(cast):
    """Danilo, on the inpatient unit, on diazepam 20 mg twice a day."""
    return rapid.inpatient(cast)


def daily(version):
    return [int(sum(dose.ng for dose in step.doses.all()) / 1_000_000) for step in version.steps.all()]


def stops(person, draft):
    return {one.code for one in propose(person, draft).findings if one.stops}


# --- Planning ---------------------------------------------------------------------------------------------------------
def test_etg_plans_a_tenth_of_the_start_a_day_after_two_days_down_to_twenty(person):
    plan = propose(person, rapid.draft(DAY)).plan
    assert [sum(dose.mg for dose in step.daily().values()) for step in plan.steps] == [40, 36, 32, 28, 24, 20]
    assert [(step.start - DAY).days for step in plan.steps] == [0, 2, 3, 4, 5, 6]
    assert all(planned.made for step in plan.steps for planned in step.doses)


def test_the_older_sa_health_text_plans_ten_less_a_day_from_forty_twice_a_day(person):
    wanted = rapid.draft(DAY, "diazepam 40 mg 08:00 22:00", protocol="sa_health_older", kept="")
    plan = propose(person, wanted).plan
    totals = [sum((dose.mg for dose in step.daily().values()), Decimal(0)) for step in plan.steps]
    assert totals == [80, 70, 60, 50, 40, 30, 20, 10, 0]


def test_before_anybody_signed_both_rules_stand_and_with_two_signatures_neither(cast, person):
    assert stops(person, rapid.draft(DAY)) == {"JCG-6d", "INP-14"}
    both = propose(person, rapid.draft(DAY), signed_by=(cast.physician, cast.second_physician))
    answers = {one.code: one.answered_by for one in both.findings if one.code in ("JCG-6d", "INP-14")}
    assert set(answers.values()) == {"protocol eTG, signed by Dr Ines Ferreira and Dr Tomasz Wilk"}
    assert not any(one.stops for one in both.findings)


def test_a_slower_way_is_typed_and_a_faster_one_stays_stopped_with_two_signatures(cast, person):
    two = (cast.physician, cast.second_physician)
    for mg, stopped in (("18", False), ("17.9", True)):
        typed = ((dt.date(2026, 11, 19), f"diazepam {mg} mg 08:00 22:00"),)
        wanted = rapid.draft(DAY, kept=str(Decimal(mg) * 2))
        wanted = replace(wanted, typed=typed, chosen=replace(wanted.chosen, shape=Shape.TYPED))
        found = propose(person, wanted, signed_by=two).findings
        assert ("INP-14" in {one.code for one in found if one.stops}) is stopped


def test_a_protocol_the_centre_has_not_switched_on_cannot_be_named(cast, person):
    centres.change_settings(centre=cast.centre, changes={"inpatient_protocols": ["etg"]}, by=cast.manager)
    for key in ("sa_health_older", "munich_1991"):
        with pytest.raises(BadInput, match="does not use that protocol") as said:
            propose(person, rapid.draft(DAY, protocol=key))
        assert said.value.field == "protocol"


def test_only_where_inpatient_medical_care_is_chosen_and_the_person_lies_there(cast, person):
    elsewhere = rapid.draft(DAY)
    elsewhere = replace(elsewhere, chosen=replace(elsewhere.chosen, setting=Setting.RESIDENTIAL))
    with pytest.raises(BadInput, match="inpatient medical care"):
        propose(person, elsewhere)
    on_willow = ward.person_with_history(cast, "diazepam 20 mg 08:00 22:00", preferred_name="Ilse")
    with pytest.raises(BadInput, match="Ilse has no bed on a unit of inpatient medical care"):
        propose(on_willow, rapid.draft(DAY))


def test_it_begins_from_one_medicine_that_holds_steady_and_not_with_a_switch(person):
    wanted = rapid.draft(DAY, "lorazepam 2 mg 08:00 22:00")
    with pytest.raises(BadInput, match="Exchange first") as said:
        propose(person, replace(wanted, chosen=replace(wanted.chosen, switch_to="diazepam")))
    assert said.value.field == "switch_to"


# --- Signing ----------------------------------------------------------------------------------------------------------
def test_two_people_sign_and_both_stand_in_the_version(cast, person):
    version = rapid.sign(cast, person, rapid.draft(DAY))
    assert (version.protocol, version.recorded_by, version.second_by) == ("etg", cast.physician, cast.second_physician)
    assert daily(version) == [40, 36, 32, 28, 24, 20]


def test_the_addiction_physician_may_sign_first_and_a_nurse_second(cast, person):
    version = services.sign_plan(
        person=person, draft=rapid.draft(DAY), by=cast.second_physician, proof=proof(cast.second_physician),
        second=proof(cast.nurse), acknowledged="by the protocol", once=ward.once(),
    )  # fmt: skip
    assert version.second_by == cast.nurse


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (None, "second clinician signs beside you"),
        ("physician", "another person's"),
        ("nurse", "Neither Dr Ines Ferreira nor Marta Lindqvist is an addiction physician"),
        ("counsellor", "may not sign this"),
        ("stranger", "another centre"),
        ("off_shift_nurse", "not on duty"),
    ],
)
def test_without_the_right_second_signature_nothing_is_signed(cast, person, second, words):
    with pytest.raises(ServiceError, match=words) as said:
        services.sign_plan(
            person=person, draft=rapid.draft(DAY), by=cast.physician, proof=proof(cast.physician),
            second=proof(getattr(cast, second)) if second else None, acknowledged="seen", once=ward.once(),
        )  # fmt: skip
    assert said.value.field == "second_user"
    assert queries.active(person) is None


def test_no_reason_stands_in_for_the_second_signature(cast, person):
    """As an inpatient, faster than the ceiling, and no protocol named: a written reason answers nothing."""
    wanted = rapid.draft(DAY, protocol="", kept="20")
    typed = ((dt.date(2026, 11, 19), "diazepam 10 mg 08:00 22:00"),)
    wanted = replace(wanted, typed=typed, chosen=replace(wanted.chosen, shape=Shape.TYPED))
    with pytest.raises(HardStop) as stop:
        services.sign_plan(
            person=person, draft=wanted, by=cast.physician, proof=proof(cast.physician), acknowledged="quick",
            overrides={"JCG-6d": "they ask for it", "INP-14": "they ask for it"}, once=ward.once(),
        )  # fmt: skip
    assert "JCG-6d" in {one.code for one in stop.value.findings if one.stops}


def test_a_plan_without_a_protocol_asks_for_no_second_signature(cast, person):
    assert ward.sign(cast, person, ward.draft("diazepam 20 mg 08:00 22:00", start=DAY)).second_by is None


def test_a_nurse_without_the_right_to_prescribe_signs_no_plan_first(cast, person):
    with pytest.raises(NotAllowed):
        services.sign_plan(
            person=person, draft=rapid.draft(DAY), by=cast.nurse, proof=proof(cast.nurse),
            second=proof(cast.second_physician), once=ward.once(),
        )  # fmt: skip


# --- Turning ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def falling(cast, person, frozen_clock):
    """After two days at 40 mg and three daily cuts: 28 mg, further down than the ceiling would have let it."""
    rapid.sign(cast, person, rapid.draft(DAY))
    for day in ("2026-11-19", "2026-11-20", "2026-11-21"):
        frozen_clock.set(f"{day}T07:00")
        for one in (cast.physician, cast.second_physician, cast.nurse):
            staff.start_shift(unit=cast.other_unit, by=one)
        if day == "2026-11-19":
            rapid.sign_batch(cast, queries.active(person))
        rapid.look(cast, person)
        rapid.review(cast, person)
    frozen_clock.set("2026-11-21T10:00")
    return queries.active(person)


def turn(cast, plan, kind, **more):
    return services.change(
        plan=plan, kind=kind, reason=services.Reason("symptoms", "too fast", "agreed"), by=cast.physician,
        proof=proof(cast.physician), seen=plan.latest, once=ward.once(), **more,
    )  # fmt: skip


def test_a_hold_stops_it_and_after_it_the_ceiling_holds_again(cast, falling, frozen_clock):
    held = turn(cast, falling, Version.Kind.HOLD)
    assert not any(one["severity"] == "hard_stop" and not one["answered_by"] for one in held.findings)
    frozen_clock.set("2026-11-22T10:00")
    falling.refresh_from_db()
    resumed = turn(cast, falling, Version.Kind.RESUME)
    assert (resumed.protocol, resumed.second_by) == ("", None)
    steps = list(resumed.steps.all())
    onward = [one for one in zip(steps, daily(resumed), strict=True) if one[0].start > dt.date(2026, 11, 22)]
    first, mg = onward[0]
    assert mg >= 28 * 0.75
    assert first.start >= dt.date(2026, 12, 5), "14 days after 36 mg, which a further cut would be held against"


@pytest.mark.parametrize("kind", [Version.Kind.SLOW, Version.Kind.STEP_BACK])
def test_slower_or_a_step_back_ends_the_protocol(cast, falling, kind):
    more = {"pace": Pace(Fraction(1, 10), 14)} if kind == Version.Kind.SLOW else {}
    turned = turn(cast, falling, kind, **more)
    assert turned.protocol == ""
    answered = [one for one in turned.findings if one["code"] == "JCG-6d"]
    assert all(one["answered_by"] == "begun by protocol eTG, with two signatures" for one in answered)


def test_no_single_signature_releases_a_step_of_a_protocol(cast, person, frozen_clock):
    rapid.sign(cast, person, rapid.draft(DAY))
    frozen_clock.set("2026-11-19T07:00")
    plan = queries.active(person)
    services.record_review(plan=plan, decision="go_on", interference="none", by=cast.physician, once=ward.once())
    with pytest.raises(BadInput, match="goes by a rapid protocol"):
        services.release_step(
            plan=plan, step_number=2, by=cast.physician, proof=proof(cast.physician), seen=1, once=ward.once()
        )


def test_who_moved_off_the_inpatient_unit_signs_no_plan_there(cast, person):
    episodes.move_bed(episode=episode_of(person), bed=cast.beds[0], by=cast.nurse, urgent="no bed on the unit")
    with pytest.raises(BadInput, match="inpatient medical care"):
        rapid.sign(cast, person, rapid.draft(DAY))
