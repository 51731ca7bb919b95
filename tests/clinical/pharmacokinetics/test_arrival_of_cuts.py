"""How much of a cut has arrived when the next one comes, against the worked figures of the reference."""

from __future__ import annotations

import pytest

from glidepath.clinical.pharmacokinetics.cuts import arrival_of_cuts
from glidepath.clinical.pharmacokinetics.exposure import DailyDoses
from glidepath.clinical.pharmacokinetics.model import PharmacokineticsError
from tests.clinical.pharmacokinetics.reference_set import reference_diazepam, reference_parent

DAY = 24.0
WEEKLY = DailyDoses(10.0, ((0.0, 9.0), (7 * DAY, 8.0), (21 * DAY, 7.0)))


def test_a_weekly_diazepam_cut_lands_before_the_last_has_been_felt() -> None:
    """77 % after a week and 1 - 0.0427 after two, the metabolite counted in full; more where it counts half."""
    first, second, last = arrival_of_cuts(reference_diazepam(), WEEKLY)
    assert first.arrived_by_next is not None
    assert second.arrived_by_next is not None
    assert first.arrived_by_next[0] == pytest.approx(0.77, abs=0.005)
    assert 0.77 < first.arrived_by_next[1] < 0.9
    assert second.arrived_by_next[0] == pytest.approx(1 - 0.0427, abs=0.0005)
    assert last.arrived_by_next is None
    assert [one.daily_mg for one in (first, second, last)] == [9.0, 8.0, 7.0]


def test_half_and_nine_tenths_of_a_cut_arrive_when_the_reference_says() -> None:
    """Half at 3.51 days and 90 % at 10.5 with weight 1; 2.85 and 9.3 with weight 0.5."""
    hours_to = arrival_of_cuts(reference_diazepam(), WEEKLY)[0].hours_to
    assert [hour / DAY for hour in hours_to[0.5]] == pytest.approx([2.85, 3.51], abs=0.006)
    assert [hour / DAY for hour in hours_to[0.9]] == pytest.approx([9.3, 10.5], abs=0.06)


def test_most_of_a_lorazepam_cut_has_arrived_within_two_days() -> None:
    """A tenth less leaves 0.910 of the level after two days: nine tenths of the cut."""
    (only,) = arrival_of_cuts(reference_parent("lorazepam"), DailyDoses(2.0, ((0.0, 1.8),)))
    assert only.hours_to[0.9][0] / DAY == pytest.approx(2, abs=0.1)
    assert only.hours_to[0.9][0] == only.hours_to[0.9][1]


def test_no_change_has_nothing_to_arrive_and_a_share_beyond_all_is_refused() -> None:
    assert arrival_of_cuts(reference_diazepam(), DailyDoses(10.0)) == ()
    with pytest.raises(PharmacokineticsError, match="between 0 and 1"):
        arrival_of_cuts(reference_diazepam(), WEEKLY, shares=(1.0,))
