"""The lab by hand: ``python -m tests.lab up``, ``app``, ``run``, ``clean`` and ``install``."""

import argparse
import os
import shlex
import signal
import subprocess
import sys
from types import FrameType
from typing import NoReturn

from tests.lab.criu import criu_folder
from tests.lab.daemon import Daemon
from tests.lab.errors import LabError, LabUnavailableError
from tests.lab.images import debian_image
from tests.lab.lab import Lab
from tests.lab.packages import install
from tests.lab.roots import clean_up_stale

_USUAL = ("lxd", "incus")
_EXAMPLES = ("web-1", "web-2", "database")


def main(arguments: list[str] | None = None) -> int:
    """Runs one of the commands and returns the exit status."""
    options = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        if options.command == "install":
            return _install(debian=options.debian)
        if options.command == "clean":
            return _clean()
        if options.command == "up":
            return _up(options.daemons or list(_USUAL))
        if options.command == "app":
            return _app(options.daemon, options.rest)
        return _run(options.rest)
    except LabError as error:
        _say(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.lab",
        description="Private LXD and Incus daemons that go away with this command.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="bring daemons up and stay until Ctrl+C")
    up.add_argument("daemons", nargs="*", help="such as lxd lxd2 incus (default: lxd incus)")
    app = commands.add_parser("app", help="run lxdtui on a daemon with a few containers")
    app.add_argument("daemon", nargs="?", default="lxd", help="lxd (the default) or incus")
    app.add_argument("rest", nargs=argparse.REMAINDER, help="arguments for lxdtui")
    run = commands.add_parser("run", help="run a command that finds the daemons")
    run.add_argument("rest", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    commands.add_parser("clean", help="remove what killed runs left")
    get = commands.add_parser("install", help="install the packages that the lab needs")
    get.add_argument("--debian", action="store_true", help="build the Debian image as well")
    return parser


def _say(text: str) -> None:
    print(f"lab: {text}", file=sys.stderr, flush=True)


def _leave(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _install(*, debian: bool = False) -> int:
    left_out = install(log=_say)
    if os.geteuid() != 0:
        left_out.append("real daemons: only root can run them")
    try:
        criu_folder(_say)
    except LabUnavailableError as error:
        left_out.append(f"CRIU (memory of containers): {error}")
    for line in left_out:
        _say(f"LEFT OUT: {line}")
    if left_out:
        _say("LEFT OUT means: the tests that need it cannot run on this machine")
    if debian:
        _say(f"Debian image: {debian_image(_say)}")
    return 1 if left_out else 0


def _clean() -> int:
    if not clean_up_stale(_say):
        _say("nothing to remove")
    return 0


def _bring_up(lab: Lab, names: list[str]) -> list[Daemon]:
    """Those of the daemons that can run here; a line on each that cannot."""
    _install()
    found: list[Daemon] = []
    for name in names:
        try:
            found.append(lab.daemon(name))
        except LabUnavailableError as error:
            _say(f"LEFT OUT: {name}: {error}")
    if not found:
        raise LabUnavailableError("no daemon can run on this machine")
    return found


def _variables(daemons: list[Daemon]) -> dict[str, str]:
    """What tells a command, and the clients of LXD and Incus, where the daemons are."""
    variables: dict[str, str] = {}
    for daemon in reversed(daemons):
        name = daemon.name.upper().replace("-", "_")
        variables[f"LXDTUI_LAB_{name}_SOCKET"] = str(daemon.socket)
        variables[f"LXDTUI_LAB_{name}_URL"] = daemon.https_url
        # Reversed, so that of two daemons of one kind the clients find the first.
        variables |= daemon.variables
    return variables


def _up(names: list[str]) -> int:
    with Lab(_say) as lab:
        daemons = _bring_up(lab, names)
        for daemon in daemons:
            print(
                f"# {daemon.name}: {daemon.kind} {daemon.version}, log {daemon.folder}/daemon.log"
            )
        for name, value in sorted(_variables(daemons).items()):
            print(f"export {name}={shlex.quote(value)}")
        print(f"# lxdtui --socket {daemons[0].socket}")
        print("# Ctrl+C ends it all", flush=True)
        while True:
            signal.pause()


def _app(name: str, arguments: list[str]) -> int:
    with Lab(_say) as lab:
        daemon = _bring_up(lab, [name])[0]
        for example in _EXAMPLES:
            daemon.launch(example)
        daemon.launch("stopped", start=False)
        daemon.add_nic(_EXAMPLES[0], ["198.51.100.7/24", "2001:db8::7/64"])
        socket = ["--socket", str(daemon.socket)]
        return _foreground([sys.executable, "-m", "lxdtui", *socket, *arguments], [daemon])


def _run(command: list[str]) -> int:
    command = command[1:] if command[:1] == ["--"] else command
    if not command:
        raise LabError("no command given: python -m tests.lab run -- COMMAND ...")
    with Lab(_say) as lab:
        return _foreground(command, _bring_up(lab, list(_USUAL)))


def _foreground(command: list[str], daemons: list[Daemon]) -> int:
    # Ctrl+C is for the command; the lab goes when the command has ended.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        environment = {**os.environ, **_variables(daemons)}
        return subprocess.run(command, env=environment, check=False).returncode
    except OSError as error:
        raise LabError(f"cannot run {command[0]}: {error.strerror}") from error
    finally:
        signal.signal(signal.SIGINT, before)


if __name__ == "__main__":
    sys.exit(main())
