"""Publishing an instance or a snapshot as an image."""

import hashlib
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from lxdtui.demo.daemon import Daemon
from lxdtui.demo.filesystem import FileSystem
from lxdtui.demo.operations import Operation, OperationFailed
from lxdtui.demo.replies import ApiError, is_true, read_object, string_map
from lxdtui.demo.routes.common import accepted, project_name, route
from lxdtui.demo.world import Alias, Image, Instance

PACK_SECONDS = 2.0
_STEPS = 10
_ALGORITHMS = frozenset(("", "gzip", "bzip2", "xz", "lzma", "zstd", "squashfs", "none"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What is made an image of."""

    instance: Instance
    filesystem: FileSystem | None
    is_snapshot: bool


class PublishRoutes:
    """Handler of ``POST /1.0/images``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        return [route("POST", "/1.0/images", self.publish)]

    async def publish(self, request: web.Request) -> web.Response:
        """``POST /1.0/images`` with a source of this server."""
        project = project_name(request)
        body = await read_object(request)
        source = self._source(project, body.get("source") or {})
        algorithm = str(body.get("compression_algorithm") or "")
        if algorithm not in _ALGORITHMS:
            raise ApiError(400, f'Invalid compression algorithm "{algorithm}"')
        properties = string_map(body.get("properties"), "ImagesPost.properties")

        async def pack(operation: Operation) -> None:
            if source.instance.is_running and not source.is_snapshot:
                raise OperationFailed("Cannot export a running instance as an image")
            await self._pack(operation)
            image = self._make(source, properties, body)
            self._daemon.events.lifecycle(
                "image-created",
                f"/1.0/images/{image.fingerprint}",
                project=project,
                context={"type": image.type},
                requestor=True,
            )
            # The image stays, even when one of its aliases is taken.
            self._name(image, body.get("aliases") or [])
            result = {"fingerprint": image.fingerprint, "size": str(image.size)}
            self._daemon.operations.update(operation, result)

        return accepted(
            self._daemon.operations.start(
                "Downloading image", pack, project=project, resources=None
            )
        )

    def _source(self, project: str, source: dict[str, Any]) -> _Source:
        kind, full_name = str(source.get("type") or ""), str(source.get("name") or "")
        if kind not in {"instance", "container", "virtual-machine", "snapshot"}:
            raise ApiError(501, "not implemented")
        name, _, snapshot_name = full_name.partition("/")
        instance = self._daemon.world.instance(project, name)
        if instance is None:
            raise ApiError(404, "Instance not found")
        if kind != "snapshot":
            return _Source(
                instance=instance, filesystem=instance.stored_filesystem, is_snapshot=False
            )
        snapshot = instance.snapshots.get(snapshot_name)
        if snapshot is None:
            raise ApiError(404, "Instance snapshot not found")
        return _Source(instance=instance, filesystem=snapshot.filesystem, is_snapshot=True)

    async def _pack(self, operation: Operation) -> None:
        for step in range(1, _STEPS + 1):
            await self._daemon.clock.simulate(PACK_SECONDS / _STEPS)
            percent = step * 100 // _STEPS
            self._daemon.operations.update(
                operation,
                {
                    "create_image_from_container_pack_progress": (
                        f"Image pack: {percent}% (27.14MB/s)"
                    ),
                    "progress": {
                        "percent": str(percent),
                        "speed": "27142853",
                        "stage": "create_image_from_container_pack",
                    },
                },
            )

    def _make(self, source: _Source, properties: dict[str, str], body: dict[str, Any]) -> Image:
        daemon, now = self._daemon, self._daemon.clock.now()
        salt = daemon.rng.getrandbits(64)
        image = Image(
            fingerprint=hashlib.sha256(f"{source.instance.name} {salt}".encode()).hexdigest(),
            properties=properties,
            size=max(1, source.instance.load.disk // 3),
            created_at=now,
            uploaded_at=now,
            type=source.instance.type,
            architecture=source.instance.architecture,
            public=is_true(str(body.get("public"))),
            filename=str(body.get("filename") or ""),
            filesystem=None if source.filesystem is None else source.filesystem.copy(),
        )
        daemon.world.images[image.fingerprint] = image
        return image

    def _name(self, image: Image, aliases: list[dict[str, Any]]) -> None:
        known = self._daemon.world.aliases
        for alias in aliases:
            name = str(alias.get("name") or "")
            if name in known:
                raise OperationFailed(f"Alias already exists: {name}")
            known[name] = Alias(
                name=name,
                target=image.fingerprint,
                description=str(alias.get("description") or ""),
            )
