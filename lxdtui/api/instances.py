"""Calls on ``/1.0/instances``: list, read, create, change the status, delete."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxdtui.api.envelope import Accepted
from lxdtui.api.operations import OperationCalls, OperationHandle
from lxdtui.api.transport import Answer, Transport
from lxdtui.errors import NotFound, UnexpectedResponse
from lxdtui.model.fields import Fields
from lxdtui.model.instance import Instance
from lxdtui.model.refs import InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.model.state import InstanceState

__all__ = ["STOP_TIMEOUT", "FullInstance", "InstanceCalls"]

STOP_TIMEOUT = 30
"""Seconds that an instance gets to shut down. It is always sent: LXD takes a
missing one as "for ever" and the operation cannot be cancelled."""


@dataclass(frozen=True, slots=True)
class FullInstance:
    """An instance with its measured data and its snapshots, from one request."""

    instance: Instance
    state: InstanceState | None
    snapshots: tuple[Snapshot, ...]


_NO_CHANGES = frozenset(("/exec", "/console"))


class InstanceCalls:
    """Calls on the instances of one server.

    Args:
        transport: The server.
        operations: Its operations.
        remote: Its name.
        before_change: Awaited before an instance is started, stopped, renamed, …
    """

    def __init__(
        self,
        transport: Transport,
        operations: OperationCalls,
        *,
        remote: str,
        before_change: Callable[[InstanceRef], Awaitable[None]] | None = None,
    ) -> None:
        self._transport = transport
        self._operations = operations
        self._remote = remote
        self._before_change = before_change

    async def list(
        self, *, project: str | None = None, instance_type: str = ""
    ) -> Sequence[Instance]:
        """List instances (``GET /1.0/instances?recursion=1``).

        Args:
            project: The project, or ``None`` for those of all projects. An
                unknown project has no instances; the servers do not complain.
            instance_type: ``container``, ``virtual-machine`` or empty for both.
        """
        params = {"recursion": "1"}
        params |= {"all-projects": "true"} if project is None else {"project": project}
        if instance_type:
            params["instance-type"] = instance_type
        answer = await self._transport.request(
            "GET", "/1.0/instances", tried="list instances", params=params
        )
        bodies = _metadata(answer)
        if bodies is None:
            return []
        if not isinstance(bodies, list):
            raise UnexpectedResponse("list instances", "the answer is no list")
        return [Instance.from_api(body, remote=self._remote) for body in bodies]

    async def get(self, ref: InstanceRef) -> tuple[Instance, str]:
        """Read one instance.

        Returns:
            The instance and its ETag, for a later update.

        Raises:
            NotFound: It does not exist.
        """
        answer = await self._request("GET", ref, "", tried=f"read {ref.name}")
        return Instance.from_api(_metadata(answer), remote=self._remote), answer.etag

    async def get_full(self, ref: InstanceRef) -> FullInstance:
        """Read one instance with its state and snapshots (``?recursion=1``).

        Needs the extension ``instance_get_full``; measures a running one, which
        takes the server some 40 ms.

        Raises:
            NotFound: It does not exist.
        """
        answer = await self._request(
            "GET", ref, "", tried=f"read {ref.name}", params={"recursion": "1"}
        )
        body = _metadata(answer)
        fields = Fields(body, "an instance")
        state = fields.mapping("state")
        return FullInstance(
            Instance.from_api(body, remote=self._remote),
            InstanceState.from_api(state) if state else None,
            _sorted(fields.each("snapshots", Snapshot.from_api)),
        )

    async def exists(self, ref: InstanceRef) -> bool:
        """Say whether an instance exists."""
        try:
            await self.get(ref)
        except NotFound:
            return False
        return True

    async def create(
        self, config: Mapping[str, Any], *, project: str
    ) -> tuple[OperationHandle, InstanceRef]:
        """Begin to create an instance (``POST /1.0/instances``).

        Args:
            config: The body as the REST API documents it: ``name``, ``source``,
                ``config``, ``devices``, ``profiles``, …
            project: The project to create it in.

        Returns:
            A handle and the reference of the instance, whose name the server
            chooses where the configuration has none.

        Raises:
            BadRequest: The configuration is not accepted.
            NotFound: The source does not exist.
        """
        name = str(config.get("name", ""))
        tried = f"create {name or 'an instance'}"
        answer = await self._transport.request(
            "POST", "/1.0/instances", tried=tried, params={"project": project}, json=dict(config)
        )
        handle = self._operations.handle(answer, tried=tried, project=project)
        if not name and handle.operation and handle.operation.instances:
            name = handle.operation.instances[0].name
        return handle, InstanceRef(self._remote, project, name)

    async def update(
        self, ref: InstanceRef, body: Mapping[str, Any], *, etag: str = ""
    ) -> OperationHandle:
        """Replace the configuration of an instance (``PUT``).

        Args:
            ref: The instance.
            body: All of ``architecture, config, devices, ephemeral, profiles,
                description``; what is missing is removed.
            etag: The ETag of the version that the change was made on.

        Raises:
            StaleEtag: Somebody else changed it meanwhile.
        """
        headers = {"If-Match": etag} if etag else None
        tried = f"change the configuration of {ref.name}"
        answer = await self._request("PUT", ref, "", tried=tried, json=dict(body), headers=headers)
        return self._operations.handle(answer, tried=tried, project=ref.project)

    async def rename(self, ref: InstanceRef, new_name: str) -> OperationHandle:
        """Begin to rename a stopped instance.

        Raises:
            Conflict: The name is taken.
        """
        tried = f"rename {ref.name} to {new_name}"
        answer = await self._request("POST", ref, "", tried=tried, json={"name": new_name})
        return self._operations.handle(answer, tried=tried, project=ref.project)

    async def send(
        self,
        ref: InstanceRef,
        *,
        live: bool,
        instance_only: bool,
        allow_inconsistent: bool,
        target: Mapping[str, Any] | None = None,
    ) -> OperationHandle:
        """Begin to give an instance to another server (``POST /1.0/instances/NAME``).

        Args:
            ref: The instance, which stays as it is.
            live: Send the memory too.
            instance_only: Leave the snapshots out.
            allow_inconsistent: Bear that files change or vanish meanwhile.
            target: Where to connect to; ``None`` to wait for a connection, for
                which the operation then has secrets.

        Raises:
            ServerError: The server cannot, for example because it lacks CRIU.
            NotFound: The instance does not exist.
        """
        body: dict[str, Any] = {
            "name": ref.name,
            "migration": True,
            "live": live,
            "instance_only": instance_only,
            "allow_inconsistent": allow_inconsistent,
        }
        if target is not None:
            body["target"] = dict(target)
        tried = f"send {ref.name} to another server"
        answer = await self._request("POST", ref, "", tried=tried, json=body)
        return self._operations.handle(answer, tried=tried, project=ref.project)

    async def delete(self, ref: InstanceRef) -> OperationHandle:
        """Begin to delete a stopped instance with its snapshots.

        Raises:
            BadRequest: It is running.
            NotFound: It does not exist.
        """
        tried = f"delete {ref.name}"
        answer = await self._request("DELETE", ref, "", tried=tried)
        return self._operations.handle(answer, tried=tried, project=ref.project)

    async def state(self, ref: InstanceRef) -> InstanceState:
        """Measure an instance (``GET …/state``), which takes the server some 40 ms.

        Raises:
            NotFound: It does not exist.
        """
        answer = await self._request("GET", ref, "/state", tried=f"measure {ref.name}")
        return InstanceState.from_api(_metadata(answer))

    async def state_body(self, ref: InstanceRef) -> Mapping[str, Any]:
        """Measure an instance and return the JSON object of the server as it is."""
        answer = await self._request("GET", ref, "/state", tried=f"measure {ref.name}")
        return Fields({"state": _metadata(answer)}, "the state of an instance").mapping("state")

    async def set_state(
        self,
        ref: InstanceRef,
        action: str,
        *,
        timeout: int = STOP_TIMEOUT,
        force: bool = False,
        stateful: bool = False,
    ) -> OperationHandle:
        """Begin to change the status (``PUT …/state``).

        That an instance is already in that status, or refuses to shut down, is
        told by the operation and not here.

        Args:
            ref: The instance.
            action: ``start``, ``stop``, ``restart``, ``freeze`` or ``unfreeze``.
            timeout: Seconds to wait for a shutdown.
            force: Kill instead of asking to shut down.
            stateful: Keep or use the saved run-time state.
        """
        tried = f"{action} {ref.name}"
        answer = await self._request(
            "PUT",
            ref,
            "/state",
            tried=tried,
            json={"action": action, "timeout": timeout, "force": force, "stateful": stateful},
        )
        return self._operations.handle(answer, tried=tried, project=ref.project)

    async def snapshots(self, ref: InstanceRef) -> tuple[Snapshot, ...]:
        """List the snapshots of an instance, oldest first."""
        answer = await self._request(
            "GET",
            ref,
            "/snapshots",
            tried=f"list the snapshots of {ref.name}",
            params={"recursion": "1"},
        )
        listed = Fields({"snapshots": _metadata(answer)}, "the snapshots")
        return _sorted(listed.each("snapshots", Snapshot.from_api))

    async def exec(self, ref: InstanceRef, body: Mapping[str, Any]) -> Answer:
        """Begin to run a command (``POST …/exec``)."""
        answer = await self._request(
            "POST", ref, "/exec", tried=f"run a command in {ref.name}", json=dict(body)
        )
        if not isinstance(answer.result, Accepted):
            raise UnexpectedResponse(f"run a command in {ref.name}", "no operation in the answer")
        return answer

    async def console(self, ref: InstanceRef, body: Mapping[str, Any]) -> Answer:
        """Begin to attach to the console (``POST …/console``)."""
        tried = f"attach to the console of {ref.name}"
        answer = await self._request("POST", ref, "/console", tried=tried, json=dict(body))
        if not isinstance(answer.result, Accepted):
            raise UnexpectedResponse(tried, "no operation in the answer")
        return answer

    async def _request(
        self,
        method: str,
        ref: InstanceRef,
        below: str,
        *,
        tried: str,
        params: Mapping[str, str] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if self._before_change is not None and method != "GET" and below not in _NO_CHANGES:
            await self._before_change(ref)
        return await self._transport.request(
            method,
            ref.path + below,
            tried=tried,
            params={"project": ref.project, **(params or {})},
            json=json,
            headers=headers,
        )


def _metadata(answer: Answer) -> Any:
    if isinstance(answer.result, Accepted):
        return answer.result.operation
    return answer.result.metadata


def _sorted(snapshots: tuple[Snapshot, ...]) -> tuple[Snapshot, ...]:
    return tuple(
        sorted(snapshots, key=lambda snapshot: (str(snapshot.created_at or ""), snapshot.name))
    )
