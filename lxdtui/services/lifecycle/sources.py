"""What instances are made of, as people name it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxdtui.model.image import Image

__all__ = ["ImageChoice", "image_choices", "source_of"]

_SHORT = 12
_FINGERPRINT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageChoice:
    """An image of a server that an instance can be made of."""

    name: str
    """What it is chosen by: its first alias, else the beginning of its fingerprint."""
    description: str
    """What it says of itself."""
    size: int
    """Bytes."""
    type: str
    """``container`` or ``virtual-machine``."""


def image_choices(images: Sequence[Image]) -> tuple[ImageChoice, ...]:
    """List images by the names that they are chosen by, those with an alias first."""
    found = [
        ImageChoice(
            name=image.aliases[0].name if image.aliases else image.fingerprint[:_SHORT],
            description=image.properties.get("description", ""),
            size=image.size,
            type=image.type,
        )
        for image in sorted(images, key=lambda image: (not image.aliases, image.fingerprint))
    ]
    return tuple(found)


def source_of(words: str, images: Sequence[Image], servers: Mapping[str, str]) -> dict[str, Any]:
    """Make the ``source`` of ``POST /1.0/instances`` of what somebody has typed.

    Args:
        words: An alias or a fingerprint, or the beginning of one, of the server's
            own images; ``NAME:ALIAS`` for an image of an image server; empty for
            an instance without any files.
        images: The server's own images.
        servers: Addresses of image servers (simplestreams) by their names.

    Raises:
        ValueError: There is no such image or image server, in words.
    """
    words = words.strip()
    if not words:
        return {"type": "none"}
    for image in images:
        if words in {alias.name for alias in image.aliases}:
            return {"type": "image", "alias": words}
    found = [image.fingerprint for image in images if image.fingerprint.startswith(words.lower())]
    if len(found) == 1:
        return {"type": "image", "fingerprint": found[0]}
    if len(found) > 1:
        raise ValueError(f"several images begin with {words}")
    server, colon, alias = words.partition(":")
    if colon and alias:
        if server not in servers:
            known = ", ".join(sorted(servers)) or "none"
            raise ValueError(f"no image server is named {server}; known are: {known}")
        return {
            "type": "image",
            "mode": "pull",
            "protocol": "simplestreams",
            "server": servers[server],
            "alias": alias,
        }
    raise ValueError(f"the server has no image {words}")
