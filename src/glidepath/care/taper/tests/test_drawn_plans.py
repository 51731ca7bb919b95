"""A way down drawn by milestones: shown with its line, kept with the version, known to later changes."""

import datetime as dt
import html
import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from uuid import uuid4

import pytest

from glidepath.care.taper import planning, queries, redirecting, services
from glidepath.care.taper.drawn_lines import asked_on, drawn_line
from glidepath.care.taper.rows import chosen_of, digest
from glidepath.care.taper.turning import Reason
from glidepath.clinical.dosing.plan import Shape
from glidepath.clinical.dosing.request import Milestone
from glidepath.record.errors import BadInput
from glidepath.record.staff import services as staff
from tests.cast import PIN, client_for, proof
from tests.clinical.dosing.shelf import liquid, mg, planned, tablet
from tests.scenarios import ward

from .test_redirect_pages import amendment
from .test_taper_pages import asked, page, signature

DAY = dt.date(2026, 11, 17)
LINES = "week 8: 12 mg\nweek 20: 4 mg\nweek 28: 0"
STONES = (  # 17 November and 56, 140 and 196 days
    Milestone(dt.date(2027, 1, 12), mg("12")),
    Milestone(dt.date(2027, 4, 6), mg("4")),
    Milestone(dt.date(2027, 6, 1), mg("0")),
)


def drawn(lines=LINES):
    wanted = ward.draft(start=DAY, milestones=lines)
    return replace(wanted, chosen=replace(wanted.chosen, shape=Shape.DRAWN))


@pytest.fixture
def running(cast, person, frozen_clock):
    ward.sign(cast, person, drawn())
    frozen_clock.set("2026-11-18T10:00")
    for one in (cast.physician, cast.nurse):
        staff.start_shift(unit=cast.unit, by=one)
    return queries.active(person)


# --- The plan --------------------------------------------------------------------------------------------------------
def test_no_dose_of_the_plan_lies_below_the_line_that_was_drawn(person, cast):
    made = planning.propose(person, drawn()).plan
    points = [(0, Fraction(20)), (56, Fraction(12)), (140, Fraction(4)), (196, Fraction(0))]

    def line(day):
        return next(
            (a - (a - b) * Fraction(day - at, to - at) for (at, a), (to, b) in pairwise(points) if at <= day < to),
            Fraction(0),
        )

    for step in made.steps:
        daily = step.daily()["diazepam"].exact if step.doses else Fraction(0)
        assert daily >= line((step.start - DAY).days)
    assert [float(step.daily()["diazepam"].mg) for step in made.steps[:5]] == [20, 18, 16, 14, 12]  # 2 mg a fortnight
    assert made.complete


def test_the_milestones_stand_in_the_signed_version_and_in_its_digest(cast, person):
    version = ward.sign(cast, person, drawn())
    kept = chosen_of(queries.newest_signed(queries.active(person)))
    assert (kept.shape, kept.milestones) == (Shape.DRAWN, STONES)
    made = planning.propose(person, drawn()).plan
    assert version.digest == digest(made, kept) != digest(made, replace(kept, milestones=STONES[1:]))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("week 4: 8 mg", "Line 1, 8 mg on 15 Dec 2026, is the last, and the goal is 0 mg"),
        ("week 4: 18 mg\nsoon 3 mg", "Line 2, “soon 3 mg”, begins with no day"),
        ("", "No milestone was given"),
    ],
)
def test_a_line_that_cannot_be_is_refused_beside_its_box(cast, person, lines, said):
    with pytest.raises(BadInput) as refused:
        planning.propose(person, drawn(lines))
    assert refused.value.field == "milestones"
    assert said in refused.value.message


def test_a_slower_pace_later_goes_on_by_shares_and_still_knows_the_milestones(cast, running):
    version = services.change(
        plan=running, kind="slow", reason=Reason("symptoms", "bad nights", "decided together"), by=cast.physician,
        proof=proof(cast.physician), seen=1, once=uuid4().hex,
    )  # fmt: skip
    kept = chosen_of(version)
    assert (kept.shape, kept.milestones) == (Shape.PROPORTIONAL, STONES)


def test_an_amendment_may_draw_what_remains_anew(cast, person, running):
    was = chosen_of(queries.newest_signed(running))
    way = redirecting.Way(replace(was, shape=Shape.DRAWN), milestones="2026-12-16: 19 mg\nweek 30: 0 mg")
    turn = redirecting.preview(running, "amend", way, reason=Reason("request", "", "asked for it"))
    assert turn.chosen.milestones[0] == Milestone(dt.date(2026, 12, 16), mg("19"))
    assert turn.chosen.milestones[1].on == dt.date(2026, 11, 18) + dt.timedelta(weeks=30)
    before = turn.revision.plan.steps[1]
    assert before.daily()["diazepam"].exact >= Fraction(19)


# --- The line in the picture -----------------------------------------------------------------------------------------
def test_the_line_begins_with_the_last_dose_before_it_falls_and_adds_what_stays_beside_it():
    shelf = (tablet("5"), tablet("2"), liquid("1"), tablet("1", medicine="lorazepam"))
    stones = (Milestone(dt.date(2027, 2, 1), mg("0")),)
    made = planned(
        "diazepam 10 mg x1 + lorazepam 1 mg x1", *shelf, shape=Shape.DRAWN, milestones=stones, cut_order=("diazepam",)
    )
    line = drawn_line(made, stones, {"diazepam": Fraction(1), "lorazepam": Fraction(5)})
    days = (stones[0].on - made.start).days
    assert line == ((0, Fraction(15)), (days, Fraction(5)))
    assert asked_on(line, 0) == "15"
    assert asked_on(line, days + 5) == "5"
    assert asked_on((), 3) == ""


# --- The pages -------------------------------------------------------------------------------------------------------
def test_the_draft_draws_the_line_beside_the_doses(cast, person):
    answer = client_for(cast.physician).get(page(person), asked(shape="drawn", milestones=LINES))
    assert answer.status_code == 200
    assert "the line that was drawn" in answer.text
    assert 'class="c-drawn"' in answer.text
    assert "The line asks for" in answer.text
    assert "Choose a pace together" not in answer.text
    assert LINES in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"milestones": ""}, "Write the milestones, one a line"),
        ({"milestones": "week 8: 12 mg\nweek 8: 3 mg\nweek 28: 0"}, "Lines 1 and 2 are both for 12 Jan 2027"),
        ({"milestones": "week 8: 25 mg\nweek 28: 0"}, "lies above the present 20 mg a day"),
        ({"milestones": "week 8: <b>12 mg"}, "Line 1"),
    ],
)
def test_a_bad_line_is_said_with_its_number_and_what_was_typed_stays(cast, person, typed, said):
    answer = client_for(cast.physician).get(page(person), asked(shape="drawn", **typed))
    assert answer.status_code == 422
    assert said in answer.text
    assert html.escape(typed["milestones"]) in answer.text


def test_a_drawn_plan_is_signed_from_its_page_and_says_so_on_the_plan(cast, person, frozen_clock):
    client = client_for(cast.physician)
    draft = asked(shape="drawn", milestones=LINES)
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', client.get(page(person), draft).text)[1]
    sent = signature(client, person) | draft | {"shown": shown}
    answer = client.post(page(person, "sign"), sent)
    assert answer.status_code == 303, re.findall(r"c-bad.*?</p>|field__error.*?</span>", answer.text)
    assert "drawn through 3 milestones" in client.get(page(person)).text


def test_an_amendment_opens_with_the_milestones_that_lie_ahead(cast, person, running):
    client = client_for(cast.physician)
    answer = client.get(page(person, "amend"))
    assert "2027-01-12: diazepam 12 mg\n2027-04-06: diazepam 4 mg" in answer.text
    assert 'class="c-drawn"' in answer.text
    bad = client.post(
        page(person, "amend"), amendment(shape="drawn", milestones="week x: 3 mg", pin=PIN) | {"look": "1"}
    )
    assert bad.status_code == 422
    assert "Line 1, “week x: 3 mg”" in bad.text
