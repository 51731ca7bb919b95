"""Between rows and the core's values: a signed version is read back exactly as it was signed.

Products are frozen with the signature: whatever becomes of a stocked line later, an old version keeps what it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from glidepath.care.supply.models import StockedProduct
from glidepath.care.taper.models import Plan, Step, StepDose, StepPiece, Version
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing import plan as core
from glidepath.clinical.dosing.request import Milestone
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.record import clock
from glidepath.record.errors import BadInput
from glidepath.record.staff.models import Staff

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a prescriber chose, from which a plan is made: kept with the version, so that it can be made again."""

    shape: core.Shape
    cut: Fraction  # of the present dose; of a linear plan, the first cut's share
    interval_days: int
    setting: core.Setting
    goal: core.Goal
    table: str = ""
    switch_to: str = ""
    protocol: str = ""  # key of a rapid inpatient protocol; empty: none
    milestones: tuple[Milestone, ...] = ()  # of a way that was drawn
    products: tuple[str, ...] = ()  # keys of the only products to make it of; none: every one stocked


@dataclass(frozen=True, slots=True)
class Handover:
    """Where a bridging plan leads: who prescribes then, the day of the first visit, the last day of the supply."""

    prescriber: str
    first_visit: dt.date
    until: dt.date


def chosen_of(version: Version) -> Chosen:
    return Chosen(
        shape=core.Shape(version.shape),
        cut=Fraction(version.cut_basis_points, BASIS_POINTS),
        interval_days=version.interval_days,
        setting=core.Setting(version.setting),
        goal=core.Goal(tuple(Dose.from_ng(kept["ng"], kept["medicine"]) for kept in version.goal)),
        table=version.table,
        switch_to=version.switch_to,
        protocol=version.protocol,
        milestones=tuple(
            Milestone(dt.date.fromisoformat(one["on"]), Dose.from_ng(one["ng"], one["medicine"]))
            for one in version.milestones
        ),
        products=tuple(version.products),
    )


def as_step(step: Step, is_released: bool) -> core.Step:
    """One signed step with its doses and products."""
    return core.Step(
        number=step.number,
        start=step.start,
        doses=tuple(planned(dose) for dose in step.doses.all()),
        state=core.StepState.RELEASED if is_released else core.StepState.PROJECTED,
        from_time=step.from_time,
    )


def planned(dose: StepDose) -> core.PlannedDose:
    """One dose at one time of day, with the products it was signed with."""
    made = tuple(_made(piece, dose.medicine) for piece in dose.pieces.all())
    return core.PlannedDose(dose.time, Dose.from_ng(dose.ng, dose.medicine), made)


def _made(piece: StepPiece, medicine: str) -> core.Made:
    step = Fraction(piece.step_microlitres, 1000) if piece.is_liquid else Fraction(piece.step_quarters, 4)
    product = core.Product(
        medicine=medicine,
        strength_mg=Dose.from_ng(piece.strength_ng, medicine).mg,
        form=piece.form,
        kind=core.Kind.LIQUID if piece.is_liquid else core.Kind.SOLID,
        step=step,
        key=str(piece.product.public_id),
    )
    count = Fraction(piece.microlitres, 1000) if piece.is_liquid else Fraction(piece.quarters, 4)
    return core.Made(product, count)


def save_version(
    *,
    plan: Plan,
    proposed: core.TaperPlan,
    chosen: Chosen,
    kind: str,
    effective_at: dt.datetime,
    findings: Sequence[Finding],
    by: Staff,
    reason_code: str = "",
    reason: str = "",
    agreed: str = "",
    second_by: Staff | None = None,
    handover: Handover | None = None,
    last_taken: dt.date | None = None,
) -> Version:
    """The next version, whole: its steps, doses and products. The one before stays as it was."""
    now = clock.now()
    plan.latest += 1
    plan.save(update_fields=["latest"])
    version = Version.objects.create(
        centre_id=plan.centre_id,
        plan=plan,
        number=plan.latest,
        kind=kind,
        effective_at=effective_at,
        on_hold=proposed.on_hold,
        reason_code=reason_code,
        reason=reason,
        agreed=agreed,
        shape=chosen.shape.value,
        cut_basis_points=int(chosen.cut * BASIS_POINTS),
        interval_days=chosen.interval_days,
        setting=chosen.setting.value,
        table=chosen.table,
        switch_to=chosen.switch_to,
        protocol=chosen.protocol,
        second_by=second_by,
        goal=[{"medicine": dose.medicine, "ng": dose.ng} for dose in chosen.goal.kept],
        milestones=[
            {"on": one.on.isoformat(), "medicine": one.daily.medicine, "ng": one.daily.ng} for one in chosen.milestones
        ],
        products=list(chosen.products),
        prescriber=handover.prescriber if handover else "",
        first_visit=handover.first_visit if handover else None,
        bridged_until=handover.until if handover else None,
        findings=[kept_finding(one) for one in findings],
        complete=proposed.complete,
        facts_version=formulary().version,
        last_taken=last_taken,
        digest=digest(proposed, chosen, handover),
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    rows = StockedProduct.objects.filter(centre_id=plan.centre_id)
    stocked = {str(row.public_id): row for row in rows}
    _save_steps(version, proposed.steps, stocked)
    return version


def _save_steps(version: Version, steps: Sequence[core.Step], stocked: Mapping[str, StockedProduct]) -> None:
    """All steps, then all their doses, then what each is made of: three inserts however long the plan."""
    rows = Step.objects.bulk_create(_step(version, step) for step in steps)
    planned = [(row, one) for row, step in zip(rows, steps, strict=True) for one in step.doses]
    doses = StepDose.objects.bulk_create(_dose(row, one) for row, one in planned)
    StepPiece.objects.bulk_create(
        _piece(dose, made, stocked) for dose, (_, one) in zip(doses, planned, strict=True) for made in _made_of(one)
    )


def _step(version: Version, step: core.Step) -> Step:
    return Step(
        version=version,
        number=step.number,
        start=step.start,
        from_time=step.from_time,
        released=step.state is core.StepState.RELEASED,
    )


def _dose(row: Step, one: core.PlannedDose) -> StepDose:
    return StepDose(step=row, time=one.time, medicine=one.dose.medicine, ng=one.dose.ng)


def _made_of(one: core.PlannedDose) -> Sequence[core.Made]:
    if not one.made:
        raise BadInput(
            f"The {one.time:%H:%M} dose of {one.dose} is not made of stocked products, so it cannot be signed. "
            "Choose a dose the products make exactly."
        )
    return one.made


def _piece(dose: StepDose, made: core.Made, stocked: Mapping[str, StockedProduct]) -> StepPiece:
    product = made.product
    liquid = product.kind is core.Kind.LIQUID
    row = stocked.get(product.key)
    if row is None:
        raise BadInput(f"{product.name} is not stocked here any more. Plan again with what is on the shelf.")
    return StepPiece(
        dose=dose,
        product=row,
        strength_ng=Dose(product.strength_mg, product.medicine).ng,
        form=product.form,
        is_liquid=liquid,
        quarters=0 if liquid else int(made.count * 4),
        microlitres=int(made.count * 1000) if liquid else 0,
        step_quarters=4 if liquid else int(product.step * 4),
        step_microlitres=int(product.step * 1000) if liquid else 0,
    )


def digest(proposed: core.TaperPlan, chosen: Chosen, handover: Handover | None = None) -> str:
    """What was shown and signed, as one hash: steps with their days, doses and products, and the choices."""
    content = {
        "steps": [_step_content(step) for step in proposed.steps],
        "goal": [str(dose) for dose in chosen.goal.kept],
        "chosen": [chosen.shape.value, str(chosen.cut), chosen.interval_days, chosen.table, chosen.switch_to],
        **({"protocol": chosen.protocol} if chosen.protocol else {}),
        **({"milestones": [f"{one.on} {one.daily}" for one in chosen.milestones]} if chosen.milestones else {}),
        **({"products": sorted(chosen.products)} if chosen.products else {}),
        **({"handover": f"{handover}"} if handover else {}),
        "on_hold": proposed.on_hold,
        "facts": formulary().version,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _step_content(step: core.Step) -> list[Any]:
    doses = [
        [f"{one.time:%H:%M}", str(one.dose), [[made.product.name, str(made.count)] for made in one.made]]
        for one in step.doses
    ]
    return [step.number, step.start.isoformat(), str(step.from_time or ""), step.state.value, doses]


def kept_finding(finding: Finding) -> dict[str, Any]:
    """A finding as a version keeps it: what was said at the time, and who answered it."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "status": finding.status.value,
        "message": finding.message,
        "do": finding.do,
        "source": finding.source,
        "strength": finding.strength,
        "missing": list(finding.missing),
        "overridable": finding.overridable,
        "answered_by": finding.answered_by,
        "step": finding.step,
    }


def findings_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code=one["code"],
            severity=Severity(one["severity"]),
            message=one["message"],
            do=one["do"],
            source=one["source"],
            strength=one["strength"],
            status=Status(one["status"]),
            missing=tuple(one["missing"]),
            overridable=one["overridable"],
            answered_by=one["answered_by"],
            step=one["step"],
        )
        for one in kept
    )
