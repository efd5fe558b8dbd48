"""Starting, stopping, freezing; what is refused, and how; measured data."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.errors import BadRequest, NotFound, OperationFailed, SessionClosed
from tests.contract.backend import Backend, first_of, is_idle, output_of, runs, tells, until


async def test_a_life(client: Client, stopped: Container, name: str) -> None:
    await stopped.start(wait=True)
    assert (stopped.status, stopped.status_code) == ("Running", 103)
    await stopped.freeze(wait=True)
    assert (stopped.status, stopped.status_code) == ("Frozen", 110)
    await stopped.unfreeze(wait=True)
    assert stopped.status == "Running"
    before = (await stopped.state()).pid
    await stopped.restart(wait=True)
    assert stopped.status == "Running"
    after = (await stopped.state()).pid
    assert 0 < before != after > 0
    await stopped.stop(force=True, wait=True)
    assert (stopped.status, stopped.status_code) == ("Stopped", 102)
    await stopped.delete(wait=True)
    assert not await client.containers.exists(name)


async def test_status_follows_later_without_wait(client: Client, stopped: Container) -> None:
    await stopped.start()
    await until(lambda: is_idle(client))
    await stopped.sync()
    assert stopped.status == "Running"
    await stopped.stop(force=True)
    await until(lambda: is_idle(client))
    await stopped.sync()
    assert stopped.status == "Stopped"


_Attempt = Callable[[Container], Awaitable[None]]


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda container: container.stop(wait=True), "already stopped"),
        (lambda container: container.stop(force=True, wait=True), "already stopped"),
        (lambda container: container.restart(wait=True), "stopped|not running"),
        (lambda container: container.freeze(wait=True), "isn't running"),
    ],
    ids=["stop", "kill", "restart", "freeze"],
)
async def test_refusals_of_a_stopped_one(
    backend: Backend, client: Client, name: str, attempt: _Attempt, words: str
) -> None:
    container = await client.containers.create(backend.empty(name), wait=True)
    with pytest.raises(OperationFailed, match=words) as caught:
        await attempt(container)
    assert name in caught.value.message
    assert caught.value.operation_id
    await container.sync()
    assert container.status == "Stopped"


async def test_refusals_of_a_running_one(shared: Container) -> None:
    with pytest.raises(OperationFailed, match="already running"):
        await shared.start(wait=True)
    with pytest.raises(OperationFailed, match="already running"):
        await shared.unfreeze(wait=True)
    with pytest.raises(BadRequest, match="running"):
        await shared.delete(wait=True)
    await shared.sync()
    assert shared.status == "Running"


async def test_refusals_of_a_frozen_one(client: Client, running: Container) -> None:
    await running.freeze(wait=True)
    with pytest.raises(OperationFailed, match="already frozen"):
        await running.freeze(wait=True)
    with pytest.raises(OperationFailed, match="already running"):
        await running.start(wait=True)
    with pytest.raises(BadRequest, match="running"):
        await client.connection.instances.delete(running.ref)
    with pytest.raises(BadRequest, match="frozen"):
        await running.execute(["true"])
    with pytest.raises(BadRequest, match="frozen"):
        await running.raw_interactive_execute(["sh"])
    await running.sync()
    assert running.status == "Frozen"
    await running.stop(force=True, wait=True)
    assert running.status == "Stopped"


async def test_unknown_action_is_refused(client: Client, shared: Container) -> None:
    with pytest.raises(BadRequest, match="dance"):
        await client.connection.instances.set_state(shared.ref, "dance")


async def test_protected_one_is_not_deleted(backend: Backend, client: Client, name: str) -> None:
    config = {"security.protection.delete": "true"}
    container = await client.containers.create(backend.empty(name, config=config), wait=True)
    with pytest.raises(OperationFailed, match="protected"):
        await container.delete(wait=True)
    assert await client.containers.exists(name)
    container.config["security.protection.delete"] = "false"
    await container.save(wait=True)


async def test_shutdown_that_is_ignored_fails_in_time(
    backend: Backend, client: Client, name: str
) -> None:
    if backend.demo:
        backend.demo.add_instance(name, "Running", ignores_shutdown=True)
        container = await client.containers.get(name)
    else:
        # To be asked with a signal that no init answers.
        config = {"raw.lxc": "lxc.signal.halt = SIGCHLD"}
        made = backend.from_image(name, config=config)
        container = await client.containers.create(made, wait=True)
        await container.start(wait=True)
    with pytest.raises(OperationFailed, match="shutting down"):
        await container.stop(timeout=1, wait=True)
    await container.sync()
    assert container.status == "Running"
    await container.stop(force=True, wait=True)
    assert container.status == "Stopped"


async def test_ephemeral_one_is_gone_when_it_stops(
    backend: Backend, client: Client, name: str
) -> None:
    made = backend.from_image(name, ephemeral=True)
    container = await client.containers.create(made, wait=True)
    assert container.ephemeral
    await container.start(wait=True)
    await container.stop(force=True, wait=True)
    assert container.status == "Stopped"
    await until(lambda: _is_gone(client, name))
    with pytest.raises(NotFound):
        await container.sync()


async def _is_gone(client: Client, name: str) -> bool:
    return not await client.containers.exists(name)


async def test_state_of_a_running_one(shared: Container) -> None:
    state = await shared.state()
    assert (state.status, state.status_code) == ("Running", 103)
    assert state.pid > 0
    assert state.processes > 0
    assert state.cpu["usage"] > 0
    assert state.memory["usage"] > 0
    assert isinstance(state.disk, dict)
    loopback = state.network["lo"]
    assert loopback["type"] == "loopback"
    assert loopback["counters"]["bytes_received"] >= 0
    for address in loopback["addresses"]:
        assert set(address) == {"family", "address", "netmask", "scope"}


async def test_state_of_a_stopped_one(backend: Backend, client: Client, name: str) -> None:
    container = await client.containers.create(backend.empty(name), wait=True)
    state = await container.state()
    assert (state.status, state.status_code, state.pid) == ("Stopped", 102, 0)
    assert state.network == {}
    assert state.memory["usage"] == 0


async def test_addresses_of_the_network(
    backend: Backend, client: Client, running: Container, name: str
) -> None:
    if backend.daemon:
        backend.daemon.add_nic(name, ["198.51.100.7/24", "2001:db8::7/64"])
    if backend.demo:
        backend.demo.add_instance(f"{name}-net", "Running", ipv4="198.51.100.7")
        running = await client.containers.get(f"{name}-net")
    addresses = (await running.state()).network["eth0"]["addresses"]
    [ipv4] = [address for address in addresses if address["family"] == "inet"]
    assert ipv4 == {
        "family": "inet",
        "address": "198.51.100.7",
        "netmask": "24",
        "scope": "global",
    }
    measured = await client.connection.instances.state(running.ref)
    assert measured.addresses("inet") == ("198.51.100.7",)
    assert len(measured.addresses("inet6")) == 1


async def test_cpu_time_and_memory_are_those_of_the_processes(
    client: Client, shared: Container
) -> None:
    before = await client.connection.instances.state(shared.ref)

    async def has_grown() -> bool:
        await output_of(shared, "true")
        after = await client.connection.instances.state(shared.ref)
        return after.cpu_usage > before.cpu_usage

    await until(has_grown)


async def test_every_change_of_status_is_told(client: Client, stopped: Container) -> None:
    async with client.connection.events() as events:
        for change, action in (
            (stopped.start, "started"),
            (stopped.freeze, "paused"),
            (stopped.unfreeze, "resumed"),
        ):
            await change(wait=True)
            await first_of(events, tells(action, stopped.name))
        await stopped.restart(force=True, wait=True)
        await first_of(events, tells("restarted", stopped.name))
        await stopped.stop(force=True, wait=True)
        await first_of(events, tells("stopped", stopped.name))


async def test_death_of_the_container_ends_the_command(
    backend: Backend, client: Client, running: Container
) -> None:
    task = asyncio.create_task(running.execute(["sleep", "4200"]))
    await until(lambda: runs(running, "sleep 4200"))
    await running.stop(force=True, wait=True)
    try:
        code, _, _ = await asyncio.wait_for(task, 10)
    except (OperationFailed, SessionClosed):
        return
    assert code != 0
