"""``client.images``: looking at images, naming and deleting them."""

import pytest

from lxdtui.api import Client
from lxdtui.errors import Conflict, NotFound
from tests.contract.backend import Backend


async def test_image_is_found_in_every_way(backend: Backend, client: Client) -> None:
    image = await client.images.get_by_alias(backend.image)
    assert len(image.fingerprint) == 64
    assert backend.image in {alias["name"] for alias in image.aliases}
    assert image.architecture == "x86_64"
    assert image.size > 0
    assert image.info.type == "container"
    by_prefix = await client.images.get(image.fingerprint[:12])
    assert by_prefix.info == image.info
    assert image.fingerprint in {found.fingerprint for found in await client.images.all()}
    [alias] = [alias for alias in await client.images.aliases() if alias.name == backend.image]
    assert alias.target == image.fingerprint
    assert await client.images.exists(image.fingerprint)
    assert await client.images.exists(backend.image, alias=True)


async def test_missing_image_is_not_found(client: Client) -> None:
    assert not await client.images.exists("0" * 64)
    assert not await client.images.exists("no/such", alias=True)
    with pytest.raises(NotFound):
        await client.images.get("f" * 64)
    with pytest.raises(NotFound, match="no/such"):
        await client.images.get_by_alias("no/such")


async def test_aliases_come_and_go(backend: Backend, client: Client, name: str) -> None:
    image = await client.images.get_by_alias(backend.image)
    odd = f"{name}/über 100%?"
    await image.add_alias(odd, description="for a test")
    try:
        assert {"name": odd, "description": "for a test"} in image.aliases
        assert (await client.images.get_by_alias(odd)).fingerprint == image.fingerprint
        with pytest.raises(Conflict):
            await image.add_alias(odd)
    finally:
        await image.delete_alias(odd)
    assert odd not in {alias["name"] for alias in image.aliases}
    with pytest.raises(NotFound):
        await image.delete_alias(odd)


async def test_read_only_attributes_say_what_to_use(backend: Backend, client: Client) -> None:
    image = await client.images.get_by_alias(backend.image)
    with pytest.raises(AttributeError, match=r"Image\.aliases is read-only: use add_alias"):
        image.aliases = []  # type: ignore[misc]  # this is what is tested
