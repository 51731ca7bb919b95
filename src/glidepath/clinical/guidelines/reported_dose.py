"""What is ordered held against what was told: the dose in force until somebody came is the dose they told of.

A drop of more than the ceiling (JCG-6c's share) is the precipitous cut of JCG-2. One medicine is compared in its own
mg; one exchanged for another by every equivalence table. By all of them, or by the table a prescriber named, it is a
hard stop; by some of them only it warns, because the tables themselves differ by more than the ceiling.
ORD-4, that nothing is ordered, and ORD-5, the rest of the comparison, are our own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.equivalence import equivalents
from glidepath.clinical.dosing.ratios import exchanged, step_cut
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.admission import stabilising_dose, stabilising_rule
from glidepath.clinical.guidelines.co_use import takes_opioid
from glidepath.clinical.guidelines.cuts import Change, amount, rises
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.dependence import SUPPLY_TO_CONFIRM, dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import name_in_words, question_for
from glidepath.clinical.guidelines.wording import doses, listed, mg, percent

NOTHING_ORDERED = "ORD-4"
COMPARED = "ORD-5"
OURS = "our reading"

Daily = Mapping[str, Dose]


@dataclass(frozen=True, slots=True)
class Before:
    """What was taken until now: mg of each medicine a day as `said`, and the names of those without an amount."""

    daily: Daily
    without_amount: tuple[str, ...] = ()
    said: str = "Reported"


@dataclass(frozen=True, slots=True)
class _Drop:
    """One measure by which less would be given; `of`: a medicine, or a table's name."""

    of: str
    before: Fraction
    after: Fraction
    table: str = ""  # the table's key; empty for one medicine in its own mg

    @property
    def share(self) -> Fraction:
        return step_cut(self.before, self.after)


def check_against_before(
    before: Before,
    after: Daily,
    *,
    facts: PersonFacts,
    formulary: Formulary,
    ceiling: Fraction,
    table: str | None = None,
) -> tuple[Finding, ...]:
    """JCG-2 for a drop below `before`, ORD-5 for a rise or for what cannot be compared.

    after: mg a day that would be in force. ceiling: the largest share that may fall away. table: the named table's key.
    """
    found = (*_drop(before, after, facts, formulary, ceiling, table), *_unknown(before))
    if found or not before.daily:
        return found
    return _rise(before, after, formulary, table)


def _drop(
    before: Before, after: Daily, facts: PersonFacts, formulary: Formulary, ceiling: Fraction, table: str | None
) -> tuple[Finding, ...]:
    depends = dependence(facts, dde_max=dde_max(before.daily, formulary=formulary) if before.daily else None)
    if not before.daily or depends.likely is False:
        return ()
    moved = exchanged(before.daily, after)
    alone = [_Drop(name, dose.exact, amount(after, name)) for name, dose in before.daily.items() if name not in moved]
    totals = _totals(before.daily, after, formulary)
    if moved and not totals:
        return (_no_table(before, after),)
    lower = [one for one in alone if one.share > ceiling]
    by_table = [one for one in totals if one.share > ceiling]
    if not lower and not by_table:
        return ()
    named = table if table in {one.table for one in totals} else None
    hard = bool(lower) or (named in {one.table for one in by_table} if named else len(by_table) == len(totals))
    if not hard and named:
        return ()  # the named table sets the exchange; the page shows the others beside it
    message = f"{_sides(before, after)} {_figures([*lower, *(totals if moved or not lower else ())])}"
    if depends.likely is None:
        names = listed([name_in_words(name) for name in depends.missing])
        return (
            rule("JCG-2").cannot_be_assessed(
                message=f"{message} Whether the person depends on it cannot be said; not recorded: {names}.",
                do=" ".join(dict.fromkeys(question_for(name) for name in depends.missing)),
                missing=depends.missing,
            ),
        )
    severity = Severity.HARD_STOP if hard else Severity.WARNING
    do = _what_to_do(before, lower, by_table, facts, formulary, ceiling)
    return (rule("JCG-2").finding(message=message, do=do, severity=severity),)


def _totals(before: Daily, after: Daily, formulary: Formulary) -> list[_Drop]:
    """The total by each table that covers both sides, at whichever of the table's ends falls further."""
    if before.keys() == after.keys() and len(before) == 1:
        return []
    old, new = equivalents(before, formulary=formulary).by_table, equivalents(after, formulary=formulary).by_table
    found = []
    for key in old:
        if key in new:
            name = formulary.table(key).name
            ends = [_Drop(name, getattr(old[key], end), getattr(new[key], end), key) for end in ("low", "high")]
            found.append(max(ends, key=lambda one: one.share))
    return found


def _sides(before: Before, after: Daily) -> str:
    until_now, then = doses(tuple(before.daily.values())), doses(tuple(after.values()))
    return f"{before.said}: {until_now} a day. In force would be: {then} a day."


def _figures(measures: list[_Drop]) -> str:
    said = []
    for one in measures:
        change = f"from {mg(one.before)} to {mg(one.after)}"
        measure = f"in diazepam by {one.of}" if one.table else f"of {one.of}"
        share = f"{percent(one.share)} less" if one.share > 0 else "no less"
        said.append(f"{change} {measure}, {share}")
    words = "; ".join(said)
    return f"{words[:1].upper()}{words[1:]}."


def _what_to_do(
    before: Before,
    lower: list[_Drop],
    by_table: list[_Drop],
    facts: PersonFacts,
    formulary: Formulary,
    ceiling: Fraction,
) -> str:
    least = [f"{one.of} {mg(one.before * (1 - ceiling))}" for one in lower]
    order = f"Order {listed(least)} a day or more" if least else "Order more"
    words = [
        f"{order}: at most {percent(ceiling)} may fall away. Say so where further orders follow, or give the reason."
    ]
    if facts.use_source in SUPPLY_TO_CONFIRM:
        words.append("OP-1: the reported dose is not confirmed; find the dose by watched titration.")
    return " ".join((*words, *_loc_5(before, facts, formulary)))


def _loc_5(before: Before, facts: PersonFacts, formulary: Formulary) -> tuple[str, ...]:
    """Its own way in, by its own figures: where other substances are taken too, and the dose is above the rule's."""
    found, reported = rule("LOC-5"), equivalents(before.daily, formulary=formulary)
    others = any((facts.other_sedatives, facts.alcohol_dependent, takes_opioid(facts)))
    if not others or reported.highest is None or reported.highest <= Fraction(found.value("over_diazepam_mg_per_day")):
        return ()
    said = (
        f"LOC-5: with other substances too, an unplanned admission is stabilised on a long-acting medicine at "
        f"{stabilising_rule()}: here {stabilising_dose(reported)}."
    )
    return (said,)


def _unknown(before: Before) -> tuple[Finding, ...]:
    if not before.without_amount:
        return ()
    return (
        _ours(
            message=f"{listed(before.without_amount)}: no amount is recorded, so no order can be held against it.",
            do="Record how much was taken a day. Where nobody can say, find the dose by watched titration (OP-1).",
            unknown=True,
        ),
    )


def _no_table(before: Before, after: Daily) -> Finding:
    return _ours(
        message=f"{_sides(before, after)} No equivalence table covers both, so they cannot be compared.",
        do="Find the dose by watched titration.",
        unknown=True,
    )


def _rise(before: Before, after: Daily, formulary: Formulary, table: str | None) -> tuple[Finding, ...]:
    change = Change(0, dt.date.min, before.daily, after)
    if not rises(change, formulary=formulary, table=table):
        return ()
    return (
        _ours(
            message=f"{_sides(before, after)} That is more than before.",
            do="Order what was taken, or say why it is more.",
        ),
    )


def _ours(*, message: str, do: str, unknown: bool = False) -> Finding:
    return Finding(
        code=COMPARED,
        severity=Severity.WARNING,
        message=message,
        do=do,
        source=OURS,
        strength="OP",
        status=Status.CANNOT_BE_ASSESSED if unknown else Status.FIRES,
        missing=("daily_dose",) if unknown else (),
    )
