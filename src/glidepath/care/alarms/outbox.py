"""How a message leaves the house: by e-mail, or pushed to a device. What cannot be sent comes back as words."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from glidepath.record.staff import push
from glidepath.record.staff.models import PushDevice, Staff
from glidepath.record.staff.services import forget_device

SUBJECT = "Glidepath: an alarm waits for you"


class Outbox:
    """One connection for all messages of one look: where the mail server is away, that is found out once."""

    def __init__(self) -> None:
        self._mail: BaseEmailBackend | None = None
        self._away = ""

    def send_email(self, staff: Staff, text: str) -> str:
        """Returns why it could not be sent; empty: the mail server has taken it."""
        if not staff.email:
            return "no e-mail address is set"
        if not settings.EMAIL_HOST:
            return "no mail server is set up (EMAIL_HOST)"
        if self._mail is None and not self._away:
            self._open()
        return self._away or self._send(EmailMessage(SUBJECT, text, to=[staff.email]))

    def send_push(self, devices: Sequence[PushDevice]) -> str:
        """To each device; one that takes it is enough. A device that is gone calls no longer."""
        said = [_push(device) for device in devices]
        return "" if "" in said else "; ".join(dict.fromkeys(said)) or "no device is left to call"

    def _open(self) -> None:
        mail = get_connection()
        try:
            mail.open()
        except OSError as failed:  # SMTP's own errors are among them
            self._away = f"the mail server did not answer ({type(failed).__name__})"
        else:
            self._mail = mail

    def _send(self, letter: EmailMessage) -> str:
        assert self._mail is not None
        try:
            taken = self._mail.send_messages([letter])
        except OSError as failed:
            self._mail = None  # the next message tries a connection of its own
            return f"the mail server would not take it ({type(failed).__name__})"
        return "" if taken else "the mail server would not take it"


def _push(device: PushDevice) -> str:
    try:
        return push.send(device.endpoint)
    except push.DeviceGone:
        forget_device(device)
        return f"{device.name} is gone"
