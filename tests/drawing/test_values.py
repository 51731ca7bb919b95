"""A measured value over time: its range behind it, a limit of an assay hollow, nothing where nothing was written."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from glidepath.drawing.values import Reading, drawing

LONDON = ZoneInfo("Europe/London")
SINCE = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
UNTIL = SINCE + dt.timedelta(days=10)


def draw(*readings, **given):
    return drawing("Potassium", "mmol/L", readings, since=SINCE, until=UNTIL, zone=LONDON, **given)


def on(day, value, **given):
    return Reading(SINCE + dt.timedelta(days=day), value, **given)


def dots(svg):
    return [(float(x), float(y)) for x, y in re.findall(r'<circle class="c-sparkdot" cx="([\d.]+)" cy="([\d.]+)"', svg)]


def test_nothing_written_is_no_drawing():
    assert draw() == ""


def test_the_sentence_says_the_figures_and_the_range():
    svg = draw(on(1, 4.2, low=3.5, high=5.1), on(2, 5.6, low=3.5, high=5.1))
    said = "Potassium in mmol/L: 2 values, between 4.2 and 5.6, last 5.6. Reference range from 3.5 to 5.1."
    assert f'aria-label="{said}"' in svg


def test_a_higher_value_stands_higher_and_a_later_one_further_right():
    (x1, y1), (x2, y2) = dots(draw(on(1, 4), on(6, 5)))
    assert x2 > x1
    assert y2 < y1
    assert abs((x2 - x1) - 5 / 10 * (760 - 42 - 30)) < 0.1, "half of the days is half of the width"


def test_a_limit_of_the_assay_is_hollow_and_joined_to_nothing():
    svg = draw(on(1, 4), on(2, 1.5, limit="<"))
    assert len(dots(svg)) == 1
    assert svg.count('class="c-ev"') == 1
    assert 'class="c-spark"' not in svg
    assert "last &lt;1.5" in svg


def test_a_silence_longer_than_bridged_breaks_the_line():
    both = (on(1, 4), on(2, 4.5), on(8, 5))
    assert draw(*both).count('class="c-spark"') == 1
    broken = draw(*both, on(9, 5), bridged=dt.timedelta(days=2))
    assert broken.count('class="c-spark"') == 2


def test_one_value_and_all_alike_have_a_height():
    assert dots(draw(on(1, 0)))
    assert len({y for _, y in dots(draw(on(1, 7), on(2, 7)))}) == 1


def test_amounts_start_at_zero():
    ((_, y),) = dots(draw(on(1, 1000), from_zero=True))
    assert 12 < y < 40
