"""Giving an instance to another demo server, and taking one.

The order is that of LXD. On the control socket the source tells what comes and the target what it
wants of that. On the other one the source sends the snapshots and then the instance, each behind a
text frame that the target answers by one. On the control socket the target tells how it went.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from lxdtui.demo.daemon import Daemon
from lxdtui.demo.filesystem import FileSystem
from lxdtui.demo.migration_records import (
    FORMAT,
    load_record,
    read_load,
    read_snapshot,
    read_snapshot_names,
    snapshot_record,
)
from lxdtui.demo.migration_sockets import FILES, LinkBroken, MigrationSockets
from lxdtui.demo.migration_stream import Quota, StreamError, TreeReader, frames_of
from lxdtui.demo.operations import Operation, OperationFailed
from lxdtui.demo.world import Instance, Snapshot

TRANSFER_SECONDS = 3.0
_STEPS = 10
_LAST_WORDS_SECONDS = 1.0
"""How long the reason of a broken link may take to come by the other socket."""
_STRANGER = "The other side speaks another migration protocol"


def _connect_seconds(daemon: Daemon) -> float:
    """How long the sockets may take to connect: twice as long as those of a command."""
    return 2 * daemon.websocket_timeout


class GivingSession:
    """Gives an instance to whoever is at the other ends of the sockets.

    Args:
        daemon: The server's state.
        instance: The instance, which stays as it is.
        with_snapshots: Whether its snapshots are given, too.
    """

    def __init__(self, daemon: Daemon, instance: Instance, *, with_snapshots: bool) -> None:
        self._daemon = daemon
        self._instance = instance
        self._with_snapshots = with_snapshots
        self.sockets = MigrationSockets(_connect_seconds(daemon))
        """The websockets of the operation."""

    async def run(self, _operation: Operation) -> None:
        """Do the work of the operation.

        Raises:
            OperationFailed: It did not arrive.
        """
        try:
            await self.sockets.connected()
            await self._give()
        except StreamError as error:
            raise OperationFailed(str(error)) from None
        finally:
            self.sockets.cut()

    async def _give(self) -> None:
        snapshots = list(self._instance.snapshots.values()) if self._with_snapshots else []
        names = [snapshot.name for snapshot in snapshots]
        await self.sockets.tell({"format": FORMAT, "snapshots": names})
        answer = await self.sockets.hear()
        if answer.get("format") != FORMAT:
            raise OperationFailed(_refusal_of(answer) or _STRANGER)
        if not answer.get("with_snapshots"):
            snapshots = []
        verdict = asyncio.create_task(self._verdict())
        sending = asyncio.create_task(self._send_all(snapshots))
        try:
            await asyncio.wait({verdict, sending}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done() and isinstance(sending.exception(), LinkBroken):
                await asyncio.wait({verdict}, timeout=_LAST_WORDS_SECONDS)
            if verdict.done():
                verdict.result()
            await sending
            await verdict
        finally:
            for task in (verdict, sending):
                task.cancel()
            await asyncio.gather(verdict, sending, return_exceptions=True)

    async def _send_all(self, snapshots: list[Snapshot]) -> None:
        for snapshot in snapshots:
            await self._send(snapshot_record(snapshot), snapshot.filesystem)
        instance = self._instance
        await self._send(load_record(instance.load), self._daemon.filesystem(instance))

    async def _send(self, head: Mapping[str, Any], files: FileSystem | None) -> None:
        """Send a tree as it is now, whatever happens to it meanwhile."""
        for frame in frames_of(head, None if files is None else files.copy()):
            await self.sockets.send(FILES, frame)
            await asyncio.sleep(0)
        await self.sockets.send(FILES, "")
        if not isinstance(await self.sockets.receive(FILES), str):
            raise OperationFailed(_STRANGER)

    async def _verdict(self) -> None:
        words = _refusal_of(await self.sockets.hear())
        if words is not None:
            raise OperationFailed(words)


class TakingSession:
    """Takes what is given for an instance that has its place already.

    Args:
        daemon: The server's state.
        instance: The instance, without files; it is removed where that fails.
        with_snapshots: Whether snapshots are taken.
    """

    def __init__(self, daemon: Daemon, instance: Instance, *, with_snapshots: bool) -> None:
        self._daemon = daemon
        self._instance = instance
        self._with_snapshots = with_snapshots
        self._is_complete = False
        self.sockets = MigrationSockets(_connect_seconds(daemon))
        """The websockets of the operation."""

    async def run(self, operation: Operation) -> None:
        """Do the work of the operation.

        Raises:
            OperationFailed: It did not arrive completely.
        """
        try:
            await self.sockets.connected()
            await self._take(operation)
        except (OperationFailed, StreamError) as failure:
            await self._complain(str(failure))
            raise OperationFailed(f"Error transferring instance data: {failure}") from None
        finally:
            self.end()

    def end(self) -> None:
        """End the sockets, and remove the instance unless it is complete."""
        self.sockets.cut()
        if not self._is_complete:
            self._daemon.remove(self._instance)

    async def _complain(self, words: str) -> None:
        """Tell the source why it failed, if it still hears that."""
        with contextlib.suppress(OperationFailed, KeyError, TimeoutError):
            async with asyncio.timeout(_LAST_WORDS_SECONDS):
                await self.sockets.tell({"success": False, "message": words})

    async def _take(self, operation: Operation) -> None:
        header = await self.sockets.hear()
        if header.get("format") != FORMAT:
            raise OperationFailed(_STRANGER)
        names = read_snapshot_names(header) if self._with_snapshots else []
        await self.sockets.tell({"format": FORMAT, "with_snapshots": self._with_snapshots})
        quota, share = Quota(), TRANSFER_SECONDS / (len(names) + 1)
        snapshots = {}
        for name in names:
            head, files = await self._tree(operation, quota, name, share)
            snapshots[name] = read_snapshot(head, name, files)
        head, files = await self._tree(operation, quota, self._instance.name, share)
        load = read_load(head, self._instance.load)
        await self._finish(snapshots, files)
        self._instance.load = load

    async def _tree(
        self, operation: Operation, quota: Quota, name: str, seconds: float
    ) -> tuple[dict[str, Any], FileSystem | None]:
        reader = TreeReader(quota)
        while not isinstance(frame := await self.sockets.receive(FILES), str):
            reader.feed(frame)
            await asyncio.sleep(0)
        tree = reader.finish()
        for step in range(1, _STEPS + 1):
            await self._daemon.clock.simulate(seconds / _STEPS)
            done = reader.size * step / _STEPS / 1e6
            words = {"fs_progress": f"{name}: {done:.2f}MB (34.33MB/s)"}
            self._daemon.operations.update(operation, dict(operation.metadata or {}) | words)
        await self.sockets.send(FILES, "")
        return tree

    async def _finish(self, snapshots: dict[str, Snapshot], files: FileSystem | None) -> None:
        instance = self._instance
        if self._daemon.world.instance(instance.project, instance.name) is not instance:
            raise OperationFailed("Instance not found")
        instance.snapshots = snapshots
        instance.stored_filesystem = files
        await self.sockets.tell({"success": True, "message": ""})
        self._is_complete = True
        instance.busy_with = None
        for name in snapshots:
            self._daemon.instance_event(instance, "snapshot-created", path=f"/snapshots/{name}")


def _refusal_of(record: Mapping[str, Any]) -> str | None:
    """What the other side says of a failure; None where it says that there is none."""
    if record.get("success") is True:
        return None
    return str(record.get("message") or "")[:1000] or _STRANGER
