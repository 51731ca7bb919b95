"""Signing in, signing out and a failed try each leave an audit line; a try under a name nobody has has no chain."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from glidepath.record.audit import services as audit
from glidepath.record.staff.models import Staff


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="audit line of a sign-in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit line of a sign-out")
    user_login_failed.connect(_failed, dispatch_uid="audit line of a failed sign-in")


def _signed_in(user: Any, **_signal: object) -> None:
    if isinstance(user, Staff) and user.centre is not None:
        audit.write("sign_in", by=user, centre=user.centre, kind="session")


def _signed_out(user: Any, **_signal: object) -> None:
    if isinstance(user, Staff) and user.centre is not None:
        audit.write("sign_out", by=user, centre=user.centre, kind="session")


def _failed(credentials: dict[str, Any], **_signal: object) -> None:
    """Whoever tried is not known to be the one whose name it is: the line is about the account and by nobody."""
    account = Staff.objects.filter(username__iexact=str(credentials.get("username", ""))).first()
    if account is not None and account.centre is not None:
        audit.write("sign_in.failed", by=None, centre=account.centre, kind="deny", about=account)
