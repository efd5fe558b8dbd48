"""Looking into snapshots over temporary copies, and what is left of them."""

import asyncio
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lxdtui.api import Endpoint
from lxdtui.api.connection import Connection
from lxdtui.api.instances import InstanceCalls
from lxdtui.api.operations import OperationHandle
from lxdtui.errors import ApiError, LxdTuiError, OperationError
from lxdtui.model.place import Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet, Remote
from lxdtui.services.snapshots import look_mark, looks
from lxdtui.services.snapshots.look_lease import LEASE_KEY, last_used
from lxdtui.services.snapshots.look_mark import (
    KEY,
    PREFIX,
    LookMark,
    Owner,
    _started,
    look_name,
)
from lxdtui.store import Store
from tests.contract.backend import until as comes_true
from tests.lab import Daemon
from tests.services.conftest import running_fleet, until
from tests.services.snapshots.test_service import launched

HERE = Owner.this_process()
DEAD = replace(HERE, pid=os.getpid(), started="1")
PARENT = replace(HERE, pid=os.getppid(), started=_started(os.getppid()))


def a_mark(name: str, owner: Owner) -> LookMark:
    return LookMark(name=name, source="web", snapshot="s", owner=owner, made_at="2026-11-24")


@pytest.mark.parametrize(
    ("owner", "is_dead"),
    [
        (HERE, False),
        (PARENT, False),
        (DEAD, True),
        (replace(HERE, pid=2**22 + 1), True),
        (replace(HERE, boot="another"), True),
        (replace(HERE, host="another", boot="another"), False),
        (replace(DEAD, space="another"), False),
        (replace(DEAD, boot=""), False),
    ],
    ids=["self", "lives", "pid reused", "gone", "rebooted", "elsewhere", "namespace", "unknown"],
)
def test_only_who_is_gone_for_sure_is_dead(owner: Owner, is_dead: bool) -> None:
    name = f"{PREFIX}web-1"
    config = {KEY: a_mark(name, owner).text()}
    mark = LookMark.of(name, config)
    assert mark is not None
    assert mark.owner == owner
    assert mark.owner.is_dead(HERE) is is_dead


def test_a_hidden_process_of_another_user_is_not_taken_for_dead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(look_mark, "_started", lambda _pid: "")
    assert not PARENT.is_dead(HERE)
    assert replace(HERE, pid=2**22 + 1).is_dead(HERE)


@pytest.mark.parametrize(
    ("made_at", "noted", "hours"),
    [
        ("2026-11-24T10:00:00+00:00", "", 0),
        ("2026-11-24T10:00:00+00:00", "2026-11-24T13:00:00+00:00", 3),
        # The maker's clock is a year behind, or in another zone.
        ("2025-11-24T10:00:00+00:00", "2025-11-24T15:00:00+00:00", 5),
        ("2026-11-24T12:00:00+02:00", "2026-11-24T11:00:00+00:00", 1),
        ("2026-11-24T10:00:00+00:00", "2026-11-23T10:00:00+00:00", 0),
        ("2026-11-24T10:00:00+00:00", "soon", 0),
    ],
)
def test_the_time_of_the_last_use_is_told_by_the_servers_clock(
    made_at: str, noted: str, hours: int
) -> None:
    mark = replace(a_mark(f"{PREFIX}web-1", HERE), made_at=made_at)
    created = datetime(2026, 11, 24, 10, 0, 2, tzinfo=UTC)
    assert last_used(mark, {LEASE_KEY: noted}, created) == created + timedelta(hours=hours)
    assert last_used(mark, {}, None) is None
    assert last_used(replace(mark, made_at="x"), {}, created) is None
    assert last_used(replace(mark, made_at="2026-11-24T10:00:00"), {}, created) is None


def test_computers_of_one_name_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"/etc/machine-id": "a1", "/proc/sys/kernel/random/boot_id": "first"}
    monkeypatch.setattr(look_mark, "_read", lambda path: found.get(path, ""))
    here = Owner.this_process()
    assert not here.is_dead(here)
    found |= {"/etc/machine-id": "b2", "/proc/sys/kernel/random/boot_id": "second"}
    other = Owner.this_process()
    assert other.host != here.host
    assert not here.is_dead(other)
    assert "b2" not in other.host
    found["/etc/machine-id"] = "a1"
    assert here.is_dead(Owner.this_process())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        "{}",
        '{"name": "web"}',
        "9" * 5000,
        '{"name": "lxdtui-look-web-1", "pid": -1}',
    ],
)
def test_what_is_no_mark(text: str) -> None:
    assert LookMark.of(f"{PREFIX}web-1", {KEY: text}) is None


def test_a_copy_of_a_copy_and_one_with_another_name_are_no_leftovers() -> None:
    text = a_mark(f"{PREFIX}web-1", DEAD).text()
    assert LookMark.of(f"{PREFIX}web-1-copy", {KEY: text}) is None
    assert LookMark.of("web", {KEY: a_mark("web", DEAD).text()}) is None


def test_the_name_is_one_that_servers_take() -> None:
    for source in ("web", "x" * 63, f"{'x' * 43}-y"):
        name = look_name(source, "abc123")
        assert len(name) <= 63
        assert name.startswith(PREFIX)
        assert "--" not in name


async def test_a_snapshot_is_looked_into_and_nothing_is_left(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = await launched(fleet, daemon, instance_name, start=True)
    await asyncio.to_thread(daemon.exec, ref.name, "sh", "-c", "echo then > /etc/note")
    await asyncio.to_thread(
        daemon.client, "config", "set", ref.name, "security.protection.delete=true"
    )
    await asyncio.to_thread(daemon.add_nic, ref.name, ["198.51.100.7/24"])
    await fleet.snapshots.create(ref, "s")
    await asyncio.to_thread(daemon.exec, ref.name, "sh", "-c", "echo now > /etc/note")
    [snapshot] = fleet.store.state.snapshots[ref]
    told: list[str] = []
    look = await fleet.snapshots.looks.open(
        ref, snapshot, report=lambda words, _percent: told.append(words)
    )
    await until(fleet, lambda: look.ref in fleet.store.state.instances, "the copy is listed")
    copy = fleet.store.state.instances[look.ref]
    assert copy.name.startswith(f"{PREFIX}{instance_name}-")
    assert [device for device in copy.expanded_devices.values() if device["type"] == "nic"] == []
    assert copy.status == "Stopped"
    mark = LookMark.of(copy.name, copy.config)
    assert mark is not None
    assert (mark.source, mark.snapshot, mark.owner) == (ref.name, "s", HERE)
    files = fleet.files.at(Place(ref=look.ref))
    assert await files.read_bytes("/etc/note") == b"then\n"
    await fleet.snapshots.looks.close(look)
    await until(fleet, lambda: look.ref not in fleet.store.state.instances, "the copy is gone")
    await fleet.snapshots.looks.close(look)
    await asyncio.to_thread(
        daemon.client, "config", "unset", ref.name, "security.protection.delete"
    )


async def test_leftovers_go_at_the_next_start_and_what_others_look_at_stays(
    daemon: Daemon, instance_name: str
) -> None:
    def make(name: str, mark: LookMark) -> None:
        body: dict[str, Any] = {"name": name, "source": {"type": "none"}}
        daemon.request("POST", "/1.0/instances", {**body, "config": {KEY: mark.text()}})

    names = [look_name(instance_name, short) for short in ("dead", "lives", "far", "named")]
    owners = (DEAD, PARENT, replace(HERE, host="another", boot="x"), DEAD)
    try:
        for name, owner in zip(names, owners, strict=True):
            mark = a_mark(name if not name.endswith("named") else "other", owner)
            await asyncio.to_thread(make, name, mark)
        remote = Remote(name=daemon.name, endpoint=Endpoint(socket=daemon.socket))
        async with running_fleet(remote) as fleet:
            refs = [InstanceRef(daemon.name, "default", name) for name in names]
            await until(
                fleet,
                lambda: (
                    refs[1] in fleet.store.state.instances
                    and refs[0] not in fleet.store.state.instances
                ),
                "the leftover is gone",
            )
            assert all(one in fleet.store.state.instances for one in refs[1:])
    finally:
        await asyncio.to_thread(daemon.delete_all, PREFIX)


async def test_what_nobody_elsewhere_says_to_use_goes_and_what_is_in_use_stays(
    daemon: Daemon, instance_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A look of another computer, made just now, counts as old at once; one noted later does not.
    monkeypatch.setattr(looks, "ABANDONED_AFTER", timedelta(seconds=-60))
    far = replace(HERE, host="another", boot="x")

    def make(name: str, made_at: str, noted: str) -> None:
        mark = replace(a_mark(name, far), made_at=made_at)
        config = {KEY: mark.text(), LEASE_KEY: noted}
        body: dict[str, Any] = {"name": name, "source": {"type": "none"}, "config": config}
        daemon.request("POST", "/1.0/instances", body)

    made = "2020-01-01T00:00:00+00:00"
    names = [look_name(instance_name, short) for short in ("left", "used", "odd")]
    try:
        for name, made_at, noted in zip(
            names, (made, made, "x"), ("", "2020-01-01T01:00:00+00:00", ""), strict=True
        ):
            await asyncio.to_thread(make, name, made_at, noted)
        remote = Remote(name=daemon.name, endpoint=Endpoint(socket=daemon.socket))
        async with running_fleet(remote) as fleet:
            left, used, odd = (InstanceRef(daemon.name, "default", name) for name in names)
            await until(
                fleet,
                lambda: (
                    used in fleet.store.state.instances and left not in fleet.store.state.instances
                ),
                "what is left is gone",
            )
            assert await fleet.snapshots.looks.sweep(daemon.name) == 0
            assert {used, odd} <= set(fleet.store.state.instances)
    finally:
        await asyncio.to_thread(daemon.delete_all, PREFIX)


async def test_a_look_says_now_and_then_that_it_is_in_use(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = await launched(fleet, daemon, instance_name)
    await fleet.snapshots.create(ref, "s")
    [snapshot] = fleet.store.state.snapshots[ref]
    look = await fleet.snapshots.looks.open(ref, snapshot)
    before = daemon.request("GET", f"/1.0/instances/{look.ref.name}")
    await fleet.snapshots.looks.renew()
    after = daemon.request("GET", f"/1.0/instances/{look.ref.name}")
    noted = datetime.fromisoformat(after["config"].pop(LEASE_KEY))
    assert abs(datetime.now(UTC) - noted) < timedelta(minutes=5)
    assert {**after, "expanded_config": {}} == {**before, "expanded_config": {}}
    await fleet.snapshots.looks.close(look)
    await fleet.snapshots.looks.renew()
    async with Connection(Endpoint(socket=daemon.socket), remote=daemon.name) as connection:
        now = await connection.server_time()
    assert now is not None
    assert abs(datetime.now(UTC) - now) < timedelta(minutes=5)


async def test_what_is_in_use_is_noted_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "RENEW_SECONDS", 0.01)
    service = looks.LookService({}, {}, Store())
    notes: asyncio.Queue[None] = asyncio.Queue()

    async def renew() -> None:
        notes.put_nowait(None)

    monkeypatch.setattr(service, "renew", renew)
    running = asyncio.ensure_future(service.run())
    async with asyncio.timeout(20):
        await notes.get()
        await notes.get()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_look_that_is_cancelled_or_refused_leaves_nothing(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = await launched(fleet, daemon, instance_name)
    await fleet.snapshots.create(ref, "s")
    [snapshot] = fleet.store.state.snapshots[ref]
    with pytest.raises(LxdTuiError):
        await fleet.snapshots.looks.open(ref, replace(snapshot, name="no-such"))
    opening = asyncio.ensure_future(fleet.snapshots.looks.open(ref, snapshot))
    await until(
        fleet,
        lambda: any("Creating" in one.description for one in fleet.store.state.operations.values()),
        "the copy is being made",
    )
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    await fleet.snapshots.looks.aclose()
    left = [name for name in await asyncio.to_thread(daemon.instances) if name.startswith(PREFIX)]
    assert left == []


async def test_a_container_is_made_of_a_snapshot(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = await launched(fleet, daemon, instance_name, start=True)
    await fleet.snapshots.create(ref, "s")
    [snapshot] = fleet.store.state.snapshots[ref]
    copies = fleet.snapshots.copies
    made = await copies.copy(ref, snapshot, f"{instance_name}-b", start=True)
    await until(
        fleet,
        lambda: (
            made in fleet.store.state.instances and fleet.store.state.instances[made].is_running
        ),
        "the copy runs",
    )
    new, old = fleet.store.state.instances[made], fleet.store.state.instances[ref]
    assert new.profiles == old.profiles
    assert new.config["volatile.uuid"] != old.config["volatile.uuid"]
    with pytest.raises(OperationError) as taken:
        await copies.copy(ref, snapshot, f"{instance_name}-b")
    assert taken.value.hint == "A container of this name exists; choose another one."
    with pytest.raises(ApiError) as odd:
        await copies.copy(ref, snapshot, "a_b")
    assert "letters, digits and hyphens" in odd.value.hint


async def test_a_copy_cancelled_during_its_start_does_not_stay(
    fleet: Fleet, daemon: Daemon, instance_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await launched(fleet, daemon, instance_name)
    await fleet.snapshots.create(ref, "s")
    [snapshot] = fleet.store.state.snapshots[ref]
    asked = asyncio.Event()
    set_state = InstanceCalls.set_state

    async def told(*args: Any, **kwargs: Any) -> OperationHandle:
        asked.set()
        return await set_state(*args, **kwargs)

    monkeypatch.setattr(InstanceCalls, "set_state", told)
    copying = asyncio.ensure_future(
        fleet.snapshots.copies.copy(ref, snapshot, f"{instance_name}-b", start=True)
    )
    await asked.wait()
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert f"{instance_name}-b" in await asyncio.to_thread(daemon.instances)

    async def is_gone() -> bool:
        return f"{instance_name}-b" not in await asyncio.to_thread(daemon.instances)

    await comes_true(is_gone)


async def test_an_image_is_made_of_a_snapshot(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = await launched(fleet, daemon, instance_name)
    await fleet.snapshots.create(ref, "s")
    copies = fleet.snapshots.copies

    def is_publishing() -> bool:
        operations = fleet.store.state.operations.values()
        return any(not one.is_final and "image" in one.description.lower() for one in operations)

    fingerprint = await copies.publish(
        ref, "s", aliases=[instance_name], properties={"description": "made"}
    )
    try:
        assert await asyncio.to_thread(daemon.has_image, instance_name)
        with pytest.raises(ApiError) as taken:
            await copies.publish(ref, "s", aliases=[instance_name])
        assert "Choose another alias" in taken.value.hint
        publishing = asyncio.ensure_future(copies.publish(ref, "s", aliases=[f"{instance_name}-c"]))
        await until(fleet, is_publishing, "it is being made")
        publishing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await publishing
        deadline = asyncio.get_running_loop().time() + 60
        while is_publishing():
            assert asyncio.get_running_loop().time() < deadline
            await asyncio.sleep(0.02)
        while await asyncio.to_thread(daemon.has_image, f"{instance_name}-c"):
            assert asyncio.get_running_loop().time() < deadline
    finally:
        await asyncio.to_thread(daemon.request, "DELETE", f"/1.0/images/{fingerprint}")
