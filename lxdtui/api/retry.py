"""Asking once more where a kept connection turns out to be dead.

A server may close an idle connection at the very moment in which the next
request is sent on it. That says nothing about the request, and a question may
safely be asked again; anything else is not.
"""

import httpx

__all__ = ["AskAgain"]

_QUESTIONS = frozenset(("GET", "HEAD"))


class AskAgain(httpx.AsyncBaseTransport):
    """Sends questions a second time where the first was cut before any answer.

    Args:
        transport: What sends them.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; see :class:`httpx.AsyncBaseTransport`."""
        try:
            return await self._transport.handle_async_request(request)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            if request.method not in _QUESTIONS:
                raise
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()
