"""The event stream, and following it over losses."""

from contextlib import aclosing

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.api.events import Connected, EventStream, Lost, follow
from lxdtui.errors import ConnectionFailed, EventStreamLost, LxdTuiError
from lxdtui.model.event import Event, LifecycleEvent, OperationEvent
from tests.contract.backend import EVERYWHERE, STAGING, Backend, first_of, tells

over_https_too = pytest.mark.parametrize("backend_name", EVERYWHERE)


def _nothing(_event: object) -> bool:
    return False


async def test_start_is_told_as_operation_and_as_lifecycle(
    client: Client, stopped: Container
) -> None:
    async with client.connection.events() as events:
        await stopped.start()
        seen: list[Event] = []

        def is_complete(event: Event) -> bool:
            seen.append(event)
            ended = [
                event.operation
                for event in seen
                if isinstance(event, OperationEvent) and event.operation.is_final
            ]
            return bool(ended) and any(tells("started", stopped.name)(event) for event in seen)

        await first_of(events, is_complete)
    operations = [event.operation for event in seen if isinstance(event, OperationEvent)]
    assert {operation.description for operation in operations} == {"Starting instance"}
    assert {"Running", "Success"} <= {operation.status for operation in operations}
    assert len({operation.ref for operation in operations}) == 1
    assert all(operation.instances == (stopped.ref,) for operation in operations)
    [started] = [event for event in seen if tells("started", stopped.name)(event)]
    assert isinstance(started, LifecycleEvent)
    assert started.instance == stopped.ref
    assert started.project == "default"
    assert started.at is not None


@over_https_too
async def test_what_another_client_does_is_told(
    backend: Backend, client: Client, name: str
) -> None:
    async with client.connection.events() as events, backend.client() as other:
        made = await other.containers.create(backend.empty(name), wait=True)
        await first_of(events, tells("created", name))
        made.description = "new"
        await made.save(wait=True)
        await first_of(events, tells("updated", name))
        await made.rename(f"{name}-b", wait=True)
        renamed = await first_of(events, tells("renamed", f"{name}-b"))
        assert renamed.old_name == name
        await made.delete(wait=True)
        await first_of(events, tells("deleted", f"{name}-b"))


async def test_failed_operation_tells_why(backend: Backend, client: Client, name: str) -> None:
    container = await client.containers.create(backend.empty(name), wait=True)
    async with client.connection.events() as events:
        await container.stop()
        event = await first_of(
            events,
            lambda event: isinstance(event, OperationEvent) and event.operation.is_final,
        )
    assert event.operation.status == "Failure"
    assert "already stopped" in event.operation.error


@over_https_too
async def test_stream_of_one_project_is_silent_about_others(
    backend: Backend, client: Client, name: str
) -> None:
    async with (
        client.connection.events(project=STAGING) as of_staging,
        client.connection.events() as of_all,
        backend.client(project=STAGING) as staging,
    ):
        here = await client.containers.create(backend.empty(name), wait=True)
        there = await staging.containers.create(backend.empty(f"{name}-b"), wait=True)
        first = await first_of(of_staging, lambda event: isinstance(event, LifecycleEvent))
        assert first.project == STAGING
        assert first.instance == there.ref
        own = await first_of(of_all, tells("created", name))
        assert own.instance == here.ref
        other = await first_of(of_all, tells("created", f"{name}-b"))
        assert other.instance == there.ref


async def test_operations_of_a_project_name_instances_of_that_project(
    backend: Backend, client: Client, name: str
) -> None:
    async with client.connection.events() as events, backend.client(project=STAGING) as staging:
        await staging.containers.create(backend.empty(name), wait=True)
        event = await first_of(events, lambda event: isinstance(event, OperationEvent))
        assert event.project == STAGING
        [ref] = event.operation.instances
        assert (ref.project, ref.name) == (STAGING, name)
        listed = await staging.connection.operations.list(project=STAGING)
        known = {operation.ref: operation.instances for operation in listed}
        assert known[event.operation.ref] == (ref,)


async def test_aborted_stream_tells_the_given_reason(client: Client) -> None:
    reason = LxdTuiError("no longer wanted")
    async with client.connection.events() as events:
        events.abort(reason)
        with pytest.raises(LxdTuiError) as caught:
            await first_of(events, _nothing)
    assert caught.value is reason


@over_https_too
async def test_following_survives_the_death_of_the_server(
    backend: Backend, client: Client, name: str
) -> None:
    pauses: list[float] = []
    streams: list[EventStream] = []

    def open_stream() -> EventStream:
        streams.append(client.connection.events())
        return streams[-1]

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            await backend.start()

    async with aclosing(follow(open_stream, pause=pause)) as events:
        assert await anext(events) == Connected()
        await client.containers.create(backend.empty(name), wait=True)
        await first_of(events, tells("created", name))
        await backend.kill()
        lost = await first_of(events, lambda event: isinstance(event, Lost))
        assert isinstance(lost.error, EventStreamLost)
        lost = await anext(events)
        assert isinstance(lost.error, ConnectionFailed)
        await first_of(events, lambda event: event == Connected())
        container = await client.containers.get(name)
        await container.delete(wait=True)
        await first_of(events, tells("deleted", name))
    assert len(streams) == 3
    assert len(pauses) == 2


@pytest.mark.parametrize("backend_name", ["demo"])
async def test_cut_stream_is_told_and_followed_again(backend: Backend, client: Client) -> None:
    async def pause(seconds: float) -> None:
        assert 0 < seconds < 1

    assert backend.demo
    async with aclosing(follow(client.connection.events, pause=pause)) as events:
        for _ in range(3):
            assert await anext(events) == Connected()
            backend.demo.drop_events()
            lost = await anext(events)
            assert isinstance(lost, Lost)
            assert isinstance(lost.error, EventStreamLost)
