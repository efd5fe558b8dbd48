"""The store follows real servers: whatever is done by others is seen."""

import asyncio
from functools import partial
from pathlib import Path

from lxdtui.api import Endpoint
from lxdtui.errors import ConnectionFailed, ConnectionProblem, Unauthorized
from lxdtui.model.instance import Condition
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet, Remote
from lxdtui.store import Change, Link, LinkState
from lxdtui.store.select import activity_of
from tests.lab import Daemon
from tests.services.conftest import running_fleet, until


def condition(fleet: Fleet, ref: InstanceRef) -> Condition | None:
    instance = fleet.store.state.instances.get(ref)
    return instance.condition if instance else None


def link_of(fleet: Fleet, remote: str) -> Link:
    return fleet.store.state.links[remote]


async def test_what_another_client_does_is_seen(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name)
    await until(fleet, lambda: condition(fleet, ref) is Condition.RUNNING, "it was launched")
    await asyncio.to_thread(daemon.set_state, instance_name, "freeze")
    await until(fleet, lambda: condition(fleet, ref) is Condition.FROZEN, "it was frozen")
    await asyncio.to_thread(daemon.set_state, instance_name, "stop", force=True)
    await until(fleet, lambda: condition(fleet, ref) is Condition.STOPPED, "it was stopped")
    await asyncio.to_thread(daemon.client, "rename", instance_name, f"{instance_name}-new")
    renamed = InstanceRef(daemon.name, "default", f"{instance_name}-new")
    await until(fleet, lambda: condition(fleet, renamed), "the new name is there")
    await until(fleet, lambda: condition(fleet, ref) is None, "the old name is gone")
    assert [(one.old, one.new) for one in fleet.store.state.renames] == [(ref, renamed)]
    await asyncio.to_thread(daemon.client, "delete", f"{instance_name}-new")
    await until(fleet, lambda: condition(fleet, renamed) is None, "it was deleted")


async def test_other_projects_are_seen_too(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    daemon.client("project", "create", f"p-{instance_name}", "-c", "features.profiles=false")
    try:
        body = {"name": instance_name, "source": {"type": "none"}}
        project = f"p-{instance_name}"
        daemon.request("POST", "/1.0/instances", body, query={"project": project})
        ref = InstanceRef(daemon.name, project, instance_name)
        await until(fleet, lambda: condition(fleet, ref) is Condition.STOPPED, "it is listed")
    finally:
        daemon.delete_all(instance_name)
        daemon.client("project", "delete", f"p-{instance_name}")


async def test_a_row_says_that_it_stops_while_the_operation_runs(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name)
    await until(fleet, lambda: condition(fleet, ref) is Condition.RUNNING, "it was launched")
    seen: set[str] = set()

    def note(change: Change) -> None:
        activity = activity_of(fleet.store.operations_of(ref))
        if activity:
            seen.add(activity.word)

    unwatch = fleet.store.watch(note)
    await asyncio.to_thread(daemon.client, "stop", instance_name, "--force")
    await until(fleet, lambda: condition(fleet, ref) is Condition.STOPPED, "it was stopped")
    await until(
        fleet, lambda: activity_of(fleet.store.operations_of(ref)) is None, "nothing is under way"
    )
    unwatch()
    assert seen == {"stopping"}


async def test_a_killed_server_comes_back_with_what_changed_meanwhile(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    await asyncio.to_thread(daemon.launch, instance_name)
    await until(fleet, lambda: condition(fleet, ref) is Condition.RUNNING, "it was launched")
    await asyncio.to_thread(daemon.kill)
    link = partial(link_of, fleet, daemon.name)
    await until(fleet, lambda: link().state is LinkState.LOST, "the link is lost")
    assert link().error is not None
    assert link().lost_at is not None
    assert condition(fleet, ref) is Condition.RUNNING, "what was known stays"
    await asyncio.to_thread(daemon.start)
    await asyncio.to_thread(daemon.set_state, instance_name, "stop", force=True)
    await until(fleet, lambda: link().state is LinkState.LIVE, "the link is back")
    await until(fleet, lambda: condition(fleet, ref) is Condition.STOPPED, "it was stopped")
    assert link().error is None
    assert link().lost_at is None


async def test_no_server_at_all_is_told_in_words(tmp_path: Path) -> None:
    remote = Remote(name="local", endpoint=Endpoint(socket=tmp_path / "unix.socket"))
    async with running_fleet(remote) as fleet:
        link = partial(link_of, fleet, "local")
        await until(fleet, lambda: link().state is LinkState.LOST, "the try failed")
        error = link().error
        assert isinstance(error, ConnectionFailed)
        assert error.problem is ConnectionProblem.MISSING
        assert str(tmp_path) in str(error)
        assert not link().listed


async def test_a_client_that_is_not_trusted_is_told_so(daemon: Daemon, tmp_path: Path) -> None:
    endpoint = Endpoint(
        url=daemon.https_url,
        cert=daemon.make_certificate(tmp_path, "stranger"),
        verify=daemon.server_certificate,
    )
    async with running_fleet(Remote(name="far", endpoint=endpoint)) as fleet:
        link = partial(link_of, fleet, "far")
        await until(fleet, lambda: link().state is LinkState.LOST, "the try failed")
        assert isinstance(link().error, Unauthorized)


async def test_a_restricted_client_sees_its_own_project(
    daemon: Daemon, instance_name: str, tmp_path: Path
) -> None:
    project = f"p-{instance_name}"
    daemon.client("project", "create", project, "-c", "features.profiles=false")
    try:
        body = {"name": instance_name, "source": {"type": "none"}}
        daemon.request("POST", "/1.0/instances", body, query={"project": project})
        cert = daemon.make_certificate(tmp_path, "restricted")
        daemon.add_client_certificate(cert[0], name=instance_name, projects=[project])
        endpoint = Endpoint(url=daemon.https_url, cert=cert, verify=daemon.server_certificate)
        async with running_fleet(Remote(name="far", endpoint=endpoint)) as fleet:
            ref = InstanceRef("far", project, instance_name)
            await until(fleet, lambda: condition(fleet, ref), "its instance is listed")
            assert {known.project for known in fleet.store.state.instances} == {project}
    finally:
        daemon.delete_all(instance_name)
        daemon.client("project", "delete", project)
