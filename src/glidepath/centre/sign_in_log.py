"""Who came and went, and who was turned away: lines of the centre's chain, without the names that were typed."""

from __future__ import annotations

import logging
from typing import Any

from glidepath.record.audit import services as audit
from glidepath.record.staff.models import Staff

log = logging.getLogger("glidepath.sign_in")


def came(who: Any, *, how: str) -> None:
    """how: "form" or "demo"."""
    if isinstance(who, Staff) and who.centre is not None:
        audit.write("sign_in", by=who, centre=who.centre, kind="session", code=how)


def went(who: Any, *, why: str) -> None:
    """why: "asked", "idle" or "too_long"."""
    if isinstance(who, Staff) and who.centre is not None:
        audit.write("sign_out", by=who, centre=who.centre, kind="session", code=why)


def turned_away(name: str) -> None:
    """A name and password that did not fit. The line is about the account; for a name nobody has there is no chain."""
    account = Staff.objects.filter(username=name).select_related("centre").first()
    if account is None or account.centre is None:
        log.warning("sign-in with a name that no account has")
        return
    audit.write("sign_in.failed", by=None, centre=account.centre, kind="deny", about=account)
