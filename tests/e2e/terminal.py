"""A terminal of its own: a private tmux server with one window, and a shell in it."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

DEADLINE = 20.0
PROMPT = "e2e$ "

_POLL = 0.03
_SETTINGS = (
    ("-s", "escape-time", "0"),
    ("-g", "status", "off"),
    ("-g", "default-terminal", "tmux-256color"),
)


def wait_until(
    is_so: Callable[[], bool],
    what: str,
    *,
    seconds: float = DEADLINE,
    then: Callable[[], str] = str,
) -> None:
    """Waits until something is so.

    Args:
        is_so: Whether it is.
        what: What is waited for, in words.
        seconds: How long to wait.
        then: What to tell, besides, when it does not become so.

    Raises:
        AssertionError: It is not so in time.
    """
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not after {seconds} s: {what}\n{then()}"
        time.sleep(_POLL)


class Terminal:
    """What a person sits at: keys go in, the screen is looked at.

    Args:
        folder: An empty folder for its socket; also the home of what runs in it.
        columns: Width.
        rows: Height.
        variables: Environment variables of the shell, besides the few that every shell has.
    """

    def __init__(
        self,
        folder: Path,
        *,
        columns: int = 80,
        rows: int = 24,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        tmux = shutil.which("tmux")
        assert tmux is not None, "tmux is needed: python -m tests.lab install"
        self._command = [tmux, "-S", str(folder / "tmux.socket"), "-f", "/dev/null"]
        self._environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(folder),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "PS1": PROMPT,
            "SHELL": "/bin/sh",
            **(variables or {}),
        }
        # The settings come first: a window gets its size and its terminal type when it is made.
        settings = [word for setting in _SETTINGS for word in ("set-option", *setting, ";")]
        size = ("-x", str(columns), "-y", str(rows))
        # A command of more than one word is run as it is, not by another shell.
        self._tmux("start-server", ";", *settings, "new-session", "-d", *size, "/bin/sh", "-i")
        self.wait_for(re.escape(PROMPT.rstrip()))

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the window with all that runs in it."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._tmux("kill-server")

    def run(self, *command: str | Path) -> None:
        """Types a command at the prompt; its exit status is printed after it ends."""
        line = shlex.join(map(str, command))
        self.type(f"clear; {line}; echo exit status: $?\n")

    def keys(self, *names: str) -> None:
        """Presses keys, named as in tmux: ``s``, ``Enter``, ``Escape``, ``C-]``, ``PageUp``."""
        self._tmux("send-keys", "--", *names)

    def type(self, text: str) -> None:
        """Types text as it is; a line feed is the Enter key."""
        for index, part in enumerate(text.split("\n")):
            if index:
                self.keys("Enter")
            if part:
                self._tmux("send-keys", "-l", "--", part)

    def resize(self, columns: int, rows: int) -> None:
        """Gives the window another size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self) -> str:
        """What is on the screen, line by line, without blanks at the ends."""
        return self._tmux("capture-pane", "-p").rstrip("\n")

    def format(self, words: str) -> str:
        """What tmux knows of the window, such as ``#{alternate_on}``."""
        return self._tmux("display-message", "-p", words).rstrip("\n")

    def wait_for(self, pattern: str, *, seconds: float = DEADLINE) -> str:
        """Waits until the screen matches a regular expression, and returns the screen.

        In the pattern ``^`` and ``$`` are the ends of lines.

        Raises:
            AssertionError: It does not in time; tells the last screen.
        """
        return self._wait(pattern, seconds, is_wanted=True)

    def wait_until_gone(self, pattern: str, *, seconds: float = DEADLINE) -> str:
        """Waits until the screen does not match a regular expression, and returns the screen.

        Raises:
            AssertionError: It still does after that time; tells the last screen.
        """
        return self._wait(pattern, seconds, is_wanted=False)

    def _wait(self, pattern: str, seconds: float, *, is_wanted: bool) -> str:
        wanted = re.compile(pattern, re.MULTILINE)
        screen = ""

        def is_so() -> bool:
            nonlocal screen
            screen = self.screen()
            return (wanted.search(screen) is not None) is is_wanted

        what = f"{pattern!r} {'on' if is_wanted else 'gone from'} the screen"
        wait_until(is_so, what, seconds=seconds, then=lambda: screen)
        return screen

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._command, *arguments],
            env=self._environment,
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        return done.stdout
