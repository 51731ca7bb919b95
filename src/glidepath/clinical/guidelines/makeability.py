"""TPR-3: a dose that the stocked products cannot make exactly."""

from __future__ import annotations

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import TaperPlan
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding


def not_makeable(dose: Dose, *, below: Dose | None, above: Dose | None, step: int | None = None) -> Finding:
    """TPR-3 for one dose, with the nearest doses that can be made. It is never rounded, least of all downwards."""
    near = [str(found) for found in (above, below) if found is not None]
    choose = f"Choose {' or '.join(near)}" if near else "Stock a product that can make it"
    return rule("TPR-3").finding(
        message=f"{dose} cannot be made exactly from the stocked products.",
        do=f"{choose}, or stock a smaller strength or a liquid. The larger of two doses is the smaller cut.",
        step=step,
    )


def check_made(plan: TaperPlan, *, formulary: Formulary) -> tuple[Finding, ...]:
    """TPR-3 for every dose of a plan that does not say which products make it. Of an unapproved or illicit product
    there is none to name: the planner says so."""
    return tuple(
        rule("TPR-3").finding(
            message=f"Step {step.number}: which products make {planned.dose} at {planned.time:%H:%M} is not known.",
            do="Choose products that make the dose exactly.",
            step=step.number,
        )
        for step in plan.steps
        for planned in step.doses
        if not planned.made and not formulary.find(planned.dose.medicine).is_designer
    )
