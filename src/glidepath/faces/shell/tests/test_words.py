"""How amounts and times are written for people."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.faces.shell import words
from glidepath.record.people.queries import age_on

NOON = dt.datetime(2026, 11, 17, 12, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Dose(Decimal("0.5"), "diazepam"), "0.5 mg"),
        (Dose(Decimal("10.0"), "diazepam"), "10 mg"),
        (Decimal("0"), "0 mg"),
        (Decimal("0.0625"), "0.0625 mg"),
        (Fraction(50, 3), "16.7 mg"),
    ],
)
def test_an_amount_has_a_leading_zero_no_trailing_zero_and_a_space_that_never_breaks(amount, written):
    assert words.mg(amount) == written.replace(" ", "\u00a0")


def test_whole_nanograms_are_written_as_milligrams():
    assert words.mg_from_ng(62_500) == "0.0625\u00a0mg"


def test_a_ratio_is_written_to_one_decimal():
    assert words.percent(Fraction(1, 11)) == "9.1\u00a0%"


def test_a_time_is_written_by_the_24_hour_clock():
    assert words.clock(dt.time(8, 5)) == "08:05"


def test_a_day_of_another_year_shows_its_year():
    today = dt.date(2026, 11, 17)
    assert words.day(dt.date(2026, 11, 3), today) == "3\u00a0Nov"
    assert words.day(dt.date(2027, 1, 2), today) == "2\u00a0Jan\u00a02027"


def test_a_birth_date_reads_the_same_in_every_country():
    assert words.birth_date(dt.date(1979, 3, 12)) == "12-Mar-1979"


@pytest.mark.parametrize(
    ("today", "years"), [(dt.date(2026, 3, 11), 46), (dt.date(2026, 3, 12), 47), (dt.date(2026, 3, 13), 47)]
)
def test_somebody_is_a_year_older_on_the_birthday_and_not_before(today, years):
    assert age_on(dt.date(1979, 3, 12), today) == years


def test_somebody_born_on_a_leap_day_is_a_year_older_on_the_first_of_march():
    born = dt.date(2000, 2, 29)
    assert age_on(born, dt.date(2026, 2, 28)) == 25
    assert age_on(born, dt.date(2026, 3, 1)) == 26


@pytest.mark.parametrize(
    ("minutes", "written"),
    [(0, "now"), (3, "3 min ago"), (119, "119 min ago"), (120, "2 h ago"), (60 * 48, "2 days ago"), (-30, "in 30 min")],
)
def test_how_long_ago_is_said_in_the_one_unit_that_says_enough(minutes, written):
    moment = NOON - dt.timedelta(minutes=minutes)
    assert words.ago(moment, NOON) == written.replace(" min", "\u00a0min").replace(" h ", "\u00a0h ").replace(
        " days", "\u00a0days"
    )


def test_what_is_late_says_by_how_much_and_what_is_not_yet_due_says_nothing():
    assert words.over(NOON - dt.timedelta(minutes=74), NOON) == "74\u00a0min over"
    assert words.over(NOON + dt.timedelta(minutes=1), NOON) == ""
    assert words.over(NOON, NOON) == ""


def test_initials_are_of_the_first_and_the_last_name():
    assert words.initials("Marta Ellen Lindqvist") == "ML"
    assert words.initials("Noor") == "N"


def test_a_moment_of_another_day_says_its_day():
    today = dt.date(2026, 11, 28)
    assert words.when(dt.datetime(2026, 11, 28, 8, 10), today) == "08:10"
    assert words.when(dt.datetime(2026, 11, 27, 22, 5), today) == f"27{words.NBSP}Nov 22:05"


@pytest.mark.parametrize(
    ("minutes", "written"), [(0, "0 h"), (45, "45 min"), (60, "1 h"), (150, "2 h 30 min"), (1440, "24 h")]
)
def test_a_length_of_time_is_written_with_nothing_rounded_away(minutes, written):
    assert words.exactly(minutes).replace(words.NBSP, " ") == written
