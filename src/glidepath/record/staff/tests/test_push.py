"""A push message to a device: signed, empty, and to a push service alone. A small server stands for the service."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from glidepath.record import clock
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.staff import push, queries, services
from glidepath.record.staff.models import PushDevice
from tests.cast import Cast

pytestmark = pytest.mark.django_db


class PushService(HTTPServer):
    """Remembers what came; answers with `answer`."""

    answer = 201

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Heard)
        self.heard: list[tuple[str, dict[str, str], bytes]] = []

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send/abc"


class Heard(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        service = self.server
        assert isinstance(service, PushService)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        service.heard.append((self.path, dict(self.headers), body))
        self.send_response(service.answer)
        if service.answer == 302:
            self.send_header("Location", f"http://127.0.0.1:{service.server_port}/elsewhere")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def service(settings) -> Iterator[PushService]:
    settings.PUSH_SERVICES = ("127.0.0.1", "push.example.org")
    server = PushService()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_message_is_empty_and_signed_for_this_service(service, frozen_clock) -> None:
    assert push.send(service.endpoint) == ""
    ((path, headers, body),) = service.heard
    assert (path, body) == ("/send/abc", b"")
    assert (headers["Ttl"] if "Ttl" in headers else headers["TTL"]) == "600"
    assert headers["Urgency"] == "high"
    scheme, _, rest = headers["Authorization"].partition(" ")
    token, key = rest.removeprefix("t=").split(", k=")
    head, claims, signature = token.split(".")
    assert scheme == "vapid"
    assert json.loads(unpacked(head)) == {"typ": "JWT", "alg": "ES256"}
    said = json.loads(unpacked(claims))
    assert said["aud"] == f"http://127.0.0.1:{service.server_port}"
    assert 0 < said["exp"] - clock.now().timestamp() <= 24 * 3600
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(key))
    raw = unpacked(signature)
    assert len(raw) == 64
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(der, f"{head}.{claims}x".encode(), ec.ECDSA(hashes.SHA256()))
    assert key == push.public_key()


def test_the_key_stays_the_same_and_is_of_this_installation(settings) -> None:
    first = push.public_key()
    assert push.public_key() == first
    settings.PUSH_KEY = "another"
    assert push.public_key() != first
    assert len(unpacked(first)) == 65  # an uncompressed point of P-256


@pytest.mark.parametrize(("answer", "says"), [(500, "(500)"), (403, "(403)"), (302, "(302)")])
def test_a_service_that_will_not_take_it_is_told_in_words(service, answer, says) -> None:
    service.answer = answer
    assert says in push.send(service.endpoint)
    assert len(service.heard) == 1, "no redirect is followed"


@pytest.mark.parametrize("answer", [404, 410])
def test_a_device_that_is_gone_is_known_by_the_answer(service, answer) -> None:
    service.answer = answer
    with pytest.raises(push.DeviceGone):
        push.send(service.endpoint)


def test_a_service_that_is_away_is_told_in_words(service) -> None:
    service.shutdown()
    service.server_close()
    assert push.send(service.endpoint) == "the push service did not answer (URLError)"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x", "http://push.example.org/x", "https://push.example.org.evil.example/x",
        "https://notpush.example.org.uk/", "file:///etc/passwd", "", "https://", "https://a@push.example.org/x",
        "https://[x/", "http://localhost/x",
    ],
)  # fmt: skip
def test_nothing_is_sent_and_nothing_kept_where_no_push_service_is(service, cast: Cast, address) -> None:
    assert push.send(address) == "the device's push service is none we send to"
    with pytest.raises(BadInput, match="none we send to"):
        services.call_on_device(by=cast.nurse, endpoint=address, name="x")
    assert service.heard == []


def test_a_shared_device_calls_whoever_said_so_last(service, cast: Cast) -> None:
    services.call_on_device(by=cast.nurse, endpoint=service.endpoint, name="Firefox, Linux")
    services.call_on_device(by=cast.nurse, endpoint=service.endpoint, name="Firefox, Linux")
    assert PushDevice.objects.count() == 1
    services.call_on_device(by=cast.physician, endpoint=service.endpoint, name="Firefox, Linux")
    assert queries.devices_of(cast.nurse) == []
    (device,) = queries.devices_of(cast.physician)
    assert queries.devices_by_staff(cast.centre) == {cast.physician.pk: [device]}


def test_a_device_is_taken_away_by_the_one_it_calls(service, cast: Cast) -> None:
    device = services.call_on_device(by=cast.nurse, endpoint=service.endpoint, name="Firefox, Linux")
    with pytest.raises(NotAllowed):
        services.take_device_away(device=device, by=cast.physician)
    services.take_device_away(device=device, by=cast.nurse)
    assert queries.devices_of(cast.nurse) == []
