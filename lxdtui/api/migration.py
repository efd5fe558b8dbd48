"""Bringing an instance to another server, and leaving nothing behind where that fails."""

import asyncio
import re
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from typing import Any

from lxdtui.api.connection import Connection
from lxdtui.api.migration_ends import MigrationEnds
from lxdtui.api.migration_plan import (
    Finding,
    MigrationMode,
    MigrationOptions,
    find_obstacles,
    possible_modes,
    target_body,
)
from lxdtui.api.operations import OperationHandle
from lxdtui.api.relay import relay, secrets_of
from lxdtui.api.shielded import to_the_end
from lxdtui.errors import (
    LxdTuiError,
    OperationCancelled,
    OperationFailed,
    PreflightFailed,
    ServerError,
    UnexpectedResponse,
)
from lxdtui.model.instance import Condition, Instance
from lxdtui.model.operation import Operation
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot

__all__ = ["Migration"]

_UNREACHABLE = re.compile(
    r"unable to connect|connection refused|no route to host|network is unreachable"
    r"|i/o timeout|no such host|x509|failed to connect",
    re.IGNORECASE,
)
_STOP_SECONDS = 30.0
_STOP_POLL_SECONDS = 0.2


class Migration:
    """One instance on its way to another server. The source is never changed.

    Args:
        source: The server that has the instance.
        ref: The instance.
        target: The server that is to get it.
        project: The project there.
        options: How it is to be done.
    """

    def __init__(
        self,
        source: Connection,
        ref: InstanceRef,
        target: Connection,
        *,
        project: str,
        options: MigrationOptions,
    ) -> None:
        self._source = source
        self._ref = ref
        self._target = target
        self._options = options
        self._tried = f"migrate {ref.name} to {target.endpoint.place}"
        self._task: asyncio.Task[None] | None = None
        self._is_cancelled = False
        self._ends = MigrationEnds(target, tried=self._tried)
        self._instance: Instance | None = None
        self._snapshots: tuple[Snapshot, ...] = ()
        self.target_ref = InstanceRef(target.remote, project, options.new_name or ref.name)
        """What the instance is on the target."""
        self.mode: MigrationMode | None = None
        """Who connects to whom in the present attempt."""

    @property
    def operation(self) -> Operation | None:
        """The operation on the target as last seen, which tells the progress."""
        return self._ends.target.operation if self._ends.target else None

    @property
    def instance(self) -> Instance:
        """The instance on the source, as read by :meth:`check`.

        Raises:
            UnexpectedResponse: It was not read yet.
        """
        if self._instance is None:
            raise UnexpectedResponse(self._tried, "the instance was not read yet")
        return self._instance

    async def check(self) -> list[Finding]:
        """Look for what is known to make it fail; nothing is begun.

        Returns:
            What stands in the way; empty where nothing is known to.

        Raises:
            NotFound: The instance does not exist.
        """
        self._instance, _ = await self._source.instances.get(self._ref)
        self._snapshots = await self._source.instances.snapshots(self._ref)
        return await find_obstacles(
            self._source,
            self._instance,
            self._snapshots,
            self._target,
            self.target_ref,
            self._options,
        )

    async def begin(self) -> None:
        """Begin, where :meth:`check` finds nothing; :meth:`wait` tells how it ends.

        Closing one of the connections cancels it.

        Raises:
            PreflightFailed: Something is known to make it fail.
            NotFound: The instance does not exist.
        """
        findings = await self.check()
        if findings:
            raise PreflightFailed(self._tried, [finding.words for finding in findings])
        self._task = asyncio.create_task(self._run(), name=self._tried)
        # Nobody has to wait for it, and asyncio is not to complain of that.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())
        for connection in (self._source, self._target):
            connection.adopt(self._task, self.cancel)

    async def wait(self) -> None:
        """Wait until the instance is on the target and found complete there.

        Raises:
            OperationFailed: One of the servers could not. Nothing is left on the target.
            OperationCancelled: It was cancelled. Nothing is left on the target.
            OperationLost: The link to one of the servers broke.
            ApiError: One of the servers refused.
        """
        if self._task is not None:
            await asyncio.shield(self._task)

    async def cancel(self) -> None:
        """Cancel it and return when both servers have cleaned up."""
        if self._task is None:
            return
        if not self._is_cancelled:
            self._is_cancelled = True
            self._task.cancel()
        await asyncio.wait({self._task})

    async def carry_out(self) -> None:
        """Begin and wait; being cancelled here cancels the migration."""
        await self.begin()
        try:
            await self.wait()
        except asyncio.CancelledError:
            await self.cancel()
            raise

    async def _run(self) -> None:
        modes = possible_modes(self._source, self._target)
        if self._options.mode is not None:
            modes = (self._options.mode,)
        try:
            for number, mode in enumerate(modes, start=1):
                try:
                    await self._attempt(mode)
                except (OperationFailed, ServerError) as error:
                    # The servers cannot reach each other: try it the other way round.
                    # LXD says so of a pushing source at once, not by its operation.
                    if number == len(modes) or not _UNREACHABLE.search(error.server_text):
                        raise
                else:
                    return
        except asyncio.CancelledError:
            if self._is_cancelled:
                raise OperationCancelled(self._tried, "it was cancelled") from None
            raise

    async def _attempt(self, mode: MigrationMode) -> None:
        self.mode = mode
        self._ends = MigrationEnds(self._target, tried=self._tried)
        begin = {
            MigrationMode.PULL: self._pull,
            MigrationMode.PUSH: self._push,
            MigrationMode.RELAY: self._relay,
        }[mode]
        try:
            pump = await begin()
            await self._ends.wait(pump)
            if not self._is_live:
                await self._verify()
        except BaseException:
            await self._ends.clean_up(self.target_ref)
            raise
        if self._is_live:
            # The memory is nowhere else by now: whatever comes, nothing is undone.
            await self._source_stopped()
            await self._verify()

    async def _pull(self) -> None:
        await self._begin_source()
        operation, secrets = self._opened(self._ends.source)
        await self._begin_target(
            {
                "mode": "pull",
                "operation": f"{self._source.endpoint.url}{operation.ref.path}",
                "certificate": self._source.server.certificate,
                "secrets": secrets,
            }
        )

    async def _push(self) -> None:
        await self._begin_target({"mode": "push"})
        operation, secrets = self._opened(self._ends.target)
        self._ends.is_target_free = False
        try:
            await self._begin_source(
                {
                    "operation": f"{self._target.endpoint.url}{operation.ref.path}",
                    "certificate": self._target.server.certificate,
                    "secrets": secrets,
                }
            )
        except ServerError:
            # It was refused before anything was connected.
            self._ends.is_target_free = True
            raise

    async def _relay(self) -> Coroutine[Any, Any, None]:
        await self._begin_source()
        source_operation, source_secrets = self._opened(self._ends.source)
        await self._begin_target({"mode": "push"})
        target_operation, target_secrets = self._opened(self._ends.target)
        return relay(
            self._source.operations,
            source_operation.ref,
            source_secrets,
            self._target.operations,
            target_operation.ref,
            target_secrets,
            tried=self._tried,
        )

    @property
    def _is_live(self) -> bool:
        """Whether memory goes along; the servers accept that of a stopped one and fail."""
        return self._options.live and self.instance.is_running

    async def _begin_source(self, target: Mapping[str, object] | None = None) -> None:
        async def begin() -> None:
            self._ends.source = await self._source.instances.send(
                self._ref,
                live=self._is_live,
                instance_only=not self._options.with_snapshots,
                allow_inconsistent=self._options.allow_running,
                target=target,
            )

        await to_the_end(begin())

    async def _begin_target(self, source: Mapping[str, object]) -> None:
        body = target_body(self.instance, self.target_ref.name, self._options)
        body["source"] = {
            "type": "migration",
            "base-image": self.instance.config.get("volatile.base_image", ""),
            "live": self._is_live,
            "instance_only": not self._options.with_snapshots,
            "refresh": False,
            **source,
        }

        async def begin() -> None:
            self._ends.target, _ = await self._target.instances.create(
                body, project=self.target_ref.project
            )

        await to_the_end(begin())

    async def _source_stopped(self) -> None:
        """Wait until the source is stopped, which it may still be busy with at the end.

        Its memory has gone to the target, and so there is nothing in it that could
        keep it running; where it takes too long, it is left to itself.
        """
        with suppress(TimeoutError, LxdTuiError):
            async with asyncio.timeout(_STOP_SECONDS):
                while True:
                    now, _ = await self._source.instances.get(self._ref)
                    if now.condition is Condition.STOPPED:
                        return
                    await asyncio.sleep(_STOP_POLL_SECONDS)

    def _opened(self, handle: OperationHandle | None) -> tuple[Operation, dict[str, str]]:
        if handle is None or handle.operation is None:
            raise UnexpectedResponse(self._tried, "no operation in the answer")
        return handle.operation, secrets_of(handle.operation.metadata, tried=self._tried)

    async def _verify(self) -> None:
        """Make sure that all is on the target.

        Raises:
            OperationFailed: Something is missing there.
        """
        found = {item.name for item in await self._target.instances.snapshots(self.target_ref)}
        wanted = {item.name for item in self._snapshots} if self._options.with_snapshots else set()
        if missing := wanted - found:
            names = ", ".join(sorted(missing))
            raise OperationFailed(self._tried, f"the target has not got the snapshots {names}")
