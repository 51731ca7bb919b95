"""The drawings keep their promises: what is not known is a hole, what is not settled is dashed, names stay text."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest

from glidepath.drawing.pace import pace
from glidepath.drawing.spark import spark
from glidepath.drawing.timeline import (
    DoseStretch,
    Glidepath,
    Happening,
    Level,
    ScoreBand,
    ScoreMark,
    Stretch,
    Trail,
    draw,
    draw_all,
)

BANDS = (ScoreBand(0, 0, "none"), ScoreBand(1, 20, "mild"), ScoreBand(21, 40, "moderate"), ScoreBand(41, 60, "severe"))
PLAIN = Glidepath(
    origin=dt.date(2026, 9, 20),
    first=0,
    last=20,
    now=10,
    now_label="Today, day 10",
    doses=(DoseStretch(0, 10, 20, Stretch.GIVEN, "20"), DoseStretch(10, 20, 18, Stretch.PROJECTED, "18")),
    levels=(Level(0, 18, 22), Level(20, 16, 19)),
    happenings=(),
    scores=(),
    score_bands=BANDS,
    nights=((1, 6.5),),
    usual_sleep=7,
    as_needed=(),
    sentence="Glidepath of Marta",
)


def parts(svg: str, cls: str) -> list[ET.Element]:
    return [node for node in ET.fromstring(svg).iter() if cls in (node.get("class") or "").split()]


def test_a_missed_score_breaks_the_line_and_is_marked_with_a_cross():
    marks = (ScoreMark(1, 10), ScoreMark(2, 12), ScoreMark(3, None), ScoreMark(4, 14), ScoreMark(5, 15))
    svg = draw(replace(PLAIN, scores=marks), "wide")
    assert len(parts(svg, "c-sym")) == 2
    assert len(parts(svg, "c-gap")) == 2  # the two strokes of one cross


def test_a_partial_score_is_hollow_and_joined_to_nothing():
    marks = (ScoreMark(1, 10), ScoreMark(2, 9, partial=True), ScoreMark(3, 14))
    svg = draw(replace(PLAIN, scores=marks), "wide")
    (line,) = parts(svg, "c-sym")
    assert len(re.findall(r"[ML]", line.get("d") or "")) == 2
    assert len(parts(svg, "c-symopen")) == 1


def test_a_projected_dose_is_dashed_and_a_given_one_is_solid():
    svg = draw(PLAIN, "wide")
    (given,), (projected,) = parts(svg, "c-dose"), parts(svg, "c-proj")
    assert given.get("stroke-dasharray") is None
    assert projected.get("stroke-dasharray") == "7 5"


def test_only_a_seizure_is_drawn_in_red():
    calm = draw(replace(PLAIN, happenings=(Happening(3, "cut", "Step 1"),)), "wide")
    hurt = draw(replace(PLAIN, happenings=(Happening(3, "seizure", "Seizure"),)), "wide")
    assert "#b3161b" not in calm
    assert len(parts(hurt, "c-danger")) == 1


def texts(svg: str, words: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    found = [node for node in ET.fromstring(svg).iter() if node.text in words]
    return {node.text or "": (float(node.get("x") or 0), float(node.get("y") or 0)) for node in found}


def test_labels_of_events_days_apart_stand_in_rows_of_their_own_and_never_over_each_other():
    words = ("Admitted", "Changed to lorazepam 2 mg + diazepam 10 mg", "Back to 18 mg")
    happenings = tuple(Happening(3 + number / 2, "cut", label) for number, label in enumerate(words))
    found = texts(draw(replace(PLAIN, happenings=happenings), "wide"), words)
    assert set(found) == set(words)
    assert len({y for _, y in found.values()}) == len(words)


def test_where_no_row_has_room_a_label_gives_way_and_a_seizure_keeps_its_own():
    crowd = [Happening(3 + number / 4, "cut", f"Step {number}: 18.5 mg") for number in range(9)]
    happenings = (*crowd, Happening(3.1, "seizure", "Seizure"))
    svg = draw(replace(PLAIN, happenings=happenings), "wide")
    labels = [one.label for one in happenings]
    shown = texts(svg, tuple(labels))
    assert "Seizure" in shown
    assert len(shown) < len(labels)
    assert len(parts(svg, "c-ev")) == len(crowd)  # each keeps its mark
    by_row: dict[float, list[tuple[float, str]]] = {}
    for label, (x, y) in shown.items():
        by_row.setdefault(y, []).append((x, label))
    for row in by_row.values():
        row.sort()
        for (x, label), (following, _) in pairwise(row):
            assert x + 5.5 * len(label) < following  # 5.5: a narrow letter at this size


def test_a_name_with_markup_stays_text():
    svg = draw(replace(PLAIN, sentence='<script>"x"</script>', happenings=(Happening(3, "cut", "<b>1</b>"),)), "wide")
    assert "<script>" not in svg
    assert ET.fromstring(svg).get("aria-label") == '<script>"x"</script>'


@pytest.mark.parametrize("key", ["wide", "mid", "narrow"])
def test_each_width_is_a_picture_with_a_sentence(key):
    root = ET.fromstring(draw(PLAIN, key))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Glidepath of Marta"
    assert f"for-{key}" in (root.get("class") or "")


def test_the_same_values_give_the_same_drawing():
    assert draw_all(PLAIN) == draw_all(PLAIN)


def test_a_person_with_nothing_recorded_yet_still_has_a_sheet():
    empty = replace(PLAIN, doses=(), levels=(), nights=(), score_bands=BANDS)
    assert parts(draw(empty, "narrow"), "c-dose") == []


def test_a_dose_axis_starts_at_zero():
    labels = [node.text for node in ET.fromstring(draw(PLAIN, "wide")).iter() if node.get("text-anchor") == "end"]
    assert "0" in labels


def test_a_spark_leaves_a_hole_where_nothing_was_measured():
    svg = spark([1, 2, None, 3, 4], usual=(0, 2), sentence="NEWS2")
    assert len(parts(svg, "c-spark")) == 2
    assert spark([None, None], sentence="nothing") == ""


def test_paces_share_one_scale_and_end_at_zero():
    svg = pace([(0, 20.0), (14, 18.0), (28, 0.0)], [[(0, 20.0), (60, 0.0)]], sentence="Steady")
    (line,) = parts(svg, "c-dose")
    bottom = parts(svg, "c-axis")[0].get("y1")
    assert (line.get("d") or "").endswith(f" {bottom}")


def test_forms_take_a_row_each_and_no_room_where_there_are_none():
    phq = Trail("PHQ-9", 27, (ScoreMark(2, 18), ScoreMark(9, 9), ScoreMark(9.5, None)))
    gad = Trail("GAD-7", 21, (ScoreMark(3, 14),))
    bare, full = (draw(replace(PLAIN, trails=trails), "wide") for trails in ((), (phq, gad)))
    assert "PHQ-9, of 27" in full
    assert "GAD-7, of 21" in full
    assert len(parts(full, "c-symdot")) == 3
    assert len(parts(full, "c-symopen")) == 1  # partial: hollow, and joined to nothing
    heights = [float(ET.fromstring(svg).get("viewBox").split()[3]) for svg in (bare, full)]
    assert heights[1] - heights[0] == 2 * 34 + 16  # two rows and the space under a track
