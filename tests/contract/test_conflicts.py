"""Two writers of one container: neither loses what it wanted to write."""

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.errors import OperationFailed, StaleEtag
from lxdtui.model.instance import Instance
from lxdtui.model.refs import InstanceRef
from tests.contract.backend import Backend


async def test_both_versions_are_kept(client: Client, stopped: Container, name: str) -> None:
    other = await client.containers.get(name)
    other.config["user.who"] = "other"
    other.description = "theirs"
    await other.save(wait=True)
    stopped.config["user.who"] = "me"
    stopped.profiles = []
    with pytest.raises(StaleEtag) as caught:
        await stopped.save(wait=True)
    error = caught.value
    assert error.status == 412
    assert error.ours["config"]["user.who"] == "me"
    assert error.theirs["config"]["user.who"] == "other"
    assert (error.ours["profiles"], error.theirs["profiles"]) == ([], ["default"])
    assert (error.ours["description"], error.theirs["description"]) == ("", "theirs")
    assert set(error.ours) == set(error.theirs)
    assert error.hint
    assert stopped.config["user.who"] == "me", "nothing is lost here"
    await other.sync()
    assert other.config["user.who"] == "other", "and nothing is lost there"
    await stopped.sync()
    stopped.config.update({"user.who": error.ours["config"]["user.who"]})
    await stopped.save(wait=True)
    await other.sync()
    assert (other.config["user.who"], other.description) == ("me", "theirs")


async def test_change_of_the_description_alone_is_noticed(
    client: Client, stopped: Container, name: str
) -> None:
    other = await client.containers.get(name)
    other.description = "theirs"
    await other.save(wait=True)
    stopped.config["user.who"] = "me"
    with pytest.raises(StaleEtag) as caught:
        await stopped.save(wait=True)
    assert caught.value.theirs["description"] == "theirs"


async def test_container_of_a_list_notices_too(
    client: Client, stopped: Container, name: str
) -> None:
    [listed] = [found for found in await client.containers.all() if found.name == name]
    stopped.config["user.who"] = "other"
    await stopped.save(wait=True)
    listed.config["user.who"] = "me"
    with pytest.raises(StaleEtag):
        await listed.save(wait=True)
    [listed] = [found for found in await client.containers.all() if found.name == name]
    listed.config["user.who"] = "me"
    await listed.save(wait=True)
    await stopped.sync()
    assert stopped.config["user.who"] == "me"


async def test_change_between_the_look_and_the_write_is_refused_by_the_server(
    client: Client, stopped: Container, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = client.connection.instances
    looks = [await calls.get(stopped.ref)]
    other = await client.containers.get(name)
    other.config["user.who"] = "other"
    await other.save(wait=True)
    get = calls.get

    async def late(ref: InstanceRef) -> tuple[Instance, str]:
        return looks.pop() if looks else await get(ref)

    monkeypatch.setattr(calls, "get", late)
    stopped.config["user.who"] = "me"
    with pytest.raises(StaleEtag, match="ETag") as caught:
        await stopped.save(wait=True)
    assert caught.value.ours["config"]["user.who"] == "me"
    assert caught.value.theirs["config"]["user.who"] == "other"


async def test_what_the_server_changes_is_no_conflict(
    client: Client, stopped: Container, name: str
) -> None:
    other = await client.containers.get(name)
    await other.start(wait=True)
    stopped.config["user.who"] = "me"
    await stopped.save(wait=True)
    await other.sync()
    assert other.config["user.who"] == "me"
    assert other.status == "Running"
    await other.stop(force=True, wait=True)
    await other.start(wait=True)


async def test_changes_made_while_a_save_goes_on_are_saved_next(
    client: Client, stopped: Container, name: str
) -> None:
    stopped.config["user.first"] = "1"
    await stopped.save()
    stopped.config["user.second"] = "2"
    stopped.description = "second"
    await stopped.save()
    await stopped.start(wait=True)
    found = await client.containers.get(name)
    assert (found.config["user.first"], found.config["user.second"]) == ("1", "2")
    assert found.description == "second"


async def test_container_is_changed_while_it_is_being_made(
    backend: Backend, client: Client, name: str
) -> None:
    container = await client.containers.create(
        backend.from_image(name, config={"user.first": "1"}, description="first")
    )
    container.config["user.second"] = "2"
    await container.save(wait=True)
    assert container.config["volatile.base_image"]
    assert (container.config["user.first"], container.config["user.second"]) == ("1", "2")
    assert container.description == "first"
    await container.start(wait=True)


async def test_failure_of_an_earlier_action_is_told_once(
    backend: Backend, client: Client, name: str
) -> None:
    await client.containers.create(backend.empty(name), wait=True)
    twin = await client.containers.create(backend.empty(name))
    with pytest.raises(OperationFailed, match=r"already exists|UNIQUE"):
        await twin.start(wait=True)
    with pytest.raises(OperationFailed, match=r"^Cannot start"):
        await twin.start(wait=True)


async def test_renamed_without_wait_goes_on_under_its_new_name(
    client: Client, stopped: Container, name: str
) -> None:
    await stopped.rename(f"{name}-new")
    await stopped.start(wait=True)
    assert stopped.name == f"{name}-new"
    assert stopped.status == "Running"


async def test_frozen_one_is_deleted_and_a_running_one_only_by_force(
    client: Client, running: Container, name: str
) -> None:
    await running.delete(force=True, wait=True)
    assert not await client.containers.exists(name)


async def test_ephemeral_one_is_deleted_by_force(
    backend: Backend, client: Client, name: str
) -> None:
    container = await client.containers.create(backend.from_image(name, ephemeral=True), wait=True)
    await container.start()
    await container.freeze()
    await container.delete(wait=True)
    assert not await client.containers.exists(name)


async def test_stateful_stop_is_refused_in_words(running: Container) -> None:
    with pytest.raises(OperationFailed, match=r"(?i)criu|migration\.stateful|stateful"):
        await running.stop(stateful=True, wait=True)
    await running.sync()
    assert running.status == "Running"


async def test_read_only_attributes_say_what_to_use(stopped: Container) -> None:
    with pytest.raises(AttributeError, match=r"^Container\.name is read-only: use rename\(\)$"):
        stopped.name = "other"  # type: ignore[misc]  # this is what is tested
    with pytest.raises(AttributeError, match=r"Container\.status is read-only: use start\(\)"):
        stopped.status = "Running"  # type: ignore[misc]  # this is what is tested
