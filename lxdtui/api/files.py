"""The files API of the servers (``/1.0/instances/NAME/files``), for running and stopped instances.

It knows no attributes in lists, no renaming and no changing of what exists;
:mod:`lxdtui.api.sftp` does. What it is better at is whole files in one request.
"""

from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Iterator,
    Mapping,
)
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass

from lxdtui.api.contents import Content, Progress, Source
from lxdtui.api.envelope import Done, decode, decode_json
from lxdtui.api.file_headers import attributes_from, first_byte, headers_for
from lxdtui.api.file_refusals import refined
from lxdtui.api.flavor import Flavor
from lxdtui.api.streams import Streamed, whole
from lxdtui.api.transport import Transport
from lxdtui.errors import BadRequest, ExtensionMissing, ServerError, UnexpectedResponse
from lxdtui.model.files import (
    FileAttributes,
    FileKind,
    format_mode,
    join_path,
    parent_path,
    path_bytes,
    path_text,
    quote_path,
    short_path,
)
from lxdtui.model.refs import InstanceRef, quote_segment
from lxdtui.model.server import Server

__all__ = ["LINKS_FOLLOWED", "LONGEST_LISTING", "UNSATISFIABLE", "FileCalls", "OpenedFile"]

LONGEST_LISTING = 64 << 20
"""Bytes of a list of names that are accepted."""

UNSATISFIABLE = 416
"""HTTP status where a file has no byte at an offset."""

LINKS_FOLLOWED = 40
"""Links one behind the other, as many as Linux follows."""

_PARTIAL = 206
_HEAD_EXTENSION = "instance_file_head"
_LONGEST_TARGET = 64 << 10


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file, directory or link whose content is still coming."""

    attributes: FileAttributes
    """What the headers tell of it."""
    pieces: AsyncGenerator[bytes, None]
    """The content as it comes."""


class FileCalls:
    """Calls on files of the instances of one server.

    Every method raises ``NotFound``, ``Conflict``, ``BadRequest``,
    ``Unauthorized`` or ``ServerError`` as the refusal is, and
    ``ConnectionFailed`` where the link breaks.

    Args:
        transport: The server.
        server: Gives what the server told about itself.
    """

    def __init__(self, transport: Transport, server: Callable[[], Server]) -> None:
        self._transport = transport
        self._server = server

    def has(self, extension: str) -> bool:
        """Say whether the server knows an optional part of the protocol."""
        return self._server().has(extension)

    def require(self, extension: str, *, tried: str) -> None:
        """Make sure that the server knows an optional part of the protocol.

        Raises:
            ExtensionMissing: It does not.
        """
        if not self.has(extension):
            raise ExtensionMissing(tried, extension)

    @asynccontextmanager
    async def open(
        self, ref: InstanceRef, path: str, *, offset: int = 0
    ) -> AsyncIterator[OpenedFile]:
        """Open a file for reading; its content comes while it is asked for.

        A link at the end of the path is not followed: its content is its
        target, made absolute. That of a directory is the list in an envelope.

        Args:
            ref: The instance.
            path: Absolute path.
            offset: First byte of a file.

        Raises:
            NotFound: It does not exist.
            UnexpectedResponse: The answer begins elsewhere in the file.
        """
        tried = f"read {short_path(path)} in {ref.name}"
        headers = {"Range": f"bytes={offset}-"} if offset else None
        with _refused():
            async with self._transport.streams.get(
                self._url(ref, path), tried=tried, headers=headers
            ) as answer:
                is_part = answer.status == _PARTIAL
                begin = first_byte(answer.headers) if is_part else 0
                if is_part and begin != offset:
                    told = "another part" if begin is None else f"byte {begin} and what follows"
                    raise UnexpectedResponse(tried, f"asked for byte {offset}, it sends {told}")
                skipped = offset - (begin or 0)
                pieces = _without(answer.pieces, skipped) if skipped else answer.pieces
                yield OpenedFile(self._attributes(answer, tried), pieces)

    async def read(self, ref: InstanceRef, path: str, *, limit: int) -> bytes:
        """Read a whole file, links followed.

        Args:
            ref: The instance.
            path: Absolute path.
            limit: Bytes that are accepted.

        Raises:
            BadRequest: It is no file, or a larger one, or links go in circles.
        """
        tried = f"read {short_path(path)} in {ref.name}"
        for _ in range(LINKS_FOLLOWED):
            async with self.open(ref, path) as opened:
                kind = opened.attributes.kind
                if kind is FileKind.SYMLINK:
                    target = await whole(opened.pieces, _LONGEST_TARGET, tried=tried)
                    path = join_path(parent_path(path), path_text(target))
                    continue
                if kind is not FileKind.FILE:
                    raise BadRequest(tried, f"it is a {kind}")
                if (opened.attributes.size or 0) > limit:
                    raise BadRequest(tried, f"it is larger than {limit} bytes")
                return await whole(opened.pieces, limit, tried=tried)
        raise BadRequest(tried, "too many levels of symbolic links")

    async def read_target(self, ref: InstanceRef, path: str) -> str:
        """Read where a symbolic link points, which the servers make absolute.

        Raises:
            BadRequest: It is no link.
        """
        tried = f"read the link {short_path(path)} in {ref.name}"
        async with self.open(ref, path) as opened:
            if opened.attributes.kind is not FileKind.SYMLINK:
                raise BadRequest(tried, f"it is a {opened.attributes.kind}")
            target = await whole(opened.pieces, _LONGEST_TARGET, tried=tried)
        return path_text(target)

    async def names(self, ref: InstanceRef, path: str) -> list[str]:
        """List the names in a directory, in no order.

        The servers write them as JSON, so bytes that are no UTF-8 are lost.

        Raises:
            BadRequest: It is no directory.
        """
        tried = f"list {short_path(path)} in {ref.name}"
        async with self.open(ref, path) as opened:
            if opened.attributes.kind is not FileKind.DIRECTORY:
                raise BadRequest(tried, f"it is a {opened.attributes.kind}")
            content = await whole(opened.pieces, LONGEST_LISTING, tried=tried)
        result = decode(200, decode_json(200, content, tried=tried), tried=tried)
        listed = result.metadata if isinstance(result, Done) else result
        if listed is None:
            return []
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise UnexpectedResponse(tried, "the answer is no list of names")
        return listed

    async def stat(self, ref: InstanceRef, path: str) -> FileAttributes:
        """Read the attributes of a path itself; a link is not followed.

        By HEAD where the server knows it. LXD 5.0 tells no size then, so that
        one byte of a file is asked for as well.
        """
        tried = f"look at {short_path(path)} in {ref.name}"
        if self.has(_HEAD_EXTENSION):
            with _refused():
                async with self._ask(ref, path, tried, method="HEAD") as answer:
                    found = self._attributes(answer, tried)
            if found.kind is not FileKind.FILE or found.size is not None:
                return found
        try:
            async with self._ask(ref, path, tried, headers={"Range": "bytes=0-0"}) as answer:
                return self._attributes(answer, tried)
        except ServerError as error:
            if error.status != UNSATISFIABLE:
                raise refined(error) from error
        # There is no first byte of an empty file.
        async with self.open(ref, path) as opened:
            return opened.attributes

    async def write(
        self,
        ref: InstanceRef,
        path: str,
        content: Content,
        *,
        size: int | None = None,
        mode: int | None = None,
        uid: int | None = None,
        gid: int | None = None,
        append: bool = False,
        progress: Progress | None = None,
    ) -> None:
        """Create a file or write over one, in place: a broken link leaves it short.

        The servers look at mode, owner and group only where the file is new:
        0644 and root are the defaults. Through a link they write what it leads to.

        Args:
            ref: The instance.
            path: Absolute path; its directory must exist.
            content: The content, whole or in pieces.
            size: How many bytes there are, where that is known.
            mode: Permission bits of a new file.
            uid: Owner of a new file.
            gid: Group of a new file.
            append: Add to the end of a file, which must exist.
            progress: Told how many bytes are on their way.
        """
        tried = f"write {short_path(path)} in {ref.name}"
        source = Source(content, tried=tried, size=size, progress=progress)
        headers = self._headers(FileKind.FILE, mode, uid, gid)
        if append:
            headers[self._flavor.header("write")] = "append"
        if source.size is not None:
            headers["Content-Length"] = str(source.size)
        try:
            await self._post(ref, path, headers, source.pieces(), tried)
        except Exception:
            if source.error is not None:
                # What broke is what was to be written, not the link.
                raise source.error from None
            raise

    async def make_directory(
        self,
        ref: InstanceRef,
        path: str,
        *,
        mode: int | None = None,
        uid: int | None = None,
        gid: int | None = None,
    ) -> None:
        """Make a directory; one that exists stays as it is.

        Args:
            ref: The instance.
            path: Absolute path; its parent must exist.
            mode: Permission bits, 0755 by default.
            uid: Owner, root by default.
            gid: Group, root by default.

        Raises:
            BadRequest: Something else of the name exists; the servers say nothing then.
        """
        tried = f"make the directory {short_path(path)} in {ref.name}"
        mode = 0o755 if mode is None else mode
        headers = self._headers(FileKind.DIRECTORY, mode, uid, gid)
        await self._post(ref, path, headers, b"", tried)
        found = await self.stat(ref, path)
        if found.kind not in (FileKind.DIRECTORY, FileKind.SYMLINK):
            raise BadRequest(tried, f"a {found.kind} of this name exists")

    async def make_link(self, ref: InstanceRef, target: str, path: str) -> None:
        """Make a symbolic link.

        Args:
            ref: The instance.
            target: What it holds; need not exist.
            path: Where it is made.

        Raises:
            Conflict: Something of the name exists.
        """
        tried = f"make the link {short_path(path)} in {ref.name}"
        headers = self._headers(FileKind.SYMLINK, None, None, None)
        body = path_bytes(target)
        await self._post(ref, path, headers, body, tried)

    async def remove(self, ref: InstanceRef, path: str) -> None:
        """Remove a file, a link itself or an empty directory.

        Raises:
            NotFound: It does not exist.
            Conflict: The directory is not empty.
        """
        with _refused():
            await self._transport.request(
                "DELETE", self._url(ref, path), tried=f"remove {short_path(path)} in {ref.name}"
            )

    @property
    def _flavor(self) -> Flavor:
        return Flavor.of(self._server().kind)

    def _url(self, ref: InstanceRef, path: str) -> str:
        return f"{ref.path}/files?path={quote_path(path)}&project={quote_segment(ref.project)}"

    def _ask(
        self,
        ref: InstanceRef,
        path: str,
        tried: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> AbstractAsyncContextManager[Streamed]:
        return self._transport.streams.get(
            self._url(ref, path), tried=tried, method=method, headers=headers
        )

    async def _post(
        self,
        ref: InstanceRef,
        path: str,
        headers: Mapping[str, str],
        content: bytes | AsyncIterable[bytes],
        tried: str,
    ) -> None:
        with _refused():
            await self._transport.request(
                "POST", self._url(ref, path), tried=tried, content=content, headers=headers
            )

    def _headers(
        self, kind: FileKind, mode: int | None, uid: int | None, gid: int | None
    ) -> dict[str, str]:
        octal = None if mode is None else format_mode(mode)
        return headers_for(self._flavor, kind, mode=octal, uid=uid, gid=gid)

    def _attributes(self, answer: Streamed, tried: str) -> FileAttributes:
        return attributes_from(answer.headers, self._flavor, tried=tried)


@contextmanager
def _refused() -> Iterator[None]:
    """Look at the words of general failures."""
    try:
        yield
    except ServerError as error:
        raise refined(error) from error


async def _without(
    pieces: AsyncGenerator[bytes, None], skipped: int
) -> AsyncGenerator[bytes, None]:
    """Leave out the beginning, where the server does not."""
    async for piece in pieces:
        if len(piece) > skipped:
            yield piece[skipped:]
        skipped = max(0, skipped - len(piece))
