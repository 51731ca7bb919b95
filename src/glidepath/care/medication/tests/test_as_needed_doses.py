"""As-needed doses: within their interval and ceiling, after a look, and looked at again."""

from __future__ import annotations

import pytest

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.medication import queries, services
from glidepath.care.medication.models import DoseAnswer, PrnRecheck
from glidepath.care.medication.tests import story
from glidepath.care.medication.tests.story import NG, at, over_sedation
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import Cast, make_centre, proof
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


@pytest.fixture
def order(cast, person):
    """Lorazepam 0.5 mg: four hours between two, 1 mg in 24 hours, looked at again after one hour."""
    return story.signed(cast, person, story.prn())


def give(cast, order, **more):
    given = {"by": cast.nurse, "rass": 0, "breathing": 14, "once": story.once()} | more
    return services.give_prn(order=order, **given)


def row_of(person):
    (row,) = queries.prn([person])
    return row


def test_an_as_needed_dose_is_never_due_by_itself(person, order):
    assert queries.due([person], at("07:00"), at("07:00", 18)) == []
    assert row_of(person).why_not == ""


def test_four_hours_lie_between_two_doses(cast, person, order, frozen_clock):
    give(cast, order)
    frozen_clock.set(at("10:59"))
    assert row_of(person).next_at == at("11:00")
    with pytest.raises(BadInput, match="Not before 11:00: at least 240 min"):
        give(cast, order)
    frozen_clock.set(at("11:00"))
    assert give(cast, order).given_ng == NG // 2


def test_the_ceiling_of_24_hours_frees_itself_dose_by_dose(cast, person, order, frozen_clock):
    """0.5 mg at 07:00 and at 11:00 is the 1 mg; the first one counts up to 07:00 of the next day."""
    give(cast, order)
    frozen_clock.set(at("11:00"))
    give(cast, order)
    frozen_clock.set(at("06:59", 18))
    assert (row_of(person).left.ng, row_of(person).next_at) == (0, at("07:00", 18))
    with pytest.raises(BadInput, match="ceiling of 24 hours is reached"):
        give(cast, order)
    frozen_clock.set(at("07:00", 18))
    assert row_of(person).left.ng == NG // 2
    assert give(cast, order).was_given


def test_two_nurses_at_once_are_held_to_the_interval(cast, order):
    give(cast, order)
    with pytest.raises(BadInput, match="Not before"):
        give(cast, order, by=cast.second_nurse)
    assert DoseAnswer.objects.count() == 1


def test_the_same_submit_twice_gives_one_dose(cast, order):
    key = story.once()
    assert give(cast, order, once=key).pk == give(cast, order, once=key).pk


def test_a_sedative_as_needed_wants_a_look(cast, order):
    with pytest.raises(BadInput, match="RASS before a sedative"):
        give(cast, order, rass=None)


def test_at_rass_minus_3_nothing_is_given_and_the_look_is_kept(cast, person, order):
    with pytest.raises(BadInput, match="nothing that sedates is given"):
        give(cast, order, rass=-3)
    assert not DoseAnswer.objects.exists()
    assert over_sedation(person) is not None
    assert len(open_alarms([person])) == 1
    with pytest.raises(BadInput, match="Sedatives are held"):
        give(cast, order, rass=0)


def test_a_stopped_order_gives_nothing_more(cast, person, order):
    services.stop_order(
        order=order, reason="not needed", by=cast.physician, proof=proof(cast.physician), once=story.once(),
        overrides={"JCG-2": "taken once a week at most"},
    )  # fmt: skip
    assert queries.prn([person]) == []
    with pytest.raises(BadInput, match="does not stand any more"):
        give(cast, order)


# --- The look afterwards ----------------------------------------------------------------------------------------------


def test_the_look_afterwards_falls_due_after_its_hour(cast, person, order, frozen_clock):
    given = give(cast, order)
    frozen_clock.set(at("07:59"))
    assert queries.rechecks_due([person]) == []
    frozen_clock.set(at("08:00"))
    assert [one.answer for one in queries.rechecks_due([person])] == [given]
    services.record_recheck(answer=given, helped="some", by=cast.nurse, once=story.once())
    assert queries.rechecks_due([person]) == []


def test_the_look_afterwards_is_recorded_once_and_the_second_is_told(cast, order):
    given = give(cast, order)
    services.record_recheck(answer=given, helped="yes", by=cast.nurse, once=story.once())
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist recorded this re-check first"):
        services.record_recheck(answer=given, helped="no", by=cast.second_nurse, once=story.once())
    assert PrnRecheck.objects.get().helped == "yes"


def test_the_look_afterwards_says_whether_it_helped(cast, order):
    given = give(cast, order)
    with pytest.raises(BadInput, match="helped, helped some, did not help"):
        services.record_recheck(answer=given, helped="perhaps", by=cast.nurse, once=story.once())


def test_only_an_as_needed_dose_is_looked_at_again(cast, person, frozen_clock):
    regular = ward.order(cast, person, "diazepam", "10", "08:00")
    frozen_clock.set(at("08:00"))
    given = story.give(cast, story.wanted(person, regular, at("08:00")))
    with pytest.raises(BadInput, match="Only an as-needed dose"):
        services.record_recheck(answer=given, helped="yes", by=cast.nurse, once=story.once())


@pytest.mark.parametrize("role", ["physician", "counsellor", "pharmacist", "manager"])
def test_only_a_nurse_gives_it(cast, order, role):
    with pytest.raises(NotAllowed):
        give(cast, order, by=getattr(cast, role))


# --- Its limits are part of the order ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left_out", "field"),
    [
        ({"prn_reason": " "}, "prn_reason"),
        ({"min_interval_minutes": None}, "min_interval_minutes"),
        ({"min_interval_minutes": 0}, "min_interval_minutes"),
        ({"max_24h_ng": None}, "max_24h"),
        ({"max_24h_ng": NG // 4}, "max_24h"),
        ({"recheck_minutes": None}, "recheck_minutes"),
    ],
)
def test_an_as_needed_order_without_its_limits_is_not_signed(cast, person, left_out, field):
    with pytest.raises(BadInput) as refused:
        story.signed(cast, person, story.prn(**left_out))
    assert refused.value.field == field
