"""A slip of the pen is never signed as another medicine; an order that bridges to a plan leads to it and ends there."""

from __future__ import annotations

import pytest
from django.urls import reverse

from glidepath.care.medication import queries
from glidepath.care.medication.models import Order, YesNoUnknown
from glidepath.care.medication.proposing import known_medicine, suggestions
from glidepath.care.medication.tests import story
from glidepath.care.medication.tests.story import at
from glidepath.care.medication.views.person import regimen_now
from glidepath.record import clock
from glidepath.record.errors import BadInput
from tests.cast import PIN, Cast, client_for, make_centre
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


def order(cast, person, **changed):
    whole = {
        "medicine": "diazepam", "amount": "10", "kind": "regular", "times": "08:00 22:00", "route": "by mouth",
        "acknowledged": "asked him; none that he knows of", "pin": PIN, "once": story.once(),
    }  # fmt: skip
    return client_for(cast.physician).post(reverse("medication:order", args=[person.public_id]), whole | changed)


def page_of(cast, person):
    return client_for(cast.physician).get(reverse("medication:person", args=[person.public_id])).text


# --- A name the formulary does not have -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"), [("diazapam", "diazepam"), ("lorazapam", "lorazepam"), ("clonazepan", "clonazepam")]
)
def test_a_slip_of_the_pen_is_met_with_the_name_that_was_meant(typed, meant):
    assert known_medicine(typed) is None
    assert meant in suggestions(typed)


def test_a_slip_of_the_pen_is_not_signed_and_everything_typed_stays(cast, person):
    answer = order(cast, person, medicine="diazapam", is_sedative="unknown", is_opioid="unknown")
    assert answer.status_code == 422
    assert "Did you mean diazepam" in answer.text
    assert 'value="diazapam"' in answer.text
    assert 'value="08:00 22:00"' in answer.text
    assert not Order.objects.exists()


def test_another_medicine_is_one_only_when_somebody_says_so(cast, person):
    assert order(cast, person, medicine="sertraline").status_code == 422
    unsaid = order(cast, person, medicine="sertraline", outside="on")
    assert unsaid.status_code == 422
    assert unsaid.text.count("Yes, no or not known") >= 2
    said = order(cast, person, medicine="sertraline", outside="on", is_sedative="unknown", is_opioid="no")
    assert said.status_code == 303
    assert Order.objects.get().is_sedative == YesNoUnknown.UNKNOWN


@pytest.mark.parametrize("amount", ["0", "-5", "ten", "1,000", "1e99999999", "10000000000000"])
def test_an_amount_that_cannot_be_comes_back_as_typed(cast, person, amount):
    answer = order(cast, person, amount=amount)
    assert answer.status_code == 422
    assert f'value="{amount}"' in answer.text
    assert not Order.objects.exists()


# --- The bridge to a plan ---------------------------------------------------------------------------------------------


def test_the_planner_is_handed_what_the_regular_orders_give_a_day(cast, person):
    ward.order(cast, person, "diazepam", "10", "22:00", "08:00")
    story.outside(cast, person, YesNoUnknown.YES, "12:00")
    story.signed(cast, person, story.prn())
    assert regimen_now(queries.all_orders(person), clock.now()) == "diazepam 10 mg at 08:00, 22:00"


def test_without_a_regular_benzodiazepine_there_is_nothing_to_plan_from(cast, person):
    story.signed(cast, person, story.prn())
    assert regimen_now(queries.all_orders(person), clock.now()) == ""


def test_a_bridge_is_shown_as_one_and_then_as_taken_over(cast, person, frozen_clock):
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    assert "until a taper plan takes over" in page_of(cast, person)
    ward.sign(cast, person, ward.draft(start=at("08:00").date()))
    frozen_clock.set(at("22:30"))
    assert "taken over by the taper" in page_of(cast, person)


@pytest.mark.parametrize(
    ("medicine", "mg"), [("diazepam", "10000"), ("diazepam", "10000000000"), ("sertraline", "1e9")]
)
def test_no_service_signs_an_amount_that_nobody_means(cast, person, medicine, mg):
    """A thousand tablets of diazepam 10 mg; a tonne of anything."""
    wanted = story.draft(medicine, mg, "08:00", is_sedative=YesNoUnknown.NO, is_opioid=YesNoUnknown.NO)
    with pytest.raises(BadInput, match="can be meant") as refused:
        story.signed(cast, person, wanted)
    assert refused.value.field == "amount"
