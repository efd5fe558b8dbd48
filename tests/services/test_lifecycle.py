"""Making, renaming, copying, publishing and migrating on real servers, and their refusals."""

import asyncio
from dataclasses import replace

import pytest

from lxdtui.api import Endpoint
from lxdtui.errors import BadRequest, Conflict, LxdTuiError, PreflightFailed
from lxdtui.model.image import Image, ImageAlias
from lxdtui.model.instance import Condition
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet, Known, Remote
from lxdtui.services.lifecycle.names import instance_name_problem
from lxdtui.services.lifecycle.sources import image_choices, source_of
from tests.lab import Daemon, Lab
from tests.services.conftest import running_fleet, until


def _condition(fleet: Fleet, ref: InstanceRef) -> Condition | None:
    instance = fleet.store.state.instances.get(ref)
    return instance.condition if instance else None


async def test_a_container_is_made_renamed_copied_and_published(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = InstanceRef(daemon.name, "default", instance_name)
    offer = await fleet.lifecycle.offer(daemon.name, "default")
    assert "busybox" in {image.name for image in offer.images}
    assert "default" in offer.profiles

    with pytest.raises(BadRequest, match="no image no-such"):
        await fleet.lifecycle.create(ref, "no-such")
    await fleet.lifecycle.create(ref, "busybox")
    await fleet.instances.start(ref)
    await until(fleet, lambda: _condition(fleet, ref) is Condition.RUNNING, "it runs")
    with pytest.raises(LxdTuiError, match="already exists"):
        await fleet.lifecycle.create(ref, "busybox")
    with pytest.raises(LxdTuiError, match=r"(?i)running"):
        await fleet.lifecycle.rename(ref, f"{instance_name}-b")
    with pytest.raises(LxdTuiError, match=r"(?i)running"):
        await fleet.lifecycle.publish(ref, aliases=[f"{instance_name}-image"])
    await fleet.instances.stop(ref, force=True)

    renamed = await fleet.lifecycle.rename(ref, f"{instance_name}-b")
    await until(fleet, lambda: _condition(fleet, ref) is None, "the old name is gone")
    await until(fleet, lambda: _condition(fleet, renamed), "the new name is there")

    nic = {"type": "nic", "nictype": "p2p", "name": "eth0", "hwaddr": "00:16:3e:01:02:03"}
    own = f"/1.0/instances/{renamed.name}"
    await asyncio.to_thread(daemon.request, "PATCH", own, {"devices": {"eth0": nic}})
    path = f"{own}/snapshots"
    await asyncio.to_thread(daemon.request, "POST", path, {"name": "s0"})
    await fleet.lifecycle.copy(renamed, f"{instance_name}-c", with_snapshots=True)
    copied = InstanceRef(daemon.name, "default", f"{instance_name}-c")
    await until(fleet, lambda: _condition(fleet, copied) is Condition.STOPPED, "the copy is there")
    snapshots = await asyncio.to_thread(
        daemon.request, "GET", f"/1.0/instances/{copied.name}/snapshots"
    )
    assert [path.rpartition("/")[2] for path in snapshots] == ["s0"]
    device = fleet.store.state.instances[copied].devices["eth0"]
    assert device == {"type": "nic", "nictype": "p2p", "name": "eth0"}

    alias = f"{instance_name}-image"
    await fleet.lifecycle.publish(renamed, aliases=[alias], description="of a test")
    again = await fleet.lifecycle.offer(daemon.name, "default")
    (image,) = (image for image in again.images if image.name == alias)
    assert image.description == "of a test"
    with pytest.raises(Conflict, match=alias):
        await fleet.lifecycle.publish(renamed, aliases=[alias])
    made = replace(ref, name=f"{instance_name}-d")
    await fleet.lifecycle.create(made, alias, ephemeral=True)
    await until(fleet, lambda: _condition(fleet, made) is Condition.STOPPED, "it is made of it")
    assert fleet.store.state.instances[made].ephemeral
    await asyncio.to_thread(daemon.client, "image", "delete", alias)


async def test_a_container_goes_to_a_server_that_is_only_known(
    lab: Lab, daemon: Daemon, instance_name: str
) -> None:
    other = await asyncio.to_thread(lab.daemon, f"{daemon.kind}2")
    here = Remote(name=daemon.name, endpoint=Endpoint(socket=daemon.socket))
    known = Known(
        remotes=(
            Remote(name="there", endpoint=Endpoint(socket=other.socket)),
            Remote(name="by-another-name", endpoint=Endpoint(socket=daemon.socket)),
        )
    )
    async with running_fleet(here, known=lambda: known) as fleet:
        ref = InstanceRef(daemon.name, "default", instance_name)
        assert await fleet.lifecycle.targets(ref) == ("there",)
        await asyncio.to_thread(daemon.launch, instance_name)
        with pytest.raises(PreflightFailed, match="stop it"):
            await fleet.lifecycle.migrate(ref, "there")
        assert instance_name not in await asyncio.to_thread(other.instances)
        await fleet.lifecycle.migrate(
            ref, "there", new_name=f"{instance_name}-there", allow_running=True
        )
        assert await asyncio.to_thread(other.status, f"{instance_name}-there") == "Stopped"
        assert await asyncio.to_thread(daemon.status, instance_name) == "Running"


def test_what_may_be_a_name() -> None:
    assert instance_name_problem("web-1") == ""
    for name in ("", "-a", "a-", "1a", "a b", "a.b", "ä", "x" * 64):
        assert instance_name_problem(name), name


def _image(fingerprint: str, *aliases: str) -> Image:
    return Image(
        fingerprint=fingerprint * 32, aliases=tuple(ImageAlias(name=name) for name in aliases)
    )


def test_what_an_image_is_called() -> None:
    images = [_image("ab"), _image("ac", "debian/12", "bookworm"), _image("cd")]
    assert [choice.name for choice in image_choices(images)] == ["debian/12", "ab" * 6, "cd" * 6]
    servers = {"images": "https://images.example"}
    assert source_of(" bookworm ", images, servers) == {"type": "image", "alias": "bookworm"}
    assert source_of("CD", images, servers) == {"type": "image", "fingerprint": "cd" * 32}
    assert source_of("", images, servers) == {"type": "none"}
    assert source_of("images:alpine/3.20", images, servers) == {
        "type": "image",
        "mode": "pull",
        "protocol": "simplestreams",
        "server": "https://images.example",
        "alias": "alpine/3.20",
    }
    for words, reason in (
        ("a", "several images"),
        ("no-such", "no image no-such"),
        ("ubuntu:22.04", "known are: images"),
    ):
        with pytest.raises(ValueError, match=reason):
            source_of(words, images, servers)
