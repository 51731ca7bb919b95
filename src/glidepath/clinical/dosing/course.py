"""A taper while it is being planned: the steps so far, what is taken now, and what was in force before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import PlannedDose, Product, Step, StepState
from glidepath.clinical.dosing.ratios import InForce
from glidepath.clinical.dosing.tablets import made_dose


class Course:
    """Steps in order of time. Each holds every medicine's doses, made of products; a step is added as a whole."""

    def __init__(self, products: Sequence[Product], history: Iterable[InForce]) -> None:
        self.products = tuple(products)
        self.steps: list[Step] = []
        self.history = list(history)

    @property
    def doses(self) -> tuple[PlannedDose, ...]:
        """The doses of the last step."""
        return self.steps[-1].doses

    @property
    def day(self) -> dt.date:
        """The day on which the last step begins."""
        return self.steps[-1].start

    def daily(self) -> Mapping[str, Dose]:
        return self.steps[-1].daily()

    def of(self, medicine: str) -> Mapping[dt.time, Dose]:
        """The doses of one medicine in the last step, by time of day."""
        return {planned.time: planned.dose for planned in self.doses if planned.dose.medicine == medicine}

    def made(self, doses: Iterable[PlannedDose]) -> tuple[PlannedDose, ...]:
        """The doses with the products that make them. Raises CannotBeMade."""
        return tuple(made_dose(planned.time, planned.dose, self.products) for planned in doses if planned.dose.mg > 0)

    def add(self, start: dt.date, doses: Iterable[PlannedDose], *, from_time: dt.time | None = None) -> None:
        """One more step, of doses that are made."""
        ordered = tuple(sorted(doses, key=lambda planned: (planned.time, planned.dose.medicine)))
        first = not self.steps
        state = StepState.RELEASED if first else StepState.PROJECTED
        step = Step(len(self.steps) + 1, start, ordered, state, from_time)
        self.steps.append(step)
        self.history.append(InForce(start, step.daily()))

    def change(self, start: dt.date, medicine: str, doses: Iterable[PlannedDose]) -> None:
        """One more step in which only this medicine's doses differ."""
        others = [planned for planned in self.doses if planned.dose.medicine != medicine]
        self.add(start, [*others, *doses])
