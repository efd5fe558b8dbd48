"""Images and their aliases."""

from aiohttp import web

from lxdtui.demo.bodies import alias_body, image_body, image_etag
from lxdtui.demo.daemon import Daemon
from lxdtui.demo.operations import Operation
from lxdtui.demo.replies import (
    ApiError,
    check_entity_tag,
    entity_tag,
    read_object,
    recursion_depth,
    string_map,
    sync_reply,
)
from lxdtui.demo.routes.common import accepted, project_name, route
from lxdtui.demo.world import Alias, Image


class ImageRoutes:
    """Handlers below ``/1.0/images``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group; aliases first, or an image would be called so."""
        return [
            route("GET", "/1.0/images", self.list),
            route("GET", "/1.0/images/aliases", self.list_aliases),
            route("POST", "/1.0/images/aliases", self.create_alias),
            route("GET", "/1.0/images/aliases/{name}", self.get_alias),
            route("DELETE", "/1.0/images/aliases/{name}", self.delete_alias),
            route("GET", "/1.0/images/{fingerprint}", self.get),
            route("PUT", "/1.0/images/{fingerprint}", self.put),
            route("PATCH", "/1.0/images/{fingerprint}", self.patch),
            route("DELETE", "/1.0/images/{fingerprint}", self.delete),
        ]

    async def list(self, request: web.Request) -> web.Response:
        """``GET /1.0/images``."""
        world = self._daemon.world
        if project_name(request) not in world.projects:
            raise ApiError(404, "Check if project has images: fetch project: Project not found")
        if recursion_depth(request):
            return sync_reply([image_body(world, image) for image in world.images.values()])
        return sync_reply([f"/1.0/images/{fingerprint}" for fingerprint in world.images])

    async def get(self, request: web.Request) -> web.Response:
        """``GET /1.0/images/FINGERPRINT`` or a prefix of it."""
        image = self._image(request)
        return sync_reply(image_body(self._daemon.world, image), etag=image_etag(image))

    async def put(self, request: web.Request) -> web.Response:
        """``PUT /1.0/images/FINGERPRINT``."""
        return await self._update(request, replace=True)

    async def patch(self, request: web.Request) -> web.Response:
        """``PATCH /1.0/images/FINGERPRINT``; properties are merged."""
        return await self._update(request, replace=False)

    async def _update(self, request: web.Request, *, replace: bool) -> web.Response:
        image = self._image(request)
        check_entity_tag(request, image_etag(image))
        body = await read_object(request)
        properties = string_map(body.get("properties"), "ImagePut.properties")
        image.properties = properties if replace else image.properties | properties
        if replace or "public" in body:
            image.public = bool(body.get("public"))
        if replace or "auto_update" in body:
            image.auto_update = bool(body.get("auto_update"))
        url = f"/1.0/images/{image.fingerprint}"
        self._daemon.events.lifecycle("image-updated", url, project=project_name(request))
        return sync_reply({})

    async def delete(self, request: web.Request) -> web.Response:
        """``DELETE /1.0/images/FINGERPRINT``; its aliases go too."""
        world, image = self._daemon.world, self._image(request)
        project, url = project_name(request), f"/1.0/images/{image.fingerprint}"

        async def delete(_operation: Operation) -> None:
            if world.images.pop(image.fingerprint, None) is None:
                return
            for alias in tuple(world.aliases.values()):
                if alias.target == image.fingerprint:
                    del world.aliases[alias.name]
            self._daemon.events.lifecycle("image-deleted", url, project=project, requestor=True)

        return accepted(
            self._daemon.operations.start(
                "Deleting image", delete, project=project, resources={"images": [url]}
            )
        )

    async def list_aliases(self, request: web.Request) -> web.Response:
        """``GET /1.0/images/aliases``."""
        world = self._daemon.world
        if recursion_depth(request):
            return sync_reply([alias_body(world, alias) for alias in world.aliases.values()])
        return sync_reply([f"/1.0/images/aliases/{name}" for name in world.aliases])

    async def get_alias(self, request: web.Request) -> web.Response:
        """``GET /1.0/images/aliases/NAME``."""
        body = alias_body(self._daemon.world, self._alias(request))
        return sync_reply(body, etag=entity_tag(body))

    async def create_alias(self, request: web.Request) -> web.Response:
        """``POST /1.0/images/aliases``."""
        world = self._daemon.world
        body = await read_object(request)
        name, target = str(body.get("name") or ""), str(body.get("target") or "")
        if not name or not target:
            raise ApiError(400, "name and target are required")
        if name in world.aliases:
            raise ApiError(409, f'Alias "{name}" already exists')
        image = world.find_image(target)
        if image is None:
            raise ApiError(404, "Image not found")
        world.aliases[name] = Alias(
            name=name, target=image.fingerprint, description=str(body.get("description") or "")
        )
        url = f"/1.0/images/aliases/{name}"
        self._daemon.events.lifecycle("image-alias-created", url, project=project_name(request))
        return sync_reply(None, location=url)

    async def delete_alias(self, request: web.Request) -> web.Response:
        """``DELETE /1.0/images/aliases/NAME``."""
        name = self._alias(request).name
        del self._daemon.world.aliases[name]
        url = f"/1.0/images/aliases/{name}"
        self._daemon.events.lifecycle(
            "image-alias-deleted", url, project=project_name(request), requestor=True
        )
        return sync_reply({})

    def _image(self, request: web.Request) -> Image:
        image = self._daemon.world.find_image(request.match_info["fingerprint"])
        if image is None:
            raise ApiError(404, "Image not found")
        return image

    def _alias(self, request: web.Request) -> Alias:
        alias = self._daemon.world.aliases.get(request.match_info["name"])
        if alias is None:
            raise ApiError(404, "Image alias not found")
        return alias
