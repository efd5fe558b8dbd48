"""Creating instances: from an image, empty, as a copy, or to take one from another server."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from lxdtui.demo.bodies import expanded
from lxdtui.demo.config_rules import config_error, name_error
from lxdtui.demo.daemon import MIB, Daemon
from lxdtui.demo.device_rules import has_root_disk, record_error, validation_error
from lxdtui.demo.operations import Operation, OperationFailed
from lxdtui.demo.replies import ApiError, read_object, string_map
from lxdtui.demo.routes.common import accepted, instance_resources, project_name, route
from lxdtui.demo.routes.migrate import begin_taking, check_wish
from lxdtui.demo.world import Devices, Image, Instance, Snapshot

UNPACK_SECONDS = 1.0
DOWNLOAD_SECONDS = 3.0
COPY_SECONDS = 0.6
_STEPS = 10
_PET_ADJECTIVES = ("brave", "calm", "eager", "gentle", "keen", "merry", "quick", "witty")
_PET_ANIMALS = ("badger", "crane", "finch", "heron", "lynx", "marten", "otter", "wren")


@dataclass(slots=True, kw_only=True)
class _Wish:
    """An instance as a client wants it."""

    name: str
    project: str
    type: str
    config: dict[str, str]
    devices: Devices
    profiles: list[str]
    description: str
    ephemeral: bool
    root_problem: str = "Failed getting root disk"


class CreateRoutes:
    """Handler of ``POST /1.0/instances``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        return [route("POST", "/1.0/instances", self.post)]

    async def post(self, request: web.Request) -> web.Response:
        """``POST /1.0/instances``."""
        project = project_name(request)
        if project not in self._daemon.world.projects:
            raise ApiError(404, "Failed loading project: Project not found")
        body = await read_object(request)
        wish = self._wish(body, project)
        source = body.get("source") or {}
        kind = source.get("type") or ""
        if kind == "none":
            return self._empty(wish)
        if kind == "image":
            return self._from_image(wish, source)
        if kind == "copy":
            return self._copy(wish, source, has_profiles="profiles" in body)
        if kind == "migration":
            return self._take(wish, source, body)
        raise ApiError(400, f"Unknown source type {kind}")

    def _wish(self, body: dict[str, Any], project: str) -> _Wish:
        name = str(body.get("name") or "") or self._pet_name(project)
        error = name_error(name)
        if error is not None:
            raise ApiError(400, error)
        type_name = str(body.get("type") or "container")
        if type_name not in {"container", "virtual-machine"}:
            raise ApiError(400, "Invalid instance type")
        devices = {
            key: string_map(value, "InstancesPost.devices")
            for key, value in (body.get("devices") or {}).items()
        }
        wanted = body.get("profiles")
        profiles = ["default"] if wanted is None else [str(item) for item in wanted]
        for profile in profiles:
            if profile not in self._daemon.world.profiles_of(project):
                raise ApiError(500, f'Requested profile "{profile}" doesn\'t exist')
        return _Wish(
            name=name,
            project=project,
            type=type_name,
            config=string_map(body.get("config"), "InstancesPost.config"),
            devices=devices,
            profiles=profiles,
            description=str(body.get("description") or ""),
            ephemeral=bool(body.get("ephemeral")),
        )

    def _pet_name(self, project: str) -> str:
        rng, taken = self._daemon.rng, self._daemon.world.projects[project].instances
        while True:
            name = f"{rng.choice(_PET_ADJECTIVES)}-{rng.choice(_PET_ANIMALS)}"
            if name not in taken:
                return name
            name = f"{name}-{rng.randint(2, 9999)}"
            if name not in taken:
                return name

    def _from_image(self, wish: _Wish, source: dict[str, Any]) -> web.Response:
        if source.get("server"):
            return self._from_server(wish, source)
        world = self._daemon.world
        if source.get("alias"):
            alias = world.aliases.get(str(source["alias"]))
            if alias is None:
                raise ApiError(404, "Image alias not found")
            image = world.images.get(alias.target)
        elif source.get("fingerprint"):
            image = world.find_image(str(source["fingerprint"]))
        elif source.get("properties"):
            wanted = string_map(source["properties"], "InstanceSource.properties").items()
            matches = [item for item in world.images.values() if wanted <= item.properties.items()]
            image = max(matches, key=lambda item: item.created_at, default=None)
        else:
            raise ApiError(
                500, "Must specify one of alias, fingerprint or properties for init from image"
            )

        async def create(operation: Operation) -> None:
            if image is None:
                raise OperationFailed("Image not provided for instance creation")
            await self._unpack(operation, wish, image)

        return self._begin(wish.project, [wish.name], create)

    def _from_server(self, wish: _Wish, source: dict[str, Any]) -> web.Response:
        alias = str(source.get("alias") or source.get("fingerprint") or "")

        async def create(operation: Operation) -> None:
            if str(source["server"]).rstrip("/").endswith(".invalid"):
                raise OperationFailed(
                    f'Failed getting remote image info: Get "{source["server"]}'
                    '/streams/v1/index.json": dial tcp: lookup failed: no such host'
                )
            self._refuse(wish, None)
            image = await self._download(operation, source, alias)
            await self._unpack(operation, wish, image)

        return self._begin(wish.project, [wish.name], create)

    async def _download(self, operation: Operation, source: dict[str, Any], alias: str) -> Image:
        daemon, world = self._daemon, self._daemon.world
        fingerprint = hashlib.sha256(f"{source['server']} {alias}".encode()).hexdigest()
        if fingerprint in world.images:
            return world.images[fingerprint]
        daemon.operations.allow_cancel(operation, True)
        for step in range(1, _STEPS + 1):
            await daemon.clock.simulate(DOWNLOAD_SECONDS / _STEPS)
            text = f"{step * 100 // _STEPS}% (38.4{step % 10}MB/s)"
            daemon.operations.update(operation, {"download_progress": text})
        daemon.operations.allow_cancel(operation, False)
        os_name, _, release = alias.partition("/")
        now = daemon.clock.now()
        image = Image(
            fingerprint=fingerprint,
            properties={
                "architecture": "amd64",
                "description": f"{os_name.capitalize()} {release} amd64".replace("  ", " "),
                "os": os_name.capitalize(),
                "release": release,
            },
            size=96 * MIB,
            created_at=now,
            uploaded_at=now,
            cached=True,
            auto_update=True,
            update_source={
                "alias": alias,
                "certificate": "",
                "protocol": str(source.get("protocol") or "lxd"),
                "server": str(source["server"]),
                "image_type": "",
            },
        )
        world.images[fingerprint] = image
        daemon.events.lifecycle(
            "image-created",
            f"/1.0/images/{fingerprint}",
            project=operation.project,
            context={"type": "container"},
        )
        return image

    async def _unpack(self, operation: Operation, wish: _Wish, image: Image) -> None:
        self._refuse(wish, image)
        daemon = self._daemon
        for step in range(1, _STEPS + 1):
            await daemon.clock.simulate(UNPACK_SECONDS / _STEPS)
            percent = step * 100 // _STEPS
            daemon.operations.update(
                operation,
                {
                    "create_instance_from_image_unpack_progress": f"Unpack: {percent}% (49.07MB/s)",
                    "progress": {
                        "percent": str(percent),
                        "speed": "49072343",
                        "stage": "create_instance_from_image_unpack",
                    },
                },
            )
        image.last_used_at = daemon.clock.now()
        instance = self._make(wish, image)
        if image.filesystem is not None:
            instance.stored_filesystem = image.filesystem.copy()

    def _copy(self, wish: _Wish, source: dict[str, Any], *, has_profiles: bool) -> web.Response:
        world = self._daemon.world
        project = str(source.get("project") or wish.project)
        if not source.get("source"):
            raise ApiError(400, "Must specify a source instance")
        name, _, snapshot_name = str(source["source"]).partition("/")
        original = world.instance(project, name)
        snapshot = None
        if original is not None and snapshot_name:
            snapshot = original.snapshots.get(snapshot_name)
        if original is None or (snapshot_name and snapshot is None):
            missing = source["source"]
            raise ApiError(
                404,
                f'Failed to fetch instance "{missing}" in project "{project}": Instance not found',
            )
        if not has_profiles:
            # LXD 5.0.2 takes no profile at all where a copy names none.
            wish.profiles = []
        wish.root_problem = "Invalid devices: Failed detecting root disk device"
        origin = original

        async def copy(_operation: Operation) -> None:
            await self._daemon.clock.simulate(COPY_SECONDS)
            with_snapshots = snapshot is None and not source.get("instance_only")
            self._make_copy(wish, origin, snapshot, with_snapshots=with_snapshots)

        return self._begin(wish.project, [wish.name, str(source["source"])], copy)

    def _make_copy(
        self, wish: _Wish, original: Instance, snapshot: Snapshot | None, *, with_snapshots: bool
    ) -> None:
        origin = snapshot or original
        inherited = {
            key: value
            for key, value in origin.config.items()
            if not key.startswith("volatile.") or key == "volatile.base_image"
        }
        wish.config = inherited | wish.config
        wish.devices = origin.devices | wish.devices
        wish.type = original.type
        copy = self._make(wish, None)
        files = original.stored_filesystem if snapshot is None else snapshot.filesystem
        # Its host name is still that of the original.
        copy.stored_filesystem = (files or self._daemon.first_filesystem(original)).copy()
        copy.load = original.load
        if with_snapshots:
            for item in original.snapshots.values():
                files = None if item.filesystem is None else item.filesystem.copy()
                copy.snapshots[item.name] = replace(item, filesystem=files)
                path = f"/snapshots/{item.name}"
                self._daemon.instance_event(copy, "snapshot-created", path=path)

    def _take(self, wish: _Wish, source: dict[str, Any], body: dict[str, Any]) -> web.Response:
        """Take an instance from elsewhere; its record is made before the answer."""
        check_wish(body, source)
        try:
            instance = self._make(wish, None)
        except OperationFailed as refusal:
            raise ApiError(500, str(refusal)) from None
        return begin_taking(self._daemon, instance, body, source)

    def _empty(self, wish: _Wish) -> web.Response:
        async def create(_operation: Operation) -> None:
            instance = self._make(wish, None)
            instance.start_failure = (
                "Failed to handle idmapped storage: No such file or directory:"
                f' "/var/lib/lxd/storage-pools/default/containers/{wish.name}/rootfs"'
            )

        return self._begin(wish.project, [wish.name], create)

    def _begin(self, project: str, names: list[str], work: Any) -> web.Response:
        return accepted(
            self._daemon.operations.start(
                "Creating instance", work, project=project, resources=instance_resources(*names)
            )
        )

    def _refuse(self, wish: _Wish, image: Image | None) -> None:
        """Refuse what LXD refuses while it makes the record.

        Raises:
            OperationFailed: The name is taken, or configuration or devices are wrong.
        """
        world = self._daemon.world
        prefix = "Failed creating instance record: "
        error = config_error(wish.config, wish.type) or record_error(wish.devices)
        if error is not None:
            raise OperationFailed(prefix + error)
        if world.instance(wish.project, wish.name) is not None:
            raise OperationFailed(
                prefix + 'Add instance info to the database: This "instances" entry already exists'
            )
        error = validation_error(wish.devices)
        if error is not None:
            raise OperationFailed(f"{prefix}Failed initialising instance: Invalid devices: {error}")
        if image is not None and image.type != wish.type:
            raise OperationFailed(
                f'Requested image\'s type "{image.type}" doesn\'t match instance type "{wish.type}"'
            )
        devices = expanded(world, wish.project, wish.profiles, wish.config, wish.devices)[1]
        if not has_root_disk(devices):
            raise OperationFailed(
                f"{prefix}Failed initialising instance: {wish.root_problem}:"
                " No root device could be found"
            )

    def _make(self, wish: _Wish, image: Image | None) -> Instance:
        self._refuse(wish, image)
        instance = self._daemon.new_instance(
            wish.name,
            wish.project,
            type_name=wish.type,
            description=wish.description,
            config=wish.config,
            devices=wish.devices,
            profiles=wish.profiles,
            ephemeral=wish.ephemeral,
            image=image,
        )
        context = {"storage-pool": "default", "type": wish.type}
        self._daemon.instance_event(instance, "created", context=context)
        return instance
