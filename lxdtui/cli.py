"""The composition root: arguments, servers, services, interface.

The only place that builds these and the only one that reads the environment.
"""

import argparse
import asyncio
import importlib
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lxdtui.api import Endpoint, find_local, local_sockets
from lxdtui.errors import ConfigError, ConnectionFailed, LxdTuiError
from lxdtui.services import Fleet, Remote
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.theme import ASCII, DARK, LIGHT, UNICODE

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: The command line without the program's name.

    Returns:
        The exit status: 0, 1 after a failure, 2 for a wrong command line.
    """
    options = _parser().parse_args(arguments)
    try:
        if not sys.stdin.isatty() or not sys.stdout.isatty():
            raise ConfigError(
                "lxdtui needs a terminal on its standard input and output.",
                hint="Over SSH, ask for one with ssh -t.",
            )
        return asyncio.run(_run(options, os.environ))
    except LxdTuiError as error:
        print(f"lxdtui: {error}", file=sys.stderr)  # noqa: T201  # the program's own message
        if error.hint:
            print(error.hint, file=sys.stderr)  # noqa: T201  # the program's own message
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lxdtui",
        description="A terminal interface for LXD and Incus.",
        epilog="Without a place, the local server is looked for where lxc and incus would: "
        "LXD_SOCKET, LXD_DIR, INCUS_SOCKET and INCUS_DIR, then the usual sockets.",
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--demo", action="store_true", help="work on invented containers")
    place.add_argument("--socket", metavar="PATH", type=Path, help="unix socket of a server")
    place.add_argument("--url", metavar="URL", help="https://HOST[:PORT] of a server")
    tls = parser.add_argument_group("with --url")
    tls.add_argument("--cert", metavar="FILE", type=Path, help="client certificate (PEM)")
    tls.add_argument("--key", metavar="FILE", type=Path, help="key of the client certificate")
    check = tls.add_mutually_exclusive_group()
    check.add_argument(
        "--server-cert", metavar="FILE", type=Path, help="the server's certificate (PEM), pinned"
    )
    check.add_argument(
        "--insecure", action="store_true", help="trust whoever answers; shown on every screen"
    )
    parser.add_argument("--project", metavar="NAME", default="", help="one project instead of all")
    parser.add_argument("--light", action="store_true", help="dark text on a light ground")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters alone")
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('lxdtui')}")
    return parser


async def _run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    async with AsyncExitStack() as stack:
        if options.demo:
            remote = Remote(
                name="demo",
                endpoint=Endpoint(socket=await _start_demo(stack)),
                project=options.project,
                is_demo=True,
            )
        else:
            remote = _remote(options, environ)
        fleet = Fleet([remote])
        stack.push_async_callback(fleet.aclose)
        app = LxdTuiApp(
            fleet,
            glyphs=ASCII if options.ascii else UNICODE,
            theme=(LIGHT if options.light else DARK).name,
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            # Without this the process ends at once and leaves the terminal as it was in use.
            loop.add_signal_handler(number, _end, app, number)
        await app.run_async()
        return app.return_code or 0


def _end(app: LxdTuiApp, number: signal.Signals) -> None:
    """End in order at a signal, with the exit status that shells give to such an end."""
    app.exit(return_code=128 + number)


def _remote(options: argparse.Namespace, environ: Mapping[str, str]) -> Remote:
    """Choose the server that the command line or the environment names."""
    if options.socket is not None:
        return Remote(
            name="local", endpoint=Endpoint(socket=options.socket), project=options.project
        )
    if options.url is not None:
        if (options.cert is None) != (options.key is None):
            raise ConfigError("--cert and --key belong together.")
        endpoint = Endpoint.parse(
            options.url,
            cert=(options.cert, options.key) if options.cert else None,
            verify=False if options.insecure else options.server_cert or True,
        )
        name = endpoint.url.removeprefix("https://").removesuffix(":8443")
        return Remote(name=name, endpoint=endpoint, project=options.project)
    sockets = tuple(local_sockets(environ))
    try:
        socket = find_local(sockets)
    except ConnectionFailed:
        return Remote(
            name="local",
            endpoint=Endpoint(socket=sockets[0]),
            project=options.project,
            searched=tuple(map(str, sockets)),
        )
    return Remote(name="local", endpoint=Endpoint(socket=socket), project=options.project)


async def _start_demo(stack: AsyncExitStack) -> Path:
    """Start the embedded demo server and return its socket."""
    # Imported only when asked for: its server library is an extra, and loading
    # it would make every other start slower.
    try:
        demo: Any = importlib.import_module("lxdtui.demo")
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"The demo needs the extra package {error.name}.",
            hint="Install it with: pip install 'lxdtui[demo]'",
        ) from error
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="lxdtui-demo-"))
    socket = Path(folder) / "unix.socket"
    await stack.enter_async_context(demo.DemoServer(socket))
    return socket
