"""The desktop that the user sits at: its clipboard and its browser, where they can be reached.

Nothing here may be called on the event loop: it starts programs and waits for them.
"""

import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

__all__ = ["can_open_addresses", "clipboard_command", "copy_on_host", "open_address"]

_SECONDS = 3
_SCHEMES = frozenset(("http", "https", "ftp"))


def is_local_display(environment: Mapping[str, str]) -> bool:
    """Return whether windows opened here are seen by the user."""
    if any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")):
        return False
    if sys.platform == "darwin":
        return True
    return bool(environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY"))


def clipboard_command(environment: Mapping[str, str]) -> Sequence[str]:
    """Return the command that takes text into the clipboard; empty where there is none.

    Args:
        environment: Variables of the environment.
    """
    if not is_local_display(environment):
        return ()
    commands: list[tuple[str, ...]] = [("pbcopy",)] if sys.platform == "darwin" else []
    if environment.get("WAYLAND_DISPLAY"):
        commands.append(("wl-copy",))
    if environment.get("DISPLAY"):
        commands += [("xclip", "-selection", "clipboard"), ("xsel", "-ib")]
    return next((one for one in commands if shutil.which(one[0])), ())


def copy_on_host(text: str) -> bool:
    """Copy text with the clipboard command of this computer.

    Returns:
        Whether there is one and it took the text.
    """
    command = clipboard_command(os.environ)
    if not command:
        return False
    try:
        done = subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def can_open_addresses() -> bool:
    """Return whether a browser would open where the user sees it."""
    return is_local_display(os.environ)


def open_address(address: str) -> bool:
    """Open an address of the web in the user's browser.

    Args:
        address: Text of a container; anything but the web is refused.

    Returns:
        Whether a browser took it.
    """
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return False
    if scheme not in _SCHEMES or not address.isprintable() or " " in address:
        return False
    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return False
