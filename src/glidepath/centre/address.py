"""Where it is served: this machine alone, on the first free port."""

from __future__ import annotations

import socket

HERE = frozenset({"", "localhost", "127.0.0.1"})
BIND = "127.0.0.1"  # the server takes numbers only; browsers are told localhost, because passkeys refuse a number
PORTS_TRIED = 50


class NotHere(ValueError):
    """An address that this command does not serve on."""


def check_host(host: str) -> None:
    """Raises NotHere unless `host` is this machine."""
    if host.strip().lower() not in HERE:
        raise NotHere(
            f"HOST={host} is not served: over plain http a record may only be read on the machine itself. "
            "Leave HOST out, or put the centre behind TLS (HTTPS in docs/reference/settings.md)."
        )


def free_port(first: int) -> int:
    """`first`, or the next port nobody listens on. Raises NotHere when fifty in a row are taken."""
    for port in range(first, first + PORTS_TRIED):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((BIND, port))
            except OSError:
                continue
            return port
    raise NotHere(f"no free port from {first} to {first + PORTS_TRIED - 1}: name another with PORT=")
