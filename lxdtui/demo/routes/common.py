"""What the request handlers share: finding the subject of a request."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from lxdtui.demo.daemon import Daemon
from lxdtui.demo.operations import Operation
from lxdtui.demo.replies import ApiError, async_reply, is_true
from lxdtui.demo.world import Instance, Project, Snapshot

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def route(method: str, path: str, handler: Handler) -> web.RouteDef:
    """One method of one path. HEAD is never added silently: LXD knows it for files only."""
    options = {"allow_head": False} if method == "GET" else {}
    return web.RouteDef(method, path, handler, options)


def project_name(request: web.Request) -> str:
    """The project that a request is about."""
    return request.query.get("project") or "default"


def wants_all_projects(request: web.Request) -> bool:
    """Whether the request is about all projects.

    Raises:
        ApiError: 400, it names one project too.
    """
    if not is_true(request.query.get("all-projects")):
        return False
    if request.query.get("project"):
        raise ApiError(400, "Cannot specify a project when requesting all projects")
    return True


def get_project(daemon: Daemon, name: str) -> Project:
    """A project that must exist.

    Raises:
        ApiError: 404, there is none.
    """
    project = daemon.world.projects.get(name)
    if project is None:
        raise ApiError(404, "Project not found")
    return project


def get_instance(daemon: Daemon, request: web.Request) -> Instance:
    """The instance that a path names.

    Raises:
        ApiError: 404, there is none in this project.
    """
    name = request.match_info["name"]
    if "/" in name:
        raise ApiError(400, "Invalid instance name")
    instance = daemon.world.instance(project_name(request), name)
    if instance is None:
        raise ApiError(404, "Instance not found")
    return instance


def get_snapshot(daemon: Daemon, request: web.Request) -> tuple[Instance, Snapshot]:
    """The snapshot that a path names, and its instance.

    Raises:
        ApiError: 404, there is none.
    """
    name, snapshot_name = request.match_info["name"], request.match_info["snapshot"]
    project = project_name(request)
    instance = daemon.world.instance(project, name)
    if instance is None or snapshot_name not in instance.snapshots:
        raise ApiError(
            404,
            f'Failed to fetch snapshot "{snapshot_name}" of instance "{name}"'
            f' in project "{project}": InstanceSnapshot not found',
        )
    return instance, instance.snapshots[snapshot_name]


def instance_resources(*names: str) -> dict[str, list[str]]:
    """Resources of an operation about containers: LXD 5.0.2 names them twice."""
    return {
        "containers": [f"/1.0/containers/{name}" for name in names],
        "instances": [f"/1.0/instances/{name}" for name in names],
    }


def accepted(operation: Operation) -> web.Response:
    """The 202 for an operation just started."""
    return async_reply(operation.url, operation.body())
