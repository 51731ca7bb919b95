"""The milestones of a drawn way down as a prescriber types them: one a line, a day or a week, then the dose of the day.

"2026-12-15: 16 mg", "week 6: diazepam 12 mg", "week 20: 0". Every refusal names its line, what was given, what is wrong
and what to do.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from glidepath.clinical.amounts import Dose, plain
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.plan import Goal
from glidepath.clinical.dosing.request import Milestone, kept
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.regimen import RegimenError, parse_goal

EXAMPLE = "“2026-12-15: 16 mg” or “week 6: 12 mg”"
# Ours, no source: a milestone further ahead is taken for a slip of the pen.
LONGEST_WEEKS = 260

_LINE = re.compile(r"(?:week\s+(?P<week>\d+)|(?P<day>\d{4}-\d{1,2}-\d{1,2}))\s*[:,]?\s*(?P<dose>.*)", re.IGNORECASE)
_BARE = re.compile(r"[-−+]?\d[\d.,]*\s*(?:mg|mcg|µg|μg|ug|micrograms?|milligrams?)?", re.IGNORECASE)
_ZERO = re.compile(r"(?P<name>.*?)\s*(?:zero|0+(?:[.,]0+)?(?:\s*mg)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int  # as the prescriber counts them, empty ones too
    on: dt.date
    daily: Dose

    def __str__(self) -> str:
        return f"{plain(self.daily.mg)} mg on {self.on:%d %b %Y}"


def read_milestones(
    text: str,
    *,
    start: dt.date,
    daily: Mapping[str, Dose],
    cut: Sequence[str],
    goal: Goal,
    formulary: Formulary,
) -> tuple[Milestone, ...]:
    """The milestones that `text` says, one a line, in order of time.

    start: the day from which weeks count. daily: what is taken now, mg a day by medicine. cut: the names of the
    medicines that come down; a dose without a name is of the only one. goal: where each of them ends.
    Raises PlanError: the line, what was given, what is wrong, what to do.
    """
    lines = [
        _read(number, line.strip(), start, cut, formulary)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
    if not lines:
        raise PlanError(f"No milestone was given. Write one a line, like {EXAMPLE}; the last one is the goal.")
    for medicine in cut:
        own = sorted((one for one in lines if one.daily.medicine == medicine), key=lambda one: one.on)
        _check_fall(own, daily.get(medicine))
        _check_end(own, kept(goal, medicine))
    return tuple(Milestone(one.on, one.daily) for one in sorted(lines, key=lambda one: (one.on, one.daily.medicine)))


def typed_milestones(milestones: Sequence[Milestone]) -> str:
    """Milestones as one would type them; reading them again gives the same."""
    return "\n".join(
        f"{one.on:%Y-%m-%d}: {one.daily.medicine} {plain(one.daily.mg)} mg"
        for one in sorted(milestones, key=lambda one: (one.on, one.daily.medicine))
    )


def _read(number: int, line: str, start: dt.date, cut: Sequence[str], formulary: Formulary) -> _Line:
    found = _LINE.fullmatch(line)
    if found is None:
        raise PlanError(f"Line {number}, “{_short(line)}”, begins with no day and no week. Write it like {EXAMPLE}.")
    on = _day(number, found, start)
    if on <= start:
        raise PlanError(
            f"Line {number}, “{_short(line)}”, does not lie after {start:%d %b %Y}, where the line begins. Write a "
            "later day."
        )
    if (on - start).days > LONGEST_WEEKS * 7:
        raise PlanError(
            f"Line {number}, “{_short(line)}”, lies more than {LONGEST_WEEKS} weeks ahead. Check the year or the week."
        )
    return _Line(number, on, _dose(number, line, found["dose"].strip(), cut, formulary))


def _day(number: int, found: re.Match[str], start: dt.date) -> dt.date:
    try:
        if found["week"]:
            return start + dt.timedelta(weeks=int(found["week"]))
        year, month, day = map(int, found["day"].split("-"))
        return dt.date(year, month, day)
    except ValueError:
        raise PlanError(f"Line {number}: “{_short(found['day'] or found['week'])}” is no day. Check it.") from None
    except OverflowError:
        raise PlanError(f"Line {number}: week {_short(found['week'])} lies beyond any calendar. Check it.") from None


def _dose(number: int, line: str, words: str, cut: Sequence[str], formulary: Formulary) -> Dose:
    if not words:
        raise PlanError(f"Line {number}, “{_short(line)}”, has no dose. Write the dose of the day, like {EXAMPLE}.")
    zero = _ZERO.fullmatch(words)
    if zero is not None:
        name = zero["name"].strip() or _only(number, words, cut)
        dose = Dose(Decimal(0), _named(number, name, formulary))
    else:
        text = f"{_only(number, words, cut)} {words}" if _BARE.fullmatch(words) else words
        dose = _parsed(number, words, text, formulary)
    if dose.medicine not in cut:
        raise PlanError(
            f"Line {number}: {dose.medicine} does not come down in this plan ({', '.join(cut)} does). Name that one."
        )
    return dose


def _parsed(number: int, words: str, text: str, formulary: Formulary) -> Dose:
    try:
        doses = parse_goal(text, formulary=formulary).kept
    except RegimenError as wrong:
        raise PlanError(f"Line {number}: {wrong}") from wrong
    if len(doses) != 1:
        raise PlanError(f"Line {number}: “{_short(words)}” names more than one dose. Write one medicine a line.")
    return doses[0]


def _only(number: int, words: str, cut: Sequence[str]) -> str:
    if len(cut) != 1:
        raise PlanError(
            f"Line {number}: “{_short(words)}” names no medicine, and {' and '.join(cut) or 'nothing'} come down. "
            "Write its name before the dose."
        )
    return cut[0]


def _named(number: int, name: str, formulary: Formulary) -> str:
    try:
        return formulary.find(name).name
    except UnknownMedicine as unknown:
        raise PlanError(f"Line {number}: {unknown}") from unknown


def _check_fall(own: Sequence[_Line], present: Dose | None) -> None:
    if own and present is not None and own[0].daily > present:
        raise PlanError(
            f"Line {own[0].number}, {own[0]}, lies above the present {plain(present.mg)} mg a day. A taper never "
            "raises a dose: write a lower one."
        )
    for earlier, later in pairwise(own):
        if later.on == earlier.on:
            raise PlanError(
                f"Lines {earlier.number} and {later.number} are both for {later.on:%d %b %Y}. Write one dose a day."
            )
        if later.daily > earlier.daily:
            raise PlanError(
                f"Line {later.number}, {later}, lies above line {earlier.number}, {earlier}. The line never rises: "
                "write a lower dose, or the same for a plateau."
            )


def _check_end(own: Sequence[_Line], goal: Dose) -> None:
    if not own:
        raise PlanError(
            f"{goal.medicine} comes down too and has no milestone. Write its lines, the last one {goal} a day."
        )
    if own[-1].daily != goal:
        raise PlanError(
            f"Line {own[-1].number}, {own[-1]}, is the last, and the goal is {plain(goal.mg)} mg of {goal.medicine} a "
            "day. Write a last line with the goal, or set the goal to this dose."
        )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
