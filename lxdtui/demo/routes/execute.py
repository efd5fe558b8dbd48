"""Exec, and the logs it leaves behind."""

from typing import Any

from aiohttp import web

from lxdtui.demo.bodies import expanded
from lxdtui.demo.daemon import Daemon
from lxdtui.demo.events import project_url
from lxdtui.demo.exec_session import ExecRequest, ExecSession
from lxdtui.demo.operations import Operation
from lxdtui.demo.replies import ApiError, go_kind, read_object, string_map, sync_reply
from lxdtui.demo.routes.common import accepted, get_instance, instance_resources, route
from lxdtui.demo.world import FROZEN, Instance

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CONSOLE_TAKEN = 'Failed running forkconsole: "attaching to the container failed"'
_FIXED_LOGS = ("lxc.conf", "lxc.log")


class ExecRoutes:
    """Handlers of ``…/exec``, ``…/logs`` and ``…/console``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._consoles: dict[str, Operation] = {}

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        return [
            route("POST", "/1.0/instances/{name}/exec", self.execute),
            route("GET", "/1.0/instances/{name}/logs", self.list_logs),
            route("GET", "/1.0/instances/{name}/logs/{file}", self.get_log),
            route("DELETE", "/1.0/instances/{name}/logs/{file}", self.delete_log),
            route("GET", "/1.0/instances/{name}/console", self.get_console),
            route("POST", "/1.0/instances/{name}/console", self.attach_console),
        ]

    async def execute(self, request: web.Request) -> web.Response:
        """``POST …/exec``."""
        instance = get_instance(self._daemon, request)
        body = await read_object(request)
        command = body.get("command") or []
        if not isinstance(command, list) or not all(isinstance(word, str) for word in command):
            raise ApiError(
                400,
                f"json: cannot unmarshal {go_kind(command)} into Go struct field"
                " InstanceExecPost.command of type []string",
            )
        if not instance.is_running:
            raise ApiError(400, "Instance is not running")
        if instance.status_code == FROZEN:
            raise ApiError(400, "Instance is frozen")
        wanted = self._wanted(instance, body)
        session = ExecSession(self._daemon, instance, wanted)
        metadata: dict[str, Any] | None = None
        if wanted.has_sockets:
            metadata = {
                "command": wanted.command,
                "environment": wanted.environment,
                "fds": session.secrets,
                "interactive": wanted.is_interactive,
            }
        operation = self._daemon.operations.start(
            "Executing command",
            session.run,
            project=instance.project,
            resources=instance_resources(instance.name),
            class_name="websocket" if wanted.has_sockets else "task",
            metadata=metadata,
            session=session if wanted.has_sockets else None,
        )
        self._daemon.instance_event(instance, "exec", context={"command": wanted.command})
        return accepted(operation)

    async def attach_console(self, request: web.Request) -> web.Response:
        """``POST …/console``: a shell stands on the console of every instance of the demo."""
        instance = get_instance(self._daemon, request)
        body = await read_object(request)
        if not instance.is_running:
            raise ApiError(400, "Instance is not running")
        if body.get("type", "console") != "console":
            raise ApiError(400, "VGA console is only supported by virtual machines")
        other = self._consoles.get(instance.url)
        is_taken = other is not None and not other.is_final
        # LXD accepts a second client as well, and tells it then.
        command = ["echo", f"Error: {_CONSOLE_TAKEN}"] if is_taken else ["sh"]
        size = {"width": body.get("width"), "height": body.get("height")}
        wanted = self._wanted(
            instance,
            {**size, "command": command, "wait-for-websocket": True, "interactive": True},
        )
        session = ExecSession(self._daemon, instance, wanted)
        operation = self._daemon.operations.start(
            "Showing console",
            session.run,
            project=instance.project,
            resources=instance_resources(instance.name),
            class_name="websocket",
            metadata={"fds": session.secrets},
            session=session,
        )
        if not is_taken:
            self._consoles[instance.url] = operation
        self._daemon.instance_event(instance, "console", context={"type": "console"})
        return accepted(operation)

    def _wanted(self, instance: Instance, body: dict[str, Any]) -> ExecRequest:
        uid, gid = int(body.get("user") or 0), int(body.get("group") or 0)
        config, _ = expanded(
            self._daemon.world,
            instance.project,
            instance.profiles,
            instance.config,
            instance.devices,
        )
        environment = {
            key.removeprefix("environment."): value
            for key, value in config.items()
            if key.startswith("environment.")
        }
        environment |= string_map(body.get("environment"), "InstanceExecPost.environment")
        defaults = {"PATH": _PATH, "LANG": "C.UTF-8"}
        if uid == 0:
            defaults |= {"HOME": "/root", "USER": "root"}
        environment = defaults | environment
        directory = str(body.get("cwd") or "") or ("/root" if uid == 0 else "/")
        if not self._daemon.filesystem(instance).is_directory(directory):
            directory = "/"
        return ExecRequest(
            command=list(body.get("command") or []),
            environment=dict(sorted(environment.items())),
            has_sockets=bool(body.get("wait-for-websocket")),
            is_interactive=bool(body.get("interactive")),
            records_output=bool(body.get("record-output")),
            columns=_size(body.get("width"), 80),
            rows=_size(body.get("height"), 24),
            directory=directory,
            uid=uid,
            gid=gid,
        )

    async def list_logs(self, request: web.Request) -> web.Response:
        """``GET …/logs``."""
        instance = get_instance(self._daemon, request)
        names = sorted((*_FIXED_LOGS, *instance.logs))
        return sync_reply(
            [project_url(f"{instance.url}/logs/{name}", instance.project) for name in names]
        )

    async def get_log(self, request: web.Request) -> web.Response:
        """``GET …/logs/FILE``."""
        instance, name = self._log(request)
        if name == "lxc.conf":
            content = f"lxc.uts.name = {instance.name}\nlxc.arch = linux64\n".encode()
        elif name == "lxc.log":
            content = _lxc_log(instance)
        elif name in instance.logs:
            content = instance.logs[name]
        else:
            raise ApiError(
                500, f"open /var/log/lxd/{instance.name}/{name}: no such file or directory"
            )
        # LXD calls the path of a log a backup in this event.
        self._daemon.instance_event(
            instance, "log-retrieved", path=f"/backups/{name}", requestor=True
        )
        return web.Response(body=content, content_type="application/octet-stream")

    async def delete_log(self, request: web.Request) -> web.Response:
        """``DELETE …/logs/FILE``: recorded output only."""
        instance, name = self._log(request)
        if name in _FIXED_LOGS:
            raise ApiError(400, "lxc.log and lxc.conf may not be deleted")
        if instance.logs.pop(name, None) is None:
            raise ApiError(
                404, f"remove /var/log/lxd/{instance.name}/{name}: no such file or directory"
            )
        self._daemon.instance_event(
            instance, "log-deleted", path=f"/backups/{name}", requestor=True
        )
        return sync_reply({})

    def _log(self, request: web.Request) -> tuple[Instance, str]:
        instance, name = get_instance(self._daemon, request), request.match_info["file"]
        if name not in _FIXED_LOGS and not name.startswith("exec_"):
            raise ApiError(400, f"log file name {name} not valid")
        return instance, name

    async def get_console(self, request: web.Request) -> web.Response:
        """``GET …/console``: the ring buffer of the console."""
        instance = get_instance(self._daemon, request)
        text = (
            "[  OK  ] Started Journal Service.\r\n"
            "[  OK  ] Reached target Network.\r\n"
            "[  OK  ] Reached target Multi-User System.\r\n"
            f"\r\nDebian GNU/Linux 12 {instance.name} console\r\n\r\n{instance.name} login: "
        )
        self._daemon.instance_event(instance, "console-retrieved")
        return web.Response(body=text.encode(), content_type="application/octet-stream")


def _size(value: Any, default: int) -> int:
    return min(value, 1000) if isinstance(value, int) and value > 0 else default


def _lxc_log(instance: Instance) -> bytes:
    lines = [f"lxc {instance.name} 20261120080000.000 INFO     conf - conf.c:setup: demo log\n"]
    if instance.start_failure is not None:
        lines.append(
            f"lxc {instance.name} 20261123010203.000 ERROR    storage - btrfs.c:mount:"
            " no space left on device\n"
        )
    return "".join(lines).encode()
