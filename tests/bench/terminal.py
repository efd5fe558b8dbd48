"""How fast the terminal core parses, beside stock pyte and, where installed, tmux.

Run as `python -m tests.bench.terminal [--tmux] [--repeats N] [KIND ...]`. Payloads
are made from a fixed seed. Speeds are in MB/s; each is the best of all repeats, because
other work on the machine only makes them slower. Only the ratios of one run say anything.

Ours and pyte's are by CPU time. tmux has two: `tmux` by the clock, from the first byte
written to its pty until all is read, which other work slows down more than ours, and
`server` by the CPU time of its server, which has nothing of the pty's other end. Each
ratio stands behind the speed that ours is divided by. All terminals read a payload several
times over but pyte, which is too slow for it.
"""

import argparse
import contextlib
import math
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyte

from lxdtui.terminal import Emulator

COLUMNS, ROWS = 120, 40
PIECE = 64 * 1024
SIZE = 1_000_000
PYTE_SIZE = 60_000
TIMES = 4
"""How often ours reads the same: what it learns at first is not all of its work."""
TMUX_TIMES = 20
"""How often tmux reads the same: its time is known in hundredths of a second only."""
CAPTURES = Path(__file__).parent.parent / "captures"
WORDS = ("lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit", "tempor")

Maker = Callable[[random.Random], str]


def words(source: random.Random, count: int) -> str:
    return " ".join(source.choice(WORDS) for _ in range(count))


def plain(source: random.Random) -> str:
    return words(source, source.randint(1, 14))[: COLUMNS - 1] + "\r\n"


def wrapped(source: random.Random) -> str:
    return words(source, 60) + "\r\n"


def cjk(source: random.Random) -> str:
    return "".join(source.choice("中文字符終端機列表") for _ in range(40)) + "\r\n"


def motion(source: random.Random) -> str:
    position = f"\x1b[{source.randint(1, ROWS)};{source.randint(1, COLUMNS - 8)}H"
    return position + source.choice(WORDS)[:8]


def dense(source: random.Random) -> str:
    body = (source.choice("abcdefgh ") * COLUMNS for _ in range(ROWS))
    return "\x1b[H" + "\r\n".join(body)


def ls_colors(source: random.Random) -> str:
    name = source.choice(WORDS)
    date = f"{source.randint(10, 28)} Jan"
    size = source.randint(1, 99999)
    return f"-rw-r--r-- 1 root root {size:6} {date} \x1b[0m\x1b[01;32m{name}\x1b[0m\r\n"


def progress(source: random.Random) -> str:
    done = source.randint(0, 60)
    return f"\r\x1b[K[{'#' * done}{'.' * (60 - done)}] {done * 100 // 60:3}%"


def random_writes(source: random.Random) -> str:
    position = f"\x1b[{source.randint(1, ROWS)};{source.randint(1, COLUMNS)}H"
    return position + f"\x1b[{source.randint(31, 36)}m" + source.choice("abcdef")


def colored_words(source: random.Random) -> str:
    color = ";".join(str(source.randrange(256)) for _ in range(3))
    return f"\x1b[38;2;{color}m{source.choice(WORDS)}\x1b[m " + (
        "\r\n" if source.random() < 0.1 else ""
    )


def colored_cells(source: random.Random) -> str:
    return f"\x1b[38;5;{source.randrange(256)}m" + source.choice("abcdef")


def unicode_mix(source: random.Random) -> str:
    return source.choice(["e\u0301", "naïve ", "👍", "日本 ", "→ ", "ok ", "❤\ufe0f", "\r\n"])


def region(source: random.Random) -> str:
    return f"\x1b[5;30r\x1b[30;1H\r\n{words(source, 5)}"


KINDS: dict[str, tuple[str, Maker]] = {
    "plain lines": ("", plain),
    "wrapped lines": ("", wrapped),
    "CJK lines": ("", cjk),
    "cursor motion": ("", motion),
    "dense cells": ("\x1b[?1049h", dense),
    "ls --color": ("", ls_colors),
    "progress bars": ("", progress),
    "random writes": ("\x1b[?1049h", random_writes),
    "coloured words": ("", colored_words),
    "coloured cells": ("", colored_cells),
    "unicode mix": ("", unicode_mix),
    "scroll region": ("", region),
}


def payloads() -> dict[str, bytes]:
    """Return the bytes to be parsed, by kind; recordings are repeated to the same size."""
    made = {}
    for name, (start, maker) in KINDS.items():
        source = random.Random(name)
        parts, size = [start], 0
        while size < SIZE:
            parts.append(maker(source))
            size += len(parts[-1])
        made[name] = "".join(parts).encode()
    for path in sorted(CAPTURES.glob("*.bin")):
        data = path.read_bytes()
        made[f"recorded {path.stem}"] = data * (SIZE // len(data) + 1)
    return made


def rate(feed: Callable[[bytes], object], data: bytes, size: int = PIECE) -> float:
    """Return the speed in MB/s."""
    started = time.process_time()
    for start in range(0, len(data), size):
        feed(data[start : start + size])
    return len(data) / (time.process_time() - started) / 1e6


def ours(data: bytes) -> float:
    return rate(Emulator(COLUMNS, ROWS).feed, data * TIMES)


def stock(data: bytes) -> float:
    """Return pyte's speed; what it cannot parse counts for nothing."""
    stream = pyte.ByteStream(pyte.Screen(COLUMNS, ROWS))

    def feed(piece: bytes) -> None:
        with contextlib.suppress(TypeError):
            stream.feed(piece)

    return rate(feed, data[:PYTE_SIZE], 512)


def tmux(data: bytes) -> tuple[float, float]:
    """Return the speed of tmux in a pane of the same size.

    Once by the time until it has read all, which other work makes longer than
    ours, and once by the CPU time of its server, which leaves the pty out.
    """
    with tempfile.TemporaryDirectory() as folder:
        path, done = Path(folder, "data"), Path(folder, "done")
        path.write_bytes(data * TMUX_TIMES)
        os.mkfifo(done)
        command = ["tmux", "-S", f"{folder}/socket", "-f", "/dev/null"]
        script = f"stty raw; s=$(date +%s%N); cat {path}; printf '\\033[c'; head -c 4 >/dev/null; "
        script += f"e=$(date +%s%N); echo $((e - s)) > {done}; cat"
        size = ["-x", str(COLUMNS), "-y", str(ROWS)]
        subprocess.run([*command, "new-session", "-d", *size, "sh", "-c", script], check=True)
        wall = int(done.read_text()) / 1e9
        shown = subprocess.run(
            [*command, "display-message", "-p", "#{pid}"], check=True, capture_output=True
        )
        fields = Path("/proc", shown.stdout.decode().strip(), "stat").read_text().rsplit(")", 1)[1]
        own = sum(map(int, fields.split()[11:13])) / os.sysconf("SC_CLK_TCK")
        subprocess.run([*command, "kill-server"], check=False, capture_output=True)
        megabytes = len(data) * TMUX_TIMES / 1e6
        return megabytes / wall, megabytes / max(own, 0.01)


def mean(values: list[float]) -> float:
    return math.exp(statistics.fmean(map(math.log, values)))


def _lowest(*columns: list[float]) -> str:
    return "".join(f" {min(ratios):16.2f}" for ratios in columns if ratios)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", help="only kinds that begin so")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--tmux", action="store_true", help="compare with tmux")
    arguments = parser.parse_args()
    with_tmux = arguments.tmux and shutil.which("tmux") is not None
    ratios: list[float] = []
    tmux_ratios: list[float] = []
    server_ratios: list[float] = []
    print(
        f"{'payload':22} {'ours':>8} {'pyte':>8} {'ratio':>7}"
        + (f" {'tmux':>8} {'ratio':>7} {'server':>8} {'ratio':>7}" if with_tmux else "")
    )
    for name, data in payloads().items():
        if arguments.kinds and not name.startswith(tuple(arguments.kinds)):
            continue
        # In turns, so that other work on the machine falls on both.
        pairs = [(ours(data), stock(data)) for _ in range(arguments.repeats)]
        mine, theirs = (max(speeds) for speeds in zip(*pairs, strict=True))
        ratios.append(mine / theirs)
        line = f"{name:22} {mine:8.1f} {theirs:8.2f} {ratios[-1]:7.1f}"
        if with_tmux:
            runs = [tmux(data) for _ in range(arguments.repeats)]
            wall, server = (max(speeds) for speeds in zip(*runs, strict=True))
            tmux_ratios.append(mine / wall)
            server_ratios.append(mine / server)
            line += f" {wall:8.1f} {tmux_ratios[-1]:7.2f} {server:8.1f} {server_ratios[-1]:7.2f}"
        print(line)
    print(
        f"{'geometric mean':40} {mean(ratios):7.1f}"
        + (f" {mean(tmux_ratios):16.2f} {mean(server_ratios):16.2f}" if with_tmux else "")
    )
    print(f"{'lowest':40} {min(ratios):7.1f}" + _lowest(tmux_ratios, server_ratios))


if __name__ == "__main__":
    main()
