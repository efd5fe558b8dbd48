"""A container's configuration, name and status, with the names of the seed page."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from lxdtui.api.connection import Connection
from lxdtui.api.container_record import ContainerRecord
from lxdtui.api.earlier import Earlier, Waitable
from lxdtui.api.instances import STOP_TIMEOUT
from lxdtui.api.operations import OperationHandle
from lxdtui.api.versions import has_changed, with_root_pool, with_volatile, writable
from lxdtui.errors import BadRequest, NotFound, StaleEtag
from lxdtui.model.instance import Condition, Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.status import StatusCode

__all__ = ["ContainerLife"]


class ContainerLife(ContainerRecord):
    """What changes a container as such, on its server.

    Args:
        connection: The server.
        instance: What is known of the container.
        etag: The ETag of that.
        made_by: What makes the container, where it does not exist yet.
    """

    def __init__(
        self,
        connection: Connection,
        instance: Instance,
        etag: str = "",
        *,
        made_by: Waitable | None = None,
    ) -> None:
        super().__init__(instance, etag)
        self._connection = connection
        self._earlier = Earlier()
        if made_by is not None:
            self._earlier.remember(made_by, then=self._read_created)

    async def sync(self) -> None:
        """Read the container again; changes that were not saved are lost.

        Raises:
            NotFound: It does not exist any more.
        """
        self._take(*await self._connection.instances.get(self.ref))

    async def save(self, wait: bool = False) -> None:
        """Send the writable attributes to the server.

        What the server itself changed meanwhile (the ``volatile.`` keys) is no
        contradiction and is kept. A root disk without a pool stays in its pool.

        Raises:
            StaleEtag: Somebody else changed the container since it was read. The
                error has both versions; the attributes stay as they are.
            ApiError: The server refuses.
            OperationFailed: With ``wait``, the server could not do it.
        """
        await self._earlier.settle()
        ours = self._writable()
        # Neither a container of a list nor the description has an ETag, so the
        # server alone would let one writer overwrite the other.
        now, etag = await self._connection.instances.get(self.ref)
        if has_changed(self._instance, now):
            raise self._stale("it was changed by somebody else meanwhile", ours, now)
        body = ours | {
            "config": with_volatile(self.config, self._instance.config, now.config),
            "devices": with_root_pool(self.devices, now.expanded_devices),
        }
        try:
            handle = await self._connection.instances.update(self.ref, body, etag=etag)
        except StaleEtag as error:
            now, _ = await self._connection.instances.get(self.ref)
            raise self._stale(error.server_text, ours, now) from error

        async def saved() -> None:
            self._rebase(*await self._connection.instances.get(self.ref))

        await self._finish(handle, wait=wait, then=self.sync if wait else saved)

    def _stale(self, text: str, ours: dict[str, Any], now: Instance) -> StaleEtag:
        tried = f"change the configuration of {self.name}"
        hint = "Read it again with sync(), repeat your change and save it."
        return StaleEtag(tried, text, hint=hint, ours=ours, theirs=writable(now))

    async def rename(self, new_name: str, wait: bool = False) -> None:
        """Rename the container, which must be stopped.

        Raises:
            Conflict: The name is taken.
            OperationFailed: With ``wait``, it could not be renamed.
        """
        await self._earlier.settle()
        handle = await self._connection.instances.rename(self.ref, new_name)
        renamed = InstanceRef(self.ref.remote, self.ref.project, new_name)

        async def become() -> None:
            if await self._connection.instances.exists(renamed):
                self._become(renamed)
            if wait:
                await self.sync()

        await self._finish(handle, wait=wait, then=become)

    async def delete(self, wait: bool = False, force: bool = False) -> None:
        """Delete the container and its snapshots.

        The server refuses one that is running. A frozen one, in which nothing
        can go on, is stopped first.

        Args:
            wait: Return when it is deleted.
            force: Kill a running one first.

        Raises:
            BadRequest: It is running, and ``force`` was not given.
            OperationFailed: It could not be stopped or, with ``wait``, deleted.
        """
        await self._earlier.settle()
        try:
            handle = await self._connection.instances.delete(self.ref)
        except BadRequest:
            now, _ = await self._connection.instances.get(self.ref)
            if now.condition is Condition.STOPPED or not (
                force or now.condition is Condition.FROZEN
            ):
                raise
            stop = await self._connection.instances.set_state(self.ref, "stop", force=True)
            await stop.wait()
            if now.ephemeral:
                # It deleted itself by stopping.
                return
            handle = await self._connection.instances.delete(self.ref)
        await self._finish(handle, wait=wait)

    async def start(
        self,
        timeout: int = STOP_TIMEOUT,
        force: bool = False,
        wait: bool = False,
        *,
        stateful: bool | None = None,
    ) -> None:
        """Start the container.

        Args:
            timeout: Seconds that the server may take.
            force: Has no meaning here; kept for the seed page's signature.
            wait: Return when it runs.
            stateful: Go on from the memory that ``stop(stateful=True)`` kept, and fail
                where there is none; or begin anew and drop it. Where not given, it
                goes on if there was memory when the container was read.

        Raises:
            OperationFailed: With ``wait``, it could not be started.
        """
        if stateful is None:
            stateful = self.stateful
        await self._set_state("start", timeout=timeout, force=force, wait=wait, stateful=stateful)

    async def stop(
        self,
        timeout: int = STOP_TIMEOUT,
        force: bool = False,
        wait: bool = False,
        *,
        stateful: bool = False,
    ) -> None:
        """Stop the container.

        Args:
            timeout: Seconds that it gets to shut down.
            force: Kill it at once.
            wait: Return when it has stopped, and is gone if it is ephemeral.
            stateful: Keep the memory for the next start, for which the server needs CRIU.

        Raises:
            OperationFailed: With ``wait``, it did not stop.
        """
        await self._set_state("stop", timeout=timeout, force=force, wait=wait, stateful=stateful)

    async def restart(
        self,
        timeout: int = STOP_TIMEOUT,
        force: bool = False,
        wait: bool = False,
        *,
        stateful: bool = False,
    ) -> None:
        """Stop the container and start it again; arguments as for :meth:`stop`."""
        await self._set_state("restart", timeout=timeout, force=force, wait=wait, stateful=stateful)

    async def freeze(
        self, timeout: int = STOP_TIMEOUT, force: bool = False, wait: bool = False
    ) -> None:
        """Suspend all processes of the container."""
        await self._set_state("freeze", timeout=timeout, force=force, wait=wait)

    async def unfreeze(
        self, timeout: int = STOP_TIMEOUT, force: bool = False, wait: bool = False
    ) -> None:
        """Let the processes of the container go on."""
        await self._set_state("unfreeze", timeout=timeout, force=force, wait=wait)

    async def _set_state(
        self, action: str, *, timeout: int, force: bool, wait: bool, stateful: bool = False
    ) -> None:
        await self._earlier.settle()
        handle = await self._connection.instances.set_state(
            self.ref, action, timeout=timeout, force=force, stateful=stateful
        )
        await self._finish(handle, wait=wait, then=self._read_status if wait else None)

    async def _read_status(self) -> None:
        try:
            await self.sync()
        except NotFound:
            if not self.ephemeral:
                raise
            # It deleted itself when it stopped, as it should.
            code = StatusCode.STOPPED
            self._take(replace(self._instance, status="Stopped", status_code=code), "")

    async def _finish(
        self,
        handle: OperationHandle,
        *,
        wait: bool,
        then: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        if not wait:
            self._earlier.remember(handle, then=then)
            return
        await handle.wait()
        if then is not None:
            await then()

    async def _read_created(self) -> None:
        self._adopt(*await self._connection.instances.get(self.ref))
