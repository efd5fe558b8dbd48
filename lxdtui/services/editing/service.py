"""Opening a file to edit it, and saving it without losing anything of anybody."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from lxdtui.errors import (
    Conflict,
    FileChanged,
    LocalFileError,
    LxdTuiError,
    NotFound,
    PreflightFailed,
    UnexpectedResponse,
)
from lxdtui.model.files import FileAttributes, FileKind, short_path
from lxdtui.model.place import Place
from lxdtui.services.editing.document import (
    EDITED_AT_MOST,
    NotText,
    TextFile,
    TextForm,
    decode,
)
from lxdtui.services.editing.keeping import Draft, EditStore, Unsaved, Version
from lxdtui.services.files import FileSystem

__all__ = ["Earlier", "EditingService", "OpenedFile", "Places"]


_KERNEL = ("/proc/", "/sys/")
_NO_FILE = "it is a view of the kernel and no file, which may look different inside"


class Places(Protocol):
    """What gives the files of places."""

    def at(self, place: Place) -> FileSystem:
        """Give the files of a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedFile:
    """A file as it was when it was opened or last saved."""

    place: Place
    path: str
    content: bytes
    """What it held."""
    file: TextFile | NotText
    """The same as text, or why it is not edited."""
    attributes: FileAttributes | None = None
    """Its attributes, or those that it had; ``None`` where it never was there."""
    exists: bool = True
    """Whether there is such a file, as far as is known."""
    warning: str = ""
    """What did not work on the side, in words; empty where all did."""

    def holding(self, content: bytes | None) -> "OpenedFile":
        """Return the file with what it is known to hold by now, ``None`` where it is gone.

        That is what the next saving replaces.
        """
        if content is None:
            return replace(self, content=b"", exists=False)
        return replace(self, content=content, exists=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier version of a file, read."""

    kept_at: datetime
    """When it was replaced by a newer one."""
    file: TextFile | None = None
    """What it held; ``None`` where that cannot be had."""
    problem: str = ""
    """Why not, in words."""


def _now() -> datetime:
    return datetime.now(UTC)


class EditingService:
    """Opens, saves, and keeps earlier versions and unsaved text on this computer.

    Args:
        places: Where files come from.
        store: Where versions and unsaved text are kept.
        now: The time of day.
    """

    def __init__(
        self, places: Places, store: EditStore, *, now: Callable[[], datetime] = _now
    ) -> None:
        self._places = places
        self._store = store
        self._now = now

    async def open(self, place: Place, path: str) -> OpenedFile:
        """Read a file; one that does not exist is opened as an empty text.

        Args:
            place: Where the file is.
            path: Its path; where it is a link, what it leads to is read.

        Raises:
            LxdTuiError: It cannot be read; :class:`~lxdtui.services.files.FileSystem`
                says which.
        """
        files = self._places.at(place)
        try:
            attributes = await files.stat(path)
        except NotFound:
            # Of a link that leads nowhere, what it leads to is made.
            if not await files.exists(path) and not await files.exists(_parent(path)):
                raise
            empty = TextFile(text="", form=TextForm())
            return OpenedFile(place=place, path=path, content=b"", file=empty, exists=False)
        if attributes.kind not in (FileKind.FILE, FileKind.UNKNOWN):
            tried = f"edit {_name_of(place, path)}"
            raise PreflightFailed(tried, (f"it is a {attributes.kind}",))
        if attributes.size is not None and attributes.size > EDITED_AT_MOST:
            return OpenedFile(
                place=place, path=path, content=b"", file=NotText.TOO_LARGE, attributes=attributes
            )
        content = await files.read_bytes(path)
        file = await asyncio.to_thread(decode, content)
        return OpenedFile(place=place, path=path, content=content, file=file, attributes=attributes)

    async def encode(self, opened: OpenedFile, text: str, form: TextForm) -> bytes:
        """Return the bytes of an edited text.

        Raises:
            PreflightFailed: The encoding of the file does not have a character of it.
        """
        try:
            return await asyncio.to_thread(form.encode, text)
        except UnicodeEncodeError as error:
            line = text.count("\n", 0, error.start) + 1
            lacks = f"{form.encoding} has no “{text[error.start]}”, which stands in line {line}"
            raise PreflightFailed(
                f"save {_name_of(opened.place, opened.path)}",
                (lacks,),
                hint="Change its encoding to UTF-8.",
            ) from error

    async def save(
        self, opened: OpenedFile, content: bytes, *, in_place: bool = False
    ) -> OpenedFile:
        """Replace the file, if it is still what was opened.

        It is written beside and renamed, with the owner and the mode it has;
        what it held before is kept on this computer. Between the look at it and
        the renaming lies the time of one writing.

        Args:
            opened: The file as it was opened or last saved.
            content: What it is to hold.
            in_place: Write over the file that is there, where no other can take its
                place. Nothing is done then before its earlier version is kept.

        Returns:
            The file as it is now, with a warning where its earlier version could
            not be kept.

        Raises:
            FileChanged: It holds something else by now, or is gone.
            FileBusy: No other can take its place, as where it is a mount point.
            LxdTuiError: It cannot be written; the old file is whole then, unless it
                was written in place.
        """
        files = self._places.at(opened.place)
        theirs = await self._read_now(files, opened.path)
        if theirs != (opened.content if opened.exists else None):
            if theirs == content:
                # As after a link that broke when it was written already.
                return await self._after(opened, opened.path, content, "")
            tried = f"save {_name_of(opened.place, opened.path)}"
            raise FileChanged(tried, base=opened.content, mine=content, theirs=theirs)
        if opened.path.startswith(_KERNEL):
            tried = f"save {_name_of(opened.place, opened.path)}"
            raise PreflightFailed(tried, (_NO_FILE,), hint="Set it in a shell (s in the browser).")
        if in_place and theirs is not None:
            return await self._save_in_place(files, opened, theirs, content)
        warning = ""
        if theirs:
            warning = await self._keep_version(opened.place, opened.path, theirs)
        kept = opened.attributes if theirs is None else None
        await files.write(
            opened.path,
            content,
            size=len(content),
            # A file that is there keeps its own.
            mode=kept.mode if kept else None,
            uid=kept.uid if kept else None,
            gid=kept.gid if kept else None,
        )
        return await self._after(opened, opened.path, content, warning)

    async def _save_in_place(
        self, files: FileSystem, opened: OpenedFile, theirs: bytes, content: bytes
    ) -> OpenedFile:
        now = self._now()
        await asyncio.to_thread(self._store.keep_version, opened.place, opened.path, theirs, now)
        tried = f"save {_name_of(opened.place, opened.path)}"
        try:
            await files.overwrite(opened.path, content)
            if await files.read_bytes(opened.path) != content:
                raise UnexpectedResponse(tried, "it does not hold what was written")
        except LxdTuiError as error:
            error.hint = "It may be half written now. Save again, or bring it back with Alt-V."
            raise
        return await self._after(opened, opened.path, content, "")

    async def save_as(self, opened: OpenedFile, path: str, content: bytes) -> OpenedFile:
        """Write another file, which must not exist.

        Raises:
            Conflict: It exists.
            LxdTuiError: It cannot be written.
        """
        files = self._places.at(opened.place)
        if await files.exists(path):
            raise Conflict(
                f"save as {_name_of(opened.place, path)}", "there is such a file already"
            )
        mode = opened.attributes.mode if opened.attributes is not None else None
        await files.write(
            path, content, size=len(content), mode=None if mode is None else mode & 0o777
        )
        return await self._after(opened, path, content, "")

    # What is kept on this computer

    def draft(self, place: Place, path: str) -> Draft:
        """Give an editor a place for its unsaved text."""
        return self._store.draft(place, path)

    async def keep_unsaved(
        self, draft: Draft, opened: OpenedFile, text: str, form: TextForm
    ) -> None:
        """Keep the text of an editor in case that it ends without a word.

        Raises:
            LocalFileError: It cannot be written.
        """
        await asyncio.to_thread(draft.keep, text, form, opened.content, self._now())

    async def unsaved(self, place: Place, path: str) -> Unsaved | None:
        """Return text that an editor of this file left behind.

        Raises:
            LocalFileError: What is kept cannot be read.
        """
        return await asyncio.to_thread(self._store.unsaved, place, path)

    async def drop_unsaved(self, place: Place, path: str, unsaved: Unsaved) -> None:
        """Forget text that was left behind."""
        await asyncio.to_thread(self._store.drop_unsaved, place, path, unsaved.token)

    async def versions(self, place: Place, path: str) -> tuple[Version, ...]:
        """List the earlier versions of a file, the newest first."""
        return await asyncio.to_thread(self._store.versions, place, path)

    async def read_version(self, version: Version) -> bytes:
        """Return what an earlier version held."""
        return await asyncio.to_thread(self._store.read_version, version)

    async def earlier(self, place: Place, path: str) -> tuple[Earlier, ...]:
        """Read the earlier versions of a file, the newest first; what cannot be read says why.

        Raises:
            LocalFileError: They cannot even be listed.
        """
        return await asyncio.to_thread(self._earlier, place, path)

    def _earlier(self, place: Place, path: str) -> tuple[Earlier, ...]:
        found: list[Earlier] = []
        for version in self._store.versions(place, path):
            try:
                file = decode(self._store.read_version(version))
            except LocalFileError as error:
                found.append(Earlier(kept_at=version.kept_at, problem=error.reason))
                continue
            if isinstance(file, NotText):
                found.append(Earlier(kept_at=version.kept_at, problem=file.value))
            else:
                found.append(Earlier(kept_at=version.kept_at, file=file))
        return tuple(found)

    async def _read_now(self, files: FileSystem, path: str) -> bytes | None:
        """Return what a file holds, ``None`` where it is gone."""
        try:
            return await files.read_bytes(path)
        except NotFound:
            # Where the whole instance is gone, that is what has to be told.
            await files.stat("/")
        return None

    async def _keep_version(self, place: Place, path: str, content: bytes) -> str:
        try:
            await asyncio.to_thread(self._store.keep_version, place, path, content, self._now())
        except LocalFileError as error:
            return error.message
        return ""

    async def _after(
        self, opened: OpenedFile, path: str, content: bytes, warning: str
    ) -> OpenedFile:
        attributes = opened.attributes
        # It was written; that its attributes cannot be read does not change that.
        with contextlib.suppress(LxdTuiError):
            attributes = await self._places.at(opened.place).stat(path)
        return replace(
            opened,
            path=path,
            content=content,
            file=await asyncio.to_thread(decode, content),
            attributes=attributes,
            exists=True,
            warning=warning,
        )


def _name_of(place: Place, path: str) -> str:
    """Return what a file is called in a message."""
    return short_path(path) if place.is_local else f"{short_path(path)} in {place.words}"


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or "/"
