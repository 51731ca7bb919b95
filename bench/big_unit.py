"""A unit of 60 people over 90 days beside one of 6 over 9 days, in one database: the same pages, the same queries?

    python bench/big_unit.py [--people 60] [--days 90]

The units, people, orders, tapers and the register's opening are made by the services; about 300,000 sets of
observations, 100,000 answers to doses and the entries of the register that go with them are loaded in bulk, chained and
summed as the services would, which only this file may do. Prints for each page the median of both units in
milliseconds, their ratio, and the number of database queries of both. The exit code is 1 where a page of the large unit
takes more queries than the same page of the small one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import product as product_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["GLIDEPATH_VAR"] = tempfile.mkdtemp(prefix="glidepath-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glidepath.centre.settings")

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.medication import queries as medication
from glidepath.care.medication.models import DoseAnswer, Order, YesNoUnknown
from glidepath.care.medication.services import OrderDraft, sign_order
from glidepath.care.monitoring.models import CiwaB, Observation
from glidepath.care.supply import services as supply
from glidepath.care.supply.chain import movement_hash
from glidepath.care.supply.models import Balance, Count, LedgerHead, Location, Movement, MovementKind
from glidepath.care.supply.queries import Whole, locations, stock, verify
from glidepath.centre import make_ready
from glidepath.clinical.facts.load import formulary
from glidepath.record import clock
from glidepath.record.centres.services import mark_database
from glidepath.record.people.models import Person
from glidepath.record.staff import services as staff
from tests.cast import Cast, client_for, episode_of, make_centre, proof
from tests.scenarios import ward

NOW = dt.datetime(2026, 11, 17, 10, 30, tzinfo=dt.UTC)
SETS_A_DAY = 56  # 60 people x 90 days x 56 is about 300,000
OTHER_MEDICINES = ("sertraline", "thiamine", "omeprazole", "paracetamol")  # four times a day, beside two of the taper
SCORES_A_DAY = 6
TIMES = 7
IN_ONE = 5000
PIECES, LASTS = 4, dt.date(2028, 6, 30)  # quarters of a tablet; the last day of what is in the cupboard


def a_unit(name: str, people: int, days: int) -> Cast:
    """So many people, admitted so many days ago, with a taper and regular orders, all by the services."""
    with clock.at(NOW - dt.timedelta(days=days)):
        cast = make_centre(name, beds=people)
        ward.stock_shelf(cast)
        for _ in range(people):
            person = ward.person_with_history(cast)
            ward.sign(cast, person, ward.draft(start=clock.today(cast.centre)))
            for medicine in OTHER_MEDICINES:
                _order(cast, person, medicine)
        _open_register(cast)
    return cast


def _open_register(cast: Cast) -> None:
    """A cupboard of the unit with two lots of every product, more than 60 people take in 90 days; and the pharmacy."""
    places = [
        supply.add_location(
            centre=cast.centre, name=name, kind=kind, unit=unit, by=cast.pharmacist, once=ward.once()
        )
        for name, kind, unit in (
            ("Cupboard", Location.Kind.CUPBOARD, cast.unit), ("Pharmacy", Location.Kind.PHARMACY, None)
        )
    ]  # fmt: skip
    for place, (product, _), lot in product_of(places, stock(cast.centre), ("A1", "B2")):
        container = 100_000 if product.is_liquid else 28 * PIECES
        supply.open_stock(
            location=place, by=cast.pharmacist, second=proof(cast.nurse), once=ward.once(),
            delivery=supply.Delivery(product, lot, LASTS, container, 2_000),
        )  # fmt: skip


def _order(cast: Cast, person: Person, medicine: str) -> None:
    draft = OrderDraft(
        medicine=medicine, ng=50_000_000, kind=Order.Kind.REGULAR, start_at=clock.now(),
        times=tuple(dt.time(hour) for hour in (8, 12, 16, 20)), is_sedative=YesNoUnknown.NO, is_opioid=YesNoUnknown.NO,
    )  # fmt: skip
    sign_order(
        person=person, draft=draft, by=cast.physician, proof=proof(cast.physician), once=ward.once(),
        acknowledged="of the bench",
    )  # fmt: skip


def load(cast: Cast, days: int) -> tuple[int, int]:
    """The rows of everybody's stay, in bulk. Returns how many observations and how many answers."""
    people = list(Person.objects.filter(centre=cast.centre, episodes__admitted_at__isnull=False).distinct())
    since = NOW - dt.timedelta(days=days)
    observations = saved(Observation, _observations(cast, people, since))
    companions = dict(Observation.objects.filter(centre=cast.centre).values_list("person_id", "pk"))
    saved(CiwaB, _scores(cast, people, since, companions))
    answers = saved(DoseAnswer, _answers(cast, people, since))
    _move(cast)
    return observations, answers


def _move(cast: Cast) -> None:
    """A tablet left the cupboard for each dose of the tapers: every entry with its hash, and the sums after it."""
    head = LedgerHead.objects.get(centre=cast.centre)
    held = Balance.objects.filter(location__centre=cast.centre, location__unit=cast.unit, batch__product__form="tablet")
    line = held.filter(batch__product__medicine="diazepam").select_related("batch", "location").order_by("pk")[0]
    count = saved(Movement, _issues(cast, head, line))
    head.save(update_fields=["count", "hash"])
    line.quantity -= count * PIECES
    line.latest_at = NOW
    line.save(update_fields=["quantity", "latest_at"])


def _issues(cast: Cast, head: LedgerHead, line: Balance) -> Iterator[Movement]:
    """Counts the head up with each entry."""
    person_end = Location.objects.get(centre=cast.centre, kind=Location.Kind.PERSON)
    doses = DoseAnswer.objects.filter(centre=cast.centre, version__isnull=False).order_by("happened_at", "pk")
    for person_id, dose, at in doses.values_list("person_id", "public_id", "happened_at").iterator():
        row = Movement(
            centre_id=cast.centre.pk, seq=head.count + 1, kind=MovementKind.ISSUE, batch=line.batch,
            source=line.location, target=person_end, quantity=PIECES, person_id=person_id, dose=dose,
            happened_at=at, recorded_at=at, recorded_by_id=cast.nurse.pk, previous=head.hash,
        )  # fmt: skip
        row.hash = movement_hash(row)
        head.count, head.hash = row.seq, row.hash
        yield row


def count_begun(cast: Cast) -> None:
    """The change of shift's count is under way on the cupboard."""
    cupboard = next(one for one in locations(cast.centre) if one.gives_doses)
    supply.begin_count(location=cupboard, kind=Count.Kind.SHIFT, by=cast.nurse, once=ward.once())
    if not isinstance(verify(cast.centre), Whole):
        raise SystemExit(f"the register of {cast.centre} that was loaded does not verify")


def saved(model: type, rows: Iterator[object]) -> int:
    """Loads them in parts, so that they need no more memory than one part."""
    count, part = 0, []
    for row in rows:
        part.append(row)
        count += 1
        if len(part) == IN_ONE:
            model.objects.bulk_create(part)  # type: ignore[attr-defined]
            part = []
    model.objects.bulk_create(part)  # type: ignore[attr-defined]
    return count


def _written(cast: Cast, person: Person, at: dt.datetime) -> dict[str, object]:
    return {"centre_id": cast.centre.pk, "person_id": person.pk, "happened_at": at, "recorded_at": at,
            "recorded_by_id": cast.nurse.pk}  # fmt: skip


def _moments(since: dt.datetime, a_day: int) -> Iterator[dt.datetime]:
    at, step = since + dt.timedelta(minutes=1), dt.timedelta(days=1) / a_day
    while at < NOW:
        yield at
        at += step


def _observations(cast: Cast, people: list[Person], since: dt.datetime) -> Iterator[Observation]:
    for person in people:
        episode = episode_of(person)
        for at in _moments(since, SETS_A_DAY):
            yield Observation(
                **_written(cast, person, at), episode=episode, state="awake", rr=16, spo2=97, on_oxygen=False,
                sbp=128, dbp=82, pulse=76, temperature_tenths=370, mind="A", rass=0, news2=0,
                facts_version=formulary().version,
            )  # fmt: skip


def _scores(cast: Cast, people: list[Person], since: dt.datetime, companions: dict[int, int]) -> Iterator[CiwaB]:
    for person in people:
        episode = episode_of(person)
        for at in _moments(since, SCORES_A_DAY):
            yield CiwaB(
                **_written(cast, person, at), episode=episode, observation_id=companions[person.pk], oriented=True,
                items=[1] * 20 + [None, None], total=20, band="mild", instrument_version="1",
            )  # fmt: skip


def _answers(cast: Cast, people: list[Person], since: dt.datetime) -> Iterator[DoseAnswer]:
    """Every dose that was due was given at its time."""
    for person in people:
        for row in medication.due([person], since, NOW - dt.timedelta(hours=1)):
            yield DoseAnswer(
                **_written(cast, person, row.due.due_at), due_key=row.due.key, due_at=row.due.due_at, order=row.order,
                version_id=row.due.version_id, step_number=row.due.step_number,
                medicine=row.order.medicine if row.order else medication.key_of(row.due.medicine),
                medicine_name=row.due.medicine, ng=row.due.dose.ng, given_ng=row.due.dose.ng, outcome="given", rass=0,
            )  # fmt: skip


def pages(cast: Cast) -> Iterator[tuple[str, str, Client]]:
    """The name, address and reader of each page that must not grow with the unit or the stay."""
    nurse, physician = client_for(cast.nurse), client_for(cast.physician)
    person = Person.objects.filter(centre=cast.centre).order_by("pk")[0]
    for name, client in (("ward:home", physician), ("medication:round", nurse), ("monitoring:round", nurse)):
        yield name, reverse(name), client
    for name in ("ward:board", "ward:beds", "handover:give"):
        yield name, reverse(name, args=[cast.unit.public_id]), nurse
    cupboard = next(one for one in locations(cast.centre) if one.gives_doses)
    pharmacist = client_for(cast.pharmacist)
    for name in ("supply:register", "supply:stock"):  # the balances; expected use against what is there
        yield name, reverse(name), pharmacist
    for name in ("supply:location", "supply:count"):  # every entry of one place, product by product; the count's sheet
        yield name, reverse(name, args=[cupboard.public_id]), nurse
    for name in ("ward:chart", "medication:person", "monitoring:person", "taper:plan", "ward:formulation"):
        yield name, reverse(name, args=[person.public_id]), physician


def milliseconds(client: Client, address: str) -> tuple[float, int]:
    """The median of several answers, and the queries of one."""
    took = []
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        answer = client.get(address)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return statistics.median(took[1:]), len(queries)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--people", type=int, default=60)
    arguments.add_argument("--days", type=int, default=90)
    wanted = arguments.parse_args()
    settings.ALLOWED_HOSTS = ["*"]
    make_ready.migrate(lambda word: None)
    make_ready.collect_static(lambda word: None)
    mark_database(is_demo=True)
    units = []
    for name, people, days in (("Small", 6, 9), ("Large", wanted.people, wanted.days)):
        began = time.perf_counter()
        cast = a_unit(name, people, days)
        with clock.at(NOW):
            for one in (cast.nurse, cast.physician):
                staff.start_shift(unit=cast.unit, by=one)
            observations, answers = load(cast, days)
            count_begun(cast)
        took = time.perf_counter() - began
        print(f"{name}: {people} people, {days} days, {observations} observations, {answers} doses, {took:.0f} s")
        units.append(cast)
    return compared(*units)


def compared(small: Cast, large: Cast) -> int:
    more = 0
    print(f"{'':22} {'small':>9} {'large':>9} {'ratio':>6} queries")
    with ExitStack() as stack:
        stack.enter_context(clock.at(NOW))
        for (name, few, one), (_, many, other) in zip(pages(small), pages(large), strict=True):
            (fast, asked), (slow, asks) = milliseconds(one, few), milliseconds(other, many)
            mark = "" if asks <= asked else "  MORE QUERIES"
            more += asks > asked
            print(f"{name:22} {fast:6.0f} ms {slow:6.0f} ms {slow / fast:6.1f} {asked:4d} {asks:4d}{mark}", flush=True)
    return 1 if more else 0


if __name__ == "__main__":
    raise SystemExit(main())
