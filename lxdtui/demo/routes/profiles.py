"""Profiles and projects."""

from typing import Any

from aiohttp import web

from lxdtui.demo.bodies import profile_body, profile_etag, project_body, project_etag
from lxdtui.demo.config_rules import config_error
from lxdtui.demo.daemon import Daemon
from lxdtui.demo.device_rules import validation_error
from lxdtui.demo.events import project_url
from lxdtui.demo.replies import (
    ApiError,
    check_entity_tag,
    read_object,
    recursion_depth,
    string_map,
    sync_reply,
)
from lxdtui.demo.routes.common import get_project, project_name, route
from lxdtui.demo.world import Devices, Profile, Project

FEATURES = ("images", "networks", "profiles", "storage.volumes")


class ProfileRoutes:
    """Handlers below ``/1.0/profiles`` and ``/1.0/projects``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        return [
            route("GET", "/1.0/profiles", self.list_profiles),
            route("POST", "/1.0/profiles", self.create_profile),
            route("GET", "/1.0/profiles/{name}", self.get_profile),
            route("PUT", "/1.0/profiles/{name}", self.put_profile),
            route("PATCH", "/1.0/profiles/{name}", self.patch_profile),
            route("POST", "/1.0/profiles/{name}", self.rename_profile),
            route("DELETE", "/1.0/profiles/{name}", self.delete_profile),
            route("GET", "/1.0/projects", self.list_projects),
            route("POST", "/1.0/projects", self.create_project),
            route("GET", "/1.0/projects/{name}", self.get_project),
            route("PUT", "/1.0/projects/{name}", self.put_project),
            route("PATCH", "/1.0/projects/{name}", self.patch_project),
            route("DELETE", "/1.0/projects/{name}", self.delete_project),
        ]

    async def list_profiles(self, request: web.Request) -> web.Response:
        """``GET /1.0/profiles``."""
        project, profiles = self._profiles(request)
        if recursion_depth(request):
            world = self._daemon.world
            return sync_reply([profile_body(world, project, item) for item in profiles.values()])
        owner = project if self._daemon.world.projects[project].has_own_profiles else "default"
        return sync_reply([project_url(f"/1.0/profiles/{name}", owner) for name in profiles])

    async def get_profile(self, request: web.Request) -> web.Response:
        """``GET /1.0/profiles/NAME``."""
        project, profile = self._profile(request)
        body = profile_body(self._daemon.world, project, profile)
        return sync_reply(body, etag=profile_etag(profile))

    async def create_profile(self, request: web.Request) -> web.Response:
        """``POST /1.0/profiles``."""
        project, profiles = self._profiles(request)
        body = await read_object(request)
        name = str(body.get("name") or "")
        if not name:
            raise ApiError(400, "No name provided")
        if "/" in name:
            raise ApiError(400, "Profile names may not contain slashes")
        if name in profiles:
            raise ApiError(
                500, f'Error inserting "{name}" into database: The profile already exists'
            )
        profile = Profile(name=name)
        _fill_profile(profile, body, replace=True)
        profiles[name] = profile
        self._profile_event(project, name, "created")
        return sync_reply(None, location=f"/1.0/profiles/{name}")

    async def put_profile(self, request: web.Request) -> web.Response:
        """``PUT /1.0/profiles/NAME``."""
        return await self._update_profile(request, replace=True)

    async def patch_profile(self, request: web.Request) -> web.Response:
        """``PATCH /1.0/profiles/NAME``; here an omitted description is kept."""
        return await self._update_profile(request, replace=False)

    async def _update_profile(self, request: web.Request, *, replace: bool) -> web.Response:
        project, profile = self._profile(request)
        check_entity_tag(request, profile_etag(profile))
        _fill_profile(profile, await read_object(request), replace=replace)
        self._profile_event(project, profile.name, "updated")
        world = self._daemon.world
        for instance in world.all_instances():
            is_shared = world.profiles_of(instance.project) is world.profiles_of(project)
            if is_shared and profile.name in instance.profiles:
                self._daemon.instance_event(instance, "updated")
        return sync_reply({})

    async def rename_profile(self, request: web.Request) -> web.Response:
        """``POST /1.0/profiles/NAME`` with a new name; instances follow."""
        project, profile = self._profile(request)
        profiles = self._daemon.world.profiles_of(project)
        new_name = str((await read_object(request)).get("name") or "")
        if profile.name == "default":
            raise ApiError(403, 'The "default" profile cannot be renamed')
        if not new_name:
            raise ApiError(400, "No name provided")
        if new_name in profiles:
            raise ApiError(500, f'Name "{new_name}" already in use')
        old_name = profile.name
        del profiles[old_name]
        profile.name = new_name
        profiles[new_name] = profile
        for instance in self._daemon.world.all_instances():
            instance.profiles = [
                new_name if name == old_name else name for name in instance.profiles
            ]
        self._profile_event(project, new_name, "renamed", {"old_name": old_name})
        return sync_reply(None, location=f"/1.0/profiles/{new_name}")

    async def delete_profile(self, request: web.Request) -> web.Response:
        """``DELETE /1.0/profiles/NAME``; nobody may use it."""
        project, profile = self._profile(request, missing="Profile not found")
        if profile.name == "default":
            raise ApiError(403, 'The "default" profile cannot be deleted')
        if profile_body(self._daemon.world, project, profile)["used_by"]:
            raise ApiError(500, "Profile is currently in use")
        del self._daemon.world.profiles_of(project)[profile.name]
        self._profile_event(project, profile.name, "deleted")
        return sync_reply({})

    async def list_projects(self, request: web.Request) -> web.Response:
        """``GET /1.0/projects``."""
        world = self._daemon.world
        if recursion_depth(request):
            return sync_reply([project_body(world, item) for item in world.projects.values()])
        return sync_reply([f"/1.0/projects/{name}" for name in world.projects])

    async def get_project(self, request: web.Request) -> web.Response:
        """``GET /1.0/projects/NAME``."""
        project = get_project(self._daemon, request.match_info["name"])
        return sync_reply(project_body(self._daemon.world, project), etag=project_etag(project))

    async def create_project(self, request: web.Request) -> web.Response:
        """``POST /1.0/projects``; features that are not named are its own."""
        world = self._daemon.world
        body = await read_object(request)
        name = str(body.get("name") or "")
        if not name:
            raise ApiError(400, "No name provided")
        if "/" in name or " " in name:
            raise ApiError(400, "Project names may not contain slashes or spaces")
        if name in world.projects:
            raise ApiError(
                409,
                f'Failed creating project "{name}": Failed adding database record:'
                ' This "projects" entry already exists',
            )
        config = {f"features.{feature}": "true" for feature in FEATURES if feature != "networks"}
        config |= string_map(body.get("config"), "ProjectsPost.config")
        project = Project(name=name, description=str(body.get("description") or ""), config=config)
        if project.has_own_profiles:
            description = f"Default LXD profile for project {name}"
            project.profiles["default"] = Profile(name="default", description=description)
        world.projects[name] = project
        self._project_event(name, "created")
        return sync_reply(None, location=f"/1.0/projects/{name}")

    async def put_project(self, request: web.Request) -> web.Response:
        """``PUT /1.0/projects/NAME``."""
        return await self._update_project(request, replace=True)

    async def patch_project(self, request: web.Request) -> web.Response:
        """``PATCH /1.0/projects/NAME``."""
        return await self._update_project(request, replace=False)

    async def _update_project(self, request: web.Request, *, replace: bool) -> web.Response:
        project = get_project(self._daemon, request.match_info["name"])
        check_entity_tag(request, project_etag(project))
        body = await read_object(request)
        config = string_map(body.get("config"), "ProjectPut.config")
        project.config = config if replace else project.config | config
        if replace or "description" in body:
            project.description = str(body.get("description") or "")
        self._project_event(project.name, "updated")
        return sync_reply({})

    async def delete_project(self, request: web.Request) -> web.Response:
        """``DELETE /1.0/projects/NAME``; it must be empty."""
        name = request.match_info["name"]
        if name not in self._daemon.world.projects:
            raise ApiError(404, f'Fetch project "{name}": Project not found')
        project = self._daemon.world.projects[name]
        if name == "default":
            raise ApiError(403, "The 'default' project cannot be deleted")
        if project.instances or set(project.profiles) - {"default"}:
            raise ApiError(500, "Only empty projects can be removed")
        del self._daemon.world.projects[project.name]
        self._project_event(project.name, "deleted")
        return sync_reply({})

    def _profiles(self, request: web.Request) -> tuple[str, dict[str, Profile]]:
        project, world = project_name(request), self._daemon.world
        if project not in world.projects:
            raise ApiError(404, f'Failed loading project "{project}": Project not found')
        return project, world.profiles_of(project)

    def _profile(
        self, request: web.Request, *, missing: str = "Fetch profile: Profile not found"
    ) -> tuple[str, Profile]:
        project, profiles = self._profiles(request)
        profile = profiles.get(request.match_info["name"])
        if profile is None:
            raise ApiError(404, missing)
        return project, profile

    def _profile_event(
        self, project: str, name: str, action: str, context: dict[str, str] | None = None
    ) -> None:
        self._daemon.events.lifecycle(
            f"profile-{action}",
            f"/1.0/profiles/{name}",
            project=project,
            context=context,
            requestor=True,
        )

    def _project_event(self, name: str, action: str) -> None:
        self._daemon.events.emit(
            "lifecycle",
            {
                "action": f"project-{action}",
                "source": f"/1.0/projects/{name}",
                "requestor": {"username": "root", "protocol": "unix", "address": "@"},
            },
            name,
        )


def _fill_profile(profile: Profile, body: dict[str, Any], *, replace: bool) -> None:
    config = string_map(body.get("config"), "ProfilePut.config")
    devices: Devices = {
        key: string_map(value, "ProfilePut.devices")
        for key, value in (body.get("devices") or {}).items()
    }
    if not replace:
        config, devices = profile.config | config, profile.devices | devices
    error = config_error(config) or validation_error(devices)
    if error is not None:
        raise ApiError(400, error)
    profile.config = {key: value for key, value in config.items() if value}
    profile.devices = devices
    if replace or "description" in body:
        profile.description = str(body.get("description") or "")
