"""A running taper is switched or amended: who may, what is refused, and that the past and the present dose stay."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.care.monitoring import services as monitoring
from glidepath.care.monitoring.models import Event
from glidepath.care.taper import queries, redirecting, services
from glidepath.care.taper.redirecting import Way
from glidepath.care.taper.rows import chosen_of
from glidepath.care.taper.turning import From, Reason
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Goal, Shape
from glidepath.clinical.dosing.schedule import due
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop, NotAllowed
from glidepath.record.staff import services as staff
from tests.cast import proof
from tests.scenarios import ward

DAY = dt.date(2026, 11, 17)
WHY = Reason("symptoms", "wakes at four; the short one wears off", "decided together")


def work_on(cast, frozen_clock, when):
    frozen_clock.set(when)
    for one in (cast.physician, cast.second_physician, cast.nurse):
        staff.start_shift(unit=cast.unit, by=one)


@pytest.fixture
def lorazepam(cast):
    """On lorazepam 1 mg three times a day, its liquid on no shelf: cut by half tablets."""
    return ward.person_with_history(cast, "lorazepam 1 mg 08:00 14:00 22:00", preferred_name="Noor")


@pytest.fixture
def plan(cast, person, frozen_clock):
    """Danilo's plan, a day later: diazepam 20 mg a day, step 1 in force."""
    ward.sign(cast, person, ward.draft(start=DAY))
    work_on(cast, frozen_clock, "2026-11-18T10:00")
    return queries.active(person)


@pytest.fixture
def short_acting(cast, lorazepam, frozen_clock):
    """Noor's plan, a day later: lorazepam 3 mg a day to a kept 2.5 mg."""
    wanted = ward.draft("lorazepam 1 mg 08:00 14:00 22:00", start=DAY)
    chosen = replace(wanted.chosen, cut=Fraction(1, 5), goal=Goal((Dose(Decimal("2.5"), "lorazepam"),)))
    ward.sign(cast, lorazepam, replace(wanted, chosen=chosen))
    work_on(cast, frozen_clock, "2026-11-18T10:00")
    return queries.active(lorazepam)


def amended(plan, **more):
    chosen = chosen_of(queries.versions(plan)[0])
    return Way(replace(chosen, **{name: more.pop(name) for name in list(more) if hasattr(chosen, name)}), **more)


def switching(plan, table="va_dod_2021", **more):
    return amended(plan, switch_to="diazepam", table=table, goal=Goal(), **more)


def redirect(plan, kind, way, by, *, reason=WHY, begins=None, **more):
    turn = redirecting.preview(plan, kind, way, reason=reason, begins=begins)
    begin = {"seen": plan.latest, "shown": turn.digest, "once": ward.once(), "overrides": {}}
    return redirecting.redirect(
        plan=plan, kind=kind, way=way, reason=reason, by=by, proof=proof(by), begins=begins, **(begin | more)
    )


def due_on(person, day):
    since = dt.datetime.combine(day, dt.time.min, dt.UTC)
    plans = queries.plans_in_force([person])[person.pk]
    zone, until = person.centre.zone, since + dt.timedelta(days=1)
    found = due(plans, [], queries.standing(person), since=since, until=until, zone=zone)
    return [(f"{one.local_time:%H:%M}", str(one.dose)) for one in found]


# --- To switch -------------------------------------------------------------------------------------------------------
def test_a_switch_leaves_the_present_dose_until_the_first_exchange_is_released(cast, lorazepam, short_acting):
    before = due_on(lorazepam, dt.date(2026, 11, 18)), due_on(lorazepam, dt.date(2026, 11, 30))
    version = redirect(short_acting, "switch", switching(short_acting), cast.physician)
    assert (due_on(lorazepam, dt.date(2026, 11, 18)), due_on(lorazepam, dt.date(2026, 11, 30))) == before
    assert (version.number, version.kind, version.switch_to, version.table) == (2, "switch", "diazepam", "va_dod_2021")
    assert version.effective_at == dt.datetime(2026, 11, 18, 14, tzinfo=dt.UTC)
    steps = list(version.steps.all())
    assert [step.released for step in steps[:3]] == [True, False, False]
    night = [dose.medicine for dose in steps[1].doses.all() if dose.time == dt.time(22)]
    assert night == ["diazepam"]
    line = AuditLine.objects.filter(action="taper.signed", kind="sign").latest("pk")
    assert (line.code, line.digest) == ("switch", version.digest)


def test_an_exchange_is_released_like_any_other_step_after_its_own_review(cast, lorazepam, short_acting, frozen_clock):
    services.record_review(plan=short_acting, decision="switch", interference="interferes", by=cast.physician)
    version = redirect(short_acting, "switch", switching(short_acting), cast.physician)
    plan = queries.active(lorazepam)
    wanted = {"plan": plan, "step_number": 2, "by": cast.physician, "proof": proof(cast.physician), "seen": 2}
    with pytest.raises(BadInput, match="The last review decided: switch"):
        services.release_step(**wanted)
    services.record_review(plan=plan, decision="go_on", interference="bearable", by=cast.physician)
    services.release_step(**wanted)
    first = version.steps.get(number=2).start
    frozen_clock.set(dt.datetime.combine(first, dt.time(23), dt.UTC))
    assert ("22:00", "diazepam 5 mg") in due_on(lorazepam, first)  # lorazepam 1 mg by VA/DoD: 2 mg equal 10 mg


def test_where_the_tables_differ_the_table_is_named_before_it_is_signed(cast, short_acting):
    way = switching(short_acting, table="")
    with pytest.raises(HardStop) as stop:
        redirect(short_acting, "switch", way, cast.physician)
    assert "EQ-1" in [one.code for one in stop.value.findings if one.stops]


def test_without_a_medicine_to_switch_to_nothing_is_signed(cast, short_acting):
    with pytest.raises(BadInput, match="Choose the medicine to switch to"):
        redirecting.preview(
            short_acting, "switch", replace(switching(short_acting), chosen=amended(short_acting).chosen)
        )


def test_a_person_on_the_longer_acting_medicine_alone_has_nothing_to_exchange(cast, plan):
    with pytest.raises(BadInput, match="nothing to exchange"):
        redirecting.preview(plan, "switch", switching(plan))


# --- To amend --------------------------------------------------------------------------------------------------------
def test_a_lower_dose_that_stays_is_a_new_goal_for_what_remains(cast, person, plan):
    way = amended(plan, goal=Goal((Dose(Decimal(10), "diazepam"),)))
    version = redirect(plan, "amend", way, cast.physician)
    assert version.kind == "amend"
    assert version.goal == [{"medicine": "diazepam", "ng": 10_000_000}]
    last = list(version.steps.all())[-1]
    assert sum(dose.ng for dose in last.doses.all()) == 10_000_000
    first_before, first_after = (one.steps.get(number=1) for one in reversed(queries.versions(plan)))
    assert first_before.start == first_after.start


def test_a_rise_begins_with_the_signature_and_needs_the_prescribers_reason(cast, person, plan):
    way = amended(plan, regimen="diazepam 12 mg 08:00 22:00")
    with pytest.raises(BadInput, match="TPR-7"):
        redirect(plan, "amend", way, cast.physician, reason=replace(WHY, words=""))
    redirect(plan, "amend", way, cast.physician)
    assert due_on(person, dt.date(2026, 11, 18)) == [("08:00", "diazepam 10 mg"), ("22:00", "diazepam 12 mg")]


def test_a_cut_is_never_slipped_in_as_an_amendment(cast, plan):
    with pytest.raises(BadInput, match="waits for its symptom review"):
        redirecting.preview(plan, "amend", amended(plan, regimen="diazepam 8 mg 08:00 22:00"))


def test_typed_steps_replace_what_was_projected(cast, plan):
    typed = ((dt.date(2026, 12, 8), "diazepam 9 mg 08:00 22:00"), (dt.date(2026, 12, 22), "diazepam 8 mg 08:00 22:00"))
    goal = Goal((Dose(Decimal(16), "diazepam"),))
    version = redirect(plan, "amend", amended(plan, shape=Shape.TYPED, goal=goal, typed=typed), cast.physician)
    assert [str(step.start) for step in version.steps.all()] == ["2026-11-17", "2026-12-08", "2026-12-22"]


def test_an_amendment_that_does_not_reach_its_goal_is_not_signed(cast, plan):
    typed = ((dt.date(2026, 12, 8), "diazepam 9 mg 08:00 22:00"),)
    with pytest.raises(BadInput, match="the goal is 0 mg"):
        redirecting.preview(plan, "amend", amended(plan, shape=Shape.TYPED, typed=typed))


# --- What is refused -------------------------------------------------------------------------------------------------
def test_the_same_signature_sent_twice_makes_one_version(cast, plan):
    way = amended(plan, interval_days=21)
    once = ward.once()
    first = redirect(plan, "amend", way, cast.physician, once=once)
    assert redirect(plan, "amend", way, cast.physician, once=once) == first
    assert len(queries.versions(plan)) == 2


def test_a_stale_page_is_told_who_was_first(cast, plan):
    way = amended(plan, interval_days=21)
    shown = redirecting.preview(plan, "amend", way, reason=WHY).digest
    services.change(
        plan=plan, kind="hold", reason=Reason("request"), by=cast.second_physician, proof=proof(cast.second_physician),
        seen=1, once=ward.once(),
    )  # fmt: skip
    with pytest.raises(ChangedMeanwhile, match="Dr Tomasz Wilk signed version 2 meanwhile"):
        redirect(plan, "amend", way, cast.physician, seen=1, shown=shown)


def test_what_the_page_did_not_show_is_not_signed(cast, plan):
    with pytest.raises(BadInput, match="another than the page showed"):
        redirect(plan, "amend", amended(plan, interval_days=21), cast.physician, shown="0" * 64)
    assert len(queries.versions(plan)) == 1


@pytest.mark.parametrize("role", ["nurse", "pharmacist", "counsellor", "manager"])
def test_only_a_prescriber_sends_a_taper_another_way(cast, plan, role):
    with pytest.raises(NotAllowed):
        redirect(plan, "amend", amended(plan, interval_days=21), getattr(cast, role))


def test_another_centre_does_not_touch_it(cast, plan):
    with pytest.raises(NotAllowed):
        redirect(plan, "amend", amended(plan, interval_days=21), cast.stranger)


def test_after_a_seizure_nothing_is_signed_while_nobody_has_lifted_the_freeze(cast, person, plan):
    monitoring.record_event(person=person, kind=Event.Kind.SEIZURE, by=cast.nurse, once=ward.once())
    with pytest.raises(HardStop) as stop:
        redirect(plan, "amend", amended(plan, interval_days=21), cast.physician)
    assert "SEI-3" in [one.code for one in stop.value.findings if one.stops]


def test_an_ended_taper_is_not_sent_anywhere(cast, person, plan):
    way = amended(plan, interval_days=21)
    shown = redirecting.preview(plan, "amend", way, reason=WHY).digest
    services.end(person=person, by=cast.physician)
    with pytest.raises(BadInput, match="has ended"):
        redirecting.redirect(
            plan=plan, kind="amend", way=way, reason=WHY, by=cast.physician, proof=proof(cast.physician), seen=1,
            shown=shown, once=ward.once(),
        )  # fmt: skip


def test_without_a_reason_by_one_tap_nothing_is_signed(cast, plan):
    with pytest.raises(BadInput, match="one tap"):
        redirect(plan, "amend", amended(plan, interval_days=21), cast.physician, reason=replace(WHY, code=""))


def test_without_the_persons_agreement_nothing_is_signed(cast, plan):
    with pytest.raises(HardStop) as stop:
        redirect(plan, "amend", amended(plan, interval_days=21), cast.physician, reason=replace(WHY, agreed=""))
    assert "JCG-4" in [one.code for one in stop.value.findings if one.stops]


# --- From when -------------------------------------------------------------------------------------------------------
def hold(plan, by, begins=None):
    return services.change(
        plan=plan, kind="hold", reason=Reason("symptoms"), by=by, proof=proof(by), seen=plan.latest, begins=begins,
        once=ward.once(),
    )  # fmt: skip


def test_a_change_may_count_from_a_later_dose_that_is_named(cast, plan):
    assert hold(plan, cast.physician, From(dt.date(2026, 11, 20), dt.time(22))).effective_at == dt.datetime(
        2026, 11, 20, 22, tzinfo=dt.UTC
    )


def test_without_a_time_it_counts_from_the_first_dose_of_that_day(cast, plan):
    assert hold(plan, cast.physician, From(dt.date(2026, 11, 20))).effective_at.hour == 8


@pytest.mark.parametrize(
    ("begins", "says"),
    [
        (From(dt.date(2026, 11, 17)), "lies behind"),
        (From(dt.date(2026, 11, 18), dt.time(8)), "lies behind"),
        (From(dt.date(2026, 11, 20), dt.time(9)), "no dose time now. Choose one of 08:00, 22:00"),
        (From(dt.date(2027, 11, 20)), "more than 28 days ahead"),
    ],
)
def test_a_moment_that_cannot_be_is_said_with_what_can(cast, plan, begins, says):
    with pytest.raises(BadInput, match=says):
        hold(plan, cast.physician, begins)


def release_second(cast, plan, frozen_clock):
    """Step 2 (18 mg) is released for 1 December."""
    work_on(cast, frozen_clock, "2026-11-29T10:00")
    services.record_review(plan=plan, decision="go_on", interference="none", by=cast.physician)
    services.release_step(plan=plan, step_number=2, by=cast.physician, proof=proof(cast.physician), seen=1)


def test_a_hold_the_evening_before_a_released_cut_still_stops_it(cast, person, plan, frozen_clock):
    release_second(cast, plan, frozen_clock)
    work_on(cast, frozen_clock, "2026-11-30T23:00")
    hold(plan, cast.physician)
    assert due_on(person, dt.date(2026, 12, 1)) == [("08:00", "diazepam 10 mg"), ("22:00", "diazepam 10 mg")]


def test_a_change_for_after_a_released_step_waits_until_that_has_begun(cast, plan, frozen_clock):
    release_second(cast, plan, frozen_clock)
    with pytest.raises(BadInput, match="Step 2 is released and begins on 01 Dec 2026"):
        hold(plan, cast.physician, From(dt.date(2026, 12, 3)))
