"""The files API: GET, HEAD, POST and DELETE of paths inside an instance."""

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qs

from aiohttp import web

from lxdtui.demo.daemon import Daemon
from lxdtui.demo.filesystem import (
    FileSystem,
    FileSystemError,
    MissingError,
    Node,
    NodeType,
    normalize,
)
from lxdtui.demo.replies import JSON_TYPE, ApiError, sync_reply
from lxdtui.demo.routes.common import get_instance, route
from lxdtui.demo.world import Instance

OCTET_STREAM = "application/octet-stream"
_CHUNK = 256 * 1024


class FileRoutes:
    """Handlers of ``/1.0/instances/NAME/files``.

    Args:
        daemon: The server's state.
    """

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def routes(self) -> list[web.RouteDef]:
        """The paths of this group."""
        path = "/1.0/instances/{name}/files"
        return [
            route("GET", path, self.get),
            route("HEAD", path, self.head),
            route("POST", path, self.post),
            route("DELETE", path, self.delete),
        ]

    async def get(self, request: web.Request) -> web.Response:
        """``GET``: content of a file, names in a directory, or the target of a link."""
        instance, files, path = self._subject(request)
        node = _lookup(files, path)
        headers = _headers(node)
        context = {"path": path}
        self._daemon.instance_event(instance, "file-retrieved", context=context)
        if node.type is NodeType.DIRECTORY:
            return sync_reply([_as_json_has_it(name) for name in node.children], headers=headers)
        if node.type is NodeType.SYMLINK:
            # LXD makes the target absolute, though the link itself keeps what it holds.
            parent = path.rpartition("/")[0] or "/"
            target = normalize(node.target, parent).encode("utf-8", "surrogateescape")
            node = replace(node, data=target)
        return _file_response(request, node, path, headers)

    async def head(self, request: web.Request) -> web.Response:
        """``HEAD``: the headers alone; LXD 5.0.2 says no size."""
        _, files, path = self._subject(request)
        return web.Response(headers=_headers(_lookup(files, path)), content_type=JSON_TYPE)

    async def post(self, request: web.Request) -> web.Response:
        """``POST``: create or overwrite a file, make a directory or a link."""
        instance, files, path = self._subject(request)
        kind = request.headers.get("X-LXD-type", "file")
        attempt = f"open {path}"
        try:
            if kind == "directory":
                self._make_directory(request, files, path)
            elif kind == "symlink":
                target = (await request.read()).decode("utf-8", "surrogateescape").rstrip("\n")
                attempt = f"symlink {target} {path}"
                files.make_link(
                    path,
                    target,
                    now=self._daemon.clock.now(),
                    uid=_number(request, "X-LXD-uid"),
                    gid=_number(request, "X-LXD-gid"),
                )
            elif kind == "file":
                await self._write(request, files, path)
            else:
                raise ApiError(400, f"Bad file type: {kind}")
        except MissingError:
            raise ApiError(404, "Not Found") from None
        except FileSystemError as error:
            raise ApiError(500, f'sftp: "{attempt}: {error}" (SSH_FX_FAILURE)') from error
        self._daemon.instance_event(instance, "file-pushed", context={"path": path})
        return sync_reply({})

    async def delete(self, request: web.Request) -> web.Response:
        """``DELETE``: a file, a link itself, or an empty directory."""
        instance, files, path = self._subject(request)
        try:
            if path == "/":
                raise FileSystemError("device or resource busy")
            files.remove(path, now=self._daemon.clock.now())
        except MissingError:
            raise ApiError(404, "Not Found") from None
        except FileSystemError as error:
            raise ApiError(500, f'sftp: "remove {path}: {error}" (SSH_FX_FAILURE)') from error
        self._daemon.instance_event(instance, "file-deleted", context={"path": path})
        return sync_reply({})

    def _subject(self, request: web.Request) -> tuple[Instance, FileSystem, str]:
        instance = get_instance(self._daemon, request)
        path = _path_argument(request)
        if not path:
            raise ApiError(400, "Missing path argument")
        return instance, self._daemon.filesystem(instance), normalize(path)

    def _make_directory(self, request: web.Request, files: FileSystem, path: str) -> None:
        # An existing entry is left alone without a word, even when it is a file.
        try:
            files.get(path, follow=False)
        except MissingError:
            files.make_directory(
                path,
                now=self._daemon.clock.now(),
                mode=_mode(request, 0o750),
                uid=_number(request, "X-LXD-uid"),
                gid=_number(request, "X-LXD-gid"),
            )

    async def _write(self, request: web.Request, files: FileSystem, path: str) -> None:
        """Write as the body arrives: an upload that is cut off leaves a short file."""
        mode = request.headers.get("X-LXD-write", "overwrite")
        if mode not in {"overwrite", "append"}:
            raise ApiError(400, f"Bad file write mode: {mode}")
        clock = self._daemon.clock
        if mode == "append":
            # LXD does not make a file in order to append to it.
            files.get(path)
        node = files.open_for_writing(
            path,
            now=clock.now(),
            append=mode == "append",
            mode=_mode(request, 0o644),
            uid=_number(request, "X-LXD-uid"),
            gid=_number(request, "X-LXD-gid"),
        )
        async for chunk in request.content.iter_chunked(_CHUNK):
            files.append(node, chunk, now=clock.now())


def _path_argument(request: web.Request) -> str:
    """The path, byte for byte: what is no UTF-8 stands as half surrogates."""
    _, _, query = request.raw_path.partition("?")
    named = parse_qs(query, encoding="utf-8", errors="surrogateescape").get("path")
    return named[0] if named else ""


def _as_json_has_it(name: str) -> str:
    """A name whose bytes are no UTF-8 is damaged on its way, as Go's JSON does it."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _lookup(files: FileSystem, path: str) -> Node:
    try:
        return files.get(path, follow=False)
    except MissingError:
        raise ApiError(404, "Not Found") from None
    except FileSystemError as error:
        raise ApiError(500, f'sftp: "lstat {path}: {error}" (SSH_FX_FAILURE)') from error


def _headers(node: Node) -> dict[str, str]:
    modified = datetime.fromtimestamp(int(node.modified), UTC)
    return {
        "X-LXD-uid": str(node.uid),
        "X-LXD-gid": str(node.gid),
        "X-LXD-mode": f"{node.mode:04o}",
        "X-LXD-modified": f"{modified:%Y-%m-%d %H:%M:%S} +0000 UTC",
        "X-LXD-type": node.type.value,
    }


def _file_response(
    request: web.Request, node: Node, path: str, headers: dict[str, str]
) -> web.Response:
    modified = datetime.fromtimestamp(int(node.modified), UTC)
    since = request.headers.get("If-Modified-Since")
    name = "".join(letter if letter.isprintable() else "?" for letter in path.rpartition("/")[2])
    headers |= {
        "Content-Disposition": f"inline;filename={name}",
        "Last-Modified": format_datetime(modified, usegmt=True),
    }
    if since is not None and _is_unchanged(modified, since):
        return web.Response(status=304, headers=headers)
    headers["Accept-Ranges"] = "bytes"
    size, data = len(node.data), bytes(node.data)
    try:
        wanted = request.http_range
    except ValueError:
        headers["Content-Range"] = f"bytes */{size}"
        return web.Response(status=416, headers=headers)
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=data, headers=headers, content_type=OCTET_STREAM)
    start, stop, _ = wanted.indices(size)
    if start >= stop:
        headers["Content-Range"] = f"bytes */{size}"
        return web.Response(status=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return web.Response(
        status=206, body=data[start:stop], headers=headers, content_type=OCTET_STREAM
    )


def _is_unchanged(modified: datetime, since: str) -> bool:
    try:
        return modified <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def _number(request: web.Request, header: str) -> int:
    text = request.headers.get(header, "")
    return int(text) if text.isdecimal() else 0


def _mode(request: web.Request, default: int) -> int:
    """Read a mode as Go does: octal with a leading zero or ``0o``, else decimal."""
    text = request.headers.get("X-LXD-mode", "")
    try:
        if text.startswith("0"):
            return int(text.lower().removeprefix("0o"), 8) & 0o777
        return int(text) & 0o777 if text else default
    except ValueError:
        return default
