"""Full-screen programs in a shell of lxdtui, beside the same ones in a terminal of their own."""

import itertools
import re
import time

import pytest

from tests.e2e.conftest import PROGRAM, OpenTerminal
from tests.e2e.terminal import Terminal, wait_until
from tests.lab import Daemon

AROUND = 3
"""Rows that lxdtui has around a shell: title, tabs, keys."""
STILL = 0.1
SAMPLE = "".join(
    f"{number:3} {'the quick brown fox jumps over the dog ' * (number % 4)}Ω ж 中文 e\u0301 ─┼─\n"
    for number in range(1, 90)
)
SETTINGS = "set nocompatible ruler number nomodeline laststatus=2"

Program = tuple[str, list[tuple[str, ...]]]
"""A command, and what is pressed in it, step by step; each changes the screen."""
VIM: Program = (
    f"vim.tiny -n -i NONE -u NONE --cmd '{SETTINGS}' sample",
    [
        ("G", "o", "new 中文 text", "Escape"),
        (":split", "Enter", "C-w", "j", "gg", "10dd"),
        (":set nowrap", "Enter", "40l", "3ix", "Escape", "C-e", "C-e"),
        (":vsplit", "Enter", "C-d", "C-w", "l", "x"),
        (":qa!", "Enter"),
    ],
)
LESS: Program = (
    "less -N sample",
    [("Space",), ("/fox", "Enter", "n"), ("-S", "Enter", "Right", "b"), ("G", "k", "k"), ("q",)],
)
MC: Program = (
    "mc -u -d --nocolor /etc /usr",
    [
        ("Tab", "Down", "Enter"),
        ("F9", "Down", "Down"),
        ("Escape", "Escape", "F7", "new folder"),
        ("Escape", "Escape", "F10"),
    ],
)
TMUX: Program = (
    # Without the pause between keys it would take them for pasted text.
    (
        "tmux -u -L inner$$ -f /dev/null start ';' set -g status-right x ';' "
        "set assume-paste-time 0 ';' new 'cat sample; exec sh'"
    ),
    [
        ("C-b", "%", "C-b", '"'),
        ("less sample", "Enter"),
        ("C-b", "z"),
        ("C-b", "z"),
        ("q", "C-b", "Left", "C-b", "[", "PageUp"),
        ("q", "C-b", ":kill-server", "Enter"),
    ],
)
# What is not the same in two runs of a program: a hint of the day, room on the disk.
CHANGING = re.compile(r"Hint:.*|[0-9.]+[KMG] / [0-9.]+[KMG] \([0-9]+%\)|[┤├─]*$")


def rows(terminal: Terminal, around: int = 0) -> list[str]:
    """The rows of a program on the screen, without what changes."""
    height = int(terminal.format("#{pane_height}"))
    lines = terminal.screen().split("\n")
    lines += [""] * (height - len(lines))
    inside = lines[2 : height - 1] if around else lines
    return [CHANGING.sub("", line).rstrip() for line in inside]


@pytest.mark.parametrize(
    ("size", "programs"),
    [((80, 24), [VIM, LESS]), ((200, 60), [MC, TMUX])],
    ids=["80x24", "200x60"],
)
def test_a_program_looks_as_in_a_terminal_of_its_own(
    open_terminal: OpenTerminal,
    lxd: Daemon,
    instance_name: str,
    size: tuple[int, int],
    programs: list[Program],
) -> None:
    lxd.launch(instance_name, "debian")
    lxd.exec(instance_name, "tee", "/root/sample", text_input=SAMPLE)
    columns, height = size
    app = open_terminal(size)
    app.run(PROGRAM, "--socket", lxd.socket)
    app.wait_for(rf"{instance_name} +(\$ +)?running")
    app.keys("s")
    app.wait_for(r"root@.*# *$")
    alone = open_terminal((columns, height - AROUND), lxd.variables)
    shell = ("--env", "TERM=xterm-256color", "--env", "LANG=C.UTF-8", "--cwd", "/root")
    alone.run("lxc", "exec", instance_name, "-t", *shell, "--", "bash", "-l")
    alone.wait_for(r"root@.*# *$")

    def both(*keys: str, text: str = "") -> None:
        """Press the same in both, and wait until both look alike for a while, and new."""
        before = rows(alone)
        for terminal in (alone, app):
            terminal.keys(*keys) if keys else terminal.type(text)
        alike_since = 0.0

        def are_alike() -> bool:
            nonlocal alike_since
            theirs = rows(alone)
            if theirs == before or rows(app, AROUND) != theirs:
                alike_since = 0.0
                return False
            alike_since = alike_since or time.monotonic()
            return time.monotonic() - alike_since > STILL

        def difference() -> str:
            pairs = itertools.zip_longest(rows(app, AROUND), rows(alone))
            return "\n".join(f"{ours!r}\n{theirs!r}" for ours, theirs in pairs if ours != theirs)

        wait_until(are_alike, f"the same after {keys or text}", then=difference)

    both(text="PS1='$ '; cd; clear\n")
    for command, steps in programs:
        both(text=f"clear; {command}\n")
        for step in steps:
            both(*step)
