"""JCG-T2, OP-1, OP-3: how likely a clinically significant withdrawal is, from how often, how long and how much.

The table is the joint guideline's Table 2 (facts). The dose is the daily diazepam equivalent by the highest table, the
safer reading. Where a fact is missing the answer is the one that every cell still possible agrees on, or none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.facts.dependence import DependenceCell, DependenceRisk, DependenceTable
from glidepath.clinical.facts.load import dependence_table, rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts, exact
from glidepath.clinical.guidelines.missing import not_assessed
from glidepath.clinical.guidelines.wording import mg, months, number

SUPPLY_TO_CONFIRM = frozenset({"nonprescribed", "mixed", "unknown"})  # OP-1: what was taken is only reported

IN_WORDS = {
    DependenceRisk.RARE: "rare",
    DependenceRisk.LOWER_POSSIBLE: "possible, less likely",
    DependenceRisk.YES: "to be expected",
}


@dataclass(frozen=True, slots=True)
class Dependence:
    """`risk` of clinically significant withdrawal; None where it cannot be said, `missing` then names the facts.

    `by_table` is the table's own answer, before the supply is considered (OP-1).
    """

    risk: DependenceRisk | None
    by_table: DependenceRisk | None
    missing: tuple[str, ...]

    @property
    def likely(self) -> bool | None:
        """Whether withdrawal is to be expected: yes, no, or unknown."""
        return None if self.risk is None else self.risk is DependenceRisk.YES


def dependence(facts: PersonFacts, *, dde_max: Fraction | None) -> Dependence:
    """The risk for this person. `dde_max`: daily diazepam equivalent in mg by the highest table, None where unknown."""
    table = dependence_table()
    by_table, missing = _by_table(table, facts, dde_max)
    if facts.use_source in SUPPLY_TO_CONFIRM or by_table is DependenceRisk.YES:
        return Dependence(DependenceRisk.YES, by_table, ())
    if facts.use_source is None:
        return Dependence(None, by_table, (*missing, "use_source"))
    return Dependence(by_table, by_table, missing)


def table_risk(
    *, days_per_week: Fraction | None, months: Fraction | None, diazepam_mg: Fraction | None
) -> DependenceRisk | None:
    """What Table 2 alone says; None where what is not known could change it."""
    risks = {cell.risk for cell in _possible(dependence_table().cells, days_per_week, months, diazepam_mg)}
    return risks.pop() if len(risks) == 1 else None


def check_dependence(facts: PersonFacts, *, dde_max: Fraction | None) -> tuple[Finding, ...]:
    """JCG-T2 (always said, where it can be), OP-1 and OP-3."""
    found = dependence(facts, dde_max=dde_max)
    return (*_jcg_t2(facts, dde_max, found), *_op_1(facts), *_op_3(facts, dde_max, found))


def _jcg_t2(facts: PersonFacts, dde_max: Fraction | None, found: Dependence) -> tuple[Finding, ...]:
    if found.by_table is None:
        _, missing = _by_table(dependence_table(), facts, dde_max)
        return (not_assessed("JCG-T2", missing),)
    message = f"{_use_in_words(facts, dde_max)}: withdrawal that matters clinically is {IN_WORDS[found.by_table]}."
    do = "Plan a taper; do not stop at once." if found.likely else "Stopping or a short taper may be chosen together."
    if found.risk is None:
        do = "Ask where the supply comes from before you rely on this."
    return (rule("JCG-T2").finding(message=message, do=do),)


def _op_1(facts: PersonFacts) -> tuple[Finding, ...]:
    if facts.use_source is None:
        return (not_assessed("OP-1", ("use_source",)),)
    if facts.use_source not in SUPPLY_TO_CONFIRM:
        return ()
    supply = {
        "nonprescribed": "without a prescription",
        "mixed": "partly without a prescription",
        "unknown": "from a source nobody can name",
    }[facts.use_source]
    return (
        rule("OP-1").finding(
            message=f"The supply comes {supply}: what it contained is reported, not known.",
            do="Count physical dependence as present, and find the dose by watched titration, not by calculation.",
        ),
    )


def _op_3(facts: PersonFacts, dde_max: Fraction | None, found: Dependence) -> tuple[Finding, ...]:
    """“Rare” may mislead where the dose is high or an earlier withdrawal was complicated."""
    if found.by_table is not DependenceRisk.RARE:
        return ()
    high = None if dde_max is None else dependence_table_high(dde_max)
    reasons = [mg(dde_max) + " of diazepam equivalent on the days of use"] if dde_max is not None and high else []
    if facts.past_withdrawal_complicated:
        reasons.append("an earlier complicated withdrawal")
    if not reasons:
        return ()
    return (
        rule("OP-3").finding(
            message=f"The table says “rare”, which may mislead here: {' and '.join(reasons)}.",
            do="A prescriber confirms before anything is stopped.",
        ),
    )


def dependence_table_high(dde_max: Fraction) -> bool:
    """Whether a daily diazepam equivalent lies in the table's high tier."""
    return dde_max > Fraction(dependence_table().moderate_at_most_mg)


def _by_table(
    table: DependenceTable, facts: PersonFacts, dde_max: Fraction | None
) -> tuple[DependenceRisk | None, tuple[str, ...]]:
    """The table's answer, or None and the unknown facts that could change it."""
    known = {
        "use_days_per_week": exact(facts.use_days_per_week),
        "use_months": exact(facts.use_months),
        "daily_dose": dde_max,
    }
    risk = table_risk(
        days_per_week=known["use_days_per_week"], months=known["use_months"], diazepam_mg=known["daily_dose"]
    )
    return risk, () if risk else tuple(name for name, value in known.items() if value is None)


def _possible(
    cells: Iterable[DependenceCell], days: Fraction | None, months: Fraction | None, diazepam_mg: Fraction | None
) -> tuple[DependenceCell, ...]:
    """The cells that what is known does not rule out. Half a day a week counts upwards."""
    whole_days = None if days is None else Fraction(-(-days.numerator // days.denominator))
    return tuple(
        cell
        for cell in cells
        if _within(whole_days, cell.days_per_week_at_least, at_most=cell.days_per_week_at_most)
        and _within(months, cell.months_at_least, below=cell.months_below)
        and _within(diazepam_mg, None, at_most=cell.diazepam_mg_at_most, above=cell.diazepam_mg_above)
    )


def _within(
    value: Fraction | None,
    at_least: Decimal | None,
    *,
    at_most: Decimal | None = None,
    below: Decimal | None = None,
    above: Decimal | None = None,
) -> bool:
    if value is None:
        return True
    return (
        (at_least is None or value >= Fraction(at_least))
        and (at_most is None or value <= Fraction(at_most))
        and (below is None or value < Fraction(below))
        and (above is None or value > Fraction(above))
    )


def _use_in_words(facts: PersonFacts, dde_max: Fraction | None) -> str:
    parts = ["Taken"]
    if facts.use_days_per_week is not None:
        parts.append(f"on {number(facts.use_days_per_week)} days a week")
    if facts.use_months is not None:
        parts.append(f"for {months(facts.use_months)}")
    if dde_max is not None:
        parts.append(f"at up to {mg(dde_max)} of diazepam equivalent a day")
    return " ".join(parts)
