"""What a person takes, as it is typed: "alprazolam 1 mg at 08:00, 14:00, 22:00 + zopiclone 7.5 mg at 22:00".

One medicine after another, joined by "+"; a name (generic or brand), an amount in mg or micrograms, and when: clock
times, or "x3" for the usual times of three doses a day. Whatever cannot be meant is refused with the reason.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise

from glidepath.clinical.amounts import AmountError, Dose, exact_decimal, parse_mg, plain
from glidepath.clinical.dosing.plan import Goal, Kind, PlannedDose
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.medicines import Medicine

DefaultTimes = Sequence[dt.time] | Mapping[int, Sequence[dt.time]]

EXAMPLE = "“alprazolam 1 mg at 08:00, 14:00, 22:00 + zopiclone 7.5 mg at 22:00”"
# Ours, no source: a single dose above so many of the largest marketed piece is taken for a slip of the pen.
ABSURD_PIECES_AT_ONCE = 20

_MILLIGRAMS = {"mg", "milligram", "milligrams", "mgs"}
_MICROGRAMS = {"mcg", "µg", "μg", "ug", "microgram", "micrograms", "mcgs"}  # the micro sign and the Greek letter
_PART = re.compile(
    r"(?P<name>.*?)\s*(?P<amount>(?<![\w.,])[-−+]?[\d.,]*\d[\d.,]*)\s*(?P<unit>[a-zA-Zµμ]+)?(?P<when>.*)", re.DOTALL
)
_PER_DAY = re.compile(r"[x×]\s*(?P<times>\d{1,3})", re.IGNORECASE)
_AT_THE_END = re.compile(r"\s+(at\b.*|[x×]\s*\d+)$", re.IGNORECASE | re.DOTALL)
_CLOCK = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})")


class RegimenError(ValueError):
    """A regimen that cannot be read: what was given, what is wrong with it, what to write instead."""


@dataclass(frozen=True, slots=True)
class Regimen:
    """The doses of one day, in order of medicine and time."""

    doses: tuple[PlannedDose, ...]

    def daily(self) -> Mapping[str, Dose]:
        """The total of each medicine per calendar day."""
        totals: dict[str, Dose] = {}
        for planned in self.doses:
            name = planned.dose.medicine
            totals[name] = totals[name] + planned.dose if name in totals else planned.dose
        return totals

    def text(self) -> str:
        """The regimen as it would be typed; reading it again gives the same regimen."""
        return " + ".join(
            f"{dose} at {', '.join(f'{planned.time:%H:%M}' for planned in same)}"
            for dose, same in groupby(self.doses, key=lambda planned: planned.dose)
        )


def parse_regimen(text: str, *, formulary: Formulary, default_times: DefaultTimes) -> Regimen:
    """The regimen that `text` says.

    default_times: the times "xN" stands for; either by the number of doses a day, or one sequence of times (then "x1"
    is its last, the night dose, and fewer doses than times are spread over it from first to last).
    Raises RegimenError: given, wrong, what to write.
    """
    parts = [part.strip() for part in re.split(r"[+\n;]", text)]
    if not any(parts):
        raise RegimenError(f"No medicine was given. Write it like {EXAMPLE}.")
    if not all(parts):
        raise RegimenError(f"“{text.strip()}” has a “+” with nothing beside it. Write it like {EXAMPLE}.")
    return regimen_of([dose for part in parts for dose in _read_part(part, formulary, default_times)])


def regimen_of(doses: Sequence[PlannedDose]) -> Regimen:
    """A regimen of doses in any order. Raises RegimenError when one medicine is given twice at one time."""
    ordered = tuple(sorted(doses, key=lambda planned: (planned.dose.medicine, planned.time)))
    for first, second in pairwise(ordered):
        if (first.dose.medicine, first.time) == (second.dose.medicine, second.time):
            raise RegimenError(
                f"{first.dose.medicine} is given twice at {first.time:%H:%M} ({plain(first.dose.mg)} mg and "
                f"{plain(second.dose.mg)} mg). Write one amount for each time."
            )
    return Regimen(ordered)


def parse_goal(text: str, *, formulary: Formulary) -> Goal:
    """The goal "0", or lower doses that stay: "diazepam 5 mg + zopiclone 3.75 mg". Raises RegimenError."""
    cleaned = text.strip().lower()
    if cleaned in ("0", "0 mg", "zero"):
        return Goal()
    kept: dict[str, Dose] = {}
    for part in text.split("+"):
        found = _PART.fullmatch(part.strip())
        if not found or found["when"].strip():
            raise RegimenError(
                f"“{text.strip()}” is not a goal. Write “0”, or a lower daily dose like “diazepam 5 mg”."
            )
        dose = _dose(part, found, formulary)
        if dose.medicine in kept:
            raise RegimenError(f"The goal names {dose.medicine} twice. Write one daily dose of it.")
        kept[dose.medicine] = dose
    return Goal(tuple(kept[name] for name in sorted(kept)))


def parse_time(text: str) -> dt.time:
    """A time of day such as "08:00" or "8:00". Raises RegimenError."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise RegimenError(f"“{text.strip()}” is not a time of day. Write hours and minutes like 08:00 or 22:30.")
    hour, minute = int(found["hour"]), int(found["minute"])
    if hour == 24 and minute == 0:
        raise RegimenError("“24:00” is the midnight that begins the next day. Write 00:00.")
    if hour > 23 or minute > 59:
        raise RegimenError(f"“{text.strip()}” does not exist on a clock. Write a time from 00:00 to 23:59.")
    return dt.time(hour, minute)


def _read_part(part: str, formulary: Formulary, default_times: DefaultTimes) -> list[PlannedDose]:
    found = _PART.fullmatch(part)
    if not found:
        _medicine(_AT_THE_END.sub("", part), formulary)
        raise RegimenError(f"“{part}” has no amount. Write it like {EXAMPLE}.")
    dose = _dose(part, found, formulary)
    return [PlannedDose(time, dose) for time in _times(part, found["when"], default_times)]


def _dose(part: str, found: re.Match[str], formulary: Formulary) -> Dose:
    if not found["name"].strip():
        raise RegimenError(f"“{part.strip()}” names no medicine. Write it like {EXAMPLE}.")
    medicine = _medicine(found["name"], formulary)
    dose = Dose(_milligrams(part, found), medicine.name)
    _refuse_absurd(part, dose, medicine)
    return dose


def _medicine(name: str, formulary: Formulary) -> Medicine:
    try:
        return formulary.find(name)
    except UnknownMedicine as unknown:
        raise RegimenError(str(unknown)) from unknown


def _milligrams(part: str, found: re.Match[str]) -> Decimal:
    amount, unit = found["amount"].replace("−", "-"), (found["unit"] or "").lower()
    if unit not in _MILLIGRAMS | _MICROGRAMS:
        given = f"“{found['amount']} {found['unit']}”" if unit and unit not in ("at", "x") else f"“{found['amount']}”"
        hint = " A volume is no dose: its mg depend on the strength." if unit == "ml" else ""
        raise RegimenError(f"{given} in “{part.strip()}” has no unit of dose. Write mg or micrograms.{hint}")
    try:
        number = parse_mg(amount, what=f"dose in “{part.strip()}”")
        value = number if unit in _MILLIGRAMS else exact_decimal(Fraction(number) / 1000)
    except AmountError as wrong:
        raise RegimenError(f"{wrong}.") from wrong
    if value == 0:
        raise RegimenError(f"“{part.strip()}” is a dose of zero. Leave out what is not taken.")
    return value


def _refuse_absurd(part: str, dose: Dose, medicine: Medicine) -> None:
    strengths = [mg for form in medicine.forms if form.kind is Kind.SOLID for mg in form.strengths_mg]
    if not strengths or dose.mg <= max(strengths) * ABSURD_PIECES_AT_ONCE:
        return
    pieces = plain((dose.mg / max(strengths)).quantize(Decimal("0.1")))
    raise RegimenError(
        f"“{part.strip()}” is {pieces} times the largest marketed piece of {medicine.name} "
        f"({plain(max(strengths))} mg) in one dose. Check the number and the unit. If it is truly taken, write it as "
        f"several doses of the day."
    )


def _times(part: str, when: str, default_times: DefaultTimes) -> tuple[dt.time, ...]:
    cleaned = re.sub(r"^\s*(,|at\b|@)\s*", "", when.strip(), flags=re.IGNORECASE).strip()
    if not cleaned:
        raise RegimenError(f"“{part}” does not say when. Add the times, like “at 08:00, 22:00”, or “x2”.")
    per_day = _PER_DAY.fullmatch(cleaned)
    if per_day:
        return _usual_times(part, int(per_day["times"]), default_times)
    if re.match(r"\d[\d.,]*\s*(mg|mcg|µg|μg|ug|microgram)", cleaned, re.IGNORECASE) or not re.search(r"\d", cleaned):
        raise RegimenError(
            f"“{cleaned}” in “{part}” is not a time. Join medicines with “+”, and write times like 08:00."
        )
    times = tuple(parse_time(piece) for piece in re.split(r"\s*,\s*|\s+and\s+|\s+", cleaned))
    for time in times:
        if times.count(time) > 1:
            raise RegimenError(f"“{part}” names {time:%H:%M} more than once. Write each time once.")
    return tuple(sorted(times))


def _usual_times(part: str, count: int, default_times: DefaultTimes) -> tuple[dt.time, ...]:
    if count == 0:
        raise RegimenError(f"“{part}” is no dose a day. Leave out what is not taken.")
    if isinstance(default_times, Mapping):
        if count in default_times:
            return tuple(default_times[count])
        known = ", ".join(f"x{number}" for number in sorted(default_times))
        raise RegimenError(f"“{part}”: there are usual times for {known}. Write the {count} times, like 08:00, 14:00.")
    usual = sorted(default_times)
    if count > len(usual):
        raise RegimenError(
            f"“{part}”: there are {len(usual)} usual times a day. Write the {count} times, like 08:00, 14:00."
        )
    if count == 1:
        return (usual[-1],)
    return tuple(usual[index * (len(usual) - 1) // (count - 1)] for index in range(count))
