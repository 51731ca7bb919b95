"""What a person's facts say of a medicine about to be ordered: pregnancy, age, naloxone, adjuncts, other medicines.

An order often takes over the dose somebody came with. So pregnancy and age warn here and do not stop: what JCG-28 and
ADO-1 ask is that the present dose goes on until others have joined the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.guidelines.adjuncts import check_adjunct
from glidepath.clinical.guidelines.case import Change, OtherMedicine
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.older_people import check_older_person_switch
from glidepath.clinical.guidelines.other_medicines import check_other_medicines
from glidepath.clinical.guidelines.phenobarbital import check_phenobarbital
from glidepath.clinical.guidelines.pregnancy import check_pregnancy, check_third_trimester
from glidepath.clinical.guidelines.scope import check_scope
from glidepath.clinical.guidelines.substance_use import check_naloxone_outside


@dataclass(frozen=True, slots=True)
class NewOrder:
    """A medicine about to be ordered. before: mg a day of each benzodiazepine and Z-drug taken regularly now.

    beside: the names of the other medicines taken. for_taper: ordered to taper or beside a taper; None: not said.
    sedative: None is not known.
    """

    medicine: str
    before: Mapping[str, Dose]
    beside: tuple[str, ...] = ()
    for_taper: bool | None = False
    sedative: bool | None = None
    setting: Setting | None = None


def check_new_order(order: NewOrder, *, facts: PersonFacts, formulary: Formulary) -> tuple[Finding, ...]:
    """ADJ-1, ADJ-2, ADO-1, FAC-*, JCG-13a, JCG-13b, JCG-28, OLD-1, PHB-1, POL-9, PRG-1 for `order`."""
    known = _known(order.medicine, formulary)
    acts = known is not None
    return (
        *_adjunct(order, formulary),
        *(_not_stopping((*check_pregnancy(facts), *check_third_trimester(facts), *_young(facts))) if acts else ()),
        *(check_naloxone_outside(facts) if order.sedative is not False else ()),
        *check_older_person_switch(facts, switch_to=_switched_to(order, known)),
        *_together(order, known, formulary),
    )


def _adjunct(order: NewOrder, formulary: Formulary) -> tuple[Finding, ...]:
    return (
        *check_adjunct(order.medicine, for_taper=order.for_taper, setting=order.setting, formulary=formulary),
        *check_phenobarbital(order.medicine, for_taper=order.for_taper, setting=order.setting, experienced=None),
    )


def _young(facts: PersonFacts) -> tuple[Finding, ...]:
    """ADO-1 alone: who is cared for palliatively is no matter of one order."""
    return tuple(one for one in check_scope(facts) if one.code == "ADO-1")


def _not_stopping(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(
        replace(one, severity=Severity.WARNING) if one.severity is Severity.HARD_STOP else one for one in findings
    )


def _switched_to(order: NewOrder, known: str | None) -> str | None:
    return known if known is not None and order.before and known not in order.before else None


def _together(order: NewOrder, known: str | None, formulary: Formulary) -> tuple[Finding, ...]:
    """What is on file between it and what is taken; of what nobody has on file, that it is so."""
    if known is None:
        starting = OtherMedicine(order.medicine, Change.STARTS)
        return check_other_medicines([starting], daily=order.before, formulary=formulary)
    others = [OtherMedicine(name) for name in order.beside if _known(name, formulary) != known]
    return check_other_medicines(others, daily={known: Dose.from_ng(0, known)}, formulary=formulary)


def _known(name: str, formulary: Formulary) -> str | None:
    try:
        return formulary.find(name).name
    except UnknownMedicine:
        return None
