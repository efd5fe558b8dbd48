"""Typed calls on the snapshots of instances."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from lxdtui.api.envelope import Done
from lxdtui.api.operations import OperationCalls, OperationHandle
from lxdtui.api.transport import Answer, Transport
from lxdtui.errors import UnexpectedResponse
from lxdtui.model.refs import InstanceRef, quote_segment
from lxdtui.model.snapshot import Snapshot

__all__ = ["SnapshotCalls"]

_NEVER = "0001-01-01T00:00:00Z"
"""The servers keep the old expiry when it is left out or null; this clears it."""


class SnapshotCalls:
    """Calls below ``/1.0/instances/NAME/snapshots`` of one server.

    Args:
        transport: The server.
        operations: Its operations.
        before_change: Awaited before an instance is brought back to a snapshot.
    """

    def __init__(
        self,
        transport: Transport,
        operations: OperationCalls,
        *,
        before_change: Callable[[InstanceRef], Awaitable[None]] | None = None,
    ) -> None:
        self._transport = transport
        self._operations = operations
        self._before_change = before_change

    async def get(self, ref: InstanceRef, name: str) -> tuple[Snapshot, str]:
        """Read one snapshot (``GET …/snapshots/NAME``).

        Returns:
            The snapshot and its ETag, for a later change.

        Raises:
            NotFound: It does not exist.
        """
        tried = f"read the snapshot {name} of {ref.name}"
        answer = await self._request("GET", ref, name, tried=tried)
        if not isinstance(answer.result, Done):
            raise UnexpectedResponse(tried, "an operation instead of a snapshot")
        return Snapshot.from_api(answer.result.metadata), answer.etag

    async def create(
        self,
        ref: InstanceRef,
        name: str = "",
        *,
        stateful: bool = False,
        expires_at: datetime | None = None,
    ) -> OperationHandle:
        """Begin to take a snapshot (``POST …/snapshots``).

        Args:
            ref: The instance.
            name: Its name; the server chooses one where it is empty.
            stateful: Keep the memory too, for which the server needs CRIU.
            expires_at: When the server is to delete it; ``None`` for what the
                instance's ``snapshots.expiry`` says.

        Raises:
            BadRequest: The name cannot be.
            NotFound: The instance does not exist.
        """
        body: dict[str, Any] = {"stateful": stateful}
        if name:
            body["name"] = name
        if expires_at is not None:
            body["expires_at"] = _time(expires_at)
        tried = f"take the snapshot {name} of {ref.name}" if name else f"snapshot {ref.name}"
        return await self._begin("POST", ref, None, tried=tried, json=body)

    async def rename(self, ref: InstanceRef, name: str, new_name: str) -> OperationHandle:
        """Begin to rename a snapshot (``POST …/snapshots/NAME``).

        Raises:
            Conflict: The name is taken.
            NotFound: The snapshot does not exist.
        """
        tried = f"rename the snapshot {name} of {ref.name} to {new_name}"
        return await self._begin("POST", ref, name, tried=tried, json={"name": new_name})

    async def set_expiry(
        self, ref: InstanceRef, name: str, expires_at: datetime | None, *, etag: str = ""
    ) -> OperationHandle:
        """Begin to change when the server deletes a snapshot (``PUT …/snapshots/NAME``).

        The servers tell nobody: no event is sent. A time that is past is
        accepted, and the snapshot is gone within a minute.

        Args:
            ref: The instance.
            name: The snapshot.
            expires_at: The time, or ``None`` for never.
            etag: The ETag of the version that the change was made on.

        Raises:
            StaleEtag: Somebody else changed it meanwhile.
            NotFound: The snapshot does not exist.
        """
        return await self._begin(
            "PUT",
            ref,
            name,
            tried=f"change the expiry of the snapshot {name} of {ref.name}",
            json={"expires_at": _time(expires_at)},
            headers={"If-Match": etag} if etag else None,
        )

    async def delete(self, ref: InstanceRef, name: str) -> OperationHandle:
        """Begin to delete a snapshot (``DELETE …/snapshots/NAME``).

        Raises:
            NotFound: It does not exist.
        """
        tried = f"delete the snapshot {name} of {ref.name}"
        return await self._begin("DELETE", ref, name, tried=tried)

    async def restore(
        self, ref: InstanceRef, name: str, *, stateful: bool = False
    ) -> OperationHandle:
        """Begin to bring an instance back to a snapshot (``PUT /1.0/instances/NAME``).

        The server stops a running instance, restores it and starts it again.
        That the snapshot does not exist is told by the operation.

        Args:
            ref: The instance.
            name: The snapshot.
            stateful: Bring the memory back too.
        """
        tried = f"restore {ref.name} to the snapshot {name}"
        if self._before_change is not None:
            await self._before_change(ref)
        answer = await self._transport.request(
            "PUT",
            ref.path,
            tried=tried,
            params={"project": ref.project},
            json={"restore": name, "stateful": stateful},
        )
        return self._operations.handle(answer, tried=tried, project=ref.project)

    async def _begin(
        self, method: str, ref: InstanceRef, name: str | None, *, tried: str, **options: Any
    ) -> OperationHandle:
        answer = await self._request(method, ref, name, tried=tried, **options)
        return self._operations.handle(answer, tried=tried, project=ref.project)

    async def _request(
        self,
        method: str,
        ref: InstanceRef,
        name: str | None,
        *,
        tried: str,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        below = "/snapshots" if name is None else f"/snapshots/{quote_segment(name)}"
        return await self._transport.request(
            method,
            ref.path + below,
            tried=tried,
            params={"project": ref.project},
            json=json,
            headers=headers,
        )


def _time(moment: datetime | None) -> str:
    """Write a time as the servers read it; one without a zone is local time."""
    if moment is None:
        return _NEVER
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
