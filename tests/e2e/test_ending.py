"""However it ends: the terminal is as before, and nothing is left in the container."""

import os
import pty
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import PROGRAM, OpenTerminal
from tests.e2e.terminal import Terminal, wait_until
from tests.lab import Daemon

# A shell's own words, in two pieces, so that the line that was typed does not match.
MARK = 'echo shell""ready'


def open_shell(terminal: Terminal, daemon: Daemon, name: str) -> None:
    """Starts the program and opens a shell in the only container."""
    terminal.run(PROGRAM, "--socket", daemon.socket)
    terminal.wait_for(rf"{name} +(\$ +)?running")
    terminal.keys("s")
    terminal.wait_for("[$#] *$")
    terminal.type(f"{MARK}\n")
    terminal.wait_for("^shellready")


def open_shell_with_program(terminal: Terminal, daemon: Daemon, name: str) -> None:
    """The same, and lets a program run in the shell."""
    open_shell(terminal, daemon, name)
    terminal.type("sleep 86399\n")
    wait_until(
        lambda: any("sleep" in line for line in shells_in(daemon, name)), f"a program in {name}"
    )


def shells_in(daemon: Daemon, name: str) -> list[str]:
    """The command lines of the shells and what they run, seen from inside."""
    processes = daemon.exec(name, "ps").splitlines()
    return [line for line in processes if re.search(r"sh -l|sleep 86399", line)]


def wait_until_empty(daemon: Daemon, name: str) -> None:
    wait_until(lambda: not shells_in(daemon, name), f"no shell in {name}")


def program_in(terminal: Terminal) -> int:
    """The process that the terminal's shell runs."""
    shell = terminal.format("#{pane_pid}")
    return int(Path(f"/proc/{shell}/task/{shell}/children").read_text(encoding="ascii"))


def assert_terminal_is_as_before(terminal: Terminal) -> None:
    """What is typed is seen, lines end where they should, the mouse is the terminal's again."""
    terminal.type("clear; stty -a\n")
    screen = terminal.wait_for(r"\bicanon\b")
    assert re.search(r"(?<!-)\becho\b", screen)
    assert re.search(r"(?<!-)\bonlcr\b", screen)
    flags = terminal.format("#{alternate_on} #{mouse_any_flag} #{cursor_flag}")
    assert flags == "0 0 1"


def test_quitting(open_terminal: OpenTerminal, daemon: Daemon) -> None:
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", daemon.socket)
    terminal.wait_for("No containers")
    terminal.keys("q")
    terminal.wait_for(r"^exit status: 0\n+e2e\$$")
    assert_terminal_is_as_before(terminal)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str, number: signal.Signals
) -> None:
    daemon.launch(instance_name)
    terminal = open_terminal()
    open_shell_with_program(terminal, daemon, instance_name)
    os.kill(program_in(terminal), number)
    screen = terminal.wait_for(rf"^exit status: {128 + number}\n+e2e\$$")
    assert "Traceback" not in screen
    assert_terminal_is_as_before(terminal)
    wait_until_empty(daemon, instance_name)


def test_a_closed_window_leaves_nothing(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str
) -> None:
    daemon.launch(instance_name)
    terminal = open_terminal()
    open_shell_with_program(terminal, daemon, instance_name)
    process = program_in(terminal)
    terminal.close()
    wait_until(lambda: not Path(f"/proc/{process}").exists(), "the end of the program")
    wait_until_empty(daemon, instance_name)


def test_a_terminal_that_goes_without_a_signal_ends_it(
    daemon: Daemon, instance_name: str, tmp_path: Path
) -> None:
    daemon.launch(instance_name)
    ours, its = pty.openpty()
    # Like a serial line this one does not know its size.
    assert os.get_terminal_size(its) == (0, 0)
    # Its own session, but not with this terminal as the controlling one: no SIGHUP comes.
    environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    with (tmp_path / "errors").open("wb") as errors:
        program = subprocess.Popen(
            [PROGRAM, "--socket", daemon.socket],
            stdin=its,
            stdout=its,
            stderr=errors,
            start_new_session=True,
            env={**environment, "TERM": "xterm-256color"},
        )
    os.close(its)
    drawn = bytearray()
    deadline = time.monotonic() + 30
    while instance_name.encode() not in drawn:
        assert time.monotonic() < deadline, drawn[-2000:]
        drawn += os.read(ours, 4096)
    os.close(ours)
    assert program.wait(timeout=20) == 128 + signal.SIGHUP
    # Nothing of the picture goes to where the errors go.
    assert (tmp_path / "errors").read_bytes() == b""


def test_a_killed_program_leaves_nothing(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str
) -> None:
    daemon.launch(instance_name)
    terminal = open_terminal()
    open_shell_with_program(terminal, daemon, instance_name)
    os.kill(program_in(terminal), signal.SIGKILL)
    terminal.wait_for(r"exit status: 137")
    wait_until_empty(daemon, instance_name)


def test_quitting_ends_the_shells(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str
) -> None:
    daemon.launch(instance_name)
    terminal = open_terminal()
    open_shell_with_program(terminal, daemon, instance_name)
    terminal.keys("C-]", "q")
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    assert shells_in(daemon, instance_name)
    terminal.keys("q")
    terminal.wait_for("Quit with 1 open shell")
    terminal.keys("Enter")
    terminal.wait_for(r"^exit status: 0\n+e2e\$$")
    wait_until_empty(daemon, instance_name)
