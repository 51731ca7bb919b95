"""The line of an objective: from its first value to its newest, on a scale that begins at zero."""

import datetime as dt
import re
import xml.etree.ElementTree as ET

from glidepath.drawing.progress import FOOT, HEIGHT, LEFT, RIGHT, TOP, WIDTH, progress

FIRST = dt.date(2026, 11, 1)
NIGHTS = [(FIRST, 5.0), (FIRST + dt.timedelta(days=5), 4.0), (FIRST + dt.timedelta(days=10), 6.5)]


def points(drawn):
    path = re.search(r' d="M([^"]+)"', drawn).group(1)
    return [tuple(float(one) for one in place.split()) for place in path.split("L")]


def test_nothing_measured_draws_nothing():
    assert progress([], stairs=False, sentence="none") == ""


def test_one_value_is_a_dot_with_its_figure_and_no_line():
    drawn = progress(NIGHTS[:1], stairs=False, sentence="one night")
    assert "<path" not in drawn
    assert ">5<" in drawn


def test_a_line_runs_from_first_to_last_day_and_its_height_is_in_proportion():
    drawn = progress(NIGHTS, stairs=False, sentence="three <nights>")
    (x1, y1), (x2, y2), (x3, y3) = points(drawn)
    assert (x1, x2, x3) == (LEFT, (LEFT + WIDTH - RIGHT) / 2, WIDTH - RIGHT)
    height = HEIGHT - FOOT - TOP  # 6.5 is the top, zero the ground
    assert [round(one, 1) for one in (y1, y2, y3)] == [
        round(HEIGHT - FOOT - value / 6.5 * height, 1) for value in (5, 4, 6.5)
    ]
    assert ET.fromstring(drawn).get("aria-label") == "three <nights>"


def test_a_dose_holds_until_the_next():
    drawn = progress(NIGHTS, stairs=True, sentence="doses")
    assert [round(y, 1) for _, y in points(drawn)] == [
        round(HEIGHT - FOOT - value / 6.5 * (HEIGHT - FOOT - TOP), 1) for value in (5, 5, 4, 4, 6.5)
    ]


def test_zero_all_along_lies_on_the_ground():
    drawn = progress([(FIRST, 0.0), (FIRST + dt.timedelta(days=1), 0.0)], stairs=True, sentence="none")
    assert {y for _, y in points(drawn)} == {float(HEIGHT - FOOT)}
