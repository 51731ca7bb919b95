"""The chain's arithmetic: `hash = HMAC-SHA256(key, previous ‖ canonical json)`. The key stands outside the database."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from functools import lru_cache

from django.conf import settings

from glidepath.record.audit.models import AuditLine

FIELDS = (
    "centre_id",
    "seq",
    "at",
    "actor_id",
    "role",
    "session",
    "action",
    "kind",
    "about_type",
    "about_id",
    "person_id",
    "people",
    "code",
    "digest",
)


def line_hash(line: AuditLine, *, previous: str | None = None, seq: int | None = None) -> str:
    """The hash this line must carry: by its own `previous` and number, or by those given."""
    content = {name: getattr(line, name) for name in FIELDS}
    content["seq"] = line.seq if seq is None else seq
    content["at"] = line.at.astimezone(dt.UTC).isoformat()
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    before = line.previous if previous is None else previous
    return hmac.new(_key(settings.AUDIT_KEY), before.encode() + text.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4)
def _key(text: str) -> bytes:
    return text.encode()
