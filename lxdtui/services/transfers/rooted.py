"""Directories below one that the user chose, reached without following links.

Each is opened from the one above it, so that nobody can put a link into the
way and lead us out. Linux's openat(2) with ``O_NOFOLLOW``.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lxdtui.model.files import base_name, is_entry_name, parent_path, path_bytes

__all__ = ["Rooted"]

_KEPT_OPEN = 128
_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class Rooted:
    """Opens directories below one. Every method may wait for a disk: use threads.

    Args:
        root: The directory, absolute; links on the way to it are followed.
        follows: Whether links below it are followed, too.
    """

    def __init__(self, root: str, *, follows: bool) -> None:
        self._root = root.rstrip("/") or "/"
        self._flags = _FLAGS if follows else _FLAGS | os.O_NOFOLLOW
        self._open: dict[str, int] = {}
        self._lock = threading.Lock()

    @contextmanager
    def parent(self, path: str) -> Iterator[tuple[int, bytes]]:
        """Give the directory that holds a path, as a descriptor, and the last name.

        Raises:
            ValueError: The path is not below the root.
            OSError: A directory cannot be opened, or is a link.
        """
        name = base_name(path)
        if not is_entry_name(name):
            raise ValueError("it is no name of a file")
        with self.directory(parent_path(path)) as descriptor:
            yield descriptor, path_bytes(name)

    @contextmanager
    def directory(self, path: str) -> Iterator[int]:
        """Give a directory as a descriptor that stays open meanwhile."""
        path = path.rstrip("/") or "/"
        with self._lock:
            kept = self._open.get(path)
        if kept is not None:
            yield kept
            return
        descriptor = self._descend(path)
        with self._lock:
            is_kept = path not in self._open and len(self._open) < _KEPT_OPEN
            if is_kept:
                self._open[path] = descriptor
        try:
            yield descriptor
        finally:
            if not is_kept:
                os.close(descriptor)

    def close(self) -> None:
        """Close what is open; nobody may be using it."""
        with self._lock:
            kept, self._open = self._open, {}
        for descriptor in kept.values():
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _descend(self, path: str) -> int:
        if path == self._root:
            # The user chose it, and may have chosen a link.
            return os.open(path_bytes(path), _FLAGS)
        prefix = self._root.rstrip("/") + "/"
        name = base_name(path)
        if not path.startswith(prefix) or not is_entry_name(name):
            raise ValueError("it is not below the folder that was chosen")
        with self.directory(parent_path(path)) as above:
            return os.open(path_bytes(name), self._flags, dir_fd=above)
