"""What an image server offers: its index and its list of images, in simplestreams.

The image server is read by this program itself, without a server of LXD or
Incus. Everything in the lists is hostile: sizes are bounded, paths stay below
the base address, and what cannot be understood is left out.
"""

import asyncio
import ipaddress
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx

from lxdtui.api.endpoint import Endpoint
from lxdtui.errors import (
    ConfigError,
    ConnectionFailed,
    ConnectionProblem,
    NotFound,
    Unauthorized,
    UnexpectedResponse,
)
from lxdtui.model.fields import Fields
from lxdtui.model.image import ARCHITECTURES, RemoteImage
from lxdtui.model.server import ServerKind

__all__ = ["LIST_LIMIT", "ImageServer"]

LIST_LIMIT = 64 << 20
"""Bytes that one list may have, unpacked. That of a large public server has some ten million."""
_INDEX_PATH = "streams/v1/index.json"
_INDEX_LIMIT = 4 << 20
_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_METADATA = {ServerKind.LXD: "lxd.tar.xz", ServerKind.INCUS: "incus.tar.xz"}
"""Kind of the metadata file that a server wants; it does not take that of the other."""
_CONTAINER_FILES = (
    ("squashfs", "combined_squashfs_sha256"),
    ("root.tar.xz", "combined_rootxz_sha256"),
    ("root.tar.xz", "combined_sha256"),
)
_MACHINE_FILES = (
    ("disk-kvm.img", "combined_disk-kvm-img_sha256"),
    ("disk1.img", "combined_disk1-img_sha256"),
)


class ImageServer:
    """A server of images.

    ::

        async with ImageServer("https://images.example") as images:
            for image in await images.list(architectures=["x86_64"]):
                print(image.name, image.size)

    Args:
        url: Base address: ``https://…``. Plain ``http`` is accepted of this machine only.
        kind: The kind of server that is to use the images.
        verify: ``True``, or a path of a certificate to trust (PEM).

    Raises:
        ConfigError: The address or the certificate cannot be used.
    """

    def __init__(
        self, url: str, *, kind: ServerKind = ServerKind.LXD, verify: bool | str | Path = True
    ) -> None:
        self.url = url.rstrip("/")
        _check_address(self.url)
        self._kind = kind
        trusted = verify if isinstance(verify, bool) else Path(verify)
        context = Endpoint(url=self.url, verify=trusted).ssl_context()
        self._http = httpx.AsyncClient(
            verify=context if context else True,
            timeout=_TIMEOUT,
            follow_redirects=True,
            max_redirects=_REDIRECTS,
            trust_env=False,
            headers={"Accept": "application/json", "User-Agent": "lxdtui"},
            event_hooks={"request": [_check_request]},
        )
        self._seen: dict[str, tuple[str, Any]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the idle links."""
        await self._http.aclose()

    async def list(
        self, *, architectures: Collection[str] | None = None, instance_type: str = ""
    ) -> list[RemoteImage]:
        """List the newest version of each image.

        A list that was read before is asked for with its ETag and read again
        only where it has changed.

        Args:
            architectures: Only those for one of these: ``x86_64``, …; ``None`` for all.
            instance_type: ``container``, ``virtual-machine`` or empty for both.

        Returns:
            Images in the order of their first alias, operating system first.

        Raises:
            ConnectionFailed: No complete answer came.
            NotFound: There is no image server.
            Unauthorized: The image server does not serve this kind of client.
            UnexpectedResponse: The answer is no list of images, or too large.
        """
        index = await self._read(_INDEX_PATH, _INDEX_LIMIT)
        found: dict[tuple[str, str], RemoteImage] = {}
        for path in _list_paths(index):
            products = await self._read(path, LIST_LIMIT)
            for image in _images(products, self._kind):
                if architectures is not None and image.architecture not in architectures:
                    continue
                if instance_type and image.type != instance_type:
                    continue
                found.setdefault((image.fingerprint, image.type), image)
        return sorted(
            found.values(), key=lambda image: (image.name, image.architecture, image.type)
        )

    async def _read(self, path: str, limit: int) -> Any:
        tried = f"read the images of {self.url}"
        url = f"{self.url}/{quote(path)}"
        etag, known = self._seen.get(url, ("", None))
        headers = {"If-None-Match": etag} if etag else {}
        try:
            async with self._http.stream("GET", url, headers=headers) as response:
                if response.status_code == httpx.codes.NOT_MODIFIED and etag:
                    return known
                _check_status(response.status_code, tried)
                content = await _bounded(response, limit, tried)
                etag = response.headers.get("ETag", "")
        except httpx.TimeoutException as error:
            raise ConnectionFailed(tried, ConnectionProblem.TIMEOUT, str(error)) from error
        except (httpx.DecodingError, httpx.TooManyRedirects, httpx.InvalidURL) as error:
            raise UnexpectedResponse(tried, str(error)) from error
        except httpx.ConnectError as error:
            kind = ConnectionProblem.UNREACHABLE
            if "CERTIFICATE" in str(error) or "SSL" in str(error):
                kind = ConnectionProblem.CERTIFICATE
            raise ConnectionFailed(tried, kind, str(error)) from error
        except httpx.HTTPError as error:
            raise ConnectionFailed(tried, ConnectionProblem.LOST, str(error)) from error
        try:
            # Large lists take a while, and the interface is not to stand still.
            body = await asyncio.to_thread(json.loads, content)
        except (ValueError, RecursionError) as error:
            raise UnexpectedResponse(tried, f"{path} is no JSON") from error
        if etag:
            self._seen[url] = (etag, body)
        return body


async def _bounded(response: httpx.Response, limit: int, tried: str) -> bytes:
    content = bytearray()
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > limit:
            raise UnexpectedResponse(tried, f"the list has more than {limit >> 20} MiB")
    return bytes(content)


def _check_status(status: int, tried: str) -> None:
    if status == httpx.codes.OK:
        return
    if status in (401, 403):
        words = "the image server does not serve this kind of client"
        raise Unauthorized(tried, words, status=status)
    if status == httpx.codes.NOT_FOUND:
        raise NotFound(tried, "there are no images at this address", status=status)
    raise UnexpectedResponse(tried, f"the image server answered {status}", status=status)


async def _check_request(request: httpx.Request) -> None:
    """Look at each address that is asked, redirects included."""
    try:
        _check_address(str(request.url))
    except ConfigError as error:
        raise httpx.TooManyRedirects(error.message, request=request) from error


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise ConfigError(f"Cannot use the address {url!r}: {error}") from error
    if parts.scheme == "https" and host:
        return
    if parts.scheme == "http" and _is_this_machine(host):
        return
    raise ConfigError(
        f"Cannot use the address {url!r}: images come by https only",
        hint="Plain http can be changed on the way.",
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _list_paths(index: object) -> Iterator[str]:
    """Find the lists of images in an index."""
    entries = Fields(index, "the index of images").mapping("index")
    for entry in entries.values():
        if not isinstance(entry, Mapping) or entry.get("datatype") != "image-downloads":
            continue
        path = entry.get("path")
        if not isinstance(path, str) or not path or path.startswith("/") or ":" in path:
            continue
        if ".." not in path.split("/"):
            yield path


def _images(products: object, kind: ServerKind) -> Iterator[RemoteImage]:
    for product in Fields(products, "the list of images").mapping("products").values():
        try:
            yield from _of_product(Fields(product, "an image"), kind)
        except UnexpectedResponse:
            # One that is malformed does not hide the others.
            continue


def _of_product(product: Fields, kind: ServerKind) -> Iterator[RemoteImage]:
    versions = product.mapping("versions")
    for version in sorted(versions, reverse=True):
        items = Fields(versions[version], "a version of an image").mapping("items")
        files = {
            entry["ftype"]: entry
            for entry in items.values()
            if isinstance(entry, Mapping) and isinstance(entry.get("ftype"), str)
        }
        metadata = files.get(_METADATA[kind])
        if metadata is None:
            continue
        found = [
            image
            for type_name, candidates in (
                ("container", _CONTAINER_FILES),
                ("virtual-machine", _MACHINE_FILES),
            )
            if (image := _image(product, version, metadata, files, type_name, candidates))
        ]
        if found:
            yield from found
            return


def _image(
    product: Fields,
    version: str,
    metadata: Mapping[str, Any],
    files: Mapping[str, Mapping[str, Any]],
    type_name: str,
    candidates: tuple[tuple[str, str], ...],
) -> RemoteImage | None:
    """Pair the metadata with the best root file system that is there."""
    about = Fields(metadata, "the metadata of an image")
    for file_type, key in candidates:
        fingerprint = about.text(key, "")
        if file_type not in files or not fingerprint:
            continue
        architecture = product.text("arch", "")
        size = about.integer("size", 0)
        size += Fields(files[file_type], "a file of an image").integer("size", 0)
        names = [name.strip() for name in product.text("aliases", "").split(",")]
        return RemoteImage(
            fingerprint=fingerprint,
            aliases=tuple(dict.fromkeys(name for name in names if name)),
            architecture=ARCHITECTURES.get(architecture, architecture),
            os=product.text("os", ""),
            release=product.text("release_title", "") or product.text("release", ""),
            variant=product.text("variant", ""),
            type=type_name,
            version=version,
            size=size,
        )
    return None
