"""A container's life as somebody sees it: from outside into the list, a shell, and its end."""

import itertools
import re
import time

import pytest

from tests.e2e.conftest import PROGRAM, OpenTerminal
from tests.e2e.terminal import Terminal, wait_until
from tests.lab import Daemon

# What was created elsewhere is to be seen within two seconds. A machine that is busy with
# everything else gets more; what it took is printed.
SEEN_WITHIN = 5.0

_numbers = itertools.count(1)


def size_inside(terminal: Terminal) -> tuple[int, int]:
    """Columns and rows that a program in the shell finds."""
    number = next(_numbers)
    terminal.type(f"echo look {number}: $(stty size)\n")
    pattern = rf"^look {number}: (\d+) (\d+)$"
    found = re.search(pattern, terminal.wait_for(pattern), re.MULTILINE)
    assert found is not None
    return int(found[2]), int(found[1])


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
def test_from_creation_to_deletion(
    open_terminal: OpenTerminal,
    daemon: Daemon,
    instance_name: str,
    size: tuple[int, int],
) -> None:
    terminal = open_terminal(size)
    terminal.run(PROGRAM, "--socket", daemon.socket)
    terminal.wait_for("No containers")

    # Seen without a key being pressed.
    daemon.launch(instance_name, start=False)
    created = time.monotonic()
    terminal.wait_for(rf"{instance_name} +(\$ +)?stopped", seconds=SEEN_WITHIN)
    print(f"seen {time.monotonic() - created:.2f} s after its creation")
    terminal.keys("S")
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    assert daemon.status(instance_name) == "Running"

    # A shell as large as the room there is, and again when there is more.
    terminal.keys("s")
    terminal.wait_for(r"# *$")
    columns, rows = size
    inside = size_inside(terminal)
    assert inside[0] == columns
    assert rows - 5 <= inside[1] < rows
    terminal.resize(columns + 17, rows + 6)
    # The size goes another way than what is typed, so it may arrive later.
    wait_until(
        lambda: size_inside(terminal) == (inside[0] + 17, inside[1] + 6), "the new size inside"
    )
    terminal.type("mark=$((6 * 7)); echo shell $$ knows $mark\n")
    said = re.search(r"^shell \d+ knows 42$", terminal.wait_for("^shell .* 42$"), re.MULTILINE)
    assert said is not None

    # It lives on while the list is looked at.
    terminal.keys("C-]", "q")
    screen = terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    assert said[0] not in screen
    terminal.resize(columns, rows)
    terminal.keys("s")
    terminal.wait_for(f"^{said[0]}$")
    terminal.type("clear; echo shell $$ knows $mark still\n")
    terminal.wait_for(f"^{said[0]} still$")
    wait_until(lambda: size_inside(terminal) == inside, "the size of before inside")
    terminal.type("exit 3\n")
    terminal.wait_for("status 3")
    terminal.keys("Escape")

    # Its end.
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    terminal.keys("T")
    terminal.wait_for(rf"{instance_name} +(\$ +)?stopped")
    assert daemon.status(instance_name) == "Stopped"
    terminal.keys("D")
    terminal.wait_for(f"Delete {instance_name} in")
    terminal.type(instance_name)
    terminal.wait_for(f"Type the name.* {instance_name} ")
    terminal.keys("Enter")
    terminal.wait_for("No containers")
    assert instance_name not in daemon.instances()
    terminal.keys("q")
    terminal.wait_for(r"^exit status: 0\n+e2e\$$")


def test_what_others_do_is_seen(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str
) -> None:
    other = f"{instance_name}-b"
    daemon.launch(instance_name)
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", daemon.socket)
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    daemon.set_state(instance_name, "freeze")
    terminal.wait_for(rf"{instance_name} +frozen")
    daemon.set_state(instance_name, "unfreeze")
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    daemon.client("copy", instance_name, other, "--instance-only")
    terminal.wait_for(rf"{other} +(\$ +)?stopped")
    daemon.client("move", other, f"{other}2")
    terminal.wait_for(rf"{other}2 +(\$ +)?stopped")
    terminal.wait_until_gone(rf"{other} ")
    daemon.delete_instances([f"{other}2"])
    terminal.wait_until_gone(other)
    daemon.set_state(instance_name, "stop", force=True)
    terminal.wait_for(rf"{instance_name} +(\$ +)?stopped")


def test_a_key_for_the_shell_is_not_one_of_the_program(
    open_terminal: OpenTerminal, lxd: Daemon, instance_name: str
) -> None:
    lxd.launch(instance_name)
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", lxd.socket)
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    terminal.keys("s")
    terminal.wait_for(r"# *$")
    # Each of these is a key of the list, or of Textual, elsewhere.
    terminal.type("cat -v\n")
    terminal.keys("q", "D", "?", "C-p", "C-q", "Escape", "F1", "C-]", "C-]", "Tab", "Enter")
    terminal.wait_for(r"^qD\?\^P.*\^\[\^\[OP\^\]")
    terminal.keys("C-c")
    terminal.type("echo still here\n")
    terminal.wait_for("^still here$")
