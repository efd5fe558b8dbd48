"""Refusals about files, from the words that an operating system has for them.

The REST API and SFTP give most of them as a general failure with the text of
the errno, so the text is all there is to tell them apart.
"""

import re

from lxdtui.errors import (
    ApiError,
    BadRequest,
    Conflict,
    FileBusy,
    NotFound,
    ServerError,
    Unauthorized,
)

__all__ = ["file_error", "hint_of", "refined"]

_LONGEST_TEXT = 2000
_ACROSS = "It would go to another file system: move it (F6), which copies it and then removes it."
_BY_WORDS: tuple[tuple[type[ApiError], re.Pattern[str]], ...] = tuple(
    (kind, re.compile("|".join(words), re.IGNORECASE))
    for kind, *words in (
        (NotFound, "no such file", "does not exist", "SSH_FX_NO_SUCH_FILE"),
        (FileBusy, "resource busy"),
        (Conflict, "file exists", "not empty", "text file busy"),
        (Unauthorized, "permission denied", "not permitted", "read-only file system"),
        (BadRequest, "not a directory", "is a directory", "too many levels"),
        (BadRequest, "name too long", "invalid argument", "cross-device"),
    )
)


def file_error(text: str, *, tried: str, status: int = 500) -> ApiError:
    """Choose the exception for a failure about a file.

    Args:
        text: The server's words.
        tried: What was tried.
        status: The HTTP status, or what stands for it.
    """
    # The words of the errno stand last; what precedes them may hold a file name.
    words = text[-_LONGEST_TEXT:].rpartition(": ")[2] or text
    if len(text) > _LONGEST_TEXT:
        text = f"{text[: _LONGEST_TEXT // 2]} … {text[-_LONGEST_TEXT // 2 :]}"
    for kind, pattern in _BY_WORDS:
        if pattern.search(words):
            return kind(tried, text, status=status, hint=hint_of(words))
    return ServerError(tried, text, status=status)


def hint_of(words: str) -> str:
    """Return what can be done about a refusal, from the words of its errno."""
    return _ACROSS if "cross-device" in words.lower() else ""


def refined(error: ServerError) -> ApiError:
    """Look at the words of a general failure of the files API."""
    return file_error(error.server_text, tried=error.tried, status=error.status)
