"""Editing on every kind of file system: in memory, on this computer, in instances."""

import gzip
import os
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lxdtui.api import Endpoint
from lxdtui.errors import (
    BadRequest,
    Conflict,
    FileBusy,
    FileChanged,
    LocalFileError,
    LxdTuiError,
    NotFound,
    PreflightFailed,
    ServerError,
)
from lxdtui.model.files import FileKind
from lxdtui.model.place import LOCAL, Place
from lxdtui.model.refs import InstanceRef
from lxdtui.services import Fleet, Remote
from lxdtui.services.editing import EditingService, EditStore, NotText, TextFile, TextForm
from lxdtui.services.editing.document import EDITED_AT_MOST
from lxdtui.services.editing.merge import merge
from tests.lab import Daemon
from tests.services.editing.conftest import Editing
from tests.services.files.conftest import Box
from tests.ui.files import MemoryFileSystem

CRLF = b"\xef\xbb\xbf[unit]\r\nname = caf\xc3\xa9\r\n\r\nlast without an end"


async def test_saving_changes_what_was_changed_and_nothing_else(box: Box, store: EditStore) -> None:
    files, path = box.files, f"{box.path}/unit.ini"
    await files.write(path, CRLF, mode=0o640)
    is_root = os.geteuid() == 0 or box.kind != "local"
    # The servers cannot set the others; what becomes of those files is tested elsewhere.
    mode = 0o4755 if box.kind in ("memory", "local") else 0o755
    if is_root:
        await files.chown(path, uid=1234, gid=4321)
        await files.chmod(path, mode)
    await files.symlink("unit.ini", f"{box.path}/link")
    service = Editing(files=files, store=store).service()
    opened = await service.open(files.place, f"{box.path}/link")
    assert isinstance(opened.file, TextFile)
    text = opened.file.text.replace("café", "Café\nadded")
    saved = await service.save(opened, await service.encode(opened, text, opened.file.form))
    expected = CRLF.replace(b"caf", b"Caf").replace(b"\xa9\r\n", b"\xa9\r\nadded\r\n", 1)
    assert await files.read_bytes(path) == expected == saved.content
    after = await files.stat(path)
    if is_root:
        assert (after.mode, after.uid, after.gid) == (mode, 1234, 4321)
    assert (await files.lstat(f"{box.path}/link")).kind is FileKind.SYMLINK
    assert [entry.name for entry in await files.list(box.path) if "link" not in entry.name] == [
        "unit.ini"
    ]
    # The version before is kept, and can be written back as it was.
    (version,) = await service.versions(files.place, f"{box.path}/link")
    assert await service.read_version(version) == CRLF
    await service.save(saved, CRLF)
    assert await files.read_bytes(path) == CRLF
    assert len(await service.versions(files.place, f"{box.path}/link")) == 2


async def test_a_file_that_nothing_can_take_the_place_of_is_written_in_place(
    box: Box, store: EditStore, tmp_path: Path
) -> None:
    files, path = box.files, f"{box.path}/resolv.conf"
    await files.write(path, b"nameserver 192.0.2.1\nsearch example.org\n", mode=0o640)
    if box.daemon is not None:
        box.shell(f"cp -p {path} {box.path}/source && mount --bind {box.path}/source {path}")
    service = Editing(files=files, store=store).service()
    opened = await service.open(files.place, path)
    try:
        if box.daemon is not None:
            with pytest.raises(FileBusy, match="busy"):
                await service.save(opened, b"new\n")
            assert await files.read_bytes(path) == opened.content
        saved = await service.save(opened, b"nameserver ::1\n", in_place=True)
        assert await files.read_bytes(path) == b"nameserver ::1\n" == saved.content
        assert saved.attributes is not None
        assert saved.attributes.mode == 0o640
        (version,) = await service.versions(files.place, path)
        assert await service.read_version(version) == opened.content
        # What cannot be kept before is not written in place.
        (tmp_path / "taken").write_text("a file, where a folder should be")
        lost = Editing(files=files, store=EditStore(tmp_path / "taken" / "edits")).service()
        with pytest.raises(LocalFileError, match="keep the earlier version"):
            await lost.save(saved, b"gone\n", in_place=True)
        assert await files.read_bytes(path) == b"nameserver ::1\n"
    finally:
        if box.daemon is not None:
            box.shell(f"umount {path}")


async def test_views_of_the_kernel_are_not_saved(box: Box, store: EditStore) -> None:
    if not box.is_real:
        return
    service = Editing(files=box.files, store=store).service()
    opened = await service.open(box.files.place, "/proc/sys/kernel/ostype")
    with pytest.raises(PreflightFailed, match="a view of the kernel") as told:
        await service.save(opened, b"Other\n")
    assert "shell" in told.value.hint
    with pytest.raises(NotFound) as missing:
        await service.save_as(opened, f"{box.path}/none/file", b"")
    if box.daemon is not None:
        assert missing.value.tried.startswith("write /root/")
        assert ".new" not in missing.value.message


async def test_a_change_by_somebody_else_is_never_written_over(box: Box, store: EditStore) -> None:
    files, path = box.files, f"{box.path}/hosts"
    await files.write(path, b"one\ntwo\nthree\n")
    service = Editing(files=files, store=store).service()
    opened = await service.open(files.place, path)
    # Of the same size, and in the same second: only the content tells.
    await files.write(path, b"one\ntwo\nTHREE\n")
    with pytest.raises(FileChanged, match="changed by somebody else") as told:
        await service.save(opened, b"ONE\ntwo\nthree\n")
    assert await files.read_bytes(path) == b"one\ntwo\nTHREE\n"
    error = told.value
    assert error.theirs is not None
    merged = merge(*(part.decode() for part in (error.base, error.mine, error.theirs)))
    await service.save(opened.holding(error.theirs), merged.text.encode())
    assert await files.read_bytes(path) == b"ONE\ntwo\nTHREE\n"
    # What was written, but for whose answer the link broke, is nobody else's change.
    again = await service.save(opened, b"ONE\ntwo\nTHREE\n")
    assert again.content == b"ONE\ntwo\nTHREE\n"
    # It is gone meanwhile.
    opened = await service.open(files.place, path)
    await files.remove(path)
    with pytest.raises(FileChanged, match="is gone") as told:
        await service.save(opened, b"mine\n")
    assert told.value.theirs is None
    await service.save(opened.holding(None), b"mine\n")
    assert await files.read_bytes(path) == b"mine\n"


async def test_new_files_other_names_and_folders_that_vanish(box: Box, store: EditStore) -> None:
    files = box.files
    service = Editing(files=files, store=store).service()
    opened = await service.open(files.place, f"{box.path}/new")
    assert (opened.exists, opened.content) == (False, b"")
    saved = await service.save(opened, b"hello\n")
    assert (saved.exists, saved.attributes and saved.attributes.mode) == (True, 0o644)
    with pytest.raises(FileChanged):
        await service.save(opened, b"by another editor that opened it as new\n")
    other = await service.save_as(saved, f"{box.path}/other", b"hi\n")
    assert await files.read_bytes(other.path) == b"hi\n"
    with pytest.raises(Conflict, match="already"):
        await service.save_as(saved, f"{box.path}/new", b"x")
    await files.make_directory(f"{box.path}/dir")
    lost = await service.open(files.place, f"{box.path}/dir/file")
    await files.remove_tree(f"{box.path}/dir")
    with pytest.raises(NotFound):
        await service.save(lost, b"x")
    with pytest.raises(NotFound):
        await service.open(files.place, f"{box.path}/dir/file")
    with pytest.raises(PreflightFailed, match="is a directory"):
        await service.open(files.place, box.path)


async def test_what_is_no_text_is_told_and_left_alone(box: Box, store: EditStore) -> None:
    files, path = box.files, f"{box.path}/file"
    service = Editing(files=files, store=store).service()
    for content, reason in (
        (b"\x7fELF\0\0", NotText.BINARY),
        (b"#" * (EDITED_AT_MOST + 1), NotText.TOO_LARGE),
    ):
        await files.write(path, content)
        assert (await service.open(files.place, path)).file is reason
        assert await files.read_bytes(path) == content


async def test_a_stopped_instance_is_edited_and_one_that_goes_away_tells(
    daemon: Daemon, instance_name: str, store: EditStore
) -> None:
    daemon.launch(instance_name, start=False)
    place = Place(ref=InstanceRef("here", "default", instance_name))
    async with editing_at(daemon, store) as service:
        opened = await service.open(place, "/etc/passwd")
        opened = await service.save(opened, opened.content + b"# edited\n")
    daemon.set_state(instance_name, "start")
    assert "# edited" in daemon.exec(instance_name, "cat", "/etc/passwd")
    await set_id_bits_are_kept_or_nothing_is_written(daemon, place, store)
    daemon.delete_instances([instance_name], project="default")
    async with editing_at(daemon, store) as service:
        with pytest.raises(LxdTuiError) as told:
            await service.save(opened, b"lost?")
        assert instance_name in str(told.value)


async def set_id_bits_are_kept_or_nothing_is_written(
    daemon: Daemon, place: Place, store: EditStore
) -> None:
    """Save set-id files of a running instance, and of the same one when it is stopped."""
    assert place.ref is not None
    name = place.ref.name

    def shell(script: str) -> str:
        return daemon.exec(name, "sh", "-c", script)

    shell(
        "mkdir /opt /opt/real /opt/mine; ln -s real /opt/link; chown 1000 /opt/mine;"
        "for one in real mine; do echo old > /opt/$one/tool; chown 5:6 /opt/$one/tool;"
        "chmod 4755 /opt/$one/tool; done"
    )
    async with editing_at(daemon, store) as service:
        opened = await service.open(place, "/opt/link/tool")
        await service.save(opened, b"new\n")
        assert shell("stat -c '%a %u:%g' /opt/real/tool; cat /opt/real/tool") == "4755 5:6\nnew\n"
        # Whose folder it is could have another file made set-id.
        opened = await service.open(place, "/opt/mine/tool")
        with pytest.raises(BadRequest, match="others than root may change /opt/mine"):
            await service.save(opened, b"new\n")
        assert shell("ls -A /opt/mine; cat /opt/mine/tool") == "tool\nold\n"
    daemon.set_state(name, "stop", force=True)
    async with editing_at(daemon, store) as service:
        opened = await service.open(place, "/opt/real/tool")
        with pytest.raises(BadRequest, match="does not set the mode 4755") as refused:
            await service.save(opened, b"too good to be lost")
        assert "Start the instance" in refused.value.hint
        assert (await service.open(place, "/opt/real/tool")).content == b"new\n"


# What needs no server


@asynccontextmanager
async def editing_at(daemon: Daemon, store: EditStore) -> AsyncIterator[EditingService]:
    """A service that leaves nothing open in the instance: that would keep it from starting."""
    fleet = Fleet([Remote(name="here", endpoint=Endpoint(socket=daemon.socket))])
    yield EditingService(fleet.files, store)
    await fleet.aclose()


@pytest.fixture
def files() -> MemoryFileSystem:
    memory = MemoryFileSystem()
    memory.file("/etc/motd", b"caf\xe9\n")
    return memory


async def test_characters_that_the_encoding_lacks_are_told_with_their_line(
    files: MemoryFileSystem, store: EditStore
) -> None:
    service = Editing(files=files, store=store).service()
    opened = await service.open(LOCAL, "/etc/motd")
    assert isinstance(opened.file, TextFile)
    with pytest.raises(PreflightFailed, match="Latin-1 has no “€”, which stands in line 2") as told:
        await service.encode(opened, "café\n5 €\n", opened.file.form)
    assert told.value.hint == "Change its encoding to UTF-8."


async def test_a_failed_write_is_told_and_can_be_tried_again(
    files: MemoryFileSystem, store: EditStore
) -> None:
    service = Editing(files=files, store=store).service()
    opened = await service.open(LOCAL, "/etc/motd")
    files.errors["write"] = ServerError("write /etc/motd", "no space left on device")
    with pytest.raises(ServerError, match="no space left"):
        await service.save(opened, b"new\n")
    assert (await service.save(opened, b"new\n")).content == b"new\n"


async def test_saving_goes_on_where_the_version_cannot_be_kept(
    files: MemoryFileSystem, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file, where a folder should be")
    service = Editing(files=files, store=EditStore(tmp_path / "taken" / "edits")).service()
    opened = await service.open(LOCAL, "/etc/motd")
    saved = await service.save(opened, b"new\n")
    assert saved.warning == "Cannot keep the earlier version: Not a directory"
    assert await files.read_bytes("/etc/motd") == b"new\n"


async def test_versions_are_private_bounded_and_apart(
    files: MemoryFileSystem, store: EditStore, tmp_path: Path
) -> None:
    service = Editing(files=files, store=store).service()
    opened = await service.open(LOCAL, "/etc/motd")
    for number in range(25):
        opened = await service.save(opened, f"{number}\n".encode())
    versions = await service.versions(LOCAL, "/etc/motd")
    contents = [await service.read_version(version) for version in versions]
    assert contents == [f"{number}\n".encode() for number in range(23, 3, -1)]
    assert versions[0].kept_at == datetime(2026, 11, 24, 12, 24, tzinfo=UTC)
    assert await service.versions(LOCAL, "/etc/hosts") == ()
    elsewhere = Place(ref=InstanceRef("prod", "default", "web"))
    assert await service.versions(elsewhere, "/etc/motd") == ()
    for file in (tmp_path / "state" / "edits").glob("**/*"):
        assert stat.S_IMODE(file.stat().st_mode) == (0o700 if file.is_dir() else 0o600)
    versions[0].file.write_bytes(b"damaged")
    versions[1].file.write_bytes(gzip.compress(b"no\0text"))
    with pytest.raises(LocalFileError):
        await service.read_version(versions[0])
    damaged, binary, *others = await service.earlier(LOCAL, "/etc/motd")
    assert damaged.problem == "what is kept of it is damaged"
    assert (binary.file, binary.problem) == (None, "it is not text")
    assert [one.file.text for one in others if one.file] == [f"{n}\n" for n in range(21, 3, -1)]


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from lxdtui.model.place import LOCAL
from lxdtui.services.editing import EditStore, TextForm
draft = EditStore(Path(sys.argv[1])).draft(LOCAL, "/etc/motd")
draft.keep("never saved \\udcff\\n", TextForm(), b"base", datetime(2026, 1, 1, tzinfo=UTC))
print("kept", flush=True)
sys.stdin.read()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_unsaved_text_outlives_its_editor_and_is_not_offered_before(
    store: EditStore, tmp_path: Path
) -> None:
    folder = tmp_path / "state" / "edits"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as editor:
        assert editor.stdout is not None
        assert editor.stdout.readline() == "kept\n"
        assert store.unsaved(LOCAL, "/etc/motd") is None
    found = store.unsaved(LOCAL, "/etc/motd")
    assert found is not None
    assert (found.text, found.form, found.base) == ("never saved \udcff\n", TextForm(), b"base")
    store.drop_unsaved(LOCAL, "/etc/motd", found.token)
    assert store.unsaved(LOCAL, "/etc/motd") is None
    draft = store.draft(LOCAL, "/etc/motd")
    draft.keep("one", TextForm(), b"", datetime(2026, 1, 1, tzinfo=UTC))
    draft.forget()
    assert store.unsaved(LOCAL, "/etc/motd") is None
    draft.keep("two", TextForm(), b"", datetime(2026, 1, 1, tzinfo=UTC))
    draft.leave()
    left = store.unsaved(LOCAL, "/etc/motd")
    assert left is not None
    assert left.text == "two"


def test_a_clock_that_is_set_back_does_not_drop_the_newest_version(store: EditStore) -> None:
    for number in range(25):
        now = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=number)
        store.keep_version(LOCAL, "/f", b"%d" % number, now)
    kept = [store.read_version(one) for one in store.versions(LOCAL, "/f")]
    assert kept == [b"%d" % number for number in range(24, 4, -1)]
    newest = store.versions(LOCAL, "/f")[0].file
    newest.write_bytes(newest.read_bytes()[:-4])
    store.keep_version(LOCAL, "/f", b"after", datetime(2026, 2, 1, tzinfo=UTC))
    assert store.read_version(store.versions(LOCAL, "/f")[0]) == b"after"
