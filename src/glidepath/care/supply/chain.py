"""The register's chain of hashes (L17): each movement by everything it says and by the one before it."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json

from django.conf import settings

from glidepath.care.supply.models import Movement

FIELDS = (
    "centre_id",
    "seq",
    "kind",
    "batch_id",
    "source_id",
    "target_id",
    "quantity",
    "reason",
    "document",
    "party",
    "person_id",
    "dose",
    "discrepancy_id",
    "reverses_id",
    "happened_at",
    "recorded_at",
    "recorded_by_id",
    "witness_id",
)


def movement_hash(row: Movement, *, previous: str | None = None) -> str:
    """The hash this movement must carry: HMAC-SHA256(key, previous ‖ canonical json). The key is the audit chain's,
    outside the database; the word before it keeps the two chains apart."""
    content = {name: _plain(getattr(row, name)) for name in FIELDS}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    before = row.previous if previous is None else previous
    return hmac.new(
        settings.AUDIT_KEY.encode(), b"register:" + before.encode() + text.encode(), hashlib.sha256
    ).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return value if value is None or isinstance(value, int) else str(value)
