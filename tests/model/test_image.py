"""Images as servers describe them, and as they are named."""

from typing import Any

import pytest

from lxdtui.errors import UnexpectedResponse
from lxdtui.model.image import Image, ImageAlias, RemoteImage
from tests.recorded import SERVERS, metadata


@pytest.mark.parametrize("server", SERVERS)
def test_recorded_images_are_read(server: str) -> None:
    [body] = metadata(server, "image-get")
    image = Image.from_api(body)
    assert len(image.fingerprint) == 64
    assert image.architecture == "x86_64"
    assert image.size > 0
    assert image.aliases
    assert image.aliases[0].name == "bb"
    assert image.description == "busybox test"
    assert image.expires_at is None
    assert image.uploaded_at
    [alias] = [ImageAlias.from_api(item) for item in metadata(server, "image-aliases-list")]
    assert (alias.name, alias.target, alias.type) == ("bb", image.fingerprint, "container")


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"description": "Debian 12", "os": "x"}, "Debian 12"),
        ({"os": "Debian", "release": "12"}, "Debian 12"),
        ({"os": "Debian"}, "Debian"),
        ({}, ""),
    ],
)
def test_words_on_an_image(properties: dict[str, str], words: str) -> None:
    assert Image(fingerprint="a", properties=properties).description == words


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"fingerprint": 7},
        {"fingerprint": "a", "size": "large"},
        {"fingerprint": "a", "aliases": [{}]},
        {"fingerprint": "a", "properties": []},
    ],
)
def test_what_is_no_image_is_unexpected(body: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        Image.from_api(body)


@pytest.mark.parametrize(
    ("aliases", "name"),
    [(("debian/12/default", "debian/12"), "debian/12"), (("b", "a"), "a"), ((), "0123456789ab")],
)
def test_shortest_alias_names_an_offered_image(aliases: tuple[str, ...], name: str) -> None:
    image = RemoteImage(
        fingerprint="0123456789abcdef",
        aliases=aliases,
        architecture="x86_64",
        os="Debian",
        release="12",
        variant="default",
        type="container",
        version="1",
        size=1,
    )
    assert image.name == name
