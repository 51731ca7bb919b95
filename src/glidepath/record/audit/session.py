"""Which session an audit line belongs to: a digest of the session's key, never the key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_digest: ContextVar[str] = ContextVar("digest of the session that acts", default="")


def session_digest() -> str:
    return _digest.get()


class SessionDigestMiddleware:
    """Stands after the session's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _digest.set(digest_of(request.session.session_key or ""))
        try:
            return self.get_response(request)
        finally:
            _digest.reset(token)


def digest_of(session_key: str) -> str:
    """Sixteen hex digits: enough to tell sessions apart, useless to take one over."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16] if session_key else ""
