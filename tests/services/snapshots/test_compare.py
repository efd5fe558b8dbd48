"""What is different between two trees of files."""

import asyncio
import tracemalloc
from datetime import UTC, datetime, timedelta

import pytest

from lxdtui.errors import ConnectionFailed, ConnectionProblem, ServerError
from lxdtui.services import Fleet
from lxdtui.services.snapshots.compare import TreeComparison
from lxdtui.services.snapshots.comparing import mounts_in
from lxdtui.services.snapshots.differences import Change, Difference, unlike_words
from tests.lab import Daemon
from tests.services.snapshots.test_service import launched
from tests.ui.files import MemoryFileSystem

THEN = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
LATER = THEN + timedelta(days=1)


def trees() -> tuple[MemoryFileSystem, MemoryFileSystem]:
    made = MemoryFileSystem(), MemoryFileSystem()
    for tree in made:
        tree.file("/etc/same", b"same", modified=THEN)
        tree.file("/etc/deep/er/same", b"x", modified=THEN)
        tree.link("same", "/etc/link", modified=THEN)
    return made


async def found(
    old: MemoryFileSystem, new: MemoryFileSystem, **options: object
) -> dict[str, Difference]:
    comparison = await TreeComparison(old, new, **options).run()  # type: ignore[arg-type]  # test sugar
    assert [one.path for one in comparison.differences] == sorted(
        one.path for one in comparison.differences
    )
    return {one.path: one for one in comparison.differences}


async def test_the_same_is_the_same() -> None:
    assert await found(*trees()) == {}


async def test_every_kind_of_difference() -> None:
    old, new = trees()
    old.file("/etc/gone", b"1", modified=THEN)
    old.file("/srv/a/b/c", b"1", modified=THEN)
    new.file("/etc/added", b"1", modified=THEN)
    old.file("/etc/size", b"1", modified=THEN)
    new.file("/etc/size", b"22", modified=THEN)
    old.file("/etc/mode", b"1", mode=0o644, modified=THEN)
    new.file("/etc/mode", b"1", mode=0o600, uid=7, modified=THEN)
    old.file("/etc/touched", b"1" * 300_000, modified=THEN)
    new.file("/etc/touched", b"1" * 300_000, modified=LATER)
    old.file("/etc/content", b"1" * 200_000 + b"1", modified=THEN)
    new.file("/etc/content", b"1" * 200_000 + b"2", modified=LATER)
    old.link("aaaa", "/etc/points", modified=THEN)
    new.link("bbbb", "/etc/points", modified=LATER)
    old.file("/etc/kind", b"1", modified=THEN)
    new.directory("/etc/kind", modified=THEN)
    differences = await found(old, new)
    assert {path: one.change for path, one in differences.items()} == {
        "/etc/added": Change.ADDED,
        "/etc/content": Change.CHANGED,
        "/etc/gone": Change.DELETED,
        "/etc/kind": Change.CHANGED,
        "/etc/mode": Change.ATTRIBUTES,
        "/etc/points": Change.CHANGED,
        "/etc/size": Change.CHANGED,
        "/srv": Change.DELETED,
    }
    assert differences["/srv"].below == 3
    assert unlike_words(differences["/srv"]) == "directory, 3 below"
    assert unlike_words(differences["/etc/mode"]) == "mode 0644 to 0600, owner 0:0 to 7:0"
    assert unlike_words(differences["/etc/kind"]).startswith("file to directory")


async def test_what_is_left_out_and_what_cannot_be_read() -> None:
    old, new = trees()
    new.file("/proc/1/x", b"1")
    old.directory("/proc")
    old.file("/etc/deep/gone", b"1")
    old.errors["list"] = ServerError("list /", "input/output error", status=500)
    with pytest.raises(ServerError):
        await found(old, new)
    differences = await found(old, new, leave_out={"/proc"})
    assert list(differences) == ["/etc/deep/gone"]
    old.errors["read_link"] = ServerError("read /etc/odd", "input/output error", status=500)
    old.link("aaaa", "/etc/odd", modified=THEN)
    new.link("bbbb", "/etc/odd", modified=LATER)
    differences = await found(old, new, leave_out={"/proc"})
    assert differences["/etc/odd"].change is Change.UNREADABLE
    assert "input/output error" in unlike_words(differences["/etc/odd"])


async def test_a_lost_link_ends_it_and_it_can_be_cancelled() -> None:
    old, new = trees()
    new.errors["read_link"] = ConnectionFailed("read", ConnectionProblem.LOST, "reset")
    old.link("aaaa", "/etc/odd", modified=THEN)
    new.link("bbbb", "/etc/odd", modified=LATER)
    with pytest.raises(ConnectionFailed):
        await found(old, new)
    new.gates["list"] = asyncio.Event()
    task = asyncio.ensure_future(TreeComparison(old, new).run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_many_files_take_little_memory() -> None:
    old, new = trees()
    for number in range(12_000):
        path = f"/data/{number // 200}/{number}"
        old.file(path, b"", modified=THEN)
        new.file(path, b"", modified=THEN if number % 50 else LATER, mode=0o600)
    told: list[tuple[int, int]] = []
    tracemalloc.start()
    comparison = await TreeComparison(
        old, new, report=lambda entries, differ: told.append((entries, differ))
    ).run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert comparison.entries > 12_000
    assert len(comparison.differences) == 12_000
    assert told[-1][0] > 11_000
    # Some 1,000 bytes for each that is kept; what the lists of calls take is the fake's.
    old_calls = 200 * (len(old.calls) + len(new.calls))
    assert peak < 24_000_000 + old_calls


async def test_more_than_are_kept_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lxdtui.services.snapshots.compare._KEPT", 5)
    old, new = trees()
    for number in range(9):
        new.file(f"/new{number}", b"")
    comparison = await TreeComparison(old, new).run()
    assert (len(comparison.differences), comparison.more) == (5, 4)


def test_mounts_are_read_from_the_container() -> None:
    text = "none / ext4 rw 0 0\nproc /proc proc rw 0 0\ntmp /mnt/a\\040b tmpfs rw 0 0\nbad\n"
    assert mounts_in(text) == {"/proc", "/mnt/a b"}


async def test_a_snapshot_and_now_on_real_servers(
    fleet: Fleet, daemon: Daemon, instance_name: str
) -> None:
    ref = await launched(fleet, daemon, instance_name, start=True)

    async def inside(words: str) -> None:
        await asyncio.to_thread(daemon.exec, ref.name, "sh", "-c", words)

    await inside(
        "mkdir -p /srv/old/er; echo 1 > /srv/old/er/f; echo a > /etc/one; echo b > /etc/two"
    )
    await fleet.snapshots.create(ref, "s")
    await inside(
        "rm -r /srv/old; echo aaa > /etc/one; chmod 600 /etc/two; mkdir -p /srv/m /srv/new;"
        " mount -t tmpfs none /srv/m; touch /srv/m/not-seen '/srv/new/a\nb'; ln -s x /etc/link"
    )
    [snapshot] = fleet.store.state.snapshots[ref]
    look = await fleet.snapshots.looks.open(ref, snapshot)
    try:
        comparison = await fleet.snapshots.comparisons.compare(look.ref, ref, is_running=True)
        assert {
            one.path: (one.change, one.below)
            for one in comparison.differences
            if one.path.startswith(("/srv", "/etc/one", "/etc/two", "/etc/link"))
        } == {
            "/etc/link": (Change.ADDED, 0),
            "/etc/one": (Change.CHANGED, 0),
            "/etc/two": (Change.ATTRIBUTES, 0),
            "/srv/new": (Change.ADDED, 1),
            "/srv/old": (Change.DELETED, 2),
        }
        assert {"/proc", "/sys", "/dev", "/srv/m"} <= set(comparison.left_out)
        same = await fleet.snapshots.comparisons.compare(look.ref, look.ref, is_running=False)
        assert same.differences == ()
        assert same.entries > 100
    finally:
        await fleet.snapshots.looks.close(look)
