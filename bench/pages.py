"""Server time of every main page of the demo, for the role that opens it, beside the emptiest page in the same run.

    GLIDEPATH_VAR=<a folder with a loaded demo> python bench/pages.py [--limit 100]

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
from glidepath.record import clock
from glidepath.record.episodes.queries import admitted_people
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

TIMES = 9
NURSE, PHYSICIAN, PHARMACIST = "amara.okafor", "ines.ferreira", "hilde.vos"
CASE_MANAGER, ADMISSIONS, MANAGER, AUDITOR = "carlos.mendes", "petra.novak", "ruth.aldous", "grace.lim"

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
        for name in ("ward:chart", "monitoring:person", "medication:person", "taper:plan", "assessment:facts"):
            yield username, name, reverse(name, args=[marta.public_id])
    for name in ("taper:release", "taper:hold", "taper:step_back", "taper:versions"):
        yield PHYSICIAN, name, reverse(name, args=[marta.public_id])
    draft = {**DRAFT, "start": clock.today(marta.centre).isoformat()}
    yield PHYSICIAN, "taper:plan, draft", f"{reverse('taper:plan', args=[elif_.public_id])}?{urlencode(draft)}"
    yield NURSE, "flow:admit", reverse("flow:admit")
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


def measured() -> Iterator[tuple[str, float]]:
    """Each page with its median, printed as it comes."""
    empty, least = milliseconds(Client(), reverse("account_login"))
    sys.stdout.write(f"{'sign-in page':34} {empty:7.1f} ms {least:7.1f} ms    1.0 x\n")
    for username, name, address in pages():
        client, page = client_of(username), f"{name}, {username}"
        took, worked = milliseconds(client, address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address, follow=True)
        sys.stdout.write(
            f"{page:34} {took:7.1f} ms {worked:7.1f} ms {worked / least:6.1f} x {len(queries):4d} queries\n"
        )
        sys.stdout.flush()
        yield page, took


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--limit", type=float, help="milliseconds a page's median may take")
    limit = asked.parse_args().limit
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    slow = [page for page, took in measured() if limit is not None and took > limit]
    if slow:
        sys.stderr.write(f"over {limit:g} ms: {'; '.join(slow)}\n")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
