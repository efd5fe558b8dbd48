"""Beginning to give an instance to another server, and to take one from there.

The demo speaks over a unix socket only, so a client has to hand on between the two servers. What
asks a server to connect to the other one is refused as where the address leads nowhere.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from lxdtui.demo.daemon import Daemon
from lxdtui.demo.migration_records import ARCHITECTURES
from lxdtui.demo.migration_session import GivingSession, TakingSession
from lxdtui.demo.operations import Operation, OperationFailed
from lxdtui.demo.replies import ApiError
from lxdtui.demo.routes.common import accepted, instance_resources
from lxdtui.demo.world import Instance

_NO_CRIU = "Unable to perform container live migration. CRIU isn't installed on the {} server"
_HARDWARE_ADDRESS = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_HARDWARE_ADDRESS_KEY = re.compile(r"volatile\.[^.]+\.hwaddr")
_HTTPS_PORT = 8443


def begin_giving(daemon: Daemon, instance: Instance, body: Mapping[str, Any]) -> web.Response:
    """Answer ``POST /1.0/instances/NAME`` with ``migration``.

    Args:
        daemon: The server's state.
        instance: The instance.
        body: The body of the request.

    Raises:
        ApiError: 500, its memory cannot go along or the target is not reached; 501, it is to
            stay on this server.
    """
    if body.get("pool") or body.get("project"):
        raise ApiError(501, "not implemented")
    if body.get("live") and instance.is_running:
        raise ApiError(500, _NO_CRIU.format("source"))
    target = body.get("target")
    if target is not None:
        raise ApiError(500, _unreachable(target if isinstance(target, dict) else {}))
    with_snapshots = not (body.get("instance_only") or body.get("container_only"))
    session = GivingSession(daemon, instance, with_snapshots=with_snapshots)
    operation = daemon.operations.start(
        "Migrating instance",
        session.run,
        project=instance.project,
        resources=instance_resources(instance.name),
        class_name="websocket",
        metadata=dict(session.sockets.secrets),
        may_cancel=True,
        session=session.sockets,
    )
    if operation.task is not None:
        # Where the work was never begun, nobody else ends them.
        operation.task.add_done_callback(lambda _task: session.sockets.cut())
    return accepted(operation)


def check_wish(body: Mapping[str, Any], source: Mapping[str, Any]) -> None:
    """Refuse what cannot be taken, before anything is made for it.

    Args:
        body: The body of ``POST /1.0/instances``.
        source: Its ``source``, of the type ``migration``.

    Raises:
        ApiError: 400, the architecture is another; 500, memory cannot be taken; 501, the mode is
            unknown.
    """
    mode = str(source.get("mode") or "")
    if mode not in {"pull", "push"}:
        raise ApiError(501, f'Mode "{mode}" not implemented')
    architecture = str(body.get("architecture") or "")
    if architecture not in ARCHITECTURES:
        raise ApiError(400, f"Architecture isn't supported: {architecture}")
    if source.get("live"):
        raise ApiError(500, _NO_CRIU.format("destination"))


def begin_taking(
    daemon: Daemon, instance: Instance, body: Mapping[str, Any], source: Mapping[str, Any]
) -> web.Response:
    """Answer ``POST /1.0/instances`` with a source of the type ``migration``.

    Args:
        daemon: The server's state.
        instance: The instance as it was just made, still without files.
        body: The body of the request, as :func:`check_wish` lets it pass.
        source: Its ``source``.
    """
    _adopt(instance, body)
    instance.busy_with = "create"
    options: dict[str, Any] = {
        "project": instance.project,
        "resources": instance_resources(instance.name),
    }
    with_snapshots = not (source.get("instance_only") or source.get("container_only"))
    session = TakingSession(daemon, instance, with_snapshots=with_snapshots)
    if source.get("mode") == "pull":

        async def pull(_operation: Operation) -> None:
            raise OperationFailed(f"Error transferring instance data: {_unreachable(source)}")

        operation = daemon.operations.start("Creating instance", pull, **options)
    else:
        operation = daemon.operations.start(
            "Creating instance",
            session.run,
            class_name="websocket",
            metadata=dict(session.sockets.secrets),
            session=session.sockets,
            **options,
        )
    if operation.task is not None:
        operation.task.add_done_callback(lambda _task: session.end())
    return accepted(operation)


def _adopt(instance: Instance, body: Mapping[str, Any]) -> None:
    """Keep what a new instance would get anew: its architecture and hardware addresses."""
    instance.architecture = str(body["architecture"])
    instance.config |= {
        key: value
        for key, value in (body.get("config") or {}).items()
        if _HARDWARE_ADDRESS_KEY.fullmatch(key) and _HARDWARE_ADDRESS.fullmatch(value or "")
    }


def _unreachable(end: Mapping[str, Any]) -> str:
    """The words for an address where no server is."""
    try:
        parts = urlsplit(str(end.get("operation") or ""))
        host, port = parts.hostname or "", parts.port or _HTTPS_PORT
    except ValueError:
        host, port = "", _HTTPS_PORT
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return (
        f"Unable to connect to: {address} ([dial tcp {address}: connect: network is unreachable])"
    )
