"""What tests of migrations between demo servers need: both ends, and what hands on between them."""

import asyncio
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tests.demo.plain_client import PlainClient

LARGEST_FRAME = 32 * 1024
CUT = "websocket: close 1006 (abnormal closure): unexpected EOF"
FAILED = "Error transferring instance data: "
TAKE = {"type": "migration", "mode": "push"}
FORMAT = "lxdtui-demo-1"

Ends = dict[str, ClientConnection]


async def begin(api: PlainClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await api.body("POST", path, body)
    assert answer["type"] == "async", answer
    operation: dict[str, Any] = answer["metadata"]
    return operation


async def give(api: PlainClient, **options: Any) -> dict[str, Any]:
    body = {"name": "c1", "migration": True, "live": False, **options}
    return await begin(api, "/1.0/instances/c1", body)


def wish(source: Any = TAKE) -> dict[str, Any]:
    """The body of a request to take c1."""
    return {"name": "c1", "architecture": "x86_64", "source": source}


async def take(far: PlainClient, *, source: Any = TAKE, **fields: Any) -> dict[str, Any]:
    return await begin(far, "/1.0/instances", wish(source) | fields)


async def connect(api: PlainClient, operation: dict[str, Any]) -> Ends:
    path = f"/1.0/operations/{operation['id']}/websocket?secret="
    secrets = operation["metadata"]
    return {name: await api.connect(path + secrets[name]) for name in ("control", "fs")}


async def outcome(api: PlainClient, operation: dict[str, Any]) -> tuple[str, str]:
    ended = await api.get(f"/1.0/operations/{operation['id']}/wait?timeout=9")
    return ended["status"], ended["err"]


class Relay:
    """Hands on frames, and remembers what they were like."""

    def __init__(self) -> None:
        self.binary: list[int] = []
        self.barriers = {"there": 0, "back": 0}
        self.seen = asyncio.Event()

    async def run(self, one: Ends, other: Ends) -> None:
        async with asyncio.TaskGroup() as group:
            for name in one:
                group.create_task(self._forward(name, "there", one[name], other[name]))
                group.create_task(self._forward(name, "back", other[name], one[name]))

    async def _forward(
        self, name: str, way: str, giver: ClientConnection, taker: ClientConnection
    ) -> None:
        try:
            async for frame in giver:
                if isinstance(frame, str):
                    assert (name, frame) == ("fs", "")
                    self.barriers[way] += 1
                else:
                    self.binary.append(len(frame))
                    self.seen.set()
                await taker.send(frame)
        except ConnectionClosed:
            pass
        finally:
            await taker.close()


async def migrate(
    api: PlainClient, far: PlainClient, *, giving: Any = None, **taking: Any
) -> tuple[Relay, tuple[str, str], tuple[str, str]]:
    """Migrate c1, and tell how both operations ended."""
    source, target = await give(api, **(giving or {})), await take(far, **taking)
    relay = Relay()
    await relay.run(await connect(api, source), await connect(far, target))
    return relay, await outcome(api, source), await outcome(far, target)


async def names(api: PlainClient) -> list[str]:
    return [path.rpartition("/")[2] for path in await api.get("/1.0/instances")]
