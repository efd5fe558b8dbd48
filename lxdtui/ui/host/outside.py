"""Editing in the program that the user named by ``$VISUAL`` or ``$EDITOR``."""

import asyncio
import os
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import Any

from textual.app import App

from lxdtui.model.files import base_name, path_bytes
from lxdtui.ui.host.lending import CannotLend, run_in_terminal

__all__ = ["edit_outside", "editor_words", "keep_outside"]

_LONGEST_NAME = 100


def editor_words() -> str:
    """Return the command that the user has chosen, ``vi`` where none is."""
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"


async def edit_outside(app: App[Any], content: bytes, path: str) -> tuple[bytes, int]:
    """Let a content be edited in the user's program.

    It gets a private copy: a file of mode 0600 in a folder of mode 0700, which
    goes away afterwards, unless something broke while the program had it.

    Args:
        app: The app, which lends its terminal.
        content: What is edited.
        path: The path of the file; its name tells a program the language.

    Returns:
        What the program left, and its exit status.

    Raises:
        CannotLend: The program did not run, or left nothing that can be read.
    """
    folder = Path(tempfile.mkdtemp(prefix="lxdtui-edit-"))
    file = folder / _harmless_name(path)
    try:
        file.touch(mode=0o600)
        file.write_bytes(content)
        status = await run_in_terminal(app, [*shlex.split(editor_words()), str(file)])
        left = file.read_bytes()
    except (OSError, ValueError, CannotLend) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, CannotLend):
            raise
        raise CannotLend(getattr(error, "strerror", None) or str(error)) from error
    # Where this is cancelled, the program may still run, or have written: nothing is removed.
    shutil.rmtree(folder, ignore_errors=True)
    return left, status


async def keep_outside(content: bytes, path: str) -> Path:
    """Put what a program left into a private file that stays, where it cannot be taken.

    Args:
        content: What it left.
        path: The path of the file that was edited.

    Returns:
        Where it is.

    Raises:
        OSError: It cannot be written.
    """
    return await asyncio.to_thread(_keep, content, path)


def _keep(content: bytes, path: str) -> Path:
    file = Path(tempfile.mkdtemp(prefix="lxdtui-edit-")) / _harmless_name(path)
    file.touch(mode=0o600)
    file.write_bytes(content)
    return file


def _harmless_name(path: str) -> str:
    name = path_bytes(base_name(path)).decode("ascii", "replace")
    kept = "".join(
        one if one.isascii() and (one.isalnum() or one in "._-") else "_" for one in name
    )
    return kept.lstrip("-.")[-_LONGEST_NAME:] or "text"
