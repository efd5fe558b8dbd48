"""Lists of image servers: what is read, what is left out, what is refused."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lxdtui.api import simplestreams
from lxdtui.api.simplestreams import ImageServer
from lxdtui.errors import (
    ConfigError,
    ConnectionFailed,
    ConnectionProblem,
    NotFound,
    Unauthorized,
    UnexpectedResponse,
)
from lxdtui.model.server import ServerKind
from tests.image_server import IMAGES, INDEX, Files, image_server, server_certificate


@pytest.fixture
def files() -> Iterator[Files]:
    with image_server() as files:
        yield files


def _items(*types: str, **metadata: Any) -> dict[str, Any]:
    items: dict[str, Any] = {
        name: {"ftype": name, "path": f"images/{name}", "size": 1000} for name in types
    }
    for vendor in ("lxd.tar.xz", "incus.tar.xz"):
        items[vendor] = {"ftype": vendor, "path": vendor, "size": 10, **metadata}
    return items


_ALL = {
    "combined_squashfs_sha256": "squash",
    "combined_rootxz_sha256": "rootxz",
    "combined_disk-kvm-img_sha256": "disk",
}


def _product(arch: str = "amd64", **fields: Any) -> dict[str, Any]:
    items = _items("squashfs", "root.tar.xz", "disk-kvm.img", **_ALL)
    return {
        "aliases": "debian/12/default, debian/12",
        "arch": arch,
        "os": "Debian",
        "release": "bookworm",
        "release_title": "12",
        "variant": "default",
        "versions": {"20260101_00:00": {"items": items}},
        **fields,
    }


async def test_images_of_a_list(files: Files) -> None:
    files.put_lists({"debian": _product()})
    async with ImageServer(files.url) as server:
        container, machine = await server.list()
    assert container.fingerprint == "squash", "the squashfs is preferred"
    assert machine.fingerprint == "disk"
    assert (container.type, machine.type) == ("container", "virtual-machine")
    assert container.aliases == ("debian/12/default", "debian/12")
    assert container.name == "debian/12"
    assert (container.os, container.release, container.variant) == ("Debian", "12", "default")
    assert container.architecture == "x86_64"
    assert container.size == 1010
    assert container.version == "20260101_00:00"


async def test_newest_version_that_is_whole_counts(files: Files) -> None:
    def whole(fingerprint: str) -> dict[str, Any]:
        return {"items": _items("squashfs", combined_squashfs_sha256=fingerprint)}

    versions = {
        "20260103": {"items": _items(combined_squashfs_sha256="without a file")},
        "20260101": whole("old"),
        "20260102": whole("new"),
    }
    files.put_lists({"debian": _product(versions=versions)})
    async with ImageServer(files.url) as server:
        assert [image.fingerprint for image in await server.list()] == ["new"]


async def test_filters(files: Files) -> None:
    architectures = ("amd64", "arm64", "armhf", "i386", "ppc64el", "s390x", "riscv64", "odd")
    products = {
        arch: _product(
            arch,
            versions={
                "1": {
                    "items": _items(
                        "squashfs",
                        "disk1.img",
                        **{
                            "combined_squashfs_sha256": f"c-{arch}",
                            "combined_disk1-img_sha256": f"m-{arch}",
                        },
                    )
                }
            },
        )
        for arch in architectures
    }
    files.put_lists(products)
    async with ImageServer(files.url) as server:
        everything = await server.list()
        chosen = await server.list(architectures=["aarch64", "odd"], instance_type="container")
    assert len(everything) == 2 * len(architectures)
    assert {image.architecture for image in everything} == {
        *("x86_64", "aarch64", "armv7l", "i686", "ppc64le", "s390x", "riscv64", "odd")
    }
    assert [image.fingerprint for image in chosen] == ["c-arm64", "c-odd"]


@pytest.mark.parametrize("kind", list(ServerKind))
async def test_images_of_the_other_vendor_are_left_out(files: Files, kind: ServerKind) -> None:
    items = _items("squashfs", **_ALL)
    ours = items.pop(f"{kind}.tar.xz")
    files.put_lists({"debian": _product(versions={"1": {"items": items}})})
    async with ImageServer(files.url, kind=kind) as server:
        assert await server.list() == []
        items[f"{kind}.tar.xz"] = ours
        files.put_lists({"debian": _product(versions={"1": {"items": items}})})
        assert [image.fingerprint for image in await server.list()] == ["squash"]


async def test_unchanged_lists_are_not_read_again(files: Files) -> None:
    files.put_lists({"debian": _product()})
    async with ImageServer(files.url) as server:
        first = await server.list()
        assert await server.list() == first
        assert files.asked == [(INDEX, 200), (IMAGES, 200), (INDEX, 304), (IMAGES, 304)]
        files.put_lists({"debian": _product(os="Other")})
        assert {image.os for image in await server.list()} == {"Other"}


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../secret.json", "a/../../b", "https://elsewhere.example/x", "", 7, None],
)
async def test_paths_that_lead_away_are_not_followed(files: Files, path: object) -> None:
    entry = {"datatype": "image-downloads", "path": path}
    files.put_json(INDEX, {"index": {"bad": entry, "other": {"datatype": "image-ids"}, "no": 3}})
    async with ImageServer(files.url) as server:
        assert await server.list() == []
    assert files.asked == [(INDEX, 200)]


@pytest.mark.parametrize(
    "product",
    [
        None,
        7,
        [],
        {},
        {"versions": []},
        {"versions": {"1": None}},
        {"versions": {"1": {"items": {"a": 3, "b": {"ftype": 3}}}}},
        _product(aliases=["a"]),
        _product(arch={}),  # type: ignore[arg-type]  # this is what is tested
        _product(versions={"1": {"items": _items("squashfs", combined_squashfs_sha256=9)}}),
    ],
)
async def test_malformed_image_does_not_hide_the_others(files: Files, product: object) -> None:
    files.put_lists({"a": product, "debian": _product(), "z": product})
    async with ImageServer(files.url) as server:
        assert [image.fingerprint for image in await server.list()] == ["squash", "disk"]


async def test_image_without_aliases_has_its_fingerprint(files: Files) -> None:
    files.put_lists({"debian": _product(aliases=" , ")})
    async with ImageServer(files.url) as server:
        assert {image.name for image in await server.list()} == {"squash", "disk"}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b"[]", b'{"index": 7}'])
async def test_what_is_no_list_is_unexpected(files: Files, body: bytes) -> None:
    files.bodies[INDEX] = body
    async with ImageServer(files.url) as server:
        with pytest.raises(UnexpectedResponse):
            await server.list()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, Unauthorized),
        (401, Unauthorized),
        (404, NotFound),
        (500, UnexpectedResponse),
        (304, UnexpectedResponse),
    ],
)
async def test_refusals(files: Files, status: int, kind: type[Exception]) -> None:
    files.put_lists({})
    files.statuses[INDEX] = status
    async with ImageServer(files.url) as server:
        with pytest.raises(kind) as caught:
            await server.list()
    assert files.url in str(caught.value)


async def test_size_is_bounded_as_unpacked(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simplestreams, "LIST_LIMIT", 1 << 20)
    files.put_lists({"debian": _product()})
    body = json.loads(files.bodies[IMAGES])
    files.bodies[IMAGES] = gzip.compress(json.dumps(body).encode() + b" " * (8 << 20))
    files.headers[IMAGES] = {"Content-Encoding": "gzip"}
    assert len(files.bodies[IMAGES]) < 1 << 20
    async with ImageServer(files.url) as server:
        with pytest.raises(UnexpectedResponse, match="more than 1 MiB"):
            await server.list()


async def test_broken_compression_is_unexpected(files: Files) -> None:
    files.bodies[INDEX] = b"no gzip"
    files.headers[INDEX] = {"Content-Encoding": "gzip"}
    async with ImageServer(files.url) as server:
        with pytest.raises(UnexpectedResponse):
            await server.list()


@pytest.mark.parametrize("target", ["http://192.0.2.1/x", "ftp://127.0.0.1/x", "/streams/v1/again"])
async def test_redirects_lead_to_https_or_end(files: Files, target: str) -> None:
    for path in (INDEX, "/streams/v1/again"):
        files.bodies[path] = b""
        files.statuses[path] = 302
        files.headers[path] = {"Location": target}
    async with ImageServer(files.url) as server:
        with pytest.raises(UnexpectedResponse):
            await server.list()


async def test_redirect_is_followed(files: Files) -> None:
    files.put_lists({"debian": _product()})
    files.bodies["/moved"] = files.bodies[INDEX]
    files.statuses[INDEX] = 301
    files.headers[INDEX] = {"Location": "/moved"}
    async with ImageServer(files.url) as server:
        assert len(await server.list()) == 2


@pytest.mark.parametrize(
    "url", ["http://images.example", "http://192.0.2.7", "ftp://x", "images", "", "https://[", "//"]
)
def test_only_https_is_used(url: str) -> None:
    with pytest.raises(ConfigError):
        ImageServer(url)


async def test_certificates_are_checked(tmp_path: Path) -> None:
    certificate = server_certificate(tmp_path)
    with image_server(certificate) as files:
        files.put_lists({"debian": _product()})
        async with ImageServer(files.url, verify=certificate[0]) as server:
            assert len(await server.list()) == 2
        async with ImageServer(files.url) as server:
            with pytest.raises(ConnectionFailed) as caught:
                await server.list()
    assert caught.value.problem is ConnectionProblem.CERTIFICATE


async def test_nobody_there() -> None:
    with image_server() as files:
        pass
    async with ImageServer(files.url) as server:
        with pytest.raises(ConnectionFailed, match=files.url) as caught:
            await server.list()
    assert caught.value.problem is ConnectionProblem.UNREACHABLE
