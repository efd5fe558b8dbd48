"""What is kept on this computer of edited files: earlier versions, and unsaved text.

One private folder holds it all, one folder in it for each file::

    FOLDER/DIGEST/about.json          whose file it is
    FOLDER/DIGEST/1795514400000000.gz an earlier version, named by its microseconds
    FOLDER/DIGEST/TOKEN.unsaved       text that was not saved, with its form
    FOLDER/DIGEST/TOKEN.lock          held while the editor of that text lives

Everything here blocks; :class:`~lxdtui.services.editing.EditingService` calls it
in threads. Every failure is a :class:`~lxdtui.errors.LocalFileError`.
"""

import contextlib
import fcntl
import gzip
import hashlib
import json
import os
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from lxdtui.errors import LocalFileError
from lxdtui.model.place import Place
from lxdtui.services.editing.document import Encoding, LineEnds, TextForm

__all__ = ["Draft", "EditStore", "Unsaved", "Version"]

_VERSIONS_AT_MOST = 20
_BYTES_AT_MOST = 200 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An earlier version of a file."""

    kept_at: datetime
    """When it was replaced by a newer one."""
    file: Path
    """Where it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsaved:
    """Text that was not saved before its editor ended."""

    text: str
    form: TextForm
    base: bytes
    """What the file held when it was opened."""
    written_at: datetime
    """When it was last kept."""
    token: str
    """What it is called in its folder."""


class Draft:
    """The unsaved text of an editor that lives. Others see that it does by its lock.

    Args:
        folder: The folder of the file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = secrets.token_hex(8)
        self._lock: IO[bytes] | None = None

    def keep(self, text: str, form: TextForm, base: bytes, now: datetime) -> None:
        """Write the text down; the one of before is replaced in one step."""
        packed_base = gzip.compress(base, 1, mtime=0)
        about = {
            "encoding": form.encoding.value,
            "line_ends": form.line_ends.value,
            "written_at": now.isoformat(),
            "base_bytes": len(packed_base),
        }
        with _told("keep the unsaved text"):
            if self._lock is None:
                self._lock = _locked(self._folder / f"{self._token}.lock")
            _write(
                self._folder / f"{self._token}.unsaved",
                json.dumps(about).encode() + b"\n" + packed_base + _packed_text(text),
            )

    def forget(self) -> None:
        """Drop the text: it was saved, or is not wanted."""
        with _told("forget the unsaved text"):
            (self._folder / f"{self._token}.unsaved").unlink(missing_ok=True)
            if self._lock is not None:
                (self._folder / f"{self._token}.lock").unlink(missing_ok=True)
                self._lock.close()
                self._lock = None

    def leave(self) -> None:
        """Leave the text behind, to be offered at the next opening."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None


class EditStore:
    """The folder in which versions and unsaved texts are kept.

    Args:
        folder: The folder; made when there is something to keep.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def draft(self, place: Place, path: str) -> Draft:
        """Give an editor a place for its unsaved text; nothing is made by it."""
        return Draft(self._folder_of(place, path))

    # Earlier versions

    def keep_version(self, place: Place, path: str, content: bytes, now: datetime) -> None:
        """Keep what a file held, and drop the oldest versions beyond the bounds."""
        folder = self._folder_of(place, path)
        with _told("keep the earlier version"):
            versions = self._versions(folder)
            if versions and _holds(versions[0], content):
                return
            about = {"place": place.key, "path": ascii(path)}
            _write(folder / "about.json", json.dumps(about).encode())
            moment = int(now.timestamp() * 1e6)
            if versions:
                # A clock that was set back does not make it the oldest one.
                moment = max(moment, int(versions[0].stem) + 1)
            _write(folder / f"{moment}.gz", gzip.compress(content, 6, mtime=0))
            for version in self._versions(folder)[_VERSIONS_AT_MOST:]:
                version.unlink(missing_ok=True)
            self._bound()

    def versions(self, place: Place, path: str) -> tuple[Version, ...]:
        """List the earlier versions of a file, the newest first."""
        with _told("list the earlier versions"):
            return tuple(
                Version(
                    kept_at=datetime.fromtimestamp(int(file.stem) / 1e6, UTC),
                    file=file,
                )
                for file in self._versions(self._folder_of(place, path))
            )

    def read_version(self, version: Version) -> bytes:
        """Return the content of a version."""
        with _told("read the earlier version"):
            return _read_version(version.file)

    # Unsaved text of editors that ended without a word

    def unsaved(self, place: Place, path: str) -> Unsaved | None:
        """Return the newest text that an editor of this file left behind."""
        folder = self._folder_of(place, path)
        with _told("look for unsaved text"):
            found = [
                one
                for file in folder.glob("*.unsaved")
                if not _is_held(file.with_suffix(".lock")) and (one := _read_unsaved(file))
            ]
        return max(found, key=lambda one: one.written_at, default=None)

    def drop_unsaved(self, place: Place, path: str, token: str) -> None:
        """Forget a text that was left behind."""
        folder = self._folder_of(place, path)
        with _told("forget the unsaved text"):
            for end in ("unsaved", "lock"):
                (folder / f"{token}.{end}").unlink(missing_ok=True)

    # Helpers

    def _folder_of(self, place: Place, path: str) -> Path:
        name = f"{place.key}\0{path}".encode("utf-8", "surrogatepass")
        return self._folder / hashlib.sha256(name).hexdigest()[:32]

    def _versions(self, folder: Path) -> list[Path]:
        files = [file for file in folder.glob("*.gz") if file.stem.isdecimal()]
        return sorted(files, key=lambda file: int(file.stem), reverse=True)

    def _bound(self) -> None:
        """Drop the oldest versions of all files where there is too much."""
        sizes: dict[Path, int] = {}
        for file in self._folder.glob("*/*.gz"):
            # Another run of the program may do the same now.
            with contextlib.suppress(FileNotFoundError):
                sizes[file] = file.stat().st_size
        too_much = sum(sizes.values()) - _BYTES_AT_MOST
        for file in sorted(sizes, key=lambda file: file.name):
            if too_much <= 0:
                break
            file.unlink(missing_ok=True)
            too_much -= sizes[file]


@contextlib.contextmanager
def _told(tried: str) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, ValueError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LocalFileError(tried, reason) from error


def _packed_text(text: str) -> bytes:
    # Half surrogates stand for bytes that have no meaning in the file's encoding.
    return gzip.compress(text.encode("utf-8", "surrogatepass"), 1, mtime=0)


def _make_private(folder: Path) -> None:
    """Make a file's folder and the one of all, which nobody but their owner may look into."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def _write(file: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    _make_private(file.parent)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as output:
            output.write(content)
            output.flush()
            os.fsync(output.fileno())
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _locked(file: Path) -> IO[bytes]:
    _make_private(file.parent)
    handle = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "rb+")
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return handle


def _is_held(lock: Path) -> bool:
    """Say whether the editor that holds a lock still lives."""
    try:
        with lock.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _holds(version: Path, content: bytes) -> bool:
    try:
        return _read_version(version) == content
    except (OSError, ValueError):
        # One that is broken must not keep others from being kept.
        return False


def _read_version(file: Path) -> bytes:
    try:
        return gzip.decompress(file.read_bytes())
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError("what is kept of it is damaged") from error


def _read_unsaved(file: Path) -> Unsaved | None:
    """Read a text that was left behind; ``None`` where the file is not one of ours."""
    head, _, rest = file.read_bytes().partition(b"\n")
    try:
        about = json.loads(head)
        size = about["base_bytes"]
        return Unsaved(
            text=gzip.decompress(rest[size:]).decode("utf-8", "surrogatepass"),
            form=TextForm(
                encoding=Encoding(about["encoding"]), line_ends=LineEnds(about["line_ends"])
            ),
            base=gzip.decompress(rest[:size]),
            written_at=datetime.fromisoformat(about["written_at"]),
            token=file.stem,
        )
    except (ValueError, KeyError, TypeError, EOFError, zlib.error, OSError):
        return None
