"""Background operations with the life that LXD 5.0.2 gives them.

An operation is Pending for a moment, Running, and then Success, Failure or Cancelled. It can be
read for a few seconds after its end and is forgotten then.
"""

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxdtui.demo.clock import Clock
from lxdtui.demo.events import EventHub
from lxdtui.demo.replies import ApiError

PENDING, RUNNING, SUCCESS, FAILURE, CANCELLED = 105, 103, 200, 400, 401
STATUS_WORDS = {
    PENDING: "Pending",
    RUNNING: "Running",
    SUCCESS: "Success",
    FAILURE: "Failure",
    CANCELLED: "Cancelled",
}


class OperationFailed(Exception):
    """The work of an operation ends with this text as its ``err``."""


@dataclass(slots=True, kw_only=True, eq=False)
class Operation:
    """One background operation."""

    id: str
    class_name: str
    """``task`` or ``websocket``."""
    description: str
    project: str
    resources: Mapping[str, list[str]] | None
    created_at: str
    updated_at: str
    metadata: dict[str, Any] | None = None
    may_cancel: bool = False
    status_code: int = PENDING
    err: str = ""
    session: Any = None
    """What takes the websockets of this operation: an exec session, or those of a migration."""
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Path of the operation; it carries no project."""
        return f"/1.0/operations/{self.id}"

    @property
    def is_final(self) -> bool:
        """Whether the outcome is known."""
        return self.status_code >= SUCCESS

    def body(self) -> dict[str, Any]:
        """The operation object."""
        return {
            "id": self.id,
            "class": self.class_name,
            "description": self.description,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "status": STATUS_WORDS[self.status_code],
            "status_code": self.status_code,
            "resources": self.resources,
            "metadata": self.metadata,
            "may_cancel": self.may_cancel,
            "err": self.err,
            "location": "none",
        }


Work = Callable[[Operation], Awaitable[None]]


class Operations:
    """All operations of one daemon run.

    Args:
        clock: Stamps the operations.
        events: Told about each change.
        rng: Source of the ids.
        retention: Seconds that a finished operation stays readable.
    """

    def __init__(
        self, clock: Clock, events: EventHub, rng: random.Random, retention: float
    ) -> None:
        self._clock = clock
        self._events = events
        self._rng = rng
        self._retention = retention
        self._operations: dict[str, Operation] = {}
        self._injected: list[tuple[str, str]] = []
        self._timers: set[asyncio.TimerHandle] = set()

    def fail_next(self, description: str, error: str) -> None:
        """Make the next operation of this description (``*``: any) fail with a text."""
        self._injected.append((description, error))

    def start(
        self,
        description: str,
        work: Work,
        *,
        project: str,
        resources: Mapping[str, list[str]] | None,
        class_name: str = "task",
        metadata: dict[str, Any] | None = None,
        may_cancel: bool = False,
        session: Any = None,
    ) -> Operation:
        """Create an operation and begin its work.

        Args:
            description: The words LXD uses, such as ``Starting instance``.
            work: Does the work; raises ``OperationFailed`` to fail.
            project: Project whose listeners see the operation.
            resources: Paths of the subjects by kind.
            class_name: ``task`` or ``websocket``.
            metadata: Metadata from the beginning.
            may_cancel: Whether a client may cancel it.
            session: Takes the websockets of a ``websocket`` operation.
        """
        now = self._clock.timestamp()
        operation = Operation(
            id=str(uuid.UUID(int=self._rng.getrandbits(128), version=4)),
            class_name=class_name,
            description=description,
            project=project,
            resources=resources,
            created_at=now,
            updated_at=now,
            metadata=metadata,
            may_cancel=may_cancel,
            session=session,
        )
        self._operations[operation.id] = operation
        self._emit(operation)
        operation.status_code = RUNNING
        self._emit(operation)
        operation.task = asyncio.create_task(self._run(operation, self._injected_or(work)))
        operation.task.add_done_callback(lambda task: self._end_broken(operation, task))
        return operation

    def get(self, operation_id: str) -> Operation:
        """Look up an operation.

        Raises:
            ApiError: 404, there is none, or no longer.
        """
        try:
            return self._operations[operation_id]
        except KeyError:
            raise ApiError(404, "Operation not found") from None

    def listing(self, project: str) -> list[Operation]:
        """Operations of one project."""
        return [item for item in self._operations.values() if item.project == project]

    def update(self, operation: Operation, metadata: dict[str, Any]) -> None:
        """Replace the metadata and tell the listeners."""
        operation.metadata = metadata
        operation.updated_at = self._clock.timestamp()
        self._emit(operation)

    def allow_cancel(self, operation: Operation, allowed: bool) -> None:
        """Change whether clients may cancel, as LXD does around a download."""
        operation.may_cancel = allowed

    def cancel(self, operation: Operation) -> None:
        """Cancel on behalf of a client.

        Raises:
            ApiError: 400, it is finished or may not be cancelled.
        """
        if operation.is_final:
            raise ApiError(400, "Only running operations can be cancelled")
        if not operation.may_cancel or operation.task is None:
            raise ApiError(400, "This operation can't be cancelled")
        operation.may_cancel = False
        operation.task.cancel()
        self._events.lifecycle(
            "operation-cancelled", operation.url, project=operation.project, requestor=True
        )

    async def forget_all(self) -> None:
        """End all work without an outcome, as a killed daemon does."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        operations = list(self._operations.values())
        self._operations.clear()
        tasks = [item.task for item in operations if item.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _injected_or(self, work: Work) -> Work:
        return work if not self._injected else self._with_injection(work)

    def _with_injection(self, work: Work) -> Work:
        async def run(operation: Operation) -> None:
            for index, (description, error) in enumerate(self._injected):
                if description in {"*", operation.description}:
                    del self._injected[index]
                    raise OperationFailed(error)
            await work(operation)

        return run

    async def _run(self, operation: Operation, work: Work) -> None:
        try:
            # The 202 leaves before the work begins.
            await asyncio.sleep(0)
            await work(operation)
        except OperationFailed as failure:
            self._finish(operation, FAILURE, str(failure))
        except ApiError as refusal:
            self._finish(operation, FAILURE, refusal.text)
        except asyncio.CancelledError:
            if operation.id not in self._operations:
                raise
            self._finish(operation, FAILURE, "context canceled")
        else:
            self._finish(operation, SUCCESS, "")

    def _end_broken(self, operation: Operation, task: asyncio.Task[None]) -> None:
        """End an operation whose work has a defect, so that nobody waits for ever."""
        if not task.cancelled() and task.exception() is not None:
            self._finish(operation, FAILURE, f"Demo server: {task.exception()!r}")

    def _finish(self, operation: Operation, status_code: int, err: str) -> None:
        operation.status_code = status_code
        operation.err = err
        operation.may_cancel = False
        operation.finished.set()
        self._emit(operation)
        timer: asyncio.TimerHandle | None = None

        def forget() -> None:
            self._operations.pop(operation.id, None)
            if timer is not None:
                self._timers.discard(timer)

        timer = asyncio.get_running_loop().call_later(self._retention, forget)
        self._timers.add(timer)

    def _emit(self, operation: Operation) -> None:
        self._events.emit("operation", operation.body(), operation.project)
