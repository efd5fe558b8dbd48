"""Files that lxdtui writes for its user alone: text, and recordings of shells."""

import contextlib
import os
import secrets
from pathlib import Path

from lxdtui.errors import LocalFileError

__all__ = ["open_private", "save_text"]

_MODE = 0o600


def open_private(path: Path, *, overwrites: bool = False) -> int:
    """Open a new file that only its owner may read; folders are made private, too.

    Args:
        path: The file.
        overwrites: Whether one that is there may be replaced; it is removed
            first, so that what else names it keeps its content.

    Returns:
        A file descriptor.

    Raises:
        LocalFileError: It is there already, or cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if overwrites:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
    except (OSError, ValueError) as error:
        raise LocalFileError(f"write {path}", words_of(error)) from error


def save_text(path: Path, text: str, *, overwrites: bool = False) -> int:
    """Write text to a private file, whole or not at all.

    Args:
        path: The file.
        text: Its content.
        overwrites: Whether one that is there may be replaced.

    Returns:
        Bytes written.

    Raises:
        LocalFileError: It cannot be written; what was written so far is removed, and
            the file that was to be replaced is as it was.
    """
    data = text.encode("utf-8", "replace")
    # Beside it first: a full disk is not to cost the file that is there.
    written = path.with_name(f".lxdtui-{secrets.token_hex(6)}") if overwrites else path
    try:
        fileno = open_private(written)
    except LocalFileError as error:
        raise LocalFileError(f"write {path}", error.reason) from error
    try:
        with os.fdopen(fileno, "wb") as file:
            file.write(data)
        if overwrites:
            written.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            written.unlink()
        raise LocalFileError(f"write {path}", words_of(error)) from error
    return len(data)


def words_of(error: Exception) -> str:
    """Return what an error of the system says, without its number."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)
