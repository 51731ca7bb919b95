"""Two strengths of one medicine's liquid in one plan: the same volume is then two doses, up to five-fold apart."""

from __future__ import annotations

from collections.abc import Sequence

from glidepath.clinical.amounts import plain
from glidepath.clinical.dosing.plan import Kind, Product, Step
from glidepath.clinical.findings import Finding, Severity

MIXED = "GP-LIQUIDS"  # ours


def mixed_liquids(steps: Sequence[Step]) -> tuple[Finding, ...]:
    """One finding for each medicine that the plan measures from liquids of different strengths."""
    liquids = {
        part.product
        for step in steps
        for planned in step.doses
        for part in planned.made
        if part.product.kind is Kind.LIQUID
    }
    names = sorted({product.medicine for product in liquids})
    return tuple(found for name in names for found in _mixed([one for one in liquids if one.medicine == name]))


def _mixed(liquids: Sequence[Product]) -> tuple[Finding, ...]:
    strengths = sorted({product.strength_mg for product in liquids})
    if len(strengths) < 2:
        return ()
    words = " and ".join(f"{plain(strength)} mg/mL" for strength in strengths)
    return (
        Finding(
            code=MIXED,
            severity=Severity.ADVICE,
            message=f"The plan measures {liquids[0].medicine} from liquids of {words}: a volume is not one dose.",
            do="Plan with one strength of the liquid, or label each dose with its strength.",
            source="our reading",
            strength="n/g",
        ),
    )
