"""Images made of containers and snapshots."""

from collections.abc import AsyncIterator

import pytest

from lxdtui.api import Client, Image
from lxdtui.api.containers import Container
from lxdtui.errors import Conflict, NotFound, OperationFailed
from tests.contract.backend import Backend, until


@pytest.fixture
async def made(client: Client) -> AsyncIterator[list[Image]]:
    """Images to be deleted afterwards."""
    images: list[Image] = []
    yield images
    for image in images:
        await image.delete(wait=True)
        assert not await client.images.exists(image.fingerprint)


async def test_published_container_is_an_image(
    client: Client, stopped: Container, name: str, made: list[Image]
) -> None:
    properties = {"os": "Busy", "description": "größer"}
    image = await stopped.publish(wait=True, aliases=[f"{name}/img"], properties=properties)
    assert image
    made.append(image)
    assert image.public is False
    assert image.aliases == [{"name": f"{name}/img", "description": ""}]
    assert properties.items() <= image.properties.items()
    assert image.info.description == "größer"
    assert image.architecture == "x86_64"
    assert image.size > 0
    assert (await client.images.get_by_alias(f"{name}/img")).fingerprint == image.fingerprint
    copy = await client.containers.create(
        {"name": f"{name}-b", "source": {"type": "image", "fingerprint": image.fingerprint}},
        wait=True,
    )
    await copy.start(wait=True)
    assert copy.status == "Running"


async def test_published_image_may_be_public(stopped: Container, made: list[Image]) -> None:
    image = await stopped.publish(public=True, wait=True)
    assert image
    made.append(image)
    assert image.public is True


async def test_publish_without_wait_returns_at_once(
    client: Client, stopped: Container, made: list[Image], name: str
) -> None:
    assert await stopped.publish(aliases=[name]) is None
    await until(lambda: client.images.exists(name, alias=True))
    made.append(await client.images.get_by_alias(name))


async def test_running_one_is_refused_in_words(client: Client, running: Container) -> None:
    before = {image.fingerprint for image in await client.images.all()}
    with pytest.raises(OperationFailed, match=r"(?i)running") as caught:
        await running.publish(wait=True)
    assert running.name in caught.value.message
    assert {image.fingerprint for image in await client.images.all()} == before


async def test_snapshot_of_a_running_one_is_published(
    running: Container, made: list[Image]
) -> None:
    snapshot = await running.snapshots.create("s0", wait=True)
    image = await snapshot.publish(wait=True)
    assert image
    made.append(image)
    assert len(image.fingerprint) == 64


async def test_taken_alias_is_noticed_before_an_image_is_made(
    backend: Backend, client: Client, stopped: Container
) -> None:
    before = {image.fingerprint for image in await client.images.all()}
    snapshot = await stopped.snapshots.create("s0", wait=True)
    for attempt in (
        stopped.publish(wait=True, aliases=["free-one", backend.image]),
        snapshot.publish(wait=True, aliases=[backend.image]),
    ):
        with pytest.raises(Conflict, match=backend.image):
            await attempt
    assert {image.fingerprint for image in await client.images.all()} == before


async def test_missing_container_is_told(
    backend: Backend, client: Client, name: str, made: list[Image]
) -> None:
    gone = await client.containers.create(backend.empty(name), wait=True)
    await gone.delete(wait=True)
    with pytest.raises((NotFound, OperationFailed)):
        await gone.publish(wait=True)
