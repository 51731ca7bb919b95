"""Why a plan ends before its goal: the limit that binds, at which dose, and what would free it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil

from glidepath.clinical.amounts import Dose, exact_decimal, plain, rounded
from glidepath.clinical.dosing.bench import Bench, bench
from glidepath.clinical.dosing.descent import Impasse, Slope
from glidepath.clinical.dosing.equivalence import highest_per_mg
from glidepath.clinical.dosing.errors import CannotBeMade
from glidepath.clinical.dosing.plan import QUARTER, Blocked, Kind, Product
from glidepath.clinical.dosing.request import TaperRequest
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.medicines import Acting

HALF = Fraction(1, 2)
NOT_MAKEABLE = "TPR-3"
OVER_THE_CEILING = "JCG-6c"
UNKNOWN_CONTENT = "OP-1"


def not_made(problem: CannotBeMade, *, step: int, formulary: Formulary) -> Blocked:
    """A dose of a step that the products cannot make; of an unapproved or illicit product nobody knows any dose."""
    if formulary.find(problem.dose.medicine).is_designer:
        return Blocked(
            UNKNOWN_CONTENT,
            (problem.dose,),
            f"What is in {problem.dose.medicine} is not known: no product makes it, and no number stands for it.",
            "Titrate under supervision, with a medicine whose strength is known, to the lowest dose that controls "
            "withdrawal, and plan the taper from that dose.",
        )
    near = tuple(dose for dose in (problem.below, problem.above) if dose is not None)
    message = f"Step {step}: {problem.dose} cannot be made exactly from the stocked products."
    choose = f"Choose {' or '.join(map(str, reversed(near)))}, or stock" if near else "Stock"
    return Blocked(NOT_MAKEABLE, (problem.dose,), message, f"{choose} a smaller strength or a liquid that makes it.")


def at_goal(goal: Dose, below: Dose | None, above: Dose) -> Blocked:
    """A kept dose that cannot be made: the plan ends at the next dose above it."""
    lower = f" or {below}" if below is not None else ""
    return Blocked(
        NOT_MAKEABLE,
        (goal,),
        f"The goal of {goal} a day cannot be made exactly from the stocked products; the plan ends at {above}.",
        f"Keep {above}{lower} instead, or stock a product that makes {goal}.",
    )


def at_impasse(made: Bench, impasse: Impasse, slope: Slope, request: TaperRequest, formulary: Formulary) -> Blocked:
    """The ceiling forbids the cut to the next makeable dose, and so to every lower one."""
    at, below = made.dose(impasse.at), made.dose(impasse.below)
    limits = request.limits
    message = (
        f"Below {at} a day the stocked products make {_named(below)} next: "
        f"{_percent(1 - below.exact / at.exact)} less; the ceiling is {_percent(limits.ceiling)} in "
        f"{limits.ceiling_days} days."
    )
    if below.mg == 0:
        message += f" {_why_not_free(at, request, formulary)}"
    ways = [*_finer(made, impasse, slope, request)]
    if impasse.at < slope.start:
        ways.append(f"keep {at} a day as the goal")
    known = formulary.find(at.medicine)
    if request.switch_to is None and not known.is_z_drug and known.acting is not Acting.LONG:
        ways.append("switch to a longer-acting medicine that is stocked in smaller amounts")
    ways.append("or a prescriber overrides the ceiling for this step, with a reason")
    return Blocked(OVER_THE_CEILING, (at,), message, _sentence(ways))


def _finer(made: Bench, impasse: Impasse, slope: Slope, request: TaperRequest) -> list[str]:
    """What smaller amounts would let pass: which doses, and which stocked tablets, if divided, would make them."""
    at = made.dose(impasse.at)
    least = at.exact * (1 - (slope.ceiling or 0))
    between = f"from {_at_least(least)} to just under {plain(at.mg)} mg"
    ways = [f"stock a liquid or a smaller strength that makes a daily dose {between}"]
    for product in made.products:
        finer = [share for share in (HALF, QUARTER) if product.kind is Kind.SOLID and share < product.step]
        share = next((share for share in finer if _would_pass(product, share, least, at, request.products)), None)
        if share is not None:
            word = "halves" if share == HALF else "quarters"
            ways.append(f"let the pharmacist allow {word} of the {product.name} by name")
    return ways


def _would_pass(product: Product, share: Fraction, least: Fraction, at: Dose, products: Sequence[Product]) -> bool:
    divided = [replace(other, step=share) if other == product else other for other in products]
    other = bench(at.medicine, tuple(divided))
    return any(least <= other.dose(units).exact < at.exact for units in other.reachable(int(at.ng / other.unit_ng)))


def _at_least(mg: Fraction) -> str:
    """mg rounded up to a tenth of a microgram: what is written is never below the limit."""
    return plain(exact_decimal(Fraction(ceil(mg * 10_000), 10_000)))


def _why_not_free(at: Dose, request: TaperRequest, formulary: Formulary) -> str:
    per_mg = highest_per_mg(formulary.find(at.medicine))
    most = plain(request.limits.last_step_max_diazepam)
    if per_mg is None:
        return f"No table has a figure for {at.medicine}: whether it is little enough to stop (TPR-10) is not known."
    if at.exact * per_mg <= request.limits.last_step_max_diazepam:
        return "Beside the medicines that stay, the total would fall too far."
    equal = rounded(at.exact * per_mg, 2)
    return f"It equals {plain(equal)} mg of diazepam by the highest table; {most} mg or less may stop at once (TPR-10)."


def _named(dose: Dose) -> str:
    return "nothing" if dose.mg == 0 else plain(dose.mg) + " mg"


def _percent(share: Fraction) -> str:
    return f"{plain(rounded(share * 100))} %"


def _sentence(ways: Sequence[str]) -> str:
    text = "; ".join(ways)
    return f"{text[0].upper()}{text[1:]}."
