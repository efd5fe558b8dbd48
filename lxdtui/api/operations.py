"""Background operations of the server: wait, follow, cancel.

Operations vanish from the server five seconds after they end, and a restart of
the server loses all of them, so a missing one means "outcome unknown".
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence

from websockets.asyncio.client import ClientConnection

from lxdtui.api.envelope import Accepted, Done
from lxdtui.api.events import EventStream
from lxdtui.api.transport import Answer, Transport
from lxdtui.errors import (
    ApiError,
    ConnectionFailed,
    NotFound,
    OperationCancelled,
    OperationFailed,
    OperationLost,
)
from lxdtui.model.event import OperationEvent
from lxdtui.model.fields import Fields
from lxdtui.model.operation import Operation, Progress
from lxdtui.model.refs import DEFAULT_PROJECT, OperationRef, quote_segment
from lxdtui.model.status import StatusCode

__all__ = ["OperationCalls", "OperationHandle"]

_BRIEF_SECONDS = 0.2
"""Shortest time between two questions for the outcome."""
_WAIT_SECONDS = 30
"""Length of one ``/wait`` call; a lost link is noticed soon after."""


class OperationHandle:
    """One operation that this client began, or a request that ended at once.

    Newer servers answer some requests at once that older ones do in the
    background; callers need not care which.
    """

    def __init__(
        self,
        calls: "OperationCalls",
        operation: Operation | None,
        *,
        tried: str,
        project: str = DEFAULT_PROJECT,
    ) -> None:
        self._calls = calls
        self._tried = tried
        self._project = project
        self.operation = operation
        """The operation as last seen, or ``None`` where none was needed."""

    async def wait(self) -> Operation | None:
        """Wait for the end.

        Returns:
            The operation as it ended, or ``None`` where none was needed.

        Raises:
            OperationFailed: It ended in failure.
            OperationCancelled: It was cancelled.
            OperationLost: The outcome is unknown.
        """
        if self.operation is None:
            return None
        while not self.operation.is_final:
            began = time.monotonic()
            self.operation = await self._calls.wait_once(
                self.operation.ref,
                tried=self._tried,
                seconds=_WAIT_SECONDS,
                project=self._project,
            )
            if not self.operation.is_final and time.monotonic() - began < _BRIEF_SECONDS:
                # A server that answers at once is not to be asked without a pause.
                await asyncio.sleep(_BRIEF_SECONDS)
        operation = self.operation
        if operation.status_code == StatusCode.SUCCESS:
            return operation
        kind = OperationFailed
        if operation.status_code == StatusCode.CANCELLED:
            kind = OperationCancelled  # type: ignore[assignment]  # both are OperationErrors
        raise kind(self._tried, operation.error, operation_id=operation.ref.id)

    async def cancel(self) -> None:
        """Ask the server to cancel the operation.

        Raises:
            ApiError: The server refuses, for example because this kind of
                operation cannot be cancelled.
        """
        if self.operation is not None:
            await self._calls.cancel(self.operation.ref)

    async def progress(self) -> AsyncIterator[Progress]:
        """Follow the progress until the end; the outcome is told by :meth:`wait`.

        Yields:
            Each new step that the server tells, without repetitions.

        Raises:
            EventStreamLost: The event stream ended before the operation did.
        """
        if self.operation is None or self.operation.is_final:
            return
        async with self._calls.events() as events:
            # Asked after the stream is open, so that no end is missed between.
            try:
                self.operation = await self._calls.get(self.operation.ref, project=self._project)
            except NotFound:
                return
            shown: Progress | None = None
            if self.operation.progress:
                shown = self.operation.progress
                yield shown
            if self.operation.is_final:
                return
            async for event in events:
                if not isinstance(event, OperationEvent):
                    continue
                if event.operation.ref != self.operation.ref:
                    continue
                if event.operation.supersedes(self.operation):
                    self.operation = event.operation
                if self.operation.progress and self.operation.progress != shown:
                    shown = self.operation.progress
                    yield shown
                if self.operation.is_final:
                    return


class OperationCalls:
    """Calls on ``/1.0/operations`` of one server."""

    def __init__(self, transport: Transport, *, remote: str) -> None:
        self._transport = transport
        self._remote = remote

    async def list(self, *, project: str | None = None) -> Sequence[Operation]:
        """List the operations that the server remembers.

        Args:
            project: The project, or ``None`` for those of all projects, where
                the server knows how to list these.
        """
        params = {"recursion": "1"} | (
            {"all-projects": "true"} if project is None else {"project": project}
        )
        answer = await self._transport.request(
            "GET", "/1.0/operations", tried="list operations", params=params
        )
        groups = Fields(_done(answer).metadata or {}, "the operations")
        return [
            Operation.from_api(item, remote=self._remote, project=project or DEFAULT_PROJECT)
            for group in ("pending", "running", "cancelling", "success", "failure", "cancelled")
            for item in groups.items(group)
        ]

    async def get(self, ref: OperationRef, *, project: str = DEFAULT_PROJECT) -> Operation:
        """Read one operation.

        Args:
            ref: The operation.
            project: The project of its instances, which LXD does not tell.

        Raises:
            NotFound: The server does not remember it.
        """
        answer = await self._transport.request("GET", ref.path, tried=f"read operation {ref.id}")
        return Operation.from_api(_done(answer).metadata, remote=self._remote, project=project)

    async def cancel(self, ref: OperationRef) -> None:
        """Cancel an operation (``DELETE /1.0/operations/ID``).

        Raises:
            BadRequest: It cannot be cancelled, or has ended.
            NotFound: The server does not remember it.
        """
        await self._transport.request("DELETE", ref.path, tried=f"cancel operation {ref.id}")

    async def wait_once(
        self, ref: OperationRef, *, tried: str, seconds: int, project: str = DEFAULT_PROJECT
    ) -> Operation:
        """Wait for the end of an operation, for a while.

        LXD 5.0 answers with the operation even where it failed or still runs,
        newer servers answer with a bare error; then the operation is asked for.

        Args:
            ref: The operation.
            tried: What the operation is to do, for the error.
            seconds: How long to wait at the most.
            project: The project of its instances, which LXD does not tell.

        Raises:
            OperationLost: The server forgot it, or the link broke.
        """
        try:
            try:
                answer = await self._transport.request(
                    "GET",
                    f"{ref.path}/wait",
                    tried=tried,
                    params={"timeout": str(seconds)},
                    answer_timeout=seconds + 30,
                )
            except ConnectionFailed:
                raise
            except ApiError:
                # Also where it says 404: that can be why the operation failed.
                return await self.get(ref, project=project)
            return Operation.from_api(_done(answer).metadata, remote=self._remote, project=project)
        except NotFound as error:
            raise OperationLost(
                tried,
                "the server does not remember the operation, so its outcome is unknown",
                operation_id=ref.id,
            ) from error
        except ConnectionFailed as error:
            raise OperationLost(
                tried,
                f"the link broke while waiting, so the outcome is unknown ({error.server_text})",
                operation_id=ref.id,
            ) from error

    async def websocket(
        self, ref: OperationRef, secret: str, *, tried: str, max_size: int | None = None
    ) -> ClientConnection:
        """Open a websocket of an operation (``GET /1.0/operations/ID/websocket?secret=``).

        Args:
            ref: The operation.
            secret: The secret of the socket, from the operation's metadata.
            tried: What the operation is to do, for the error.
            max_size: Bytes that one message may have; the link ends at a larger one.

        Raises:
            ConnectionFailed: The connection could not be made.
            ApiError: The server refused it.
        """
        path = f"{ref.path}/websocket?secret={quote_segment(secret)}"
        return await self._transport.websocket(path, tried=tried, max_size=max_size)

    def events(self) -> EventStream:
        """Open the operations part of the event stream, of all projects."""
        return EventStream(self._transport, remote=self._remote, types=("operation",))

    def handle(self, answer: Answer, *, tried: str, project: str) -> OperationHandle:
        """Make a handle of an answer, whether it ended at once or goes on."""
        if isinstance(answer.result, Accepted):
            operation = Operation.from_api(
                answer.result.operation, remote=self._remote, project=project
            )
            return OperationHandle(self, operation, tried=tried, project=project)
        return OperationHandle(self, None, tried=tried)


def _done(answer: Answer) -> Done:
    if isinstance(answer.result, Accepted):
        return Done(answer.result.operation)
    return answer.result
