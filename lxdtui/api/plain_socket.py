"""A blocking connection to a server, for a thread that moves much past the event loop."""

import select
import socket
import ssl

import httpx

from lxdtui.api.endpoint import Endpoint

__all__ = ["SILENCE", "open_socket", "wait_for_room"]

SILENCE = 60.0
"""Seconds without any progress after which the link is given up."""

_CONNECT_TIMEOUT = 5.0


def open_socket(endpoint: Endpoint, ssl_context: ssl.SSLContext | None) -> socket.socket:
    """Connect to a server; every call on the socket waits for :data:`SILENCE` at most.

    Args:
        endpoint: The server.
        ssl_context: The TLS settings, or ``None`` for a unix socket.

    Raises:
        OSError: There is no way there.
    """
    if endpoint.socket is not None:
        plain = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        plain.settimeout(_CONNECT_TIMEOUT)
        try:
            plain.connect(str(endpoint.socket))
        except OSError:
            plain.close()
            raise
        plain.settimeout(SILENCE)
        return plain
    address = httpx.URL(endpoint.url)
    plain = socket.create_connection((address.host, address.port or 443), timeout=_CONNECT_TIMEOUT)
    try:
        context = ssl_context or ssl.create_default_context()
        link = context.wrap_socket(plain, server_hostname=address.host)
    except OSError:
        plain.close()
        raise
    link.settimeout(SILENCE)
    return link


def wait_for_room(link: socket.socket) -> None:
    """Wait until something can be sent.

    Raises:
        TimeoutError: The other side takes nothing any more.
    """
    poll = select.poll()
    poll.register(link, select.POLLOUT)
    if not poll.poll(SILENCE * 1000):
        raise TimeoutError
