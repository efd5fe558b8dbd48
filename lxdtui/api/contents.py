"""What is written into files: bytes, text, or pieces that come one by one."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable
from typing import TypeAlias

from lxdtui.errors import BadRequest

__all__ = ["Content", "Progress", "Source", "size_of"]

Content: TypeAlias = str | bytes | bytearray | memoryview | AsyncIterable[bytes] | Iterable[bytes]
"""What can be written. Text is written as UTF-8; iterables of bytes piece by piece."""
Progress: TypeAlias = Callable[[int], None]
"""Told how many bytes of one file were moved so far."""

_PIECE = 256 << 10


def size_of(content: Content) -> int | None:
    """Return how many bytes a content has, or ``None`` where that shows at its end."""
    match content:
        case str():
            return len(content.encode("utf-8", "surrogateescape"))
        case bytes() | bytearray():
            return len(content)
        case memoryview():
            return content.nbytes
    return None


class Source:
    """A content as pieces, counted on their way.

    Args:
        content: What is written.
        tried: What is tried, in words.
        size: How many bytes there are said to be.
        progress: Told after each piece how many bytes were taken.
    """

    def __init__(
        self,
        content: Content,
        *,
        tried: str,
        size: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._content = content
        self._tried = tried
        self._progress = progress
        self.size = size_of(content) if size is None else size
        """How many bytes there are, where that is known before the end."""
        self.taken = 0
        """Bytes given so far."""
        self.error: Exception | None = None
        """What the content itself failed with."""

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Yield the content in pieces of at most 256 KiB.

        Raises:
            BadRequest: There are more or fewer bytes than was said.
        """
        try:
            async for piece in _pieces(self._content):
                self.taken += len(piece)
                if self.size is not None and self.taken > self.size:
                    raise BadRequest(self._tried, f"there are more than {self.size} bytes")
                yield piece
                if self._progress is not None:
                    self._progress(self.taken)
            if self.size is not None and self.taken < self.size:
                raise BadRequest(self._tried, f"there are {self.taken} bytes, not {self.size}")
        except Exception as error:
            self.error = error
            raise


async def _pieces(content: Content) -> AsyncGenerator[bytes, None]:
    match content:
        case str():
            source: Iterable[bytes] = (content.encode("utf-8", "surrogateescape"),)
        case bytes() | bytearray() | memoryview():
            source = (bytes(content),)
        case AsyncIterable():
            async for piece in content:
                for part in _cut(piece):
                    yield part
            return
        case _:
            source = content
    for piece in source:
        for part in _cut(piece):
            yield part


def _cut(piece: bytes) -> Iterable[bytes]:
    if len(piece) <= _PIECE:
        return (piece,) if piece else ()
    view = memoryview(piece)
    return (bytes(view[start : start + _PIECE]) for start in range(0, len(piece), _PIECE))
