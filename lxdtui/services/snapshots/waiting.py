"""Waiting for an operation of the server: with its progress, and in order when cancelled."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from lxdtui.api.connection import Connection
from lxdtui.api.operations import OperationHandle
from lxdtui.api.shielded import to_the_end
from lxdtui.errors import LxdTuiError
from lxdtui.model.operation import Operation
from lxdtui.services.sync import RemoteSync
from lxdtui.store.store import Store
from lxdtui.store.updates import Change

__all__ = ["Report", "begun", "finish", "in_background"]

Report = Callable[[str, int | None], None]
"""Told how far something is: words, and per cent where known."""
Undo = Callable[[Operation | None], Awaitable[None]]
"""Removes what an operation made; given the operation as it ended."""


async def begun(
    begin: Awaitable[OperationHandle], *, connection: Connection, undo: Undo
) -> OperationHandle:
    """Wait for the answer that an operation was begun, also when this is cancelled.

    Only the answer names the operation: without it, what it makes could not be removed.

    Args:
        begin: The request.
        connection: Its server.
        undo: Removes what it makes, where this is cancelled.
    """
    handles: list[OperationHandle] = []

    async def take() -> None:
        handles.append(await begin)

    try:
        await to_the_end(take())
    except asyncio.CancelledError:
        for handle in handles:
            _let_go(handle, connection, undo)
        raise
    return handles[0]


async def finish(
    handle: OperationHandle,
    *,
    connection: Connection,
    sync: RemoteSync,
    store: Store,
    report: Report | None = None,
    undo: Undo | None = None,
) -> Operation | None:
    """Wait for the end of an operation.

    When this is cancelled, the operation is, too. Most operations of the
    servers cannot be cancelled; such a one is waited for in the background, and
    what it made is removed.

    Args:
        handle: The operation.
        connection: Its server.
        sync: What keeps the store true to it.
        store: Where its progress is seen.
        report: Told how far it is.
        undo: Removes what it made after all.

    Returns:
        The operation as it ended, or ``None`` where none was needed.

    Raises:
        OperationFailed: It ended in failure.
    """
    if handle.operation is None:
        return None
    operation = handle.operation.ref

    def tell(change: Change) -> None:
        seen = store.state.operations.get(operation)
        if operation in change.operations and seen is not None and seen.progress is not None:
            told = seen.progress
            if report is not None:
                report(told.text, told.percent)

    unwatch = store.watch(tell)
    try:
        sync.see(handle.operation)
        return await handle.wait()
    except asyncio.CancelledError:
        _let_go(handle, connection, undo)
        raise
    finally:
        unwatch()
        sync.see(handle.operation)


def _let_go(handle: OperationHandle, connection: Connection, undo: Undo | None) -> None:
    """Cancel an operation in the background, or remove what it makes."""
    in_background(connection, _end(handle, undo))


def in_background(connection: Connection, work: Coroutine[object, object, None]) -> None:
    """Let something go on that nobody waits for; it ends with its connection at the latest."""
    task = asyncio.ensure_future(work)

    async def cancel() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    connection.adopt(task, cancel)


async def _end(handle: OperationHandle, undo: Undo | None) -> None:
    try:
        await handle.cancel()
    except LxdTuiError:
        # It cannot be cancelled, or has ended: then its work is taken away below.
        if undo is None:
            return
    try:
        ended = await handle.wait()
    except LxdTuiError:
        return
    if undo is not None:
        try:
            await undo(ended)
        except LxdTuiError:
            # It is gone already, or the link broke; nobody waits for words here.
            return
