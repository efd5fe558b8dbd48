"""Keeping the store true to one server.

First the event stream is opened, then everything is listed, so that nothing
that happens in between is missed. An event names an instance, and that
instance is read again; nothing is derived from the event's word. When the
stream breaks, what is known stays, marked as old, until everything was listed
again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from lxdtui.api.connection import Connection
from lxdtui.api.events import EventStream, Lost, follow, retry_delays
from lxdtui.errors import (
    ApiError,
    ConnectionFailed,
    LxdTuiError,
    NotFound,
    ServerError,
    Unauthorized,
)
from lxdtui.model.event import LifecycleEvent, OperationEvent
from lxdtui.model.instance import Instance
from lxdtui.model.operation import Operation
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.services.remote import Remote
from lxdtui.store.state import Link, LinkState
from lxdtui.store.store import Store
from lxdtui.store.updates import (
    InstanceGone,
    InstanceRead,
    InstanceRenamed,
    InstancesListed,
    LifecycleSeen,
    LinkChanged,
    OperationForgotten,
    OperationSeen,
    OperationsListed,
    ServerRead,
)

__all__ = ["RemoteSync"]

_SHOWN_SECONDS = 5.0
"""How long an ended operation stays in the store, as it does on the server."""
_PROBE_SECONDS = 10.0
"""Pause between two looks at whether the server answers."""
_RELIST_SECONDS = 60.0
"""Pause between two listings that nobody asked for, as a safety net."""
_BUNCH_SECONDS = 0.03
"""How long to wait for more events before reading again what they name."""
_MANY = 32
"""From this number of instances on, one listing is cheaper than single reads."""
_READERS = 4
"""Single reads at a time."""

# Actions that say nothing on what the instance is: commands, consoles, files,
# logs. A program that looks at processes every second would otherwise keep us
# reading.
_IGNORED_ACTIONS = (
    "instance-exec",
    "instance-console",
    "instance-file-",
    "instance-log-",
    "instance-backup-",
    "instance-metadata-",
)


class RemoteSync:
    """Keeps the store true to one server.

    Args:
        remote: The server.
        connection: The link to it.
        store: Where everything goes.
        on_snapshots: Told when the snapshots of an instance may be different.
        clock: Monotonic seconds.
        delays: The pauses between tries to reconnect.
    """

    def __init__(
        self,
        remote: Remote,
        connection: Connection,
        store: Store,
        *,
        on_snapshots: Callable[[InstanceRef], None],
        clock: Callable[[], float] = time.monotonic,
        delays: Callable[[], Iterator[float]] = retry_delays,
    ) -> None:
        self._remote = remote
        self._connection = connection
        self._store = store
        self._on_snapshots = on_snapshots
        self._clock = clock
        self._delays = delays
        self._project = remote.project or None
        self._stale: set[InstanceRef] = set()
        self._relist = False
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()
        self._crash: BaseException | None = None
        self._cpus_asked = False
        self._set_link(state=LinkState.CONNECTING)

    async def run(self) -> None:
        """Follow the server for ever."""
        async for item in follow(self._stream, pause=self._pause, delays=self._delays):
            match item:
                case Lost(error, retry_in):
                    if self._crash is not None:
                        raise self._crash
                    self._lose(error, retry_in)
                case OperationEvent(operation=operation):
                    self.see(operation)
                case LifecycleEvent():
                    self._note(item)
                case _:
                    pass

    def retry(self) -> None:
        """Try now instead of later."""
        self._hurry.set()

    def refresh(self) -> None:
        """List everything again, or try now where the link is lost."""
        self._relist = True
        self._wake.set()
        self._hurry.set()

    def reread(self, ref: InstanceRef) -> None:
        """Read one instance again soon."""
        self._stale.add(ref)
        self._wake.set()

    def see(self, operation: Operation) -> None:
        """Take note of an operation, of an event or before its event arrives."""
        self._store.apply(OperationSeen(operation))
        if operation.is_final:
            self._forget_later(operation)

    @asynccontextmanager
    async def _stream(self) -> AsyncIterator[EventStream]:
        """Make one try: who is it, may we, the open stream, and its helpers."""
        self._hurry.clear()
        self._set_link(retry_at=None)
        began = self._clock()
        server = await self._connection.open()
        self._set_link(latency=self._clock() - began)
        known = self._store.state.servers.get(self._remote.name)
        server = replace(server, cpus=known.cpus if known else None)
        self._store.apply(ServerRead(self._remote.name, server))
        if not server.is_trusted:
            raise Unauthorized(
                f"use {self._remote.place}",
                "the server does not trust this client's certificate",
                status=403,
                hint="Add the certificate to the server's trust store, or use a token.",
            )
        async with await self._open_events() as stream:
            self._relist = True
            self._stale.clear()
            helpers = [
                asyncio.ensure_future(self._keep_current()),
                asyncio.ensure_future(self._probe()),
            ]
            for helper in helpers:
                helper.add_done_callback(partial(self._abort, stream))
            try:
                yield stream
            finally:
                for helper in helpers:
                    helper.cancel()
                await asyncio.gather(*helpers, return_exceptions=True)

    async def _open_events(self) -> EventStream:
        """Open the stream of all projects, or of one where only some are allowed."""
        stream = self._connection.events(project=self._project)
        try:
            await stream.open()
        except Unauthorized as refusal:
            await self._narrow(refusal)
            stream = self._connection.events(project=self._project)
            await stream.open()
        return stream

    async def _narrow(self, refusal: Unauthorized) -> None:
        """Look at the first project that this client may see, where it may not see all.

        Raises:
            Unauthorized: One project was asked for, or none is allowed.
        """
        names = await self._connection.project_names()
        if self._project is not None or not names:
            raise refusal
        self._project = names[0]

    def _abort(self, stream: EventStream, helper: asyncio.Task[None]) -> None:
        """End the stream when a helper of it failed."""
        if helper.cancelled():
            return
        error = helper.exception()
        if isinstance(error, LxdTuiError):
            stream.abort(error)
        elif error is not None:
            self._crash = error
            stream.abort(LxdTuiError(f"The link to {self._remote.name} failed: {error}"))

    async def _keep_current(self) -> None:
        """List, then read again what events name, until the link breaks."""
        while True:
            if self._relist:
                self._relist = False
                self._stale.clear()
                await self._list()
            elif self._stale:
                stale, self._stale = self._stale, set()
                if len(stale) > _MANY:
                    self._relist = True
                    continue
                limit = asyncio.Semaphore(_READERS)
                await asyncio.gather(*(self._read(ref, limit) for ref in stale))
            else:
                try:
                    async with asyncio.timeout(_RELIST_SECONDS):
                        await self._wake.wait()
                except TimeoutError:
                    self._relist = True
                self._wake.clear()
                # Events come in bunches: one start is three of them.
                await asyncio.sleep(_BUNCH_SECONDS)

    async def _list(self) -> None:
        try:
            instances = await self._connection.instances.list(project=self._project)
        except Unauthorized as refusal:
            await self._narrow(refusal)
            instances = await self._connection.instances.list(project=self._project)
        self._store.apply(InstancesListed(self._remote.name, instances))
        self._set_link(state=LinkState.LIVE, listed=True, error=None, retry_at=None, lost_at=None)
        operations: list[Operation] = []
        for project in self._operation_projects(instances):
            operations += await self._connection.operations.list(project=project)
        self._store.apply(OperationsListed(self._remote.name, operations))
        await self._count_cpus()
        for operation in operations:
            if operation.is_final:
                self._forget_later(operation)

    async def _count_cpus(self) -> None:
        """Ask once how many CPUs there are; shares of instances without a limit need it."""
        server = self._store.state.servers[self._remote.name]
        if server.cpus is not None or self._cpus_asked:
            return
        self._cpus_asked = True
        try:
            cpus = await self._connection.cpu_count()
        except ConnectionFailed:
            raise
        except ApiError:
            # A restricted client may not know; shares are then of one CPU.
            return
        self._store.apply(ServerRead(self._remote.name, replace(server, cpus=cpus)))

    def _operation_projects(self, instances: Sequence[Instance]) -> Sequence[str | None]:
        """Choose how to ask for operations; LXD 5.0 cannot list those of all projects."""
        if self._project is not None:
            return (self._project,)
        if self._connection.server.has("operations_get_query_all_projects"):
            return (None,)
        return sorted({instance.ref.project for instance in instances} | {DEFAULT_PROJECT})

    async def _read(self, ref: InstanceRef, limit: asyncio.Semaphore) -> None:
        async with limit:
            try:
                instance, _ = await self._connection.instances.get(ref)
            except NotFound:
                self._store.apply(InstanceGone(ref))
            except (ServerError, Unauthorized):
                # One that cannot be read now must not cost the others their link.
                return
            else:
                self._store.apply(InstanceRead(instance))

    async def _probe(self) -> None:
        """Notice a server that holds the link open but does not answer."""
        while True:
            await asyncio.sleep(_PROBE_SECONDS)
            began = self._clock()
            await self._connection.probe()
            self._set_link(latency=self._clock() - began)

    def _note(self, event: LifecycleEvent) -> None:
        ref = event.instance
        if ref is None or (self._project is not None and ref.project != self._project):
            return
        if event.action.startswith(_IGNORED_ACTIONS):
            self._store.apply(LifecycleSeen(event))
            return
        self.reread(ref)
        if event.old_name and "/snapshots/" not in event.source:
            old = replace(ref, name=event.old_name)
            self._store.apply(InstanceRenamed(old, ref))
            self.reread(old)
        self._store.apply(LifecycleSeen(event))
        if "snapshot" in event.action:
            self._on_snapshots(ref)

    def _lose(self, error: LxdTuiError, retry_in: float) -> None:
        link = self._store.state.links[self._remote.name]
        now = self._clock()
        self._set_link(
            state=LinkState.LOST,
            error=error,
            retry_at=now + retry_in,
            lost_at=link.lost_at if link.lost_at is not None else now,
        )

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return

    def _forget_later(self, operation: Operation) -> None:
        asyncio.get_running_loop().call_later(
            _SHOWN_SECONDS, self._store.apply, OperationForgotten(operation.ref)
        )

    def _set_link(self, **changes: Any) -> None:
        known = self._store.state.links.get(self._remote.name)
        if known is None:
            known = Link(remote=self._remote.name, state=LinkState.CONNECTING)
        link = replace(known, project=self._project or "", **changes)
        self._store.apply(LinkChanged(link))
