"""Server time of every main page of the demo, for the role that opens it, beside the emptiest page in the same run.

    GLIDEPATH_VAR=<a folder with a loaded demo> python bench/pages.py [--limit 100] [--only taper:]

After the pages, the time within the page of the predicted level that its curve and its band of 1,000 people take.

Prints the median in milliseconds, how much of it the processor worked, the ratio of that to the sign-in page, and the
number of database queries. With `--limit`, pages whose median is over so many milliseconds are named and the exit code
is 1. Machines differ, and one that is busy with other work makes all of it slow: the ratio hardly does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glidepath.centre.settings")
django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.assessment import queries as assessment
from glidepath.care.monitoring.queries import measured_levels
from glidepath.care.taper.doses_known import known_doses
from glidepath.care.taper.own_level import forget_levels, own_level
from glidepath.record import clock
from glidepath.record.episodes.queries import admitted_people
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

TIMES = 9
NURSE, PHYSICIAN, PHARMACIST = "amara.okafor", "ines.ferreira", "hilde.vos"
CASE_MANAGER, ADMISSIONS, MANAGER, AUDITOR = "carlos.mendes", "petra.novak", "ruth.aldous", "grace.lim"
# the pages of one person that a nurse and a physician open
HERS = ("ward:chart", "ward:guidance", "monitoring:person", "medication:person", "taper:plan", "assessment:facts")
ON_DIAZEPAM = "Ruth Albrecht"  # parent and metabolite, and two measured levels

DRAFT = {
    "regimen": "diazepam 10 mg 08:00 22:00",
    "shape": "proportional",
    "cut": "10",
    "interval_days": "14",
    "table": "va_dod_2021",
    "setting": "residential",
}


def pages() -> Iterator[tuple[str, str, str]]:
    """Who opens what: user name, page name, address."""
    marta = Person.objects.get(legal_name="Marta Ellen Lindqvist")  # 58 days here: the longest stay
    elif_ = Person.objects.get(legal_name="Elif Yıldız")  # has no plan yet
    for username in (NURSE, PHYSICIAN, PHARMACIST, CASE_MANAGER, ADMISSIONS, MANAGER):
        for name in ("ward:home", "ward:unit", "ward:people"):
            yield username, name, reverse(name)
    yield NURSE, "medication:round", reverse("medication:round")
    for username in (NURSE, PHYSICIAN):
        yield username, "monitoring:round", reverse("monitoring:round")
    for username in (NURSE, PHYSICIAN):
        for name in HERS:
            yield username, name, reverse(name, args=[marta.public_id])
    for name in ("taper:release", "taper:hold", "taper:step_back", "taper:versions"):
        yield PHYSICIAN, name, reverse(name, args=[marta.public_id])
    for person in (marta, Person.objects.get(legal_name=ON_DIAZEPAM)):
        yield PHYSICIAN, "taper:level", reverse("taper:level", args=[person.public_id])
    draft = {**DRAFT, "start": clock.today(marta.centre).isoformat()}
    yield PHYSICIAN, "taper:plan, draft", f"{reverse('taper:plan', args=[elif_.public_id])}?{urlencode(draft)}"
    yield NURSE, "flow:admit", reverse("flow:admit")
    yield NURSE, "instruments:waiting", reverse("instruments:waiting")
    yield NURSE, "instruments:trends", reverse("instruments:trends", args=[marta.public_id])
    yield PHYSICIAN, "ward:formulation", reverse("ward:formulation", args=[marta.public_id])
    yield NURSE, "assessment:overview", reverse("assessment:overview", args=[marta.public_id])
    for one in open_alarms(admitted_people(marta.centre))[:1]:
        yield NURSE, "alarms:alarm", reverse("alarms:alarm", args=[one.alarm.public_id])
    yield PHARMACIST, "supply:products", reverse("supply:products")
    yield MANAGER, "centres:settings", reverse("centres:settings")
    yield AUDITOR, "audit:lines", reverse("audit:lines")


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def milliseconds(client: Client, address: str) -> tuple[float, float]:
    """The medians of several answers: by the clock, and of the processor."""
    wall, processor = [], []
    for _ in range(TIMES + 1):
        began, worked = time.perf_counter(), time.process_time()
        answer = client.get(address, follow=True)
        wall.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - worked) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")
    return statistics.median(wall[1:]), statistics.median(processor[1:])  # the first fills what is read only once


def measured(only: str) -> Iterator[tuple[str, float]]:
    """Each page whose name holds `only`, with its median, printed as it comes."""
    empty, least = milliseconds(Client(), reverse("account_login"))
    sys.stdout.write(f"{'sign-in page':34} {empty:7.1f} ms {least:7.1f} ms    1.0 x\n")
    for username, name, address in pages():
        client, page = client_of(username), f"{name}, {username}"
        if only not in page:
            continue
        took, worked = milliseconds(client, address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address, follow=True)
        sys.stdout.write(
            f"{page:34} {took:7.1f} ms {worked:7.1f} ms {worked / least:6.1f} x {len(queries):4d} queries\n"
        )
        sys.stdout.flush()
        yield page, took


def print_band() -> None:
    """Of the page of the predicted level: one person's curve with the band of 1,000, as its view first asks for it."""
    person = Person.objects.select_related("centre").get(legal_name=ON_DIAZEPAM)
    known, facts, levels = known_doses(person), assessment.facts(person), measured_levels(person)
    weeks = (known.last - known.first) / 7
    shorter = replace(known, last=known.first + 24 * 7)  # the same doses, drawn over 24 weeks
    for words, one, own in (
        ("24 weeks", shorter, []),
        (f"its {weeks:.0f} weeks", known, []),
        ("and the own clearance", known, levels),
    ):
        took = []
        for _ in range(TIMES):
            forget_levels()
            began = time.process_time()
            own_level(one, "diazepam", own, facts)
            took.append((time.process_time() - began) * 1000)
        sys.stdout.write(f"{f'curve and band, {words}':34} {'':10} {statistics.median(took):7.1f} ms\n")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--limit", type=float, help="milliseconds a page's median may take")
    asked.add_argument("--only", default="", help="a part of the names of the pages to measure")
    wanted = asked.parse_args()
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    slow = [page for page, took in measured(wanted.only) if wanted.limit is not None and took > wanted.limit]
    if wanted.only in "taper:level":
        print_band()
    if slow:
        sys.stderr.write(f"over {wanted.limit:g} ms: {'; '.join(slow)}\n")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
