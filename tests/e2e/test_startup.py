"""What somebody sees who starts the program where it cannot work."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import PROGRAM, OpenTerminal
from tests.e2e.terminal import Terminal
from tests.lab import Daemon

# Nobody's rights, but for reading what is needed to run Python at all: Python, or this checkout,
# may lie below a folder that only root can pass. Opening a socket takes the right to write.
AS_NOBODY = (
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
)
# A mount namespace where the usual places of sockets are empty, whatever this machine has.
EMPTY_PLACES = """
for place in /var/lib/lxd /var/snap /var/lib/incus /run/incus; do
    [ ! -d "$place" ] || mount -t tmpfs none "$place" || exit 9
done
exec "$1"
"""


def leave(terminal: Terminal) -> None:
    """Quits and sees the prompt, and that all went well."""
    terminal.keys("q")
    screen = terminal.wait_for(r"^exit status: 0\n+e2e\$$")
    assert "Traceback" not in screen


def test_a_socket_that_is_not_there(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal((140, 40), {"LXD_SOCKET": "/nowhere/unix.socket"})
    terminal.run(PROGRAM)
    screen = terminal.wait_for("No LXD or Incus runs here")
    assert "/nowhere/unix.socket" in screen
    assert "lxdtui --demo" in screen
    leave(terminal)


@pytest.mark.skipif(os.geteuid() != 0, reason="ONLY ROOT CAN HIDE THE SERVERS OF THIS MACHINE")
def test_no_server_anywhere(open_terminal: OpenTerminal, tmp_path: Path) -> None:
    script = tmp_path / "empty-places"
    script.write_text(EMPTY_PLACES, encoding="ascii")
    terminal = open_terminal()
    terminal.run("unshare", "--mount", "sh", script, PROGRAM)
    screen = terminal.wait_for("No LXD or Incus runs here")
    assert "lxdtui --demo" in screen
    # Everything that was looked at, not only the first.
    assert "/var/lib/lxd/unix.socket" in screen
    assert "/var/lib/incus/unix.socket" in screen
    leave(terminal)


def test_a_socket_without_permission(open_terminal: OpenTerminal, daemon: Daemon) -> None:
    group = {"lxd": "lxd", "incus": "incus-admin"}[daemon.kind]
    terminal = open_terminal()
    terminal.run(*AS_NOBODY, PROGRAM, "--socket", daemon.socket)
    screen = terminal.wait_for(rf"group {group}\b")
    assert "may not open the socket" in screen
    leave(terminal)


def test_a_server_that_appears_later(open_terminal: OpenTerminal, lxd: Daemon) -> None:
    lxd.kill()
    terminal = open_terminal()
    terminal.run(PROGRAM, "--socket", lxd.socket)
    terminal.wait_for("nobody listens")
    lxd.start()
    terminal.wait_for("No containers")
    leave(terminal)


def test_without_a_terminal(lxd: Daemon) -> None:
    done = subprocess.run(
        [PROGRAM, "--socket", lxd.socket],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 1
    assert "terminal" in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_a_wrong_option() -> None:
    done = subprocess.run([PROGRAM, "--sokcet"], capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 2
    assert "--sokcet" in done.stderr
    assert "Traceback" not in done.stderr
