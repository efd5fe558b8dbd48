"""Copying in the background, on real servers."""

import asyncio
import os
import uuid
from pathlib import Path

import pytest

from lxdtui.api import Connection
from lxdtui.api.endpoint import Endpoint
from lxdtui.demo import DemoServer
from lxdtui.errors import BadRequest
from lxdtui.model.place import LOCAL, Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services.transfers import Choice, CopyOptions
from tests.bench.cut import cut_rounds
from tests.contract.file_boxes import HOSTILE_NAMES, noise
from tests.cut_link import cut_link
from tests.lab import Daemon
from tests.services.transfers.conftest import BOX, Desk, desk_of, done, service_of, until

REPLACE = CopyOptions(existing=Choice.ALL)


def tree(root: Path) -> dict[str, bytes]:
    return {
        os.fsdecode(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


async def test_a_tree_there_and_back(desk: Desk) -> None:
    top = desk.here / "top"
    (top / "empty").mkdir(parents=True)
    (top / "deep" / "er").mkdir(parents=True)
    for number, name in enumerate(HOSTILE_NAMES):
        path = top / "deep" / name
        path.write_bytes(noise(number * 997))
    (top / "deep" / "er" / "large").write_bytes(noise(3_000_000))
    (top / "nothing").write_bytes(b"")
    (top / "script").write_bytes(b"#!/bin/sh\n")
    (top / "script").chmod(0o750)
    (top / "link").symlink_to("deep/er")
    (top / "dangling").symlink_to("/nowhere/../\x1b[2J")
    os.utime(top / "script", (1_000_000_000, 1_100_000_000))
    os.utime(top / "deep", (1_000_000_000, 1_200_000_000))
    os.mkfifo(top / "pipe")
    view = await desk.push("top").wait()
    assert view.state == "failed"
    assert [(one.path, one.outcome, one.words) for one in view.results if one.is_trouble] == [
        ("top/pipe", "not copied", "a fifo is not copied")
    ]
    assert (view.copied, view.failed, view.skipped) == (view.files_total - 1, 1, 0)
    script = await desk.files.lstat(f"{desk.there}/top/script")
    assert (script.mode, script.uid) == (0o750, 0)
    assert script.modified is not None
    assert script.modified.timestamp() == 1_100_000_000

    (desk.here / "top").rename(desk.here / "before")
    view = await done(desk.pull("top"))
    back = desk.here / "top"
    assert tree(back) == tree(desk.here / "before")
    assert view.bytes_done == view.bytes_total == sum(map(len, tree(back).values()))
    assert (back / "script").stat().st_mode & 0o777 == 0o750
    assert (back / "script").stat().st_mtime == 1_100_000_000
    assert (back / "deep").stat().st_mtime == 1_200_000_000
    assert str((back / "link").readlink()) == "deep/er"
    assert str((back / "dangling").readlink()) == "/nowhere/../\x1b[2J"
    assert (back / "empty").is_dir()
    assert not [path for path in back.rglob("*") if path.name.endswith(".part")]


async def test_checksums_are_compared_when_asked(desk: Desk) -> None:
    (desk.here / "large").write_bytes(noise(2_000_000))
    (desk.here / "small").write_bytes(b"abc")
    view = await done(desk.push("large", "small", options=CopyOptions(checksum=True)))
    words = {one.path: one.words for one in view.results}
    assert "by sha256sum in" in words["large"]
    assert "read again from" in words["small"]


async def test_between_servers_without_a_copy_here(
    lxd: Daemon, incus: Daemon, tmp_path: Path
) -> None:
    async with desk_of(lxd, tmp_path) as left, desk_of(incus, tmp_path) as right:
        top = f"{left.there}/top"
        await left.files.make_directory(top, uid=1000, gid=1001, mode=0o750)
        await left.files.write(f"{top}/small", b"small", uid=1000, gid=1001, mode=0o600)
        await left.files.write(f"{top}/large", noise(1_500_000), uid=7, gid=8)
        await left.files.symlink("small", f"{top}/link")
        connections = {
            one.name: Connection(Endpoint(socket=one.socket), remote=one.name)
            for one in (lxd, incus)
        }
        async with (
            connections[lxd.name],
            connections[incus.name],
            service_of(connections) as service,
        ):
            transfer = service.copy(left.place, [top], right.place, right.there, move=True)
            view = await done(transfer)
        assert view.copied == view.files_total == 4
        arrived = f"{right.there}/top"
        assert await right.files.read_bytes(f"{arrived}/large") == noise(1_500_000)
        assert await right.files.read_link(f"{arrived}/link") == "small"
        found = {name: await right.files.lstat(f"{arrived}/{name}") for name in ("small", "large")}
        assert (found["small"].uid, found["small"].gid, found["small"].mode) == (1000, 1001, 0o600)
        assert (found["large"].uid, found["large"].gid) == (7, 8)
        folder = await right.files.lstat(arrived)
        assert (folder.uid, folder.gid, folder.mode) == (1000, 1001, 0o750)
        assert await left.inside() == {}
    assert list(tmp_path.iterdir()) == []


async def test_moves_within_a_container_are_renamed(desk: Desk) -> None:
    await desk.files.write(f"{desk.there}/file", b"content", uid=5)
    await desk.files.make_directory(f"{desk.there}/into")
    view = await done(
        desk.service.copy(
            desk.place, [f"{desk.there}/file"], desk.place, f"{desk.there}/into", move=True
        )
    )
    assert [one.outcome for one in view.results] == ["moved"]
    assert await desk.inside() == {"into": "directory", "into/file": "file"}
    assert (await desk.files.lstat(f"{desk.there}/into/file")).uid == 5
    again = await done(
        desk.service.copy(desk.place, [f"{desk.there}/into/file"], desk.place, f"{desk.there}/into")
    )
    assert again.copied == 1
    assert "into/file (2)" in await desk.inside()


async def test_a_move_to_another_file_system_copies_compares_and_removes(desk: Desk) -> None:
    other = f"/dev/{uuid.uuid4()}"
    await desk.files.make_directory(f"{desk.there}/folder")
    await desk.files.write(f"{desk.there}/folder/file", b"content", uid=5, mode=0o640)
    await desk.files.write(f"{desk.there}/large", noise(200_000))
    await desk.files.symlink("nowhere", f"{desk.there}/link")
    await desk.files.make_directory(other)
    with pytest.raises(BadRequest, match="cross-device") as told:
        await desk.files.rename(f"{desk.there}/large", f"{other}/large")
    assert "F6" in told.value.hint
    try:
        paths = [f"{desk.there}/{name}" for name in ("folder", "large", "link")]
        view = await done(
            desk.service.copy(
                desk.place,
                paths,
                desk.place,
                other,
                move=True,
                options=CopyOptions(keep_owner=True),
            )
        )
        by_path = {one.path: one for one in view.results}
        assert by_path["large"].words == "to another file system: copied, removed"
        assert await desk.inside() == {}
        assert await desk.files.read_bytes(f"{other}/large") == noise(200_000)
        assert await desk.files.read_link(f"{other}/link") == "nowhere"
        there = await desk.files.lstat(f"{other}/folder/file")
        assert (there.uid, there.mode) == (5, 0o640)
    finally:
        await desk.files.remove_tree(other)


async def test_one_container_by_two_names_of_its_server_is_known_as_one(desk: Desk) -> None:
    first, second = desk.files.ref.remote, "another"
    path = f"{desk.there}/file"
    await desk.files.write(path, b"precious")
    endpoint = Endpoint(socket=desk.daemon.socket)
    async with (
        Connection(endpoint, remote=first) as one,
        Connection(endpoint, remote=second) as other,
        service_of({first: one, second: other}) as service,
    ):
        again = Place(ref=InstanceRef(second, "default", desk.files.ref.name))
        moved = service.copy(desk.place, [path], again, desk.there, move=True, options=REPLACE)
        view = await moved.wait()
        assert view.results[0].words.endswith("it is there already")
        assert await desk.files.read_bytes(path) == b"precious"
        await done(service.copy(desk.place, [path], again, desk.there, options=REPLACE))
    assert set(await desk.inside()) == {"file", "file (2)"}


async def test_a_file_that_is_replaced_keeps_its_owner(desk: Desk) -> None:
    await desk.files.write(f"{desk.there}/file", b"old", uid=33, gid=34, mode=0o640)
    (desk.here / "file").write_bytes(b"new")
    (desk.here / "file").chmod(0o4755)
    view = await done(desk.push("file", options=REPLACE, move=True))
    found = await desk.files.lstat(f"{desk.there}/file")
    assert (found.uid, found.gid, found.mode) == (33, 34, 0o755)
    assert view.results[0].words == "set-id and sticky bits left out"
    assert not (desk.here / "file").exists()
    (desk.here / "file").write_bytes(b"newer")
    options = CopyOptions(existing=Choice.ALL, keep_mode=False, keep_times=False)
    await done(desk.push("file", options=options))
    assert (await desk.files.lstat(f"{desk.there}/file")).mode == 0o755
    assert await desk.files.read_bytes(f"{desk.there}/file") == b"newer"


async def test_a_full_disk_in_a_container_leaves_the_old_file_whole(desk: Desk) -> None:
    small = f"{desk.there}/small"
    await desk.files.make_directory(small)
    desk.daemon.exec(BOX, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small)
    try:
        await desk.files.write(f"{small}/large", b"old")
        (desk.here / "large").write_bytes(noise(3_000_000))
        view = await desk.service.copy(
            LOCAL, [str(desk.here / "large")], desk.place, small, options=REPLACE
        ).wait()
        assert view.state == "failed"
        assert "no space left on device" in view.results[0].words
        assert await desk.files.read_bytes(f"{small}/large") == b"old"
        assert [entry.name for entry in await desk.files.list(small)] == ["large"]
    finally:
        desk.daemon.exec(BOX, "umount", "-l", small)


async def test_links_inside_a_container_are_not_followed_out_of_the_folder(desk: Desk) -> None:
    top = desk.here / "top"
    top.mkdir()
    (top / "file").write_bytes(b"x")
    await desk.files.make_directory(f"{desk.there}/elsewhere")
    await desk.files.make_directory(f"{desk.there}/chosen")
    await desk.files.symlink("../elsewhere", f"{desk.there}/chosen/top")
    view = await desk.service.copy(
        LOCAL, [str(top)], desk.place, f"{desk.there}/chosen", options=REPLACE
    ).wait()
    assert view.failed == 2
    assert "is not followed" in view.results[0].words
    assert "elsewhere/file" not in await desk.inside()


async def test_a_download_is_gone_on_with_by_itself(desk: Desk) -> None:
    content = noise(6 << 20)
    await desk.files.write(f"{desk.there}/large", content)
    (desk.here / "large").write_bytes(b"old")
    async with (
        cut_link(desk.here / "socket", desk.daemon.socket) as link,
        Connection(Endpoint(socket=link.path), remote="cut") as connection,
        service_of({"cut": connection}) as service,
    ):
        place = Place(ref=InstanceRef("cut", "default", BOX))
        link.cut_after_back(3 << 20)
        transfer = service.copy(
            place, [f"{desk.there}/large"], LOCAL, str(desk.here), options=REPLACE
        )
        await until(lambda: link.is_cut)
        assert (desk.here / "large").read_bytes() == b"old"
        link.heal()
        view = await done(transfer)
    assert "gone on with after" in view.results[0].words
    assert (desk.here / "large").read_bytes() == content
    assert sorted(path.name for path in desk.here.iterdir()) == ["large", "socket"]


async def test_a_tree_goes_on_by_itself_after_each_cut(desk: Desk) -> None:
    top = desk.here / "tree"
    for folder in ("", "a", "a/deep", "b"):
        (top / folder).mkdir(parents=True, exist_ok=True)
        (top / folder).chmod(0o750)
        for number in range(12):
            (top / folder / f"{number}").write_bytes(noise(3000 + number))
    before = tree(top)
    await desk.files.make_directory(f"{desk.there}/moved")
    (desk.here / "back").mkdir()
    async with (
        cut_link(desk.here / "socket", desk.daemon.socket) as link,
        Connection(Endpoint(socket=link.path), remote="cut") as connection,
        service_of({"cut": connection}, pauses=[0.1] * 100) as service,
    ):
        place = Place(ref=InstanceRef("cut", "default", BOX))
        for source, path, target, directory in (
            (LOCAL, str(top), place, desk.there),
            (place, f"{desk.there}/tree", place, f"{desk.there}/moved"),
            (place, f"{desk.there}/moved/tree", LOCAL, str(desk.here / "back")),
        ):
            link.cut_after(500)
            is_move = source is place
            transfer = service.copy(source, [path], target, directory, move=is_move)
            is_over = asyncio.ensure_future(done(transfer))
            for sent in (2000, 4000, 8000, None):
                await until(lambda: link.is_cut or is_over.done())  # noqa: B023  # waited for here
                link.heal()
                link.left = sent
            assert (await is_over).failed == 0
    back = desk.here / "back" / "tree"
    assert tree(back) == before
    assert {path.stat().st_mode & 0o777 for path in back.rglob("*") if path.is_dir()} == {0o750}
    assert await desk.inside() == {"moved": "directory"}


async def test_an_upload_rests_and_ends_when_it_is_told_to(desk: Desk) -> None:
    with (desk.here / "large").open("wb") as file:
        file.truncate(200 << 20)
    transfer = desk.push("large")
    await until(lambda: transfer.view.bytes_done > 0)
    desk.service.pause(transfer.number)
    assert transfer.view.state == "paused"
    (name,) = await desk.inside()
    assert name.endswith(".part")
    found = await desk.files.lstat(f"{desk.there}/{name}")
    assert found.mode == 0o600, "others may read what is half done"
    desk.service.cancel(transfer.number)
    view = await transfer.wait()
    assert (view.state, view.words) == ("cancelled", "")
    assert await desk.inside() == {}
    # Nor does the end of the program leave anything.
    last = desk.push("large")
    await until(lambda: last.view.bytes_done > 0)
    await desk.service.aclose()
    assert last.view.state == "cancelled"
    assert await desk.inside() == {}


async def test_over_https(desk: Desk, tmp_path: Path) -> None:
    content = noise(3 << 20)
    (desk.here / "large").write_bytes(content)
    (desk.here / "small").write_bytes(b"small")
    back = tmp_path / "back"
    back.mkdir()
    identity = desk.daemon.make_certificate(tmp_path)
    desk.daemon.add_client_certificate(identity[0])
    endpoint = Endpoint.parse(
        desk.daemon.https_url, cert=identity, verify=desk.daemon.server_certificate
    )
    async with (
        Connection(endpoint, remote="https") as connection,
        service_of({"https": connection}) as service,
    ):
        place = Place(ref=InstanceRef("https", "default", BOX))
        paths = [str(desk.here / name) for name in ("large", "small")]
        await done(service.copy(LOCAL, paths, place, desk.there))
        paths = [f"{desk.there}/{name}" for name in ("large", "small")]
        await done(service.copy(place, paths, LOCAL, str(back)))
    assert (back / "large").read_bytes() == content
    assert (back / "small").read_bytes() == b"small"


async def test_a_container_that_is_gone_is_told_in_words(desk: Desk) -> None:
    (desk.here / "file").write_bytes(b"x")
    nobody = Place(ref=InstanceRef(desk.daemon.name, "default", "nobody-here"))
    view = await desk.service.copy(LOCAL, [str(desk.here / "file")], nobody, "/root").wait()
    assert view.state == "failed"
    assert "not found" in view.words.lower()
    desk.service.retry(view.number)
    again = desk.service.views[0]
    assert again.state in ("waiting", "counting")


async def test_the_demo_copies_as_well(tmp_path: Path) -> None:
    socket = tmp_path / "unix.socket"
    async with (
        DemoServer(socket, pace=0),
        Connection(Endpoint(socket=socket), remote="demo") as connection,
        service_of({"demo": connection}) as service,
    ):
        ref = (await connection.instances.list(project="default"))[0].ref
        (tmp_path / "large").write_bytes(noise(2 << 20))
        (tmp_path / "small").write_bytes(b"x")
        back = tmp_path / "back"
        back.mkdir()
        paths = [str(tmp_path / "large"), str(tmp_path / "small")]
        await done(service.copy(LOCAL, paths, Place(ref=ref), "/root"))
        paths = ["/root/large", "/root/small"]
        await done(service.copy(Place(ref=ref), paths, LOCAL, str(back)))
    assert (back / "large").read_bytes() == noise(2 << 20)
    assert (back / "small").read_bytes() == b"x"


async def test_the_link_cut_at_random_moments_of_uploads(daemon: Daemon) -> None:
    if BOX not in daemon.instances():
        daemon.launch(BOX)
    found = await cut_rounds(daemon, BOX, seed=7, rounds=8)
    assert found.total() == 8
