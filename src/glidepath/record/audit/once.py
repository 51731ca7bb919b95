"""A repeated submit does nothing twice: a form carries a key, and the act leaves it with its result.

`found` is a service's first call inside its transaction. On PostgreSQL it waits there for a twin that is under way; on
SQLite the transaction itself does. An empty key means that the calling act guards itself by its own key.
"""

from __future__ import annotations

import hashlib

from django.db import connection
from django.db.models import QuerySet

from glidepath.record import clock
from glidepath.record.audit.models import Once
from glidepath.record.errors import BadInput
from glidepath.record.prepared import prepared


def found(key: str, action: str) -> int | None:
    """The result's id of an earlier same submit, or None. Raises BadInput when the key belongs to another act."""
    if not key:
        return None
    if not connection.in_atomic_block:
        raise RuntimeError("once.found is called inside the act's transaction")
    if len(key) > 64:
        raise BadInput("This form's key cannot be read. Open the page again.", field="once")
    _wait_for_a_twin(key)
    earlier = next(iter(_done(key)), None)
    if earlier is None:
        return None
    done, result_id = earlier
    if done != action:
        raise BadInput("This form was used for something else. Open the page again.", field="once")
    return result_id


def remember(key: str, action: str, result_id: int) -> None:
    """Notes that the act under this key is done."""
    if key:
        Once.objects.create(key=key, action=action, result_id=result_id, at=clock.now())


@prepared
def _done(key: str) -> QuerySet[Once, tuple[str, int | None]]:
    return Once.objects.filter(key=key).values_list("action", "result_id")


def _wait_for_a_twin(key: str) -> None:
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
