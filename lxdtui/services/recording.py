"""Recording a terminal to a file, by a thread of its own: nobody ever waits for the disk."""

import contextlib
import os
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

from lxdtui.services.private_files import open_private, words_of
from lxdtui.terminal.asciicast import CastHeader, CastWriter, EventKind

__all__ = ["MOST_WAITING", "Recorder"]

MOST_WAITING = 64 * 1024 * 1024
"""Bytes that may wait for the disk; then the recording is given up, and not the shell."""

_Event = tuple[float, EventKind, bytes | tuple[int, int]]


class Recorder:
    """Writes what a terminal receives as asciicast v2; see `Recorder.begin`.

    Times are those of the moment when something was received, not of when it
    was written or shown. What is typed is left out unless it is asked for.

    Args:
        path: The file.
        fileno: Its descriptor, open for writing; closed at the end.
        header: What is said about the recording.
        has_input: Whether what is typed is recorded, too.
        on_problem: Called once with words, by another thread, when nothing
            more is recorded.
        clock: Seconds that only go forward.
    """

    def __init__(
        self,
        path: Path,
        fileno: int,
        header: CastHeader,
        *,
        has_input: bool = False,
        on_problem: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self.problem = ""
        """Why nothing more is recorded, in words."""
        self._fileno = fileno
        self.has_input = has_input
        """Whether what is typed is recorded."""
        self._on_problem = on_problem
        self._clock = clock
        self._began = clock()
        self._queue: queue.SimpleQueue[_Event | None] = queue.SimpleQueue()
        self._waiting = 0
        self._lock = threading.Lock()
        self._is_over = False
        self._written = 0
        self._thread = threading.Thread(
            target=self._write_all, args=(header,), name=f"recording {path.name}", daemon=True
        )
        self._thread.start()

    @classmethod
    def begin(
        cls,
        path: Path,
        header: CastHeader,
        *,
        overwrites: bool = False,
        has_input: bool = False,
        on_problem: Callable[[str], None] | None = None,
    ) -> "Recorder":
        """Begin a recording in a new file that its owner alone may read.

        Raises:
            LocalFileError: The file is there already, or cannot be written.
        """
        fileno = open_private(path, overwrites=overwrites)
        return cls(path, fileno, header, has_input=has_input, on_problem=on_problem)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is recorded."""
        return self._is_over

    def received(self, data: bytes) -> None:
        """Record output of the program."""
        self._put(EventKind.OUTPUT, data, len(data))

    def sent(self, data: bytes) -> None:
        """Record what was typed, if that is asked for."""
        if self.has_input:
            self._put(EventKind.INPUT, data, len(data))

    def resized(self, columns: int, rows: int) -> None:
        """Record a new size."""
        self._put(EventKind.RESIZE, (columns, rows), 16)

    def finish(self) -> None:
        """End the recording; what waits is still written."""
        if not self._is_over:
            self._is_over = True
            self._queue.put(None)

    def wait(self, seconds: float) -> bool:
        """Wait until everything is written; returns whether it is."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _put(self, kind: EventKind, data: bytes | tuple[int, int], size: int) -> None:
        if self._is_over:
            return
        with self._lock:
            self._waiting += size
            is_too_much = self._waiting > MOST_WAITING
        if is_too_much:
            self._fail("the disk does not keep up")
            self.finish()
            return
        self._queue.put((self._clock() - self._began, kind, data))

    def _write_all(self, header: CastHeader) -> None:
        writer = CastWriter()
        try:
            self._write(writer.header(header))
            while (event := self._queue.get()) is not None:
                seconds, kind, data = event
                if isinstance(data, bytes):
                    self._write(writer.data(seconds, kind, data))
                    size = len(data)
                else:
                    self._write(writer.resize(seconds, *data))
                    size = 16
                with self._lock:
                    self._waiting -= size
        except OSError as error:
            # Back to the end of the last whole event.
            with contextlib.suppress(OSError):
                os.ftruncate(self._fileno, self._written)
            self._is_over = True
            self._fail(words_of(error))
        finally:
            with contextlib.suppress(OSError):
                os.close(self._fileno)

    def _write(self, line: str) -> None:
        data = memoryview(line.encode("utf-8", "replace"))
        size = len(data)
        while data:
            data = data[os.write(self._fileno, data) :]
        self._written += size

    def _fail(self, words: str) -> None:
        if not self.problem:
            self.problem = words
            if self._on_problem is not None:
                self._on_problem(words)
