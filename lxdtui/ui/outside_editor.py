"""The user's own editor on a text: the interface steps aside until it ends."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from textual.app import App, SuspendNotSupported

__all__ = ["edit_outside", "editor_command"]

_FALLBACKS = ("sensible-editor", "nano", "vim", "vi")


def editor_command(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the command of the user's editor: ``$VISUAL``, ``$EDITOR``, or what is there.

    Args:
        environment: The environment variables.

    Returns:
        The program and its arguments; empty where there is none.
    """
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environment.get(name, ""))
        except ValueError:
            continue
        if words:
            return tuple(words)
    found = next((name for name in _FALLBACKS if shutil.which(name)), None)
    return (found,) if found else ()


def edit_outside(app: App[object], text: str, *, suffix: str) -> tuple[str, str]:
    """Let a text be changed in the user's editor, which gets the whole terminal.

    Everything else waits meanwhile: nothing of the interface may be drawn into
    the editor's screen. The file can be read by its owner alone and is removed.

    Args:
        app: The app that steps aside.
        text: The text.
        suffix: End of the file's name, by which editors know the kind of text.

    Returns:
        The text as it is now, and why nothing came of it, in words; empty where
        all went well.
    """
    command = editor_command(os.environ)
    if not command:
        return text, "There is no editor: set EDITOR to the one that you like."
    try:
        with tempfile.TemporaryDirectory(prefix="lxdtui-") as folder:
            file = Path(folder) / f"edit{suffix}"
            file.touch(mode=0o600)
            file.write_text(text, encoding="utf-8", newline="")
            with app.suspend():
                code = subprocess.run((*command, str(file)), check=False).returncode
            if code:
                return text, f"{command[0]} ended with the code {code}; your text is as it was."
            if not file.is_file():
                return text, "The editor left no file; your text is as it was."
            return file.read_bytes().decode("utf-8"), ""
    except SuspendNotSupported:
        return text, "This terminal cannot be handed to another program."
    except UnicodeDecodeError:
        return text, "What the editor wrote is no UTF-8; your text is as it was."
    except OSError as error:
        return text, f"Cannot run {command[0]}: {error.strerror or error}"
