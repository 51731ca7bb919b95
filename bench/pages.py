"""Server time of the demo's busiest pages, for the role that opens them, beside the emptiest page in the same run.

    GLIDEPATH_VAR=<a folder with a loaded demo> python bench/pages.py

Prints the median in milliseconds, the ratio to the sign-in page, and the number of database queries.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "glidepath.centre.settings")
django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

TIMES = 9
NURSE, PHYSICIAN = "amara.okafor", "ines.ferreira"


def pages() -> Iterator[tuple[str, str, str]]:
    """Who opens what: user name, page name, address."""
    marta = Person.objects.get(legal_name="Marta Ellen Lindqvist").public_id
    for username in (NURSE, PHYSICIAN):
        for name in ("ward:home", "ward:people", "monitoring:round"):
            yield username, name, reverse(name)
    yield NURSE, "medication:round", reverse("medication:round")
    for name in ("ward:chart", "monitoring:person", "medication:person", "taper:plan"):
        yield PHYSICIAN, name, reverse(name, args=[marta])


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def milliseconds(client: Client, address: str) -> float:
    def once() -> float:
        began = time.perf_counter()
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")
        return (time.perf_counter() - began) * 1000

    once()
    return statistics.median(once() for _ in range(TIMES))


def main() -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    empty = milliseconds(Client(), reverse("account_login"))
    print(f"{'sign-in page':32} {empty:7.1f} ms    1.0 x")
    for username, name, address in pages():
        client = client_of(username)
        took = milliseconds(client, address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address, follow=True)
        print(f"{name + ', ' + username:32} {took:7.1f} ms {took / empty:6.1f} x {len(queries):4d} queries")


if __name__ == "__main__":
    main()
