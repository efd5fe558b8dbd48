"""Instances: list, get, update, rename, delete."""

from typing import Any

from aiohttp import web

from lxdtui.demo.bodies import expanded, full_instance_body, instance_body, instance_etag
from lxdtui.demo.config_rules import config_error, name_error
from lxdtui.demo.daemon import Daemon
from lxdtui.demo.device_rules import addition_error, has_root_disk, validation_error
from lxdtui.demo.events import project_url
from lxdtui.demo.operations import Operation, OperationFailed
from lxdtui.demo.replies import (
    ApiError,
    check_entity_tag,
    is_true,
    read_object,
    recursion_depth,
    string_map,
    sync_reply,
)
from lxdtui.demo.routes.common import (
    accepted,
    get_instance,
    instance_resources,
    project_name,
    route,
    wants_all_projects,
)
from lxdtui.demo.routes.migrate import begin_giving
from lxdtui.demo.world import Devices, Instance, Snapshot

DELETE_SECONDS = 0.5
RESTORE_SECONDS = 0.8
_IDMAP_KEYS = ("volatile.idmap.base", "volatile.idmap.next", "volatile.idmap.current")


class InstanceRoutes:
    """Handlers of ``/1.0/instances`` and ``/1.0/instances/NAME``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        return [
            route("GET", "/1.0/instances", self.list),
            route("GET", "/1.0/instances/{name}", self.get),
            route("PUT", "/1.0/instances/{name}", self.put),
            route("PATCH", "/1.0/instances/{name}", self.patch),
            route("POST", "/1.0/instances/{name}", self.rename),
            route("DELETE", "/1.0/instances/{name}", self.delete),
        ]

    async def list(self, request: web.Request) -> web.Response:
        """``GET /1.0/instances`` with recursion 0, 1 or 2."""
        world = self._daemon.world
        if wants_all_projects(request):
            instances = list(world.all_instances())
        else:
            project = world.projects.get(project_name(request))
            instances = [] if project is None else list(project.instances.values())
        wanted_type = request.query.get("instance-type")
        if wanted_type not in {None, "", "container", "virtual-machine"}:
            raise ApiError(500, "Invalid instance type")
        if wanted_type:
            instances = [instance for instance in instances if instance.type == wanted_type]
        depth, now = recursion_depth(request), self._daemon.clock.now()
        if depth == 0:
            return sync_reply([project_url(item.url, item.project) for item in instances])
        if depth == 1:
            return sync_reply([instance_body(world, instance) for instance in instances])
        return sync_reply([full_instance_body(world, instance, now) for instance in instances])

    async def get(self, request: web.Request) -> web.Response:
        """``GET /1.0/instances/NAME``; with ``recursion=1`` state and snapshots too."""
        instance, world = get_instance(self._daemon, request), self._daemon.world
        if recursion_depth(request):
            body = full_instance_body(world, instance, self._daemon.clock.now())
        else:
            body = instance_body(world, instance)
        return sync_reply(body, etag=instance_etag(instance))

    async def put(self, request: web.Request) -> web.Response:
        """``PUT /1.0/instances/NAME``: replace everything, or restore a snapshot."""
        instance = get_instance(self._daemon, request)
        check_entity_tag(request, instance_etag(instance))
        body = await read_object(request)
        if body.get("restore"):
            return self._restore(instance, str(body["restore"]))
        change = _change_from(body)
        self._check_profiles(instance, change)

        async def update(_operation: Operation) -> None:
            error = self._refusal(instance, change, keep_volatile=True)
            if error is not None:
                raise OperationFailed(error)
            self._apply(instance, change)

        return accepted(
            self._daemon.operations.start(
                "Updating instance",
                update,
                project=instance.project,
                resources=instance_resources(instance.name),
            )
        )

    async def patch(self, request: web.Request) -> web.Response:
        """``PATCH /1.0/instances/NAME``: merge; an omitted description is emptied, as in LXD."""
        instance = get_instance(self._daemon, request)
        check_entity_tag(request, instance_etag(instance))
        body = await read_object(request)
        sent = _change_from(body)
        change: dict[str, Any] = {
            "architecture": sent["architecture"] or instance.architecture,
            "config": instance.config | sent["config"],
            "devices": instance.devices | sent["devices"],
            "description": sent["description"],
            "ephemeral": sent["ephemeral"] if "ephemeral" in body else instance.ephemeral,
            "profiles": sent["profiles"] if body.get("profiles") is not None else instance.profiles,
        }
        self._check_profiles(instance, change)
        error = self._refusal(instance, change, keep_volatile=False)
        if error is not None:
            raise ApiError(500, error)
        self._apply(instance, change)
        return sync_reply({})

    def _check_profiles(self, instance: Instance, change: dict[str, Any]) -> None:
        known = self._daemon.world.profiles_of(instance.project)
        if any(name not in known for name in change["profiles"]):
            raise ApiError(404, "Profile not found")

    def _refusal(
        self, instance: Instance, change: dict[str, Any], *, keep_volatile: bool
    ) -> str | None:
        error = config_error(change["config"], instance.type)
        if error is not None:
            return f"Invalid config: {error}"
        error = validation_error(change["devices"], instance.project)
        if error is not None:
            return f"Invalid devices: {error}"
        error = self._expanded_refusal(instance, change)
        if error is not None:
            return error
        if keep_volatile and any(
            key in instance.config and key not in change["config"] for key in _IDMAP_KEYS
        ):
            return "Volatile idmap keys can't be deleted by the user"
        return None

    def _expanded_refusal(self, instance: Instance, change: dict[str, Any]) -> str | None:
        world, project = self._daemon.world, instance.project
        _, before = expanded(world, project, instance.profiles, instance.config, instance.devices)
        _, after = expanded(world, project, change["profiles"], change["config"], change["devices"])
        if after and not has_root_disk(after):
            return (
                "Invalid expanded devices: Failed detecting root disk device:"
                " No root device could be found"
            )
        return addition_error(before, after)

    def _apply(self, instance: Instance, change: dict[str, Any]) -> None:
        instance.architecture = change["architecture"] or instance.architecture
        instance.config = {key: value for key, value in change["config"].items() if value}
        instance.devices = change["devices"]
        instance.description = change["description"]
        instance.ephemeral = change["ephemeral"]
        instance.profiles = change["profiles"]
        self._daemon.instance_event(instance, "updated")

    def _restore(self, instance: Instance, wanted: str) -> web.Response:
        name = wanted.rpartition("/")[2]

        async def restore(_operation: Operation) -> None:
            snapshot = instance.snapshots.get(name)
            if snapshot is None:
                raise OperationFailed(f"Snapshot {instance.name}/{name} does not exist")
            daemon, was_running = self._daemon, instance.is_running
            if was_running:
                daemon.set_stopped(instance)
            await daemon.clock.simulate(RESTORE_SECONDS)
            _reset_to(instance, snapshot)
            context = {"snapshot": f"{instance.name}/{name}"}
            daemon.instance_event(instance, "restored", context=context)
            if was_running:
                daemon.set_running(instance)
                daemon.instance_event(instance, "started")

        return accepted(
            self._daemon.operations.start(
                "Restoring snapshot",
                restore,
                project=instance.project,
                resources=instance_resources(instance.name),
            )
        )

    async def rename(self, request: web.Request) -> web.Response:
        """``POST /1.0/instances/NAME`` with a new name, or to give it to another server."""
        instance = get_instance(self._daemon, request)
        body = await read_object(request)
        if body.get("migration"):
            return begin_giving(self._daemon, instance, body)
        new_name = str(body.get("name") or instance.name)
        error = name_error(new_name)
        if error is not None:
            raise ApiError(400, error)
        if self._daemon.world.instance(instance.project, new_name) is not None:
            raise ApiError(409, f'Name "{new_name}" already in use')

        async def rename(_operation: Operation) -> None:
            if instance.is_running:
                raise OperationFailed("Renaming of running container not allowed")
            home = self._daemon.world.projects[instance.project].instances
            old_name = instance.name
            home.pop(old_name, None)
            instance.name = new_name
            home[new_name] = instance
            self._daemon.instance_event(instance, "renamed", context={"old_name": old_name})

        return accepted(
            self._daemon.operations.start(
                "Renaming instance",
                rename,
                project=instance.project,
                resources=instance_resources(instance.name),
            )
        )

    async def delete(self, request: web.Request) -> web.Response:
        """``DELETE /1.0/instances/NAME``; it must not run."""
        instance = get_instance(self._daemon, request)
        if instance.is_running:
            raise ApiError(400, "Instance is running")

        async def delete(_operation: Operation) -> None:
            if is_true(instance.config.get("security.protection.delete")):
                raise OperationFailed("Container is protected")
            await self._daemon.clock.simulate(DELETE_SECONDS)
            for name in tuple(instance.snapshots):
                del instance.snapshots[name]
                self._daemon.instance_event(instance, "snapshot-deleted", path=f"/snapshots/{name}")
            self._daemon.remove(instance)

        return accepted(
            self._daemon.operations.start(
                "Deleting instance",
                delete,
                project=instance.project,
                resources=instance_resources(instance.name),
            )
        )


def _change_from(body: dict[str, Any]) -> dict[str, Any]:
    devices: Devices = {
        key: string_map(value, "InstancePut.devices")
        for key, value in (body.get("devices") or {}).items()
    }
    profiles = body.get("profiles")
    if profiles is not None and not isinstance(profiles, list):
        raise ApiError(
            400,
            "json: cannot unmarshal string into Go struct field InstancePut.profiles"
            " of type []string",
        )
    return {
        "architecture": str(body.get("architecture") or ""),
        "config": string_map(body.get("config"), "InstancePut.config"),
        "devices": devices,
        "description": str(body.get("description") or ""),
        "ephemeral": bool(body.get("ephemeral")),
        "profiles": [str(name) for name in profiles] if profiles is not None else ["default"],
    }


def _reset_to(instance: Instance, snapshot: Snapshot) -> None:
    instance.config = dict(snapshot.config)
    instance.devices = {key: dict(value) for key, value in snapshot.devices.items()}
    instance.profiles = list(snapshot.profiles)
    # LXD 5.0.2 keeps no description with a snapshot and empties it here.
    instance.description = ""
    files = snapshot.filesystem
    instance.stored_filesystem = None if files is None else files.copy()
