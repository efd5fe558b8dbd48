"""Shells side by side, typed into at once, and a console through a restart."""

import re

from tests.e2e.conftest import PROGRAM, OpenTerminal
from tests.e2e.terminal import wait_until
from tests.lab import Daemon

GETTY = "::respawn:-/bin/sh\n"


def test_panes_several_and_a_console(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str
) -> None:
    daemon.launch(instance_name)
    daemon.exec(instance_name, "sh", "-c", 'printf "%s" "$1" > /etc/inittab', "sh", GETTY)
    daemon.set_state(instance_name, "restart", force=True)
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", daemon.socket, "--leader", "ctrl+a")
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    terminal.keys("s")
    terminal.wait_for(r"# *$")

    # Two panes, each as wide as it looks; what is typed at once arrives in both.
    terminal.keys("C-a", "|")
    terminal.wait_for(rf"● {instance_name} .*● {instance_name} ")
    terminal.keys("C-a", "b")
    terminal.wait_for("Type at once into")
    terminal.keys("Enter")
    terminal.wait_for("2 typed at once.*2 typed at once")
    terminal.type("clear; stty size; echo $((6*7))")

    # An Enter right after a dialog is taken for one that was meant for it.
    terminal.keys("C-j")
    terminal.wait_for(r"^20 40 +20 39$")
    terminal.wait_for(r"^42 +42$")
    terminal.keys("C-a", "b")
    terminal.wait_until_gone("typed at once")
    terminal.type("echo only $((6*8))")
    terminal.keys("C-j")
    terminal.wait_for(r"^.{40} *only 48$")
    terminal.keys("C-a", "z")
    terminal.wait_for("zoomed, 2 of 2")
    # A program runs there, so it is asked.
    terminal.type("sleep 999\n")
    terminal.wait_for("^~ # sleep 999$")
    terminal.keys("C-a", "x")
    terminal.wait_for("Close the shell in")
    terminal.keys("Enter")
    terminal.wait_until_gone("zoomed")
    terminal.wait_for(r"^42$")
    terminal.keys("C-a", "q")
    terminal.wait_for(rf"{instance_name} \$ +(\$ +)?running")

    # The console comes back after the container has restarted from inside.
    terminal.keys("C")
    terminal.wait_for(f"{instance_name} › Console")

    def answers(number: int) -> bool:
        terminal.type(f"\necho $(({number}*2))\n")
        return re.search(rf"^{number * 2}$", terminal.screen(), re.MULTILINE) is not None

    wait_until(lambda: answers(41), "an answer of the console")
    daemon.set_state(instance_name, "restart", force=True)
    wait_until(lambda: answers(43), "an answer of the console after the restart")
    terminal.keys("C-a", "q")
    terminal.wait_for(rf"{instance_name} .*running")
    assert daemon.status(instance_name) == "Running"
