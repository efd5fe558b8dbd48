"""Recordings that are there: a list of them, and one read whole. Everything here blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lxdtui.errors import LocalFileError
from lxdtui.services.private_files import words_of
from lxdtui.services.recording_events import EventList
from lxdtui.terminal.asciicast import (
    MAX_LINE,
    CastHeader,
    is_version_1,
    read_event,
    read_header,
    read_version_1,
)

__all__ = [
    "MAX_BYTES",
    "Recording",
    "RecordingFile",
    "delete_recording",
    "list_recordings",
    "read_recording",
]

MAX_BYTES = 512 * 1024 * 1024
"""What is read of a file."""
MAX_BYTES_AT_ONCE = 32 * 1024 * 1024
"""What is read of a file of version 1, which is a single value."""
MAX_EVENTS = 5_000_000
"""Events that are read of a file; 85 MB besides their text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFile:
    """A recording in a folder."""

    path: Path
    size: int
    modified: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A recording that was read."""

    header: CastHeader
    events: EventList
    problem: str = ""
    """What is wrong with the rest of the file, where it ends too early."""

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.events.times[-1] if self.events else 0.0


def list_recordings(folder: Path) -> list[RecordingFile]:
    """Return the recordings in a folder, newest first; none if there is no such folder.

    Raises:
        LocalFileError: The folder cannot be read.
    """
    found = []
    try:
        for path in folder.iterdir():
            if path.suffix == ".cast" and path.is_file():
                status = path.stat()
                found.append(
                    RecordingFile(path=path, size=status.st_size, modified=status.st_mtime)
                )
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LocalFileError(f"list {folder}", words_of(error)) from error
    return sorted(found, key=lambda one: (-one.modified, one.path.name))


def delete_recording(path: Path) -> None:
    """Remove a recording.

    Raises:
        LocalFileError: It cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise LocalFileError(f"delete {path}", words_of(error)) from error


def read_recording(path: Path) -> Recording:
    """Read a recording; its end may be missing, as after a crash.

    Args:
        path: A file in the form asciicast 1, 2 or 3, written by anybody.

    Raises:
        LocalFileError: It cannot be read, or is not such a file.
    """
    try:
        if not path.is_file():
            raise ValueError("it is not a file")
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            line = file.readline(MAX_LINE + 1)
            if is_version_1(line):
                return _read_version_1(line + file.read(MAX_BYTES_AT_ONCE))
            header = read_header(line)
            return _read_events(header, partial(file.readline, MAX_LINE + 1))
    except (OSError, ValueError) as error:
        raise LocalFileError(f"replay {path}", words_of(error)) from error


def _read_events(header: CastHeader, next_line: Callable[[], str]) -> Recording:
    events = EventList()
    problem = ""
    total = number = 0
    before = 0.0
    while line := next_line():
        number += 1
        total += len(line)
        if total > MAX_BYTES or len(events) >= MAX_EVENTS:
            problem = "the rest is left out: it is too long"
            break
        if not line.strip():
            continue
        try:
            event = read_event(line, before, has_intervals=header.has_intervals)
        except ValueError as error:
            problem = f"line {number + 1}: {error}"
            break
        if event is not None:
            before = event.seconds
            events.append(event)
    return Recording(header=header, events=events, problem=problem)


def _read_version_1(text: str) -> Recording:
    header, pieces = read_version_1(text)
    events = EventList()
    problem = ""
    try:
        for event in pieces:
            events.append(event)
    except ValueError as error:
        problem = f"piece {len(events) + 1}: {error}"
    return Recording(header=header, events=events, problem=problem)
