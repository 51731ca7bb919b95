"""Signing in, signing out and a failed try each leave an audit line; a try under a name nobody has has no chain."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from glidepath.record import clock
from glidepath.record.audit import services as audit
from glidepath.record.staff.models import Staff
from glidepath.record.staff.queries import account_named


def connect() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="audit line of a sign-in")
    # Under the name of the framework's own receiver, which then stays away: it would write a change of the account
    # into its history at every sign-in.
    user_logged_in.connect(_note_when, dispatch_uid="update_last_login")
    user_logged_out.connect(_signed_out, dispatch_uid="audit line of a sign-out")
    user_login_failed.connect(_failed, dispatch_uid="audit line of a failed sign-in")


def _signed_in(user: Any, **_signal: object) -> None:
    if isinstance(user, Staff) and user.centre is not None:
        audit.write("sign_in", by=user, centre=user.centre, kind="session")


def _note_when(user: Any, **_signal: object) -> None:
    if isinstance(user, Staff):
        user.last_login = clock.now()
        user.skip_history_when_saving = True  # type: ignore[attr-defined]
        user.save(update_fields=["last_login"])
        del user.skip_history_when_saving  # type: ignore[attr-defined]


def _signed_out(user: Any, **_signal: object) -> None:
    if isinstance(user, Staff) and user.centre is not None:
        audit.write("sign_out", by=user, centre=user.centre, kind="session")


def _failed(credentials: dict[str, Any], **_signal: object) -> None:
    """Whoever tried is not known to be the one whose name it is: the line is about the account and by nobody."""
    account = account_named(str(credentials.get("username", "")))
    if account is not None and account.centre is not None:
        audit.write("sign_in.failed", by=None, centre=account.centre, kind="deny", about=account)
