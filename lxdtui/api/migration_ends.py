"""The two operations of a migration: waiting for both, and ending both."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from typing import Any

from lxdtui.api.connection import Connection
from lxdtui.api.operations import OperationHandle
from lxdtui.api.relay import secrets_of
from lxdtui.errors import LxdTuiError, OperationFailed, OperationLost
from lxdtui.model.refs import InstanceRef
from lxdtui.model.server import ServerKind
from lxdtui.model.status import StatusCode

__all__ = ["MigrationEnds"]

_OTHER_END_SECONDS = 3.0
"""How long the other end may take to tell what it knows of a failure."""
_CLEAN_UP_SECONDS = 600.0
"""How long a server may take to undo what it has begun. A push on its way cannot be
cancelled: it is waited for, and what it made is deleted."""
_ALONE_SECONDS = 12.0
"""How long a target may go on when the source has ended."""


class MigrationEnds:
    """The operations of one attempt, as far as they were begun.

    Args:
        target: The server that is to get the instance.
        tried: What is tried, in words.
    """

    def __init__(self, target: Connection, *, tried: str) -> None:
        self._server = target
        self._tried = tried
        self.source: OperationHandle | None = None
        """That of the server that has the instance."""
        self.target: OperationHandle | None = None
        """That of the server that gets it."""
        self.is_target_free = True
        """Whether nobody can have connected to the target's websockets."""

    async def wait(self, pump: Coroutine[Any, Any, None] | None) -> None:
        """Wait for both operations.

        Args:
            pump: What hands on between them meanwhile, if there is such a thing.

        Raises:
            OperationFailed: One of them failed; the words are those of both.
            OperationLost: The link to a server broke.
        """
        operations = {
            asyncio.create_task(handle.wait()): place
            for place, handle in (("target", self.target), ("source", self.source))
            if handle is not None
        }
        tasks: dict[asyncio.Task[Any], str] = dict(operations)
        if pump is not None:
            self.is_target_free = False
            tasks[asyncio.create_task(pump)] = "relay"
        try:
            while not all(task.done() for task in operations):
                await asyncio.wait(
                    [task for task in tasks if not task.done()],
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if any(map(_failure, tasks)):
                    await asyncio.wait(operations, timeout=_OTHER_END_SECONDS)
                    break
            failures = {place: error for task, place in tasks.items() if (error := _failure(task))}
            if failures:
                raise self._joined(failures)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _joined(self, failures: Mapping[str, BaseException]) -> BaseException:
        """Make one error of what each end says, since often only one knows why."""
        words: dict[str, str] = {}
        for place, error in failures.items():
            if not isinstance(error, LxdTuiError):
                return error
            words.setdefault(getattr(error, "server_text", "") or error.message, place)
        text = "; ".join(f"{place}: {said}" for said, place in words.items())
        if all(isinstance(error, OperationLost) for error in failures.values()):
            return OperationLost(self._tried, text)
        return OperationFailed(self._tried, text)

    async def clean_up(self, made: InstanceRef) -> None:
        """End both operations; delete what was made on the target.

        The servers undo what fails by themselves. Only what the target counts
        as a success is deleted here, since it is known to be ours.

        Args:
            made: The instance on the target.
        """
        source, target = self.source, self.target
        for handle in (source, target):
            if handle and handle.operation and not handle.operation.is_final:
                with suppress(LxdTuiError):
                    await handle.cancel()
        if self.is_target_free:
            await self._hang_up()
        if source:
            await _end_of(source, _CLEAN_UP_SECONDS)
        if target:
            await _end_of(target, _ALONE_SECONDS)
            if self._server.server.kind is ServerKind.INCUS:
                await self._hang_up()
            await _end_of(target, _CLEAN_UP_SECONDS)
        operation = self.target.operation if self.target else None
        if operation is not None and operation.status_code == StatusCode.SUCCESS:
            with suppress(LxdTuiError):
                await (await self._server.instances.delete(made)).wait()

    async def _hang_up(self) -> None:
        """Connect to what the target waits for and close that.

        The target's operation cannot be cancelled. LXD gives up after ten
        seconds without a connection and Incus never does. A second connection
        to a websocket in use is refused by Incus; it makes LXD 5.0 crash.
        """
        operation = self.target.operation if self.target else None
        if operation is None or operation.is_final:
            return
        with suppress(LxdTuiError):
            async with AsyncExitStack() as stack:
                for secret in secrets_of(operation.metadata, tried=self._tried).values():
                    socket = await self._server.operations.websocket(
                        operation.ref, secret, tried=self._tried
                    )
                    stack.push_async_callback(socket.close)


async def _end_of(handle: OperationHandle, seconds: float) -> None:
    """Wait for the end of an operation, whatever it is, but not for ever."""
    with suppress(LxdTuiError, TimeoutError):
        await asyncio.wait_for(handle.wait(), seconds)


def _failure(task: asyncio.Task[Any]) -> BaseException | None:
    if not task.done() or task.cancelled():
        return None
    return task.exception()
