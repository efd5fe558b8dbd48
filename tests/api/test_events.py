import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, unix_serve

from lxdtui.api.endpoint import Endpoint
from lxdtui.api.events import Connected, EventStream, Lost, follow, retry_delays
from lxdtui.api.transport import Transport
from lxdtui.errors import ConnectionFailed, ConnectionProblem, EventStreamLost, LxdTuiError
from lxdtui.model.event import Event, LifecycleEvent, OtherEvent
from tests.recorded import events as recorded_events


def test_delays_double_up_to_the_ceiling() -> None:
    whole = retry_delays(first=0.5, ceiling=15, chance=lambda: 1.0)
    assert list(itertools.islice(whole, 8)) == [0.5, 1, 2, 4, 8, 15, 15, 15]
    half = retry_delays(first=0.5, ceiling=15, chance=lambda: 0.0)
    assert list(itertools.islice(half, 3)) == [0.25, 0.5, 1]


def test_delays_differ_by_chance() -> None:
    many = {next(retry_delays()) for _ in range(20)}
    assert len(many) > 10
    assert all(0.25 <= delay <= 0.5 for delay in many)


_REFUSED = ConnectionFailed("follow", ConnectionProblem.REFUSED, "refused")
_ENDED = EventStreamLost("ended")


class _Streams:
    """Streams that each give prepared events and then an error; the last one stays open."""

    def __init__(self, *scripts: tuple[list[str], LxdTuiError | None]) -> None:
        self._scripts = list(scripts)
        self.closed = 0

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[AsyncIterator[Event]]:
        words, error = self._scripts.pop(0)
        if error is _REFUSED:
            raise error
        try:
            yield self._events(words, error)
        finally:
            self.closed += 1

    async def _events(self, words: list[str], error: LxdTuiError | None) -> AsyncIterator[Event]:
        for word in words:
            yield OtherEvent(type=word)
        if error is not None:
            raise error


async def test_following_over_losses() -> None:
    streams = _Streams(
        (["a", "b"], _ENDED), ([], _REFUSED), ([], _REFUSED), ([], _ENDED), (["c"], None)
    )
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    def delays() -> Iterator[float]:
        return iter([1.0, 2.0, 4.0, 8.0])

    seen: list[object] = []
    async with aclosing(follow(streams, pause=pause, delays=delays)) as events:
        async for event in events:
            seen.append(event)
            if event == OtherEvent(type="c"):
                break
    assert seen == [
        Connected(),
        OtherEvent(type="a"),
        OtherEvent(type="b"),
        Lost(_ENDED, 1.0),
        Lost(_REFUSED, 2.0),
        Lost(_REFUSED, 4.0),
        Connected(),
        Lost(_ENDED, 1.0),
        Connected(),
        OtherEvent(type="c"),
    ]
    assert pauses == [1.0, 2.0, 4.0, 1.0]
    assert streams.closed == 3


async def test_other_errors_are_not_swallowed() -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[AsyncIterator[Event]]:
        raise ZeroDivisionError
        yield  # type: ignore[unreachable]  # it makes this a generator

    async def pause(_seconds: float) -> None:
        raise AssertionError

    with pytest.raises(ZeroDivisionError):
        await anext(follow(broken, pause=pause))


@asynccontextmanager
async def _stream(
    folder: Path, *frames: str | bytes, project: str | None = None
) -> AsyncIterator[tuple[EventStream, list[str]]]:
    """A stream from a server that sends frames and closes; and the path that it was asked for."""
    paths: list[str] = []

    async def serve(socket: ServerConnection) -> None:
        assert socket.request
        paths.append(socket.request.path)
        for frame in frames:
            await socket.send(frame)

    path = folder / "unix.socket"
    transport = Transport(Endpoint(socket=path))
    async with (
        unix_serve(serve, str(path)),
        EventStream(transport, remote="r", project=project) as stream,
    ):
        yield stream, paths
    await transport.aclose()


async def test_recorded_frames_come_typed_and_the_end_is_told(tmp_path: Path) -> None:
    frames = recorded_events("lxd-5.0.2", "lifecycle")
    async with _stream(tmp_path, *map(json.dumps, frames)) as (stream, paths):
        seen = [await anext(stream) for _ in frames]
        with pytest.raises(EventStreamLost, match="ended"):
            await anext(stream)
    assert all(isinstance(event, LifecycleEvent) for event in seen)
    assert {getattr(event.instance, "remote", "r") for event in seen if event.instance} == {"r"}  # type: ignore[union-attr]  # all are lifecycle
    assert paths == ["/1.0/events?type=operation,lifecycle&all-projects=true"]


async def test_project_is_encoded(tmp_path: Path) -> None:
    async with _stream(tmp_path, project="a&b c") as (_, paths):
        pass
    assert paths == ["/1.0/events?type=operation,lifecycle&project=a%26b%20c"]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "no json",
        "[]",
        "{}",
        '{"type": "operation", "metadata": {}}',
        b"\xff\xfe",
        "[" * 100_000,
        '{"type": "lifecycle", "metadata": {"action": 5}}',
    ],
)
async def test_frame_that_is_no_event_ends_the_stream(tmp_path: Path, frame: str | bytes) -> None:
    async with _stream(tmp_path, frame) as (stream, _):
        with pytest.raises(EventStreamLost, match="cannot be read"):
            await anext(stream)


async def test_stream_that_is_not_open(tmp_path: Path) -> None:
    transport = Transport(Endpoint(socket=tmp_path / "none"))
    with pytest.raises(EventStreamLost, match="not open"):
        await anext(EventStream(transport, remote="r"))
    await transport.aclose()
