"""Keys that come faster than the program can show what they do."""

from tests.e2e.conftest import PROGRAM, OpenTerminal
from tests.lab import Daemon


def test_a_wrong_name_at_first(
    open_terminal: OpenTerminal, lxd: Daemon, instance_name: str
) -> None:
    lxd.launch(instance_name, start=False)
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", lxd.socket)
    terminal.wait_for(rf"{instance_name} +(\$ +)?stopped")
    terminal.keys("D")
    terminal.wait_for(f"Delete {instance_name} in")
    # The first Enter comes after a part of the name only.
    terminal.keys(*instance_name[:-1], "Enter", instance_name[-1], "Enter")
    terminal.wait_for("No containers")
    terminal.keys("q")
    terminal.wait_for(r"^exit status: 0\n+e2e\$$")


def test_enter_pressed_again_in_a_question(
    open_terminal: OpenTerminal, lxd: Daemon, instance_name: str
) -> None:
    lxd.launch(instance_name)
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", lxd.socket)
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    terminal.keys("K")
    terminal.wait_for("Force stop")
    terminal.keys("Enter", "Enter")
    # The second one is for nothing, least of all for the list below the question.
    terminal.wait_for(rf"{instance_name} +(\$ +)?stopped")
    terminal.keys("q")
    terminal.wait_for(r"^exit status: 0\n+e2e\$$")


def test_enter_pressed_again_in_the_palette(open_terminal: OpenTerminal, lxd: Daemon) -> None:
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", lxd.socket)
    terminal.wait_for("No containers")
    terminal.keys(":", "r", "e", "f", "r", "e", "s", "h", "Enter", "Enter", "Enter")
    terminal.wait_until_gone("read everything again")
    terminal.wait_for("No containers")
    terminal.keys("q")
    terminal.wait_for(r"^exit status: 0\n+e2e\$$")


def test_what_is_typed_on_after_the_slash_is_no_action(
    open_terminal: OpenTerminal, lxd: Daemon, instance_name: str
) -> None:
    lxd.launch(instance_name)
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", lxd.socket)
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    # All at once, as a paste into the terminal of somebody who is in a hurry.
    terminal.keys("/", "K", "D", "T", "s", "x", "Enter")
    terminal.wait_for("Nothing matches `KDTsx`")
    assert lxd.status(instance_name) == "Running"
