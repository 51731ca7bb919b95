"""Rows of taps: what stands in them is text, and the ring is never a choice."""

from glidepath.care.monitoring.cards import Tap, TapRow
from glidepath.care.monitoring.tap_rows import taps


def test_nothing_of_a_row_becomes_markup():
    row = TapRow("c1", 'tense & "edgy"', "", (Tap('"1', "<b>a</b>", "it's"),))
    assert taps(row, ("item",)) == (
        '<div class="taps taps--item"><label class="tap"><input type="radio" name="c1" value="&quot;1" id="id_c1" '
        'aria-label="tense &amp; &quot;edgy&quot;: &lt;b&gt;a&lt;/b&gt;, it&#x27;s"><span>&lt;b&gt;a&lt;/b&gt;'
        "<small>it&#x27;s</small></span></label></div>"
    )


def test_last_times_answer_is_ringed_and_only_a_tap_is_chosen():
    row = TapRow("state", "State", "", (Tap("awake", "Awake", last=True), Tap("asleep", "Asleep", checked=True)))
    first, second = taps(row, ("ward",)).split("</label>")[:2]
    assert "tap--last" in first
    assert 'aria-label="State: Awake, last time"' in first
    assert "<small>last</small>" in first
    assert " checked" not in first
    assert " checked" in second
    assert "tap--last" not in second
