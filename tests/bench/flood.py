"""Shells in a real container, flooded: frames, keys, Ctrl+C, memory and processor time.

Run as `python -m tests.bench.flood [--daemon lxd] [--seconds 5] [--megabytes 100]
[--panes 4]`. A screen full of `y` is drawn again only where it looks otherwise, so
that the frames a second are those of numbers and of a file with numbered lines.
The program runs on a terminal of its own here and reaches the container through
the daemon's websockets. The echo of a key is measured beside the daemon's own
client in the same run; on a machine that does other things, too, only the
ratios say anything.
"""

import argparse
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import ne
from pathlib import Path

from lxdtui.terminal import Emulator
from tests.bench.program import PROGRAM
from tests.lab import Daemon, Lab

COLUMNS, ROWS = 120, 36
NAME = "flood"
LEADER = b"\x1d"
WAITING = "Ctrl-] and now"
END_OF_FRAME = b"\x1b[?2026l"
_LONGEST = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Terminal:
    """A program on a terminal whose screen is known here.

    Args:
        command: The program and its arguments.
        environment: Its environment.
    """

    def __init__(
        self, command: Sequence[str | Path], environment: Mapping[str, str] = os.environ
    ) -> None:
        self._parent, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=child,
            stdout=child,
            stderr=child,
            env={**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        os.close(child)
        self.emulator = Emulator(COLUMNS, ROWS)
        self.frames: list[float] = []
        """When each frame was here whole."""

    def close(self) -> None:
        """Ends the program."""
        self.process.kill()
        self.process.wait()
        os.close(self._parent)

    def type(self, data: bytes) -> None:
        """Types."""
        os.write(self._parent, data)

    def read(self, seconds: float) -> bool:
        """Takes what is written within some seconds; returns whether there was anything."""
        if not select.select([self._parent], [], [], max(seconds, 0))[0]:
            return False
        data = os.read(self._parent, 1 << 16)
        moment = time.perf_counter()
        self.frames += [moment] * data.count(END_OF_FRAME)
        replies = self.emulator.feed(data).replies
        if replies:
            os.write(self._parent, replies)
        return True

    def until(self, condition: Callable[[str], bool]) -> float:
        """Reads until the screen is as wanted; returns the moment.

        Raises:
            TimeoutError: It does not become so; tells the last screen.
        """
        began = time.perf_counter()
        while not condition(self.screen):
            if time.perf_counter() - began > _LONGEST:
                raise TimeoutError(self.screen)
            self.read(1.0)
        return time.perf_counter()

    def watch(self, seconds: float) -> None:
        """Reads for some seconds."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)

    @property
    def screen(self) -> str:
        """The text on the screen."""
        return "\n".join(row.text for row in self.emulator.visible())

    @property
    def processor_seconds(self) -> float:
        """Processor time that the program has taken."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / _TICKS

    def memory(self, field: str) -> float:
        """A field of the program's status, in MiB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) / 1024
        return 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.flood")
    parser.add_argument("--daemon", default="lxd", help="lxd or incus")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long yes runs")
    parser.add_argument("--megabytes", type=int, default=100, help="size of the file")
    parser.add_argument("--panes", type=int, default=4, help="shells beside each other")
    parser.add_argument("--keys", type=int, default=60, help="keys that are measured")
    parser.add_argument("--idle", type=float, default=10.0, help="seconds of watching it idle")
    options = parser.parse_args(arguments)
    with Lab() as lab:
        daemon = lab.daemon(options.daemon)
        daemon.launch(NAME)
        print(f"{daemon.kind} {daemon.version}, {COLUMNS}x{ROWS}, {os.cpu_count()} processors")
        client = Terminal([_client_of(daemon), "exec", NAME, "--", "sh"], daemon.environment)
        ours = Terminal([PROGRAM, "--socket", daemon.socket])
        try:
            measure(daemon, ours, client, options)
        finally:
            ours.close()
            client.close()
    return 0


def measure(daemon: Daemon, ours: Terminal, client: Terminal, options: argparse.Namespace) -> None:
    """Measures one thing after another."""
    client.until(lambda screen: "#" in screen)
    ours.until(lambda screen: NAME in screen)
    ours.type(b"s")
    ours.until(lambda screen: "#" in screen)
    print_echo(ours, client, options.keys, daemon)
    before = ours.processor_seconds
    ours.watch(options.idle)
    share = (ours.processor_seconds - before) / options.idle
    print(f"idle shell: {share:.2%} of a processor, {ours.memory('VmRSS'):.0f} MiB")
    for command in ("yes", "seq 1000000000"):
        print_flood(ours, command, options.seconds, options.keys)
    print_file(ours, options.megabytes, options.keys)
    print_panes(ours, options.panes, options.seconds, options.keys)


def print_echo(ours: Terminal, client: Terminal, keys: int, daemon: Daemon) -> None:
    """Prints how long the echo of a key takes, by turns with the daemon's client."""
    times: dict[str, list[float]] = {"lxdtui": [], _client_of(daemon): []}
    for number in range(keys):
        for name, terminal in zip(times, (ours, client), strict=True):
            screen = terminal.screen
            began = time.perf_counter()
            terminal.type(b"ab"[number % 2 : number % 2 + 1])
            times[name].append(terminal.until(partial(ne, screen)) - began)
            terminal.watch(0.05)
    for terminal in (ours, client):
        terminal.type(b"\x15")
        terminal.watch(0.3)
    for name, taken in times.items():
        print(f"echo of a key, {name}: {_quantiles(taken)}")


def print_flood(ours: Terminal, command: str, seconds: float, keys: int) -> None:
    """Prints what a program that writes short lines does to us."""
    ours.type(f"clear; {command}\r".encode())
    ours.until(lambda screen: len(screen.split()) > ROWS and "#" not in screen)
    _print_while_flooded(ours, f"{command} for {seconds:g} s", seconds, keys)
    began = time.perf_counter()
    ours.type(b"\x03")
    stopped = ours.until(_has_prompt) - began
    ours.watch(0.3)
    print(f"  Ctrl+C to the prompt: {stopped * 1000:.0f} ms")


def print_file(ours: Terminal, megabytes: int, keys: int) -> None:
    """Prints what a large file does to us."""
    line = "Nov 24 10:00:00 web nginx[812]: GET /orders/1234 200 0.012 Mozilla/5.0 gzip"
    made = f"yes '{line}' | cat -n | head -c {megabytes}000000 > /big"
    ours.type(f"clear; {made}; echo made\r".encode())
    ours.until(lambda screen: "\nmade" in screen)
    ours.type(b"clear; cat /big; echo; echo the-end\r")
    ours.until(lambda screen: screen.count("orders") > 10)
    began = time.perf_counter()
    _print_while_flooded(ours, f"{megabytes} MB file", 0.0, keys)
    taken = ours.until(lambda screen: "\nthe-end" in screen) - began
    print(f"  all of it after {taken:.1f} s, {megabytes / taken:.1f} MB/s")


def print_panes(ours: Terminal, panes: int, seconds: float, keys: int) -> None:
    """Prints what several shells beside each other do that all show the large file."""
    for number in range(panes):
        if number:
            ours.type(LEADER + (b"|" if number % 2 else b"-"))
        ours.until(lambda screen: "#" in screen)
        ours.type(b"clear; while :; do cat /big; done\r")
        ours.until(lambda screen: "#" not in screen)
    _print_while_flooded(ours, f"{panes} panes with the file for {seconds:g} s", seconds, keys)


def _print_while_flooded(ours: Terminal, title: str, seconds: float, keys: int) -> None:
    ours.frames.clear()
    began, before = time.perf_counter(), ours.processor_seconds
    taken = []
    for _ in range(keys // 2):
        for condition in (_is_waiting, _is_not_waiting):
            moment = time.perf_counter()
            ours.type(LEADER)
            answered = ours.until(condition)
            taken.append(answered - moment)
            ours.watch(0.02)
    ours.watch(began + seconds - time.perf_counter())
    elapsed = time.perf_counter() - began
    share = (ours.processor_seconds - before) / elapsed
    print(f"{title}: {len(ours.frames) / elapsed:.0f} frames a second")
    print(f"  a key: {_quantiles(taken)}")
    print(
        f"  {share:.0%} of a processor, {ours.memory('VmRSS'):.0f} MiB, "
        f"{ours.memory('VmHWM'):.0f} MiB at most"
    )


def _client_of(daemon: Daemon) -> str:
    return "lxc" if daemon.kind == "lxd" else "incus"


def _is_waiting(screen: str) -> bool:
    return WAITING in screen


def _is_not_waiting(screen: str) -> bool:
    return WAITING not in screen


def _has_prompt(screen: str) -> bool:
    lines = screen.rstrip().splitlines()
    # The last line is the key bar.
    above = [line for line in lines[:-1] if line.strip()]
    return bool(above) and above[-1].rstrip().endswith("#")


def _quantiles(seconds: list[float]) -> str:
    ordered = sorted(1000 * one for one in seconds)
    late = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    return f"p50 {statistics.median(ordered):.1f} ms, p99 {late:.1f} ms"


if __name__ == "__main__":
    sys.exit(main())
