"""Recordings that are there: a list of them, and one read whole. Everything here blocks."""

from dataclasses import dataclass
from pathlib import Path

from lxdtui.errors import LocalFileError
from lxdtui.services.private_files import words_of
from lxdtui.terminal.asciicast import MAX_LINE, CastEvent, CastHeader, read_event, read_header

__all__ = ["MAX_BYTES", "Recording", "RecordingFile", "list_recordings", "read_recording"]

MAX_BYTES = 512 * 1024 * 1024
"""What is read of a file."""


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
    events: tuple[CastEvent, ...]
    problem: str = ""
    """What is wrong with the rest of the file, where it ends too early."""

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.events[-1].seconds if self.events else 0.0


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


def read_recording(path: Path) -> Recording:
    """Read a recording; its end may be missing, as after a crash.

    Args:
        path: A file in the form asciicast v2, written by anybody.

    Raises:
        LocalFileError: It cannot be read, or is not such a file.
    """
    events: list[CastEvent] = []
    problem = ""
    try:
        if not path.is_file():
            raise ValueError("it is not a file")
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            header = read_header(file.readline(MAX_LINE + 1))
            total = number = 0
            before = 0.0
            while line := file.readline(MAX_LINE + 1):
                number += 1
                total += len(line)
                if total > MAX_BYTES:
                    problem = "the rest is left out: it is too long"
                    break
                if not line.strip():
                    continue
                try:
                    event = read_event(line, before)
                except ValueError as error:
                    problem = f"line {number + 1}: {error}"
                    break
                if event is not None:
                    before = event.seconds
                    events.append(event)
    except (OSError, ValueError) as error:
        raise LocalFileError(f"replay {path}", words_of(error)) from error
    return Recording(header=header, events=tuple(events), problem=problem)
