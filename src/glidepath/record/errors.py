"""What a service says when it will not do a thing. Views show it where the act was tried; nothing typed is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from glidepath.clinical.findings import Finding


class ServiceError(Exception):
    """The message is for the person at the screen: what was given, what is wrong, what to do."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field  # the form field it belongs to, where there is one


class NotAllowed(ServiceError):
    """This role, or this person today, may not do it."""


class BadInput(ServiceError):
    """What was given cannot be."""


class ChangedMeanwhile(ServiceError):
    """Somebody else changed it since the page was opened: `by` and `at` say who was first."""

    def __init__(self, message: str, *, by: str, at: dt.datetime) -> None:
        super().__init__(message)
        self.by = by
        self.at = at


class HardStop(ServiceError):
    """Findings stand in the way; a prescriber may answer those that can be answered, with a reason."""

    def __init__(self, message: str, findings: Sequence[Finding]) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
