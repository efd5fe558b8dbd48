"""The composition root: arguments, servers, services, interface.

The only place that builds these and the only one that reads the environment.
"""

import argparse
import asyncio
import gc
import importlib
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lxdtui.api import Endpoint
from lxdtui.errors import ConfigError, LxdTuiError
from lxdtui.places import add_place_arguments, choose_remote, read_known
from lxdtui.services import Fleet, Known, Remote
from lxdtui.ui.actions.leader import leader_key
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
        _assume_size()
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
    add_place_arguments(parser)
    parser.add_argument("--project", metavar="NAME", default="", help="one project instead of all")
    parser.add_argument("--light", action="store_true", help="dark text on a light ground")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters alone")
    parser.add_argument(
        "--leader",
        metavar="KEY",
        default=os.environ.get("LXDTUI_LEADER", "ctrl+]"),
        help="the one key that a shell does not get: ctrl+] (the default), ctrl+a, alt+x, f12; "
        "also LXDTUI_LEADER",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('lxdtui')}")
    return parser


def _assume_size() -> None:
    """Take 80 by 24 cells where the terminal does not know its size, as serial lines do not.

    The libraries below would each take a size of their own, and never agree.
    """
    size = os.get_terminal_size(sys.stdout.fileno())
    if not size.columns or not size.lines:
        os.environ.setdefault("COLUMNS", "80")
        os.environ.setdefault("LINES", "24")


async def _run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    try:
        leader = leader_key(options.leader)
    except ValueError as error:
        raise ConfigError(f"The leader key cannot be used: {error}.") from error
    async with AsyncExitStack() as stack:
        if options.demo:
            remote = Remote(
                name="demo",
                endpoint=Endpoint(socket=await _start_demo(stack)),
                project=options.project,
                is_demo=True,
            )
        else:
            remote = await choose_remote(options, environ, Path.home())
        # The demo has nothing to do with real servers.
        known = Known if options.demo else partial(read_known, environ, Path.home())
        fleet = Fleet([remote], known=known)
        stack.push_async_callback(fleet.aclose)
        app = LxdTuiApp(
            fleet,
            glyphs=ASCII if options.ascii else UNICODE,
            leader=leader,
            theme=(LIGHT if options.light else DARK).name,
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Without this the process ends at once and leaves the terminal as it was in use.
            loop.add_signal_handler(number, _end, app, number)
        # What was loaded until now stays for ever: the collector need not look at
        # it again, which halves its pauses while a shell is flooded.
        gc.freeze()
        gc.enable()
        await app.run_async()
        return app.return_code or 0


def _end(app: LxdTuiApp, number: signal.Signals) -> None:
    """End in order at a signal, with the exit status that shells give to such an end."""
    app.exit(return_code=128 + number)


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
