"""Records programs in a container of the lab: ``python -m tests.captures.record [NAME...]``.

A container ``c1`` of Debian with systemd runs on a private LXD. Each program runs in it through
``lxc exec`` on a pty of this process; what it writes is kept as ``NAME.bin`` and fed to our
emulator, which answers its questions and tells when the next keys can be typed.
"""

import argparse
import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tarfile
import termios
import time
from pathlib import Path

from lxdtui.terminal import Emulator
from tests.captures.scenarios import FILES, PACKAGES, SCENARIOS, TO_INSTALL, Scenario
from tests.lab import Daemon, Lab
from tests.lab.images import architecture
from tests.lab.packages import codename
from tests.lab.roots import make_root, remove
from tests.lab.sources import main_source, read_sources

FOLDER = Path(__file__).parent
NAME = "c1"
LIMIT = 20.0
"""Seconds to wait for what a program is expected to show."""
STILL = 0.4
"""Seconds without output after which the next keys are typed."""

PAUSE = 0.02
"""Seconds between keys: tmux takes what comes faster for pasted text."""
_KEYS = re.compile(r"\x1b(?:\[[\d;]*[~A-Za-z]|O[A-Z]|[^\x1b])?|.", re.DOTALL)


def main() -> int:
    """Records the scenarios that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.captures.record")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which ones; all when left out")
    names = parser.parse_args().names
    failed = 0
    chosen = [scenario for scenario in SCENARIOS if not names or scenario.name in names]
    with Lab(_say) as lab:
        daemon = lab.daemon("lxd")
        daemon.import_image("recording", image().read_bytes())
        daemon.launch(NAME, "recording")
        _wait_for_systemd(daemon)
        for path, text in FILES.items():
            daemon.exec(NAME, "tee", path, text_input=text)
        daemon.exec(NAME, "bash", "/root/repository.sh")
        for scenario in chosen:
            try:
                data = record(daemon, scenario)
            except TimeoutError as error:
                _say(f"{scenario.name}: {error}"[:3000])
                failed = 1
                continue
            (FOLDER / f"{scenario.name}.bin").write_bytes(data)
            _say(f"{scenario.name}: {len(data)} bytes")
    return failed


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def image() -> Path:
    """The image of the container, built with debootstrap when the cache does not hold it yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lxdtui-lab"
    packed = cache / f"recording-{codename()}.tar"
    if packed.is_file():
        return packed
    source = main_source(read_sources(), codename())
    if source is None:
        raise SystemExit("no package source of this release")
    folder = make_root()
    try:
        root = folder / "rootfs"
        include = f"--include={','.join(PACKAGES)}"
        options = ("--variant=minbase", include, codename(), str(root), source.uri)
        subprocess.run(["debootstrap", *options], check=True, stdout=sys.stderr)
        shutil.copy2("/etc/resolv.conf", root / "etc/resolv.conf")
        fetch = ("apt-get", "install", "--download-only", "--yes", *TO_INSTALL)
        subprocess.run(["chroot", root, *fetch], check=True, stdout=sys.stderr)
        (root / "etc/hostname").write_text(f"{NAME}\n", encoding="ascii")
        (root / "etc/resolv.conf").write_text("", encoding="ascii")
        description = {"architecture": architecture(), "creation_date": 1700000000}
        (folder / "metadata.yaml").write_text(json.dumps(description), encoding="ascii")
        cache.mkdir(parents=True, exist_ok=True)
        with tarfile.open(packed, "w") as tar:
            for part in ("metadata.yaml", "rootfs"):
                tar.add(folder / part, part)
    finally:
        remove(folder)
    return packed


def _wait_for_systemd(daemon: Daemon) -> None:
    deadline = time.monotonic() + 60
    state = ""
    while state not in {"running", "degraded"}:
        if time.monotonic() > deadline:
            raise SystemExit(f"systemd in the container does not come up: {state}")
        time.sleep(0.5)
        state = daemon.exec(NAME, "systemctl", "is-system-running", check=False).strip()


def record(daemon: Daemon, scenario: Scenario) -> bytes:
    """Run one scenario and return all that the program wrote.

    Raises:
        TimeoutError: The program does not show what is expected.
    """
    emulator = Emulator(scenario.columns, scenario.rows)
    written = bytearray()
    process, terminal = _start(daemon, scenario)
    try:
        for keys, expected in scenario.steps:
            for key in _KEYS.findall(keys):
                os.write(terminal, key.encode())
                time.sleep(PAUSE)
            _read_until(terminal, emulator, written, expected)
        return bytes(written)
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)


def _start(daemon: Daemon, scenario: Scenario) -> tuple[int, int]:
    variables = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": "/root", **scenario.variables}
    command = ["exec", NAME, "--force-interactive", "--cwd", "/root"]
    for name, value in variables.items():
        command += ["--env", f"{name}={value}"]
    process, terminal = pty.fork()
    if process == 0:
        size = struct.pack("HHHH", scenario.rows, scenario.columns, 0, 0)
        fcntl.ioctl(0, termios.TIOCSWINSZ, size)
        client = shutil.which("lxc") or "lxc"
        os.execve(client, [client, *command, "--", *scenario.command], daemon.environment)
    return process, terminal


def _read_until(terminal: int, emulator: Emulator, written: bytearray, expected: str) -> None:
    """Read until the screen holds a text and the program has been quiet for a moment.

    Raises:
        TimeoutError: It does not come.
    """
    deadline = time.monotonic() + LIMIT
    last = time.monotonic()
    while True:
        text = "\n".join(row.text for row in emulator.visible())
        now = time.monotonic()
        if expected in text and now - last > STILL:
            return
        if now > deadline:
            raise TimeoutError(f"no {expected!r} within {LIMIT:.0f} s on\n{text}")
        if not select.select([terminal], [], [], 0.05)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:
            data = b""
        if not data:
            return
        written += data
        os.write(terminal, emulator.feed(data).replies)
        last = time.monotonic()


if __name__ == "__main__":
    sys.exit(main())
