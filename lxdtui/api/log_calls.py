"""Log files and console log of instances (``/1.0/instances/NAME/logs`` and ``…/console``)."""

import posixpath
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import unquote

from lxdtui.api.streams import Streamed
from lxdtui.api.transport import Transport
from lxdtui.errors import ApiError, BadRequest, ConnectionFailed, NotFound, ServerError
from lxdtui.model.fields import Fields
from lxdtui.model.refs import InstanceRef, quote_segment

__all__ = ["LogCalls"]

_NO_FILE = "no such file or directory"
_OUTPUTS = "exec-output"
"""Folder of what commands printed whose output is recorded, on Incus and newer LXD."""


class LogCalls:
    """Reading the logs that one server keeps on its instances."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._has_outputs = True

    async def names(self, ref: InstanceRef) -> tuple[str, ...]:
        """List the log files of an instance, by name.

        Returns:
            Names, those of recorded output with their folder: ``exec-output/NAME``.

        Raises:
            NotFound: The instance does not exist.
        """
        names = await self._list(ref, "logs")
        return (*names, *(f"{_OUTPUTS}/{name}" for name in await self._outputs(ref)))

    async def _outputs(self, ref: InstanceRef) -> tuple[str, ...]:
        """List what commands printed; none where the server has no folder for it."""
        if not self._has_outputs:
            return ()
        try:
            return await self._list(ref, f"logs/{_OUTPUTS}")
        except ConnectionFailed:
            raise
        except (BadRequest, NotFound):
            self._has_outputs = False
            return ()
        except ApiError:
            # The storage of a stopped instance may not be there; its logs are.
            return ()

    async def _list(self, ref: InstanceRef, folder: str) -> tuple[str, ...]:
        answer = await self._transport.request(
            "GET",
            f"{ref.path}/{folder}",
            tried=f"list the logs of {ref.name}",
            params={"project": ref.project},
        )
        listed = getattr(answer.result, "metadata", None)
        urls = Fields({"logs": listed}, "a list of logs").texts("logs")
        names = (unquote(posixpath.basename(url.partition("?")[0])) for url in urls)
        return tuple(sorted({name for name in names if name not in ("", ".", "..")}))

    async def tail(self, ref: InstanceRef, name: str, *, limit: int) -> tuple[bytes, bool]:
        """Read the end of a log file.

        Args:
            ref: The instance.
            name: Name of the file, as :meth:`names` tells it.
            limit: Bytes to return at the most.

        Returns:
            The bytes, and whether there are more before them.

        Raises:
            NotFound: The instance or, on Incus, the file does not exist.
            ServerError: On LXD, the file does not exist.
        """
        async with self.open(ref, name, newest=limit) as streamed:
            return await _tail(streamed, limit)

    async def console(self, ref: InstanceRef, *, limit: int) -> tuple[bytes, bool]:
        """Read the console log: what was written to the console last.

        On a running container LXD and Incus hand out each byte once, so that
        the next reader gets what came since; the caller keeps what it read.

        Args:
            ref: The instance.
            limit: Bytes to return at the most.

        Returns:
            The bytes, and whether there are more before them.
        """
        path = f"{ref.path}/console?project={quote_segment(ref.project)}"
        try:
            tried = f"read the console log of {ref.name}"
            async with self._transport.streams.get(path, tried=tried) as streamed:
                return await _tail(streamed, limit)
        except ServerError as error:
            # So says LXD where nothing has come since the last reader.
            if _NO_FILE in error.server_text:
                return b"", False
            raise

    @asynccontextmanager
    async def open(
        self, ref: InstanceRef, name: str, *, newest: int | None = None
    ) -> AsyncIterator[Streamed]:
        """Read a log file piece by piece.

        Args:
            ref: The instance.
            name: Name of the file.
            newest: Bytes at its end that are wanted, or ``None`` for all.
        """
        file = "/".join(map(quote_segment, name.split("/", 1)))
        path = f"{ref.path}/logs/{file}?project={quote_segment(ref.project)}"
        headers = {} if newest is None else {"Range": f"bytes=-{newest}"}
        tried = f"read {name} of {ref.name}"
        async with self._transport.streams.get(path, tried=tried, headers=headers) as streamed:
            yield streamed


async def _tail(streamed: Streamed, limit: int) -> tuple[bytes, bool]:
    """Keep the end of what comes; servers need not know of ranges."""
    kept = bytearray()
    start = streamed.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
    is_cut = start not in ("", "0")
    async for piece in streamed.pieces:
        kept += piece
        if len(kept) > 2 * limit:
            del kept[:-limit]
            is_cut = True
    return bytes(kept[-limit:]), is_cut or len(kept) > limit
