"""A running taper that is interrupted: what a return, other products and a bridging plan do, and leave alone."""

import datetime as dt
from dataclasses import replace
from uuid import uuid4

import pytest

from glidepath.care.supply import queries as supply
from glidepath.care.taper import interruptions, queries, redirecting, services
from glidepath.care.taper.interruptions import Bridging, Resupply, Return
from glidepath.care.taper.rows import chosen_of
from glidepath.care.taper.turning import Reason
from glidepath.clinical.dosing.plan import Shape
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import proof
from tests.scenarios import ward

from .test_redirecting import DAY, due_on, work_on

WHY = Reason("other", "was in another hospital", "told, and agrees")


@pytest.fixture
def plan(cast, person, frozen_clock):
    """Danilo's plan three days later: diazepam 20 mg a day, the first cut planned for 1 December."""
    ward.sign(cast, person, ward.draft(start=DAY))
    work_on(cast, frozen_clock, "2026-11-20T10:00")
    return queries.active(person)


def interrupt(plan, what, by, *, reason=WHY, **more):
    turn = interruptions.preview(plan, what, reason=reason)
    begin = {"seen": plan.latest, "shown": turn.digest, "once": uuid4().hex, "overrides": {}}
    return interruptions.interrupt(plan=plan, what=what, reason=reason, by=by, proof=proof(by), **(begin | more))


def daily(step):
    return " + ".join(str(dose) for dose in step.daily().values())


# --- Return after absence --------------------------------------------------------------------------------------------
def test_within_the_rule_the_present_dose_goes_on_and_the_next_cut_waits_a_whole_interval(cast, person, plan):
    before = due_on(person, dt.date(2026, 11, 19)), due_on(person, dt.date(2026, 11, 20))
    turn = interruptions.preview(plan, Return(dt.date(2026, 11, 18)))
    assert [daily(step) for step in turn.revision.plan.steps[:2]] == ["diazepam 20 mg", "diazepam 18 mg"]
    assert turn.revision.plan.steps[1].start == dt.date(2026, 12, 4)  # 14 days after 20 November, not 1 December
    assert "TPR-6" in [one.code for one in turn.findings]
    version = interrupt(plan, Return(dt.date(2026, 11, 18)), cast.physician)
    assert (version.kind, version.number, version.last_taken) == ("return", 2, dt.date(2026, 11, 18))
    assert (due_on(person, dt.date(2026, 11, 19)), due_on(person, dt.date(2026, 11, 20))) == before
    assert AuditLine.objects.filter(action="taper.signed", kind="sign").latest("pk").code == "return"


def test_beyond_the_rule_the_prescriber_names_the_dose_with_a_reason(cast, person, plan):
    gone = dt.date(2026, 11, 16)  # three whole days before the 20th
    with pytest.raises(BadInput, match="for 3 days, more than the 1") as refused:
        interruptions.preview(plan, Return(gone))
    assert refused.value.field == "regimen"
    named = Return(gone, "diazepam 8 mg 08:00 + diazepam 10 mg 22:00")
    with pytest.raises(BadInput, match="the dose is your own decision: write why") as unexplained:
        interrupt(plan, named, cast.physician, reason=replace(WHY, words=""))
    assert unexplained.value.field == "words"
    version = interrupt(plan, named, cast.physician)
    assert (chosen_of(version).cut * 100, version.interval_days) == (5, 14)  # half the cut, as often
    assert due_on(person, dt.date(2026, 11, 20)) == [("08:00", "diazepam 10 mg"), ("22:00", "diazepam 10 mg")]
    assert due_on(person, dt.date(2026, 11, 21)) == [("08:00", "diazepam 8 mg"), ("22:00", "diazepam 10 mg")]


def test_the_present_dose_may_be_named_beyond_the_rule_and_a_higher_one_never(cast, plan):
    gone = dt.date(2026, 11, 16)
    turn = interruptions.preview(plan, Return(gone, "diazepam 10 mg 08:00 22:00"))
    assert [daily(step) for step in turn.revision.plan.steps[:2]] == ["diazepam 20 mg", "diazepam 19 mg"]
    with pytest.raises(BadInput, match="more than was taken before"):
        interruptions.preview(plan, Return(gone, "diazepam 11 mg 08:00 22:00"))


@pytest.mark.parametrize("last", [None, dt.date(2026, 11, 20), dt.date(2027, 1, 1)])
def test_a_last_day_that_cannot_be_is_said_beside_its_box(plan, last):
    with pytest.raises(BadInput) as refused:
        interruptions.preview(plan, Return(last))
    assert refused.value.field == "last_taken"


def test_a_return_during_a_hold_stays_on_hold(cast, plan):
    services.change(plan=plan, kind="hold", reason=Reason("illness"), by=cast.physician, proof=proof(cast.physician),
                    seen=1, once=uuid4().hex)  # fmt: skip
    plan.refresh_from_db()
    version = interrupt(plan, Return(dt.date(2026, 11, 18)), cast.physician)
    assert version.on_hold
    assert version.steps.count() == 1


# --- Other products --------------------------------------------------------------------------------------------------
def key_of(cast, name):
    return next(one.key for _, one in supply.stock(cast.centre) if one.name == name)


def test_other_products_make_the_same_doses_and_are_kept_for_later_changes(cast, person, plan):
    liquid = _liquid(cast)
    version = interrupt(plan, Resupply((liquid,)), cast.physician)
    assert (version.kind, chosen_of(version).products) == ("supply", (liquid,))
    step = version.steps.get(number=2)
    assert step.released
    assert {str(piece.product.public_id) for dose in step.doses.all() for piece in dose.pieces.all()} == {liquid}
    assert due_on(person, dt.date(2026, 11, 21)) == [("08:00", "diazepam 10 mg"), ("22:00", "diazepam 10 mg")]
    plan.refresh_from_db()
    slower = services.change(plan=plan, kind="slow", reason=WHY, by=cast.physician, proof=proof(cast.physician),
                             seen=2, once=uuid4().hex)  # fmt: skip
    assert chosen_of(slower).products == (liquid,)
    used = {
        str(p.product.public_id)
        for s in slower.steps.filter(number__gt=2)
        for d in s.doses.all()
        for p in d.pieces.all()
    }
    assert used == {liquid}


def _liquid(cast):
    return next(one.key for row, one in supply.stock(cast.centre) if row.is_liquid)


def test_products_that_do_not_make_the_dose_or_are_none_of_it_are_refused(cast, plan):
    five = key_of(cast, "diazepam 5 mg tablet")
    lorazepam = key_of(cast, "lorazepam 1 mg tablet")
    with pytest.raises(BadInput, match="No product is chosen for diazepam") as refused:
        interruptions.preview(plan, Resupply((lorazepam,)))
    assert refused.value.field == "products"
    with pytest.raises(BadInput, match="not stocked here any more"):
        interruptions.preview(plan, Resupply((five, str(uuid4()))))


def test_a_drawn_way_keeps_its_milestones_with_other_products(cast, person, frozen_clock):
    wanted = ward.draft(start=DAY, milestones="week 8: 12 mg\nweek 20: 4 mg\nweek 28: 0")
    ward.sign(cast, person, replace(wanted, chosen=replace(wanted.chosen, shape=Shape.DRAWN)))
    work_on(cast, frozen_clock, "2026-11-20T10:00")
    version = interrupt(queries.active(person), Resupply((_liquid(cast),)), cast.physician)
    assert (version.shape, len(version.milestones)) == ("drawn", 3)


def test_an_amendment_may_choose_the_products_anew(cast, plan):
    interrupt(plan, Resupply((_liquid(cast),)), cast.physician)
    plan.refresh_from_db()
    was = chosen_of(queries.newest_signed(plan))
    turn = redirecting.preview(plan, "amend", redirecting.Way(replace(was, products=())))
    assert len({part.product.key for step in turn.revision.plan.steps[2:] for d in step.doses for part in d.made}) > 1


# --- A bridging plan -------------------------------------------------------------------------------------------------
def test_a_bridge_keeps_the_dose_and_names_who_when_and_what_to_hand_over(cast, person, plan):
    what = Bridging("Dr Byrne, Harbour Practice", dt.date(2026, 11, 27), spare_days=3)
    turn = interruptions.preview(plan, what)
    # From the 20th to the 30th, eleven days of 20 mg: two tablets of 10 mg a day.
    assert [(product.name, count) for product, count in turn.supply] == [("diazepam 10 mg tablet", 22)]
    version = interrupt(plan, what, cast.physician)
    assert (version.kind, version.on_hold, version.prescriber) == ("bridge", True, "Dr Byrne, Harbour Practice")
    assert (version.first_visit, version.bridged_until) == (dt.date(2026, 11, 27), dt.date(2026, 11, 30))
    assert interruptions.bridge_of(queries.newest_version(plan)).supply == turn.supply
    assert due_on(person, dt.date(2026, 12, 5)) == [("08:00", "diazepam 10 mg"), ("22:00", "diazepam 10 mg")]


def test_days_to_bridge_end_with_the_spare_days_after_the_latest_visit(plan):
    turn = interruptions.preview(plan, Bridging("Dr Byrne", days=10, spare_days=3))
    assert turn.handover.until == dt.date(2026, 11, 29)  # ten days from the 20th, both counted
    assert turn.handover.first_visit == dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("what", "field", "said"),
    [
        (Bridging("  ", dt.date(2026, 11, 27)), "prescriber", "nobody leaves to nobody"),
        (Bridging("Dr Byrne"), "first_visit", "Write the day of the first visit"),
        (Bridging("Dr Byrne", dt.date(2026, 11, 27), 5), "days", "not both"),
        (Bridging("Dr Byrne", dt.date(2026, 11, 19)), "first_visit", "lies before 20 Nov 2026"),
        (Bridging("Dr Byrne", days=2, spare_days=9), "days", "lies before"),
        (Bridging("Dr Byrne", dt.date(2027, 11, 27)), "first_visit", "more than 120 days ahead"),
    ],
)
def test_a_bridge_to_nowhere_is_refused(plan, what, field, said):
    with pytest.raises(BadInput, match=said) as refused:
        interruptions.preview(plan, what)
    assert refused.value.field == field


def test_the_digest_freezes_with_whom_the_bridge_leads_on(plan):
    first, other = (
        interruptions.preview(plan, Bridging(who, dt.date(2026, 11, 27))) for who in ("Dr Byrne", "Dr Amos")
    )
    assert first.digest != other.digest


# --- Who may, and two at once ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("what", [Return(dt.date(2026, 11, 18)), Bridging("Dr Byrne", dt.date(2026, 11, 27))])
def test_a_nurse_signs_none_of_them(cast, plan, what):
    with pytest.raises(NotAllowed):
        interrupt(plan, what, cast.nurse)


def test_a_second_submit_signs_nothing_twice_and_a_stale_page_nothing_at_all(cast, plan):
    what, once = Return(dt.date(2026, 11, 18)), uuid4().hex
    first = interrupt(plan, what, cast.physician, once=once)
    plan.refresh_from_db()
    again = interrupt(plan, what, cast.physician, once=once)
    assert again.pk == first.pk
    with pytest.raises(ChangedMeanwhile):
        interrupt(plan, what, cast.physician, seen=1)
    with pytest.raises(BadInput, match="another than the page showed"):
        interrupt(plan, what, cast.physician, shown="0" * 64)
