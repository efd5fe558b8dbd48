"""The managers and attributes of the seed page."""

from datetime import UTC, datetime, timedelta

import pytest

from lxdtui.api import Client
from lxdtui.api.containers import Container
from lxdtui.errors import (
    ApiError,
    BadRequest,
    Conflict,
    LxdTuiError,
    NotFound,
    OperationFailed,
    StaleEtag,
)
from tests.contract.backend import Backend, is_idle, until


async def test_created_container_is_found(backend: Backend, client: Client, name: str) -> None:
    assert not await client.containers.exists(name)
    made = await client.containers.create(backend.from_image(name), wait=True)
    assert await client.containers.exists(name)
    found = await client.containers.get(name)
    assert (found.name, found.status) == (made.name, made.status) == (name, "Stopped")
    assert name in {container.name for container in await client.containers.all()}
    assert name in {container.name for container in await client.instances.all()}


async def test_missing_container_is_not_found(client: Client, name: str) -> None:
    assert not await client.containers.exists(name)
    with pytest.raises(NotFound) as caught:
        await client.containers.get(name)
    assert caught.value.status == 404
    assert name in caught.value.message


@pytest.mark.parametrize(
    "odd", ["", ".", "..", "a/b", "a b", "ä", "a?project=x", "a%2Fb", "x" * 300]
)
async def test_names_that_cannot_be_do_not_exist(client: Client, odd: str) -> None:
    try:
        assert not await client.containers.exists(odd)
    except BadRequest:
        return


async def test_create_returns_before_the_end_without_wait(
    backend: Backend, client: Client, name: str
) -> None:
    made = await client.containers.create(backend.from_image(name, description="soon"))
    assert (made.name, made.description, made.ref.project) == (name, "soon", "default")
    assert made.status == "Pending"
    await until(lambda: client.containers.exists(name))
    await until(lambda: is_idle(client))
    await made.sync()
    assert (made.description, made.status) == ("soon", "Stopped")


async def test_server_chooses_a_name_where_none_is_given(backend: Backend, client: Client) -> None:
    config = {"source": {"type": "none"}}
    made = await client.containers.create(config, wait=True)
    try:
        assert made.name
        assert await client.containers.exists(made.name)
    finally:
        await made.delete(wait=True)
    assert not await client.containers.exists(made.name)


async def test_all_attributes_of_a_new_container(
    backend: Backend, client: Client, name: str
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    config = {
        **backend.from_image(name),
        "config": {"limits.memory": "64MiB", "user.note": "größer"},
        "devices": {"eth9": {"type": "nic", "nictype": "p2p", "name": "eth9"}},
        "description": "first of its kind",
        "ephemeral": False,
        "profiles": ["default"],
    }
    container = await client.containers.create(config, wait=True)
    assert container.name == name
    assert container.type == "container"
    assert container.architecture == "x86_64"
    assert container.config["limits.memory"] == "64MiB"
    assert container.config["user.note"] == "größer"
    assert container.devices["eth9"]["nictype"] == "p2p"
    assert container.expanded_config["limits.memory"] == "64MiB"
    assert container.expanded_devices["root"]["path"] == "/"
    assert "root" not in container.devices
    assert container.description == "first of its kind"
    assert container.ephemeral is False
    assert container.profiles == ["default"]
    assert container.stateful is False
    assert container.location == ""
    assert (container.status, container.status_code) == ("Stopped", 102)
    assert container.created_at is not None
    assert before < container.created_at < datetime.now(UTC) + timedelta(seconds=2)
    assert container.last_used_at is None
    await container.start(wait=True)
    [listed] = [found for found in await client.containers.all() if found.name == name]
    for found in (container, listed):
        assert (found.status, found.status_code) == ("Running", 103)
        assert found.last_used_at
        assert found.last_used_at > before
    assert listed.expanded_config == container.expanded_config


async def test_read_only_attributes_refuse_assignment(
    backend: Backend, client: Client, name: str
) -> None:
    container = await client.containers.create(backend.empty(name), wait=True)
    for attribute in _READ_ONLY:
        before = getattr(container, attribute)
        with pytest.raises(AttributeError):
            setattr(container, attribute, "other")
        assert getattr(container, attribute) == before


_READ_ONLY = (
    "name",
    "status",
    "status_code",
    "stateful",
    "last_used_at",
    "created_at",
    "expanded_config",
    "expanded_devices",
    "location",
    "type",
    "ref",
)


async def test_container_without_a_source_of_files(
    backend: Backend, client: Client, name: str
) -> None:
    container = await client.containers.create(backend.empty(name), wait=True)
    assert container.status == "Stopped"
    with pytest.raises(OperationFailed):
        await container.start(wait=True)
    # Incus may be cleaning up still after the start that failed.
    await until(lambda: _is_deleted(container))
    assert not await client.containers.exists(name)


async def _is_deleted(container: Container) -> bool:
    try:
        await container.delete(wait=True)
    except (BadRequest, OperationFailed):
        return False
    return True


async def test_taken_name_is_refused(backend: Backend, client: Client, name: str) -> None:
    await client.containers.create(backend.empty(name), wait=True)
    with pytest.raises(OperationFailed, match=r"already exists|UNIQUE") as caught:
        await client.containers.create(backend.empty(name), wait=True)
    assert name in caught.value.message
    assert caught.value.operation_id


@pytest.mark.parametrize("odd", ["under_score", "-lead", "trail-", "dot.ted", "sp ace", "x" * 64])
async def test_bad_name_is_refused(backend: Backend, client: Client, odd: str) -> None:
    with pytest.raises(BadRequest) as caught:
        await client.containers.create(backend.empty(odd), wait=True)
    assert caught.value.server_text
    assert odd[:10] in caught.value.message


async def test_unknown_image_is_refused(client: Client, name: str) -> None:
    config = {"name": name, "source": {"type": "image", "alias": "no-such-image"}}
    # LXD says so at once, Incus lets the operation fail.
    with pytest.raises((NotFound, OperationFailed), match=r"(?i)image"):
        await client.containers.create(config, wait=True)
    assert not await client.containers.exists(name)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"source": {"type": "bogus"}}, BadRequest),
        ({"source": {}}, BadRequest),
        ({"type": "aeroplane"}, BadRequest),
        ({"config": {"limits.cpu": 2}}, BadRequest),
        ({"profiles": ["no-such-profile"]}, ApiError),
        ({"source": {"type": "copy", "source": "no-such-instance"}}, NotFound),
        ({"config": {"limits.bogus": "1"}}, OperationFailed),
        ({"config": {"limits.memory": "lots"}}, OperationFailed),
        ({"devices": {"x": {"type": "zzz"}}}, OperationFailed),
        ({"profiles": []}, OperationFailed),
        ({"type": "virtual-machine", "source": {"type": "none"}, "profiles": []}, OperationFailed),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
async def test_bad_configuration_is_refused(
    backend: Backend, client: Client, name: str, fields: dict[str, object], kind: type[LxdTuiError]
) -> None:
    with pytest.raises(kind) as caught:
        await client.containers.create({**backend.empty(name), **fields}, wait=True)
    assert not str(caught.value).endswith("no reason was given")
    assert not await client.containers.exists(name)


async def test_saved_changes_are_kept(client: Client, stopped: Container, name: str) -> None:
    stopped.config["limits.cpu"] = "2"
    stopped.config["user.note"] = "a\nb"
    stopped.devices["eth9"] = {"type": "nic", "nictype": "p2p", "name": "eth9"}
    stopped.description = "changed"
    stopped.ephemeral = True
    await stopped.save(wait=True)
    again = await client.containers.get(name)
    for container in (stopped, again):
        assert container.config["limits.cpu"] == "2"
        assert container.config["user.note"] == "a\nb"
        assert container.devices["eth9"]["name"] == "eth9"
        assert container.description == "changed"
        assert container.ephemeral is True
    del again.config["limits.cpu"]
    del again.devices["eth9"]
    again.ephemeral = False
    await again.save(wait=True)
    await stopped.sync()
    assert "limits.cpu" not in stopped.config
    assert "eth9" not in stopped.devices
    assert stopped.ephemeral is False
    assert stopped.description == "changed"


async def test_unsaved_changes_are_not_kept(client: Client, stopped: Container) -> None:
    stopped.description = "never saved"
    await stopped.sync()
    assert stopped.description == ""


async def test_save_on_an_old_version_is_refused(
    client: Client, stopped: Container, name: str
) -> None:
    other = await client.containers.get(name)
    other.config["user.who"] = "other"
    await other.save(wait=True)
    stopped.config["user.who"] = "me"
    with pytest.raises(StaleEtag) as caught:
        await stopped.save(wait=True)
    assert caught.value.status == 412
    await stopped.sync()
    assert stopped.config["user.who"] == "other"
    stopped.config["user.who"] = "me"
    await stopped.save(wait=True)
    await stopped.sync()
    assert stopped.config["user.who"] == "me"


async def test_save_of_a_bad_value_is_refused(stopped: Container) -> None:
    for key, value in (("limits.memory", "lots"), ("no.such.key", "1"), ("limits.cpu", "many")):
        stopped.config[key] = value
        with pytest.raises((ApiError, OperationFailed), match=r": .+"):
            await stopped.save(wait=True)
        await stopped.sync()
        assert key not in stopped.config


async def test_rename(client: Client, stopped: Container, name: str) -> None:
    await stopped.rename(f"{name}-new", wait=True)
    assert stopped.name == f"{name}-new"
    assert not await client.containers.exists(name)
    assert (await client.containers.get(f"{name}-new")).created_at == stopped.created_at


async def test_rename_to_a_taken_name_is_refused(
    backend: Backend, client: Client, stopped: Container, name: str
) -> None:
    await client.containers.create(backend.empty(f"{name}-b"), wait=True)
    with pytest.raises(Conflict):
        await stopped.rename(f"{name}-b", wait=True)
    assert stopped.name == name


async def test_rename_to_a_bad_name_is_refused(stopped: Container, name: str) -> None:
    with pytest.raises((BadRequest, OperationFailed)):
        await stopped.rename("under_score", wait=True)
    await stopped.sync()
    assert stopped.name == name


async def test_rename_of_a_running_one_is_refused(
    client: Client, shared: Container, name: str
) -> None:
    with pytest.raises(OperationFailed, match=r"(?i)running"):
        await shared.rename(f"{name}-new", wait=True)
    assert await client.containers.exists(shared.name)


async def test_everything_on_a_missing_one_is_not_found(
    backend: Backend, client: Client, name: str
) -> None:
    gone = await client.containers.create(backend.empty(name), wait=True)
    await gone.delete(wait=True)
    for attempt in (
        gone.sync(),
        gone.save(),
        gone.rename(f"{name}-b"),
        gone.delete(),
        gone.state(),
        gone.start(wait=True),
        gone.execute(["true"]),
        gone.raw_interactive_execute(["sh"]),
        client.connection.instances.snapshots(gone.ref),
        client.connection.instances.get_full(gone.ref),
        client.connection.files.rest.read(gone.ref, "/etc/hostname", limit=100),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_full_instance_has_state_and_snapshots(client: Client, shared: Container) -> None:
    full = await client.connection.instances.get_full(shared.ref)
    assert full.instance.name == shared.name
    assert full.state is not None
    assert full.state.pid > 0
    assert full.snapshots == ()


async def test_snapshots_are_listed_oldest_first(
    backend: Backend, client: Client, stopped: Container, name: str
) -> None:
    assert await client.connection.instances.snapshots(stopped.ref) == ()
    for snapshot in ("zeta", "alpha"):
        if backend.daemon:
            path = f"/1.0/instances/{name}/snapshots"
            backend.daemon.request("POST", path, {"name": snapshot, "stateful": False})
    if backend.demo:
        backend.demo.add_instance(f"{name}-snaps", "Stopped", snapshots=("zeta", "alpha"))
        stopped = await client.containers.get(f"{name}-snaps")
    found = await client.connection.instances.snapshots(stopped.ref)
    assert [snapshot.name for snapshot in found] == ["zeta", "alpha"]
    assert all(snapshot.created_at and not snapshot.stateful for snapshot in found)
    full = await client.connection.instances.get_full(stopped.ref)
    assert full.snapshots == found


async def test_file_is_read(client: Client, shared: Container) -> None:
    content = bytes(range(256)) * 40
    code, _, _ = await shared.execute(["sh", "-c", "cat > '/tmp/ä b&c'"], stdin=content)
    assert code == 0
    read = client.connection.files.rest.read
    assert await read(shared.ref, "/tmp/ä b&c", limit=len(content)) == content
    with pytest.raises(NotFound):
        await read(shared.ref, "/tmp/no-such-file", limit=100)


async def test_folder_is_no_file(client: Client, stopped: Container) -> None:
    with pytest.raises(BadRequest, match="/etc"):
        await client.connection.files.rest.read(stopped.ref, "/etc", limit=100)
