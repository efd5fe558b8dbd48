"""A file of a container edited by hand, as a person does it, on real servers."""

import base64
from pathlib import Path

from tests.e2e.conftest import PROGRAM, OpenTerminal
from tests.e2e.terminal import wait_until
from tests.lab import Daemon

MOTD = b"welcome to caf\xc3\xa9\r\nsecond line\r\nno end"


EDITOR = r"""#!/bin/sh
echo the editor of the user
read answer
sed -i "s/second/$answer/" "$1"
"""


def inside(daemon: Daemon, name: str) -> bytes:
    """Return what the file holds, byte for byte."""
    return base64.b64decode(daemon.exec(name, "base64", "/root/motd"))


def test_a_file_is_edited_in_the_app_and_in_the_editor_of_the_user(
    open_terminal: OpenTerminal, daemon: Daemon, instance_name: str, tmp_path: Path
) -> None:
    daemon.launch(instance_name)
    daemon.exec(instance_name, "sh", "-c", "cat > /root/motd", text_input=MOTD.decode())
    daemon.exec(instance_name, "chmod", "600", "/root/motd")
    script = tmp_path / "editor"
    script.write_text(EDITOR)
    script.chmod(0o755)
    terminal = open_terminal(variables={"EDITOR": str(script), "VISUAL": ""})
    terminal.run(PROGRAM, "--socket", daemon.socket)
    terminal.wait_for(rf"{instance_name} +(\$ +)?running")
    terminal.keys("f")
    terminal.wait_for("motd")
    # In a file browser the folders come first; the cursor goes to the name by a filter.
    terminal.type("/motd")
    terminal.keys("Enter", "F4")
    terminal.wait_for(r"welcome to café")
    terminal.wait_for(r"CRLF")
    terminal.keys("End")
    terminal.type("!")
    terminal.wait_for("modified")
    terminal.keys("C-s")
    terminal.wait_for("Saved motd")
    assert inside(daemon, instance_name) == MOTD.replace("café".encode(), "café!".encode())
    terminal.keys("C-f", "M-r")
    terminal.type("w.l+come")
    terminal.wait_for(r"w\.l\+come +1 of 1 +Alt-R regex on")
    terminal.keys("Escape")
    # The terminal is lent to another program, and comes back.
    terminal.keys("M-e")
    terminal.wait_for("the editor of the user")
    terminal.type("next")
    terminal.keys("Enter")
    terminal.wait_for("next line")
    wait_until(lambda: b"next line" in inside(daemon, instance_name), "it was not saved")
    assert daemon.exec(instance_name, "stat", "-c", "%a", "/root/motd").strip() == "600"
    # Somebody else changes it meanwhile.
    daemon.exec(instance_name, "sh", "-c", "echo theirs >> /root/motd")
    terminal.type("mine ")
    terminal.keys("C-s")
    terminal.wait_for("not what it was")
    terminal.keys("m")
    terminal.wait_for("Merged without contradictions")
    terminal.keys("C-s")
    wait_until(lambda: b"mine " in inside(daemon, instance_name), "it was not saved")
    assert inside(daemon, instance_name).endswith(b"no endtheirs\n")
    # The first version comes back, and the browser is where it was.
    terminal.keys("F8")
    terminal.wait_for("Which version of motd")
    terminal.keys("Down", "Down", "Enter")
    terminal.wait_for("second line")
    terminal.keys("C-s")
    wait_until(lambda: inside(daemon, instance_name) == MOTD, "it did not come back")
    terminal.keys("Escape")
    terminal.wait_for("motd")
    terminal.keys("q")
