"""Containers to keep files in, and contents for them."""

import random
from collections.abc import AsyncIterator, Iterable

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.errors import NotFound
from lxdtui.model.files import path_text
from tests.contract.backend import Backend

HOSTILE_NAMES = tuple(
    path_text(name)
    for name in (
        b"two words",
        b" ",
        b"line\nbreak",
        b"\x1b[2J\x1b]0;title\x07",
        b"\x01\x7f\xc2\x85",
        b"100%",
        b"%2F%00",
        b"a#b?c&d=e+f;g",
        b"quote\"'`$(reboot)",
        b"back\\slash",
        "größer 日本 🐧 e\u0301 \u202e".encode(),
        b"latin1 \xe9\xff\xfe",
        b"\x80",
        b"-rf",
        b"...",
        b"x" * 255,
    )
)
"""Names that a container may really have."""

UTF8_NAMES = tuple(
    name for name in HOSTILE_NAMES if not any("\ud800" <= c <= "\udfff" for c in name)
)
"""Those of them that JSON can carry."""


async def box_for(backend: Backend, client: Client, state: str) -> Container:
    """A container of the server that is ``running`` or ``stopped``, the same one for all tests."""
    name = f"contract-files-{state}"
    try:
        return await client.containers.get(name)
    except NotFound:
        made = await client.containers.create(backend.from_image(name), wait=True)
    if state == "running":
        await made.start(wait=True)
    return made


def noise(size: int, seed: int = 1) -> bytes:
    """Bytes without a pattern, the same for the same seed."""
    return random.Random(seed).randbytes(size)


async def one_by_one(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """The pieces, asynchronously."""
    for piece in pieces:
        yield piece
