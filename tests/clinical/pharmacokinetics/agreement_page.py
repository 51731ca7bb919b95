"""The page that shows the model beside worked and published figures, written from the cases that the tests hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from glidepath.clinical.facts.load import facts
from glidepath.drawing import svg
from tests.clinical.pharmacokinetics.reference_set import ORACLES
from tests.clinical.pharmacokinetics.test_published_results import PUBLISHED, calculated
from tests.clinical.pharmacokinetics.test_worked_figures import CALCULATED

ACCEPTED = PUBLISHED["accepted_percent"] / 100
PICTURE = "../images/kinetics-agreement.svg"

HEAD = f"""# How near the concentration curves come

Written by `tools/write_kinetics_page.py` from the cases that the tests hold; a test fails when it is out of date.

The curves explain a taper. They never set a dose. Three things are compared here, and none of them is tuned to fit:

- the arithmetic, with figures worked by hand from the same parameters;
- the exact solution, with a solver of differential equations: to 1e-6 for any doses, chained and parallel metabolites,
  equal and nearly equal rates, and the second compartment of lorazepam
  (`tests/clinical/pharmacokinetics/test_against_an_ode_solver.py`, `test_two_compartments.py`);
- the medicine, with results that others measured in people. Averages, areas and accumulation are accepted within
  {PUBLISHED["accepted_percent"]} % of what was observed. A peak is for information: one compartment is wrong in the
  first hours after a dose, and its peak proves nothing. A misfit stays on the page with its reason.

![The model divided by what was observed, one line a result]({PICTURE})
"""

WORKED = """
## Worked figures

Diazepam with nordiazepam, reference set, unless another medicine is named. A test holds each within its tolerance.

| case | what | worked | model | unit | apart | held within |
|---|---|---:|---:|---|---:|---:|
"""

MEASURED = """
## Published results

Model: the set of the facts for an adult of 70 kg. Apart: from the nearer end of what was observed.

| medicine | what | observed | model | apart | | source |
|---|---|---:|---:|---:|---|---|
"""


def page() -> str:
    return "".join([HEAD, WORKED, *worked_rows(), MEASURED, *published_rows(), *misfits(), *sources()])


def worked_rows() -> Iterator[str]:
    for case in ORACLES["case"]:
        found, expected = float(CALCULATED[case["id"]]()), case["expected"]
        apart = abs(found / expected - 1) * 100
        yield (
            f"| {case['id']} | {case['what']} | {expected:g} | {found:.6g} | {case['unit']} | {apart:.3f} % | "
            f"{case['tolerance_percent']:g} % |\n"
        )


def published_rows() -> Iterator[str]:
    for one in PUBLISHED["result"]:
        found = calculated(one)
        apart = f"{apart_percent(one, found):+.0f} %"
        cells = [one["medicine"], asked(one), observed(one), f"{found:.3g}", apart, verdict(one), one["source"]]
        yield f"| {' | '.join(cells)} |\n"


def misfits() -> Iterator[str]:
    yield "\n## Misfits, and why\n\n"
    for one in PUBLISHED["result"]:
        if "misfit" in one:
            yield f"- {one['medicine']}, {asked(one)}: {one['misfit']}.\n"
    yield "- Not compared: desmethylclobazam (no fraction formed is published); designer products (never drawn).\n"


def sources() -> Iterator[str]:
    yield "\n## Sources\n\n"
    for key in sorted({one["source"] for one in PUBLISHED["result"]}):
        if key in facts().sources:
            found = facts().sources[key]
            parts = [found.title.rstrip("."), found.organisation, None if found.year is None else str(found.year)]
            yield f"- {key}: {', '.join(part for part in parts if part)}\n"
        else:
            yield f"- {key}\n"


def asked(one: dict[str, Any]) -> str:
    """What was measured, with its dose or interval."""
    if "daily_mg" in one:
        return f"{one['what']} on {one['daily_mg']:g} mg a day, ng/mL"
    if "dose_mg" in one:
        return f"{one['what']} after {one['dose_mg']:g} mg, {'ng h/mL' if one['what'] == 'area' else 'ng/mL'}"
    return f"{one['what']} every {one['interval_h']:g} h, ratio" if "interval_h" in one else str(one["what"])


def observed(one: dict[str, Any]) -> str:
    low, high = one["observed"]
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def apart_percent(one: dict[str, Any], found: float) -> float:
    """Percent from the nearer end of what was observed, 0 within it."""
    low, high = one["observed"]
    return round((found / min(max(found, low), high) - 1) * 100) + 0.0  # no minus before a zero


def verdict(one: dict[str, Any]) -> str:
    if "misfit" in one:
        return "misfit"
    return "for information" if one["what"].startswith("peak") else "accepted"


# --- The picture -----------------------------------------------------------------------------------------------------
ROW, TOP, LEFT, WIDTH, RIGHT = 21.0, 64.0, 355.0, 400.0, 100.0
LEAST, MOST = 0.4, 3.2  # of the axis, model over observed
TICKS = (0.5, 0.7, 1.0, 1.3, 2.0, 3.0)
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
SENTENCE = "The model divided by what was observed, for each published result; 1 is agreement, 0.7 to 1.3 is accepted"


def picture() -> str:
    """The SVG: one line a result, the accepted range shaded, each kind with its own mark and word."""
    results = PUBLISHED["result"]
    height, width = TOP + ROW * len(results) + 34, LEFT + WIDTH + RIGHT
    marks = [
        svg.box(0, 0, width, height, "", "#ffffff"),
        svg.strong(16, 26, "Model over observed", font_size=15),
        svg.text(16, 45, "1 is agreement; shaded: accepted for averages, areas and accumulation (0.7 to 1.3)"),
        *axis(height),
        *(mark for number, one in enumerate(results) for mark in row(one, TOP + ROW * (number + 0.5))),
    ]
    whole = {"viewBox": f"0 0 {width:.0f} {height:.0f}", "role": "img", "aria_label": SENTENCE}
    return (
        svg.element("svg", "", {"xmlns": "http://www.w3.org/2000/svg", "font_family": FONT, **whole}, "".join(marks))
        + "\n"
    )


def axis(height: float) -> Iterator[str]:
    bottom = height - 28
    yield svg.box(at(1 - ACCEPTED), TOP, at(1 + ACCEPTED) - at(1 - ACCEPTED), bottom - TOP, "", "#e3eef0")
    for tick in TICKS:
        strong = tick == 1
        yield svg.line(at(tick), TOP, at(tick), bottom, "", svg.QUIET if strong else svg.GRID, stroke_width=1)
        yield svg.text(at(tick), bottom + 16, f"{tick:g}", font_size=11, text_anchor="middle")


def row(one: dict[str, Any], y: float) -> Iterator[str]:
    found, (low, high) = calculated(one), one["observed"]
    colour = svg.DANGER if "misfit" in one else svg.ACCENT
    yield svg.text(LEFT - 12, y + 4, f"{one['medicine']}: {asked(one)}", font_size=11, text_anchor="end")
    if low != high:
        yield svg.line(at(found / high), y, at(found / low), y, "", colour, stroke_width=3, stroke_linecap="round")
    middle = at(found / math.sqrt(low * high))
    if "misfit" in one:
        yield svg.path([(middle - 5, y - 5), (middle + 5, y + 5)], "", colour, 2)
        yield svg.path([(middle - 5, y + 5), (middle + 5, y - 5)], "", colour, 2)
    else:
        hollow = one["what"].startswith("peak")
        yield svg.tag(
            "circle", cx=middle, cy=y, r=4.5, fill="#ffffff" if hollow else colour, stroke=colour, stroke_width=2
        )
    yield svg.text(LEFT + WIDTH + 10, y + 4, verdict(one), font_size=11, fill=colour)


def at(ratio: float) -> float:
    """Where a ratio stands on the logarithmic axis."""
    return LEFT + WIDTH * math.log(ratio / LEAST) / math.log(MOST / LEAST)
