"""Copying in the background, on real servers."""

import os
from pathlib import Path

from lxdtui.services.transfers import CopyOptions
from tests.contract.file_boxes import HOSTILE_NAMES, noise
from tests.services.transfers.conftest import Desk, done


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
