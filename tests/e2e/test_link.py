"""The server goes away under the program, and comes back."""

import pytest

from tests.e2e.conftest import PROGRAM, OpenTerminal
from tests.lab import Daemon

SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])


@SIZES
def test_the_rows_stay_and_are_right_again(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str, size: tuple[int, int]
) -> None:
    other = f"{instance_name}-b"
    daemon.launch(instance_name)
    terminal = open_terminal(size)
    terminal.run(PROGRAM, "--socket", daemon.socket)
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")

    daemon.kill()
    screen = terminal.wait_for("link .*lost")
    assert instance_name in screen
    # Words, and how old the rows are.
    terminal.wait_for(r"as of \d+ s ago")

    daemon.start()
    # What happened meanwhile shows by itself.
    daemon.launch(other, start=False)
    terminal.wait_until_gone("link .*lost")
    screen = terminal.wait_for(rf"{other} +(\$ +)?stopped")
    assert instance_name in screen
    assert "as of" not in screen
    terminal.keys("q")
    terminal.wait_for(r"^exit status: 0\n+e2e\$$")


def test_a_try_can_be_asked_for(open_terminal: OpenTerminal, daemon: Daemon) -> None:
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", daemon.socket)
    terminal.wait_for("No containers")
    daemon.kill()
    # By now it waits longer than this test would.
    terminal.wait_for(r"next try in ([4-9]|\d\d) s", seconds=60)
    daemon.start()
    terminal.keys("C-r")
    terminal.wait_until_gone("link .*lost", seconds=4)


def test_an_open_shell_says_that_it_ended(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str
) -> None:
    daemon.launch(instance_name)
    terminal = open_terminal((140, 40))
    terminal.run(PROGRAM, "--socket", daemon.socket)
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    terminal.keys("s")
    terminal.wait_for(r"# *$")
    terminal.type("echo before the en''d\n")
    terminal.wait_for("^before the end$")
    daemon.kill()
    screen = terminal.wait_for("(connection|link).*(lost|closed|ended|cut)")
    # What it printed can still be read.
    assert "before the end" in screen
    daemon.start()
    terminal.wait_until_gone("link to .*lost")
    terminal.keys("Enter")
    terminal.wait_until_gone("before the end")
    terminal.wait_for(r"# *$")
    terminal.type("echo ali''ve\n")
    terminal.wait_for("^alive$")


def test_a_daemon_that_does_not_answer(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str
) -> None:
    daemon.launch(instance_name)
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", daemon.socket)
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    daemon.pause()
    terminal.keys("T")
    terminal.wait_for(rf"{instance_name} +stopping")
    # It is not held up by it.
    terminal.keys("?")
    terminal.wait_for(r"Keys\b")
    terminal.keys("Escape")
    daemon.resume()
    terminal.wait_for(rf"{instance_name} +(\$ +)?stopped")
