"""State of instances: reading it, and start, stop, restart, freeze, unfreeze."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from lxdtui.demo.bodies import state_body
from lxdtui.demo.daemon import Daemon
from lxdtui.demo.operations import Operation, OperationFailed
from lxdtui.demo.replies import ApiError, go_kind, read_object, sync_reply
from lxdtui.demo.routes.common import accepted, get_instance, get_project, project_name, route
from lxdtui.demo.world import FROZEN, RUNNING, STATUS_WORDS, STOPPED, Instance

START_SECONDS = 1.5
CLEAN_STOP_SECONDS = 2.0
FORCED_STOP_SECONDS = 0.4
FREEZE_SECONDS = 0.1

_DESCRIPTIONS = {
    "start": "Starting instance",
    "stop": "Stopping instance",
    "restart": "Restarting instance",
    "freeze": "Freezing instance",
    "unfreeze": "Unfreezing instance",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A change of status as a client asked for it."""

    action: str
    force: bool
    timeout: float | None
    """Seconds for a clean stop; None waits forever."""
    stateful: bool
    """Whether the memory is to be kept or used."""

    @property
    def is_forced(self) -> bool:
        """Whether processes are killed: a timeout of 0 means that too."""
        return self.force or self.timeout == 0


def _change_from(body: dict[str, Any]) -> _Change:
    action = body.get("action")
    if action not in _DESCRIPTIONS:
        raise ApiError(400, f"Unknown action: '{action or ''}'")
    timeout = body.get("timeout")
    if timeout is not None and (isinstance(timeout, bool) or not isinstance(timeout, int)):
        raise ApiError(
            400,
            f"json: cannot unmarshal {go_kind(timeout)} into Go struct field"
            " InstanceStatePut.timeout of type int",
        )
    return _Change(
        action=action,
        force=bool(body.get("force")),
        timeout=None if timeout is None or timeout < 0 else float(timeout),
        stateful=bool(body.get("stateful")),
    )


class StateRoutes:
    """Handlers of ``/1.0/instances/NAME/state`` and of the bulk change.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._actions: dict[str, Callable[[Instance, _Change], Awaitable[None]]] = {
            "start": self._start,
            "stop": self._stop,
            "restart": self._restart,
            "freeze": self._freeze,
            "unfreeze": self._unfreeze,
        }

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        return [
            route("GET", "/1.0/instances/{name}/state", self.get),
            route("PUT", "/1.0/instances/{name}/state", self.put),
            route("PUT", "/1.0/instances", self.put_all),
        ]

    async def get(self, request: web.Request) -> web.Response:
        """``GET /1.0/instances/NAME/state``."""
        instance = get_instance(self._daemon, request)
        return sync_reply(state_body(instance, self._daemon.clock.now()))

    async def put(self, request: web.Request) -> web.Response:
        """``PUT /1.0/instances/NAME/state``: refusals are failures of the operation."""
        instance = get_instance(self._daemon, request)
        change = _change_from(await read_object(request))

        async def work(operation: Operation) -> None:
            if change.action == "start" and not instance.is_running:
                self._remap(operation, instance)
            await self._actions[change.action](instance, change)
            if operation.metadata is not None:
                self._daemon.operations.update(operation, {"container_progress": ""})

        return accepted(
            self._daemon.operations.start(
                _DESCRIPTIONS[change.action],
                work,
                project=instance.project,
                resources={"instances": [instance.url]},
            )
        )

    def _remap(self, operation: Operation, instance: Instance) -> None:
        """Say what the first start of a container begins with."""
        if instance.config.get("volatile.last_state.idmap") == "[]":
            progress = {"container_progress": "Remapping container filesystem"}
            self._daemon.operations.update(operation, progress)

    async def put_all(self, request: web.Request) -> web.Response:
        """``PUT /1.0/instances``: every instance of the project that the action applies to."""
        body = await read_object(request)
        change = _change_from(body.get("state") or {})
        project = get_project(self._daemon, project_name(request))
        instances = [item for item in project.instances.values() if _applies(change.action, item)]

        async def work(_operation: Operation) -> None:
            results = await asyncio.gather(
                *(self._actions[change.action](item, change) for item in instances),
                return_exceptions=True,
            )
            for result in results:
                if isinstance(result, BaseException):
                    raise result

        return accepted(
            self._daemon.operations.start(
                _DESCRIPTIONS[change.action],
                work,
                project=project.name,
                resources={"instances": [item.url for item in instances]},
            )
        )

    async def _start(self, instance: Instance, change: _Change) -> None:
        if instance.is_running:
            raise OperationFailed("The instance is already running")
        if change.stateful:
            raise OperationFailed("Container has no existing state to restore")
        if instance.busy_with is not None:
            raise OperationFailed(
                "Failed to create instance start operation: Instance is busy running"
                f' a "{instance.busy_with}" operation'
            )
        await self._boot(instance, "start")
        self._daemon.instance_event(instance, "started", requestor=True)

    async def _boot(self, instance: Instance, action: str) -> None:
        instance.busy_with = action
        try:
            await self._daemon.clock.simulate(START_SECONDS)
        finally:
            instance.busy_with = None
        if instance.start_failure is not None:
            raise OperationFailed(instance.start_failure)
        self._daemon.set_running(instance)

    async def _stop(self, instance: Instance, change: _Change) -> None:
        if instance.status_code == STOPPED:
            raise OperationFailed("The instance is already stopped")
        if change.stateful:
            raise OperationFailed(
                "Unable to perform container live migration. CRIU isn't installed"
            )
        await self._halt(instance, change)
        # An ephemeral instance is deleted first: the event of the stop comes second.
        if instance.ephemeral:
            self._daemon.remove(instance)
        action = "stopped" if change.is_forced else "shutdown"
        self._daemon.instance_event(instance, action, requestor=True)

    async def _halt(self, instance: Instance, change: _Change) -> None:
        if change.is_forced:
            await self._daemon.clock.simulate(FORCED_STOP_SECONDS)
        elif instance.is_running:
            await self._shut_down(instance, change.timeout)
        if instance.status_code != STOPPED:
            self._daemon.set_stopped(instance)

    async def _shut_down(self, instance: Instance, timeout: float | None) -> None:
        """Wait for a clean shutdown; it ends early when somebody else stops the instance."""
        pace = self._daemon.clock.pace
        needed = None if instance.ignores_shutdown else CLEAN_STOP_SECONDS * pace
        patience = min((item for item in (needed, timeout) if item is not None), default=None)
        try:
            async with asyncio.timeout(patience):
                while instance.is_running:
                    instance.changed.clear()
                    await instance.changed.wait()
        except TimeoutError:
            if needed is None or (timeout is not None and timeout < needed):
                word = STATUS_WORDS[instance.status_code]
                raise OperationFailed(
                    f'Failed shutting down instance, status is "{word}":'
                    " shutting down the container failed"
                ) from None

    async def _restart(self, instance: Instance, change: _Change) -> None:
        if not instance.is_running:
            raise OperationFailed("The instance is already stopped")
        await self._halt(instance, change)
        await self._boot(instance, "restart")
        self._daemon.instance_event(instance, "restarted", requestor=True)

    async def _freeze(self, instance: Instance, _change: _Change) -> None:
        if instance.status_code == FROZEN:
            raise OperationFailed("The container is already frozen")
        if instance.status_code != RUNNING:
            raise OperationFailed("The container isn't running")
        await self._daemon.clock.simulate(FREEZE_SECONDS)
        self._daemon.set_frozen(instance)
        self._daemon.instance_event(instance, "paused", requestor=True)

    async def _unfreeze(self, instance: Instance, _change: _Change) -> None:
        if instance.status_code == RUNNING:
            raise OperationFailed("The container is already running")
        if instance.status_code != FROZEN:
            raise OperationFailed("The container isn't running")
        await self._daemon.clock.simulate(FREEZE_SECONDS)
        self._daemon.set_thawed(instance)
        self._daemon.instance_event(instance, "resumed", requestor=True)


def _applies(action: str, instance: Instance) -> bool:
    if action == "start":
        return not instance.is_running
    if action == "unfreeze":
        return instance.status_code == FROZEN
    if action == "freeze":
        return instance.status_code == RUNNING
    return instance.is_running
