"""Snapshots of instances; restoring one is a PUT on the instance."""

from typing import Any

from aiohttp import web

from lxdtui.demo.bodies import snapshot_body, snapshot_etag
from lxdtui.demo.clock import parse_timestamp
from lxdtui.demo.daemon import Daemon
from lxdtui.demo.events import project_url
from lxdtui.demo.operations import Operation, OperationFailed
from lxdtui.demo.replies import (
    ApiError,
    check_entity_tag,
    read_object,
    recursion_depth,
    sync_reply,
)
from lxdtui.demo.routes.common import (
    accepted,
    get_instance,
    get_snapshot,
    instance_resources,
    route,
)
from lxdtui.demo.world import Instance

SNAPSHOT_SECONDS = 0.3
_LONGEST_NAME = 255
"""Bytes that a file system allows in a name."""


class SnapshotRoutes:
    """Handlers below ``/1.0/instances/NAME/snapshots``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        collection = "/1.0/instances/{name}/snapshots"
        return [
            route("GET", collection, self.list),
            route("POST", collection, self.create),
            route("GET", collection + "/{snapshot}", self.get),
            route("PUT", collection + "/{snapshot}", self.update),
            route("PATCH", collection + "/{snapshot}", self.update),
            route("POST", collection + "/{snapshot}", self.rename),
            route("DELETE", collection + "/{snapshot}", self.delete),
        ]

    async def list(self, request: web.Request) -> web.Response:
        """``GET …/snapshots``."""
        instance = get_instance(self._daemon, request)
        if recursion_depth(request):
            world = self._daemon.world
            bodies = [snapshot_body(world, instance, item) for item in instance.snapshots.values()]
            return sync_reply(bodies)
        paths = [f"{instance.url}/snapshots/{name}" for name in instance.snapshots]
        return sync_reply([project_url(path, instance.project) for path in paths])

    async def get(self, request: web.Request) -> web.Response:
        """``GET …/snapshots/NAME``."""
        instance, snapshot = get_snapshot(self._daemon, request)
        body = snapshot_body(self._daemon.world, instance, snapshot)
        return sync_reply(body, etag=snapshot_etag(snapshot))

    async def create(self, request: web.Request) -> web.Response:
        """``POST …/snapshots``: duplicates and spaces fail the operation, slashes at once."""
        instance = get_instance(self._daemon, request)
        body = await read_object(request)
        name = str(body.get("name") or "") or _next_name(instance)
        if "/" in name:
            raise ApiError(400, 'Invalid snapshot name: Cannot contain "/"')
        expires_at = _expiry(body)

        async def create(_operation: Operation) -> None:
            if body.get("stateful"):
                raise OperationFailed("Unable to create a stateful snapshot. CRIU isn't installed")
            if " " in name:
                raise OperationFailed(
                    f'Failed creating instance snapshot record "{name}":'
                    " Invalid instance snapshot name: Cannot contain space or / characters"
                )
            if len(name.encode()) > _LONGEST_NAME:
                raise OperationFailed(
                    f'Create instance snapshot: Failed to create mount directory "{name}":'
                    f" mkdir {name}: file name too long"
                )
            if name in instance.snapshots:
                raise OperationFailed(
                    f'Failed creating instance snapshot record "{name}":'
                    " Add snapshot info to the database:"
                    ' This "instances_snapshots" entry already exists'
                )
            await self._daemon.clock.simulate(SNAPSHOT_SECONDS)
            self._daemon.new_snapshot(instance, name, expires_at=expires_at)
            self._daemon.instance_event(instance, "snapshot-created", path=f"/snapshots/{name}")

        return self._begin("Snapshotting instance", instance, create, instance.name)

    async def update(self, request: web.Request) -> web.Response:
        """``PUT`` or ``PATCH …/snapshots/NAME``: the expiry only, and no event."""
        instance, snapshot = get_snapshot(self._daemon, request)
        check_entity_tag(request, snapshot_etag(snapshot))
        body = await read_object(request)
        expires_at = _expiry(body)

        async def update(_operation: Operation) -> None:
            if body.get("expires_at") is not None:
                snapshot.expires_at = expires_at

        return self._begin("Updating snapshot", instance, update, snapshot.name)

    async def rename(self, request: web.Request) -> web.Response:
        """``POST …/snapshots/NAME`` with a new name."""
        instance, snapshot = get_snapshot(self._daemon, request)
        new_name = str((await read_object(request)).get("name") or "")
        if not new_name or "/" in new_name:
            raise ApiError(400, 'Invalid snapshot name: Cannot contain "/"')
        if new_name in instance.snapshots:
            raise ApiError(409, f"Name '{instance.name}/{new_name}' already in use")

        async def rename(_operation: Operation) -> None:
            old_name = snapshot.name
            instance.snapshots.pop(old_name, None)
            snapshot.name = new_name
            instance.snapshots[new_name] = snapshot
            self._daemon.instance_event(
                instance,
                "snapshot-renamed",
                path=f"/snapshots/{new_name}",
                context={"old_name": f"{instance.name}/{old_name}"},
            )

        return self._begin("Renaming snapshot", instance, rename, instance.name)

    async def delete(self, request: web.Request) -> web.Response:
        """``DELETE …/snapshots/NAME``."""
        instance, snapshot = get_snapshot(self._daemon, request)

        async def delete(_operation: Operation) -> None:
            await self._daemon.clock.simulate(SNAPSHOT_SECONDS)
            if instance.snapshots.pop(snapshot.name, None) is not None:
                self._daemon.instance_event(
                    instance, "snapshot-deleted", path=f"/snapshots/{snapshot.name}"
                )

        subject = f"{instance.name}/{snapshot.name}"
        return self._begin("Deleting snapshot", instance, delete, subject)

    def _begin(self, description: str, instance: Instance, work: Any, subject: str) -> web.Response:
        return accepted(
            self._daemon.operations.start(
                description,
                work,
                project=instance.project,
                resources=instance_resources(subject),
            )
        )


def _expiry(body: dict[str, Any]) -> float | None:
    text = body.get("expires_at")
    if text is None:
        return None
    try:
        return parse_timestamp(str(text))
    except ValueError as error:
        raise ApiError(400, f'parsing time "{text}" as RFC 3339: cannot parse') from error


def _next_name(instance: Instance) -> str:
    """Return the name that LXD gives: the pattern with one more than the largest number in use."""
    pattern = instance.config.get("snapshots.pattern") or "snap%d"
    if pattern.count("%d") != 1:
        return f"{pattern}-0" if pattern in instance.snapshots else pattern
    head, _, tail = pattern.partition("%d")
    used = [
        int(name[len(head) : len(name) - len(tail)])
        for name in instance.snapshots
        if name.startswith(head)
        and name.endswith(tail)
        and name[len(head) : len(name) - len(tail)].isdecimal()
    ]
    return f"{head}{max(used, default=-1) + 1}{tail}"
