"""Containers made of what a server finds in different places."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.api.simplestreams import ImageServer
from lxdtui.errors import ApiError, OperationFailed
from lxdtui.model.server import ServerKind
from tests.contract.backend import Backend, output_of
from tests.image_server import Files, image_server, put_image, server_certificate
from tests.lab import Daemon
from tests.lab.images import busybox_image


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return server_certificate(tmp_path)


@pytest.fixture
def images(certificate: tuple[Path, Path]) -> Iterator[Files]:
    """An image server by https."""
    with image_server(certificate) as files:
        yield files


async def test_from_a_local_alias_fingerprint_and_properties(
    backend: Backend, client: Client, name: str
) -> None:
    image = await client.images.get_by_alias(backend.image)
    sources = (
        {"type": "image", "alias": backend.image},
        {"type": "image", "fingerprint": image.fingerprint},
        {"type": "image", "fingerprint": image.fingerprint[:16]},
        {"type": "image", "properties": {"os": image.properties["os"]}},
    )
    for number, source in enumerate(sources):
        config = {"name": f"{name}-{number}", "source": source}
        container = await client.containers.create(config, wait=True)
        assert container.config["volatile.base_image"] == image.fingerprint, source


async def test_as_a_copy_of_a_container_and_of_a_snapshot(
    client: Client, running: Container, name: str
) -> None:
    await output_of(running, "sh", "-c", "echo then > /root/note")
    await running.snapshots.create("s0", wait=True)
    await output_of(running, "sh", "-c", "echo now > /root/note")
    for source, words, kept in ((name, "now\n", ["s0"]), (f"{name}/s0", "then\n", [])):
        config = {
            "name": f"{name}-{words.strip()}",
            "source": {"type": "copy", "source": source},
            "profiles": ["default"],
        }
        copy = await client.containers.create(config, wait=True)
        assert copy.status == "Stopped"
        assert [snapshot.name for snapshot in await copy.snapshots.all()] == kept
        await copy.start(wait=True)
        assert await output_of(copy, "cat", "/root/note") == words


async def test_from_an_image_server_as_on_the_seed_page(
    real: Daemon | None,
    backend: Backend,
    client: Client,
    name: str,
    images: Files,
    certificate: tuple[Path, Path],
) -> None:
    kind = "incus" if backend.kind is ServerKind.INCUS else "lxd"
    alias = f"busybox/{name}"
    fingerprint = put_image(images, busybox_image(), alias=alias, metadata_type=f"{kind}.tar.xz")
    async with ImageServer(images.url, kind=backend.kind, verify=certificate[0]) as server:
        [offered] = await server.list(architectures=["x86_64"])
    assert offered.name == alias
    assert offered.fingerprint == fingerprint
    config = {
        "name": name,
        "source": {
            "type": "image",
            "mode": "pull",
            "server": images.url,
            "protocol": "simplestreams",
            "alias": offered.name,
            "certificate": certificate[0].read_text(),
        },
        "profiles": ["default"],
    }
    container = await client.containers.create(config, wait=True)
    try:
        assert container.profiles == ["default"]
        if real is not None:
            assert container.config["volatile.base_image"] == offered.fingerprint
            assert ("/images/root.tar.xz", 200) in images.asked
        await container.start(wait=True)
        assert container.status == "Running"
    finally:
        image = await client.images.get(container.config["volatile.base_image"])
        await image.delete(wait=True)


async def test_unreachable_image_server_leaves_nothing(client: Client, name: str) -> None:
    config = {
        "name": name,
        "source": {
            "type": "image",
            "mode": "pull",
            "server": "https://images.invalid",
            "protocol": "simplestreams",
            "alias": "debian/12",
        },
    }
    with pytest.raises((OperationFailed, ApiError)) as caught:
        await client.containers.create(config, wait=True)
    assert "images.invalid" in caught.value.message
    assert not await client.containers.exists(name)
