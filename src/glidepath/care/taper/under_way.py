"""The taper of a person as the rules see it today, for those who look at the person as a whole. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from glidepath.care.taper import protocols
from glidepath.care.taper.models import Version
from glidepath.care.taper.proposals import earlier_doses
from glidepath.care.taper.queries import Running, Tapers
from glidepath.care.taper.rows import Chosen, chosen_of
from glidepath.care.taper.signed import as_plan
from glidepath.clinical.dosing.plan import Setting, TaperPlan
from glidepath.clinical.guidelines.case import Planned
from glidepath.clinical.guidelines.taper_check import TaperContext
from glidepath.clinical.guidelines.under_way import from_today
from glidepath.record import clock
from glidepath.record.centres.models import CentreSettings
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The newest version of a plan that was not ended. step: the number of its step in force, None before its first
    dose, where the version before it still gives the doses."""

    version: Version
    planned: Planned
    step: int | None

    @property
    def is_finished(self) -> bool:
        """Whether the last step, to zero or to the kept dose, is in force."""
        return self.step is not None and self.planned.plan.complete and len(self.planned.plan.steps) == 1


def under_way(
    person: Person,
    known: Tapers,
    running: Running | None,
    *,
    settings: CentreSettings,
    setting: Setting | None = None,
    open_seizure: bool = False,
    other_sedatives: tuple[str, ...] = (),
) -> UnderWay | None:
    """None where no taper was signed, or it was ended.

    known, running: the person's tapers and the step in force. setting: where care is given now, else the plan's own.
    other_sedatives: those on orders, by name.
    """
    if not known.going_on(person.pk):
        return None
    version = known.newest(person.pk)
    chosen = chosen_of(version)
    whole = as_plan(version, [release.step_number for release in version.releases.all()])
    step = running.step.number if running and running.version.pk == version.pk else None
    plan = whole if step is None else from_today(whole, step=step, today=clock.today(person.centre))
    context = TaperContext(
        setting=setting or chosen.setting,
        table=chosen.table or None,
        shape=chosen.shape,
        switch_to=_still_to_switch(chosen, plan),
        protocol=protocols.for_rules(chosen, _signers(version)) if chosen.protocol else None,
        earlier=earlier_doses(person, plan, known),
        released=frozenset(one.number for one in plan.steps if one.state.value == "released"),
        open_seizure=open_seizure,
        other_sedatives=other_sedatives,
        under_way=len(plan.steps) < len(whole.steps),
    )
    return UnderWay(version, Planned(plan, context), step)


def _still_to_switch(chosen: Chosen, plan: TaperPlan) -> str | None:
    """The medicine of a switch that is not through: of one that is, nothing is left to convert."""
    before = [name for name in plan.steps[0].daily() if name != chosen.switch_to]
    return chosen.switch_to if chosen.switch_to and before else None


def _signers(version: Version) -> tuple[Staff, ...]:
    return tuple(one for one in (version.recorded_by, version.second_by) if one is not None)
