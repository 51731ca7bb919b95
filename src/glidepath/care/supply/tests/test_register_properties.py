"""Random sequences of movements against a slow plain list: after any of them L1 to L5, L17 and L19 hold."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from uuid import uuid4

from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from glidepath.care.supply import queries, services
from glidepath.care.supply.models import Balance, Batch, Location, Movement
from glidepath.care.supply.tests import register as made
from glidepath.record import clock
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from tests.cast import admitted_person, proof
from tests.harness import FrozenClock

ACTS = (
    "open", "receive", "transfer", "waste", "issue", "return", "waste_dose", "undo_dose", "reverse", "leave",
    "bring_back", "wait",
)  # fmt: skip
STEP = st.tuples(
    st.sampled_from(ACTS),
    st.integers(1, 12),  # pieces in halves
    st.integers(0, 2),  # which batch
    st.integers(0, 1),  # which location
    st.sampled_from([0, 0, 0, 5, 40, 90, 600]),  # minutes dated back
)


@dataclass
class Plain:
    """The oracle: every accepted movement as (moment, order, batch, from, to, size). No balance is ever kept."""

    lines: list[tuple] = field(default_factory=list)

    def add(self, row: Movement) -> None:
        self.lines.append((row.happened_at, row.seq, row.batch_id, row.source_id, row.target_id, row.quantity))

    def at_each_moment(self, batch: int, place: int) -> list[tuple[dt.datetime, int]]:
        total, found = 0, []
        for moment, _, of, source, target, size in sorted(self.lines):
            if of == batch and place in (source, target):
                total += size if target == place else -size
                found.append((moment, total))
        return found

    def may_leave(self, batch: int, place: int, size: int, at: dt.datetime) -> bool:
        """Whether so much can go at that moment without going below nought then or at any later moment."""
        course = self.at_each_moment(batch, place)
        before = [total for moment, total in course if moment <= at]
        after = [total for moment, total in course if moment > at]
        return min([before[-1] if before else 0, *after]) >= size


@dataclass
class Story:
    """Lives the steps through the services and keeps the oracle beside them."""

    register: made.Register
    person: Person
    frozen: FrozenClock
    oracle: Plain
    batches: dict[int, Batch]

    def live(self, act: str, halves: int, which: int, where: int, back: int) -> None:
        if act == "wait":
            self.frozen.tick(minutes=7 * halves)
            return
        getattr(self, f"_{act}")(halves, which, where, clock.now() - dt.timedelta(minutes=back))

    def _open(self, halves, which, where, at):
        self._come(services.open_stock, halves, which, where, at)

    def _receive(self, halves, which, where, at):
        self._come(services.receive, halves, which, where, at, supplier="Supply Ltd", document="D1")

    def _come(self, act, halves, which, where, at, **more):
        cast, parcel = self.register.cast, made.delivery(self.register.ten, 0, "ABC"[which], loose=2 * halves)
        row = act(
            location=self._place(where), delivery=parcel, by=cast.pharmacist, second=proof(cast.nurse), happened_at=at,
            **more,
        )  # fmt: skip
        self.batches[which] = row.batch
        self.oracle.add(row)

    def _transfer(self, halves, which, where, at):
        ends = {"source": self._place(where), "target": self._place(1 - where)}
        self._go(services.transfer, halves, which, where, at, seen=True, **ends)

    def _waste(self, halves, which, where, at):
        seen = clock.now() - at <= dt.timedelta(minutes=60)
        self._go(services.waste, halves, which, where, at, seen=seen, location=self._place(where), reason="spilt")

    def _go(self, act, halves, which, where, at, *, seen, **ends):
        batch, cast = self.batches.get(which), self.register.cast
        if batch is None:
            return
        allowed = seen and self.oracle.may_leave(batch.pk, self._place(where).pk, 2 * halves, at)
        rows = self._try(
            act,
            batch=batch,
            quantity=2 * halves,
            by=cast.nurse,
            second=proof(cast.second_nurse),
            happened_at=at,
            **ends,
        )
        assert bool(rows) is allowed, (act.__name__, halves, at)

    def _issue(self, halves, which, where, at):
        self._try(made.issue, self.register, self.person, Fraction(halves, 2), at=at)

    def _leave_with(self, halves):
        """Taken along, by the door of a packing: it says what was short; the rows are read from the ledger."""
        before = Movement.objects.count()
        cast = self.register.cast
        short = services.issue_for_leave(
            parts=[services.Part(self.register.ten, 2 * halves)], unit=cast.unit, person=self.person, pack=uuid4(),
            by=cast.nurse, witness=cast.second_nurse, last=clock.today(cast.centre),
        )  # fmt: skip
        rows = list(Movement.objects.filter(seq__gt=before).order_by("seq"))
        assert bool(short) is not bool(rows), "all of it is booked, or nothing"
        return rows

    def _leave(self, halves, which, where, at):
        self._try(self._leave_with, halves)
        self._put_back_leave()

    def _put_back_leave(self):
        """What was taken along never comes back into a stock, by whichever door."""
        along = Movement.objects.filter(kind="leave").order_by("-seq").first()
        if along is None:
            return
        cast = self.register.cast
        for act, said in (
            (services.return_from_dose, {"issue": along, "quantity": 2, "by": cast.nurse}),
            (services.waste_from_dose, {"issue": along, "quantity": 2, "by": cast.nurse, "second": self._second()}),
            (services.reverse, {"movement": along, "by": cast.nurse, "second": self._second()}),
        ):
            assert self._try(act, reason="brought back", **said) == []

    def _bring_back(self, halves, which, where, at):
        """Sealed as the person's own: no movement, no balance."""
        before = Movement.objects.count(), sum(row.quantity for row in Balance.objects.all())
        services.take_in(
            person=self.person, items=[services.Brought("diazepam 10 mg tablet", 2 * halves)], seal=made.once(),
            kept_where="safe", by=self.register.cast.nurse, second=self._second(),
        )  # fmt: skip
        assert before == (Movement.objects.count(), sum(row.quantity for row in Balance.objects.all()))

    def _second(self):
        return proof(self.register.cast.second_nurse)

    def _return(self, halves, which, where, at):
        self._after(services.return_from_dose, halves)

    def _waste_dose(self, halves, which, where, at):
        self._after(services.waste_from_dose, halves, second=proof(self.register.cast.second_nurse))

    def _after(self, act, halves, **more):
        issued = Movement.objects.filter(kind="issue").order_by("-seq").first()
        if issued is not None:
            self._try(act, issue=issued, quantity=2 * halves, reason="not taken", by=self.register.cast.nurse, **more)

    def _undo_dose(self, halves, which, where, at):
        issued = Movement.objects.filter(kind="issue").order_by("-seq")[halves % 3 :][:1].first()
        if issued is not None:
            self._try(services.take_back, doses=[issued.dose], by=self.register.cast.nurse, reason="not given")

    def _reverse(self, halves, which, where, at):
        wrong = Movement.objects.filter(dose__isnull=True, reverses=None).order_by("-seq")[halves % 4 :][:1].first()
        if wrong is None:
            return
        cast = self.register.cast
        goes = self.oracle.may_leave(wrong.batch_id, wrong.target_id, wrong.quantity, clock.now())
        allowed = not Movement.objects.filter(reverses=wrong).exists() and (wrong.target.is_virtual or goes)
        rows = self._try(
            services.reverse, movement=wrong, reason="typed wrongly", by=cast.nurse, second=proof(cast.second_nurse)
        )
        assert bool(rows) is allowed, "a counter-entry, once, where it can be"

    def _place(self, where: int) -> Location:
        return (self.register.cupboard, self.register.other)[where]

    def _try(self, act, *given, **named):
        """What was written, into the oracle too; nothing where it was refused."""
        try:
            with transaction.atomic():
                written = act(*given, **named)
        except ServiceError:
            return []
        rows = written if isinstance(written, list) else [written]
        for row in rows:
            self.oracle.add(row)
        return rows


def holds(register, oracle):
    """What must be true after any sequence."""
    places = {line[3] for line in oracle.lines} | {line[4] for line in oracle.lines}
    rows = list(Movement.objects.order_by("seq"))
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1)) == sorted(line[1] for line in oracle.lines)
    # L1: each balance is the sum of its movements, and never was below nought
    kept = {(row.batch_id, row.location_id): row.quantity for row in Balance.objects.all()}
    for batch, place in kept:
        course = [total for _, total in oracle.at_each_moment(batch, place)]
        assert kept[batch, place] == (course[-1] if course else 0)
        assert min(course, default=0) >= 0
    # L2: what leaves one end arrives at the other: over all ends, also the virtual ones, the sum is nought
    for batch in {line[2] for line in oracle.lines}:
        ends = (oracle.at_each_moment(batch, place) for place in places)
        assert sum(course[-1][1] for course in ends if course) == 0
    # L3: whole base units, halves of a tablet that may be halved
    assert all(type(row.quantity) is int and row.quantity > 0 and row.quantity % 2 == 0 for row in rows)
    # L4: corrected once
    undone = [row.reverses_id for row in rows if row.reverses_id]
    assert len(undone) == len(set(undone))
    # L5: issued = with the person + wasted + returned + undone, and no part of it below nought
    per_dose = defaultdict(int)
    person_end = {row.target_id for row in rows if row.kind in ("issue", "leave")}
    for row in rows:
        if row.dose:
            per_dose[row.dose] += row.quantity * ((row.target_id in person_end) - (row.source_id in person_end))
    assert all(left >= 0 for left in per_dose.values())
    # L15: of what was taken along nothing ever came back to a stock
    along = {row.dose for row in rows if row.kind == "leave"}
    assert all(row.kind == "leave" for row in rows if row.dose in along)
    # L17 and L19
    assert isinstance(queries.verify(register.cast.centre), queries.Whole)
    assert all(line.apart == 0 for line in queries.reconcile(register.cast.centre))


def test_after_any_sequence_of_movements_l1_to_l5_l17_and_l19_hold(cast, frozen_clock):
    register = made.make(cast)
    person = admitted_person(cast)
    start = clock.now()

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(st.lists(STEP, min_size=4, max_size=22), st.booleans())
    def any_sequence(steps, counted):
        with transaction.atomic():
            frozen_clock.set(start)
            try:
                stock = made.opened(register, pieces=6, lot="A")
                first = Movement.objects.get()
                if counted:
                    made.count(register, {stock: 24})
                oracle = Plain()
                oracle.add(first)
                story = Story(register, person, frozen_clock, oracle, {0: stock})
                for step in steps:
                    story.live(*step)
                holds(register, oracle)
            finally:
                transaction.set_rollback(True)

    any_sequence()


def test_the_oracle_sees_a_balance_that_was_below_nought():
    plain = Plain()
    noon = dt.datetime(2026, 11, 17, 12, tzinfo=dt.UTC)
    plain.lines = [(noon, 1, 1, 9, 2, 8), (noon + dt.timedelta(hours=2), 2, 1, 2, 9, 6)]
    assert plain.may_leave(1, 2, 2, noon)
    assert not plain.may_leave(1, 2, 3, noon), "two hours later only 2 are left"
    assert not plain.may_leave(1, 2, 1, noon - dt.timedelta(hours=1)), "nothing was there yet"
