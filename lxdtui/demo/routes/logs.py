"""Log files of an instance; invented, but of its own story."""

from datetime import UTC, datetime

from aiohttp import web

from lxdtui.demo.daemon import Daemon
from lxdtui.demo.replies import ApiError, sync_reply
from lxdtui.demo.routes.common import get_instance, project_name, route
from lxdtui.demo.world import Instance

__all__ = ["LogRoutes"]

_FILES = ("lxc.conf", "lxc.log")


class LogRoutes:
    """The handlers of ``/1.0/instances/NAME/logs``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        base = "/1.0/instances/{name}"
        return [
            route("GET", f"{base}/logs", self.list_all),
            route("GET", f"{base}/logs/{{file}}", self.get),
        ]

    async def list_all(self, request: web.Request) -> web.Response:
        """``GET``: the URLs of the files."""
        instance = get_instance(self._daemon, request)
        project = project_name(request)
        suffix = "" if project == "default" else f"?project={project}"
        base = f"/1.0/instances/{instance.name}/logs"
        return sync_reply([f"{base}/{name}{suffix}" for name in _FILES])

    async def get(self, request: web.Request) -> web.Response:
        """``GET``: a file, or the end of it that is asked for."""
        instance = get_instance(self._daemon, request)
        name = request.match_info["file"]
        if name not in _FILES:
            path = f"/var/log/lxd/{instance.name}/{name}"
            raise ApiError(500, f"open {path}: no such file or directory")
        text = self._log(instance) if name == "lxc.log" else self._configuration(instance)
        return _ranged(request, text.encode())

    def _log(self, instance: Instance) -> str:
        now = datetime.fromtimestamp(self._daemon.clock.now(), UTC)
        head = f"lxc {instance.name} {now:%Y%m%d%H%M%S}.000"
        lines = (
            "WARN     conf - conf.c:lxc_map_ids:3621 - newuidmap binary is missing",
            "WARN     conf - conf.c:lxc_map_ids:3627 - newgidmap binary is missing",
            "WARN     cgfsng - cgroups/cgfsng.c:fchowmodat:1619 - No such file or directory",
        )
        return "".join(f"{head} {line}\n" for line in lines)

    def _configuration(self, instance: Instance) -> str:
        return (
            f"lxc.log.file = /var/log/lxd/{instance.name}/lxc.log\n"
            "lxc.log.level = warn\n"
            f"lxc.console.logfile = /var/log/lxd/{instance.name}/console.log\n"
            "lxc.console.buffer.size = auto\n"
            f"lxc.uts.name = {instance.name}\n"
        )


def _ranged(request: web.Request, content: bytes) -> web.Response:
    """Answer with the end that a ``Range`` header asks for, or with all."""
    headers = {"Accept-Ranges": "bytes"}
    wanted = request.headers.get("Range", "")
    number = wanted.removeprefix("bytes=-")
    if wanted.startswith("bytes=-") and number.isdigit() and content:
        start = max(len(content) - int(number), 0)
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return web.Response(
            body=content[start:],
            status=206,
            headers=headers,
            content_type="application/octet-stream",
        )
    return web.Response(body=content, headers=headers, content_type="application/octet-stream")
