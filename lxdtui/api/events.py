"""The event stream of a server (``GET /1.0/events``), as typed values.

The stream has no history and no sequence numbers: whatever happens while it is
down is lost. :class:`EventStream` is one connection and ends with
:class:`~lxdtui.errors.EventStreamLost`; :func:`follow` reconnects for ever and
says each time that there is a gap, after which everything must be listed again.
"""

import json
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from lxdtui.api.transport import Transport
from lxdtui.errors import EventStreamLost, LxdTuiError, UnexpectedResponse
from lxdtui.model.event import Event, parse_event
from lxdtui.model.refs import quote_segment

__all__ = ["Connected", "EventStream", "Lost", "follow", "retry_delays"]

_PING_SECONDS = 20.0


class EventStream:
    """One connection to the event stream.

    ::

        async with EventStream(transport, remote="local") as events:
            async for event in events:
                ...

    Args:
        transport: The server.
        remote: Its name, which becomes part of each reference.
        types: Kinds of event; without ``logging``, which is most of the noise.
        project: Events of this project, or ``None`` for all projects.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        remote: str,
        types: tuple[str, ...] = ("operation", "lifecycle"),
        project: str | None = None,
    ) -> None:
        self._transport = transport
        self._remote = remote
        scope = "all-projects=true" if project is None else f"project={quote_segment(project)}"
        self._path = f"/1.0/events?type={','.join(types)}&{scope}"
        self._socket: ClientConnection | None = None
        self._reason: LxdTuiError | None = None

    async def open(self) -> None:
        """Open the stream; entering the context does so where it is not open yet.

        Raises:
            ConnectionFailed: The link could not be made.
            Unauthorized: This client may not follow this project, or all of them.
        """
        if self._socket is None:
            self._socket = await self._transport.websocket(
                self._path, tried="follow the events", ping_interval=_PING_SECONDS
            )

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._socket is not None:
            await self._socket.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        """Return the next event.

        Raises:
            EventStreamLost: The stream ended, or sent what is no event.
            LxdTuiError: The reason that :meth:`abort` was given.
        """
        if self._socket is None:
            raise EventStreamLost("The event stream is not open.")
        try:
            frame = await self._socket.recv()
        except ConnectionClosed as error:
            if self._reason is not None:
                raise self._reason from error
            raise EventStreamLost(
                f"The event stream of {self._transport.endpoint.place} ended: {error}"
            ) from error
        try:
            return parse_event(json.loads(frame), remote=self._remote)
        except (ValueError, RecursionError, UnexpectedResponse) as error:
            raise EventStreamLost(
                f"{self._transport.endpoint.place} sent an event that cannot be read: {error}"
            ) from error

    def abort(self, reason: LxdTuiError) -> None:
        """End the stream at once, from another task.

        Args:
            reason: What the reader of the stream is told.
        """
        self._reason = reason
        if self._socket is not None:
            self._socket.transport.abort()


@dataclass(frozen=True, slots=True)
class Connected:
    """The stream is open; whatever happened before may have been missed: list now."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The stream is down."""

    error: LxdTuiError
    """Why."""
    retry_in: float
    """Seconds until the next try."""


def retry_delays(
    *, first: float = 0.5, ceiling: float = 15.0, chance: Callable[[], float] = random.random
) -> Iterator[float]:
    """Yield growing delays in seconds, each between half and the whole of its step.

    Args:
        first: The first step.
        ceiling: The largest step.
        chance: Random numbers from 0 to 1, so that many clients do not come
            back at the same moment.
    """
    step = first
    while True:
        yield step * (0.5 + chance() / 2)
        step = min(step * 2, ceiling)


async def follow(
    open_stream: Callable[[], AbstractAsyncContextManager[AsyncIterator[Event]]],
    *,
    pause: Callable[[float], Awaitable[None]],
    delays: Callable[[], Iterator[float]] = retry_delays,
) -> AsyncGenerator[Event | Connected | Lost, None]:
    """Follow the events for ever, over every loss of the link.

    Args:
        open_stream: Opens a new stream at each try.
        pause: Waits for some seconds, or less where somebody is in a hurry.
        delays: Makes the series of delays; a new one after each success.

    Yields:
        ``Connected`` each time the stream is open, then its events, then
        ``Lost``.
    """
    waiting = delays()
    while True:
        try:
            async with open_stream() as stream:
                yield Connected()
                waiting = delays()
                async for event in stream:
                    yield event
        except LxdTuiError as error:
            delay = next(waiting)
            yield Lost(error, delay)
            await pause(delay)
