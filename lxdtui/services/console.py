"""The console of an instance as a byte channel that outlives a restart of the instance."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

from lxdtui.api.connection import Connection
from lxdtui.api.exec import ExecSession
from lxdtui.errors import ApiError, LxdTuiError, NotFound, ServerError, SessionClosed
from lxdtui.model.instance import Condition, Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import Foreground
from lxdtui.services.ending import Ending

__all__ = ["ConsoleSession"]

_LOOK_SECONDS = 0.5
"""How often to look whether an instance is back."""
_STAYS_SECONDS = 3.0
"""How long to wait for signs of a restart after a console ended under a running instance."""
_LINK_SECONDS = 2.0
"""How long to wait before a lost link is tried again."""
_IN_USE = b"attaching to the container failed"
_FORCE = "console_force"


class ConsoleSession:
    """Attached to the console of an instance, again after each start of it.

    Closing it leaves the console; what runs in the instance is not touched.

    Args:
        connection: The server.
        ref: The instance.
        columns: Width of the terminal in cells.
        rows: Height of the terminal in cells.
        takes_over: Cut off who is attached already, the first time.
        on_wait: Called with why it waits; with nothing when it is attached.
    """

    def __init__(
        self,
        connection: Connection,
        ref: InstanceRef,
        *,
        columns: int,
        rows: int,
        takes_over: bool = False,
        on_wait: Callable[[str], None],
    ) -> None:
        self.ref = ref
        self.ending: Ending | None = None
        """How it ended, or ``None`` while it lives."""
        self._connection = connection
        self._size = (columns, rows)
        self._takes_over = takes_over
        self._on_wait = on_wait
        self._session: ExecSession | None = None
        self._started_at: datetime | None = None
        self._has_spoken = False
        self._is_closed = asyncio.Event()

    @property
    def kept_name(self) -> str:
        """It goes on anyway, and has no name."""
        return ""

    @property
    def note(self) -> str:
        """Nothing was asked for that could be otherwise."""
        return ""

    @property
    def command(self) -> tuple[str, ...]:
        """The word for it."""
        return ("console",)

    async def open(self) -> None:
        """Attach where the instance runs; else it is waited for while reading.

        Raises:
            ApiError: There is no such instance, or somebody else is attached.
        """
        instance, _ = await self._connection.instances.get(self.ref)
        if instance.condition is not Condition.RUNNING:
            self._on_wait(_waits_for(instance))
            return
        await self._attach(instance)

    async def receive(self) -> bytes:
        """Return the next output, or ``b""`` after the end; :attr:`ending` then says why."""
        while self.ending is None:
            session = self._session
            if session is None:
                await self._wait_for_start()
                continue
            try:
                data = await session.receive()
            except SessionClosed:
                await self._let_go()
                await self._after_end()
                continue
            if data:
                if not self._has_spoken and _IN_USE in data:
                    await self._let_go()
                    self._end(self._in_use())
                    continue
                self._has_spoken = True
                return data
            await self._let_go()
            await self._after_end()
        return b""

    async def send(self, data: bytes) -> None:
        """Send input; while nothing is attached it goes nowhere."""
        if self._session is not None:
            with contextlib.suppress(SessionClosed):
                await self._session.send(data)

    async def resize(self, columns: int, rows: int) -> None:
        """Tell the console the size of the terminal, in cells."""
        self._size = (columns, rows)
        if self._session is not None:
            with contextlib.suppress(SessionClosed):
                await self._session.resize(columns, rows)

    async def foreground(self) -> Foreground | None:
        """Nothing is known of what runs on a console."""
        return None

    async def close(self) -> None:
        """Leave the console."""
        self._end("closed")
        self._is_closed.set()
        await self._let_go()

    async def _attach(self, instance: Instance) -> None:
        columns, rows = self._size
        try:
            session = await self._connection.console.open(
                self.ref, columns=columns, rows=rows, force=self._takes_over
            )
        except ServerError as error:
            if "already connected" in error.server_text:
                raise ServerError(
                    error.tried,
                    "somebody else is attached to it",
                    status=error.status,
                    hint="f takes it over" if self._can_take_over() else "",
                ) from error
            raise
        self._takes_over = False
        self._has_spoken = False
        self._started_at = instance.last_used_at
        self._session = session
        self._on_wait("")
        if self._is_closed.is_set():
            await self._let_go()

    def _can_take_over(self) -> bool:
        return self._connection.server.has(_FORCE)

    def _in_use(self) -> str:
        return (
            f"the console of {self.ref.name} is in use elsewhere; only one can be attached,"
            " and this server cannot take it over"
        )

    async def _let_go(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.aclose()

    async def _after_end(self) -> None:
        """Tell a restart from somebody else who took the console over, or a lost link."""
        seconds = 0.0
        while self.ending is None:
            try:
                instance, _ = await self._connection.instances.get(self.ref)
            except NotFound:
                self._end(f"the console ended because {self.ref.name} is gone")
                return
            except ApiError:
                self._on_wait("the link to the server is lost; waiting")
                return
            if instance.condition is not Condition.RUNNING:
                self._on_wait(_waits_for(instance))
                return
            if instance.last_used_at != self._started_at:
                self._on_wait(f"{self.ref.name} starts again")
                return
            if seconds >= _STAYS_SECONDS:
                break
            seconds += _LOOK_SECONDS
            await self._pause(_LOOK_SECONDS)
        # A server that takes the console away cuts the link as well; a lost link would
        # have shown itself by now, so that both end the same way.
        self._end("the console was closed, or somebody else took it over")

    async def _wait_for_start(self) -> None:
        """Look for the instance, and attach once it runs."""
        try:
            instance, _ = await self._connection.instances.get(self.ref)
            if instance.condition is Condition.RUNNING:
                await self._attach(instance)
                return
        except NotFound:
            self._end(f"the console ended because {self.ref.name} is gone")
            return
        except ServerError as error:
            self._end(str(error))
            return
        except LxdTuiError:
            self._on_wait("the link to the server is lost, or it is not ready; waiting")
            await self._pause(_LINK_SECONDS)
            return
        self._on_wait(_waits_for(instance))
        await self._pause(_LOOK_SECONDS)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_closed.wait()

    def _end(self, words: str) -> None:
        if self.ending is None:
            self.ending = Ending(exit_status=None, words=words)


def _waits_for(instance: Instance) -> str:
    return f"{instance.name} is {instance.condition}; the console comes when it runs"
