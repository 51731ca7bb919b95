"""A push message to a device: empty, so that not even the push service learns more than that it came.

The device shows one fixed sentence. We prove who we are by a signed token of this installation (RFC 8292); without a
body nothing has to be encrypted (RFC 8030). Addresses are posted to only where they are a push service's own.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from http.client import HTTPMessage
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.conf import settings

from glidepath.record import clock

ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
TOKEN_LASTS = dt.timedelta(hours=12)  # a push service takes no token of more than a day
KEPT_SECONDS = 600  # a device that is off for longer than a rung lasts need not hear of it
PATIENCE_SECONDS = 10
GONE = (404, 410)


class DeviceGone(Exception):
    """The push service says that nobody listens at this address any more."""


class _StayHere(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None  # a push service does not redirect; whoever does is none


def public_key() -> str:
    """What a browser asks for when it subscribes: the point of our key, for the web."""
    return _web(
        _key().public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )


def send(endpoint: str) -> str:
    """Pushes to one device. Returns why it could not; empty: the push service took it. Raises DeviceGone."""
    if not is_push_service(endpoint):
        return "the device's push service is none we send to"
    headers = {"TTL": str(KEPT_SECONDS), "Urgency": "high", "Authorization": authorization(endpoint)}
    try:
        build_opener(_StayHere).open(Request(endpoint, data=b"", headers=headers), timeout=PATIENCE_SECONDS).close()
    except HTTPError as refused:
        if refused.code in GONE:
            raise DeviceGone from refused
        return f"the push service would not take it ({refused.code})"
    except (URLError, OSError) as failed:
        return f"the push service did not answer ({type(failed).__name__})"
    return ""


def is_push_service(endpoint: str) -> bool:
    """Whether this is an https address at one of the hosts of PUSH_SERVICES. This machine itself needs no https."""
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
    except ValueError:
        return False
    known = any(host == one or host.endswith(f".{one}") for one in settings.PUSH_SERVICES)
    return (
        known and not parts.username and (parts.scheme == "https" or (parts.scheme == "http" and host == "127.0.0.1"))
    )


def authorization(endpoint: str) -> str:
    """The header that says who sends: a token for this push service alone, signed with our key."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((clock.now() + TOKEN_LASTS).timestamp()),
        "sub": f"mailto:{settings.DEFAULT_FROM_EMAIL}",
    }
    head = ".".join(_web(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(_key().sign(head.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={head}.{_web(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={public_key()}"


def _key() -> ec.EllipticCurvePrivateKey:
    """The installation's key, worked out from the secret that is kept in var/."""
    digest = hashlib.sha512(str(settings.PUSH_KEY).encode()).digest()
    return ec.derive_private_key(int.from_bytes(digest, "big") % (ORDER_OF_P256 - 1) + 1, ec.SECP256R1())


def _web(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
