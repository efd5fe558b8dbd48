"""The container goes away under its shell."""

from tests.e2e.conftest import PROGRAM, OpenTerminal
from tests.lab import Daemon


def test_a_stopped_container_ends_its_shell(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str
) -> None:
    daemon.launch(instance_name)
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", daemon.socket)
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    terminal.keys("s")
    terminal.wait_for(r"# *$")
    daemon.set_state(instance_name, "stop", force=True)
    terminal.wait_for(f"ended because {instance_name} is stopped")
