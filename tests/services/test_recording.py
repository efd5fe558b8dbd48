"""Recordings written and read."""

import json
import os
import threading
import tracemalloc
from pathlib import Path

import pytest

from lxdtui.errors import LocalFileError
from lxdtui.services import recording, recordings
from lxdtui.services.private_files import save_text
from lxdtui.services.recording import Recorder
from lxdtui.services.recording_events import EventList
from lxdtui.services.recordings import delete_recording, list_recordings, read_recording
from lxdtui.terminal.asciicast import CastEvent, CastHeader, CastWriter, EventKind

HEADER = CastHeader(columns=80, rows=24, timestamp=1, title="web")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_output_and_sizes_are_written_with_their_times(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.cast"
    clock = Clock()
    path.parent.mkdir()
    fileno = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    recorder = Recorder(path, fileno, HEADER, clock=clock)
    for second, data in ((100.25, b"a\xc3"), (101.5, b"\xa4b")):
        clock.now = second
        recorder.received(data)
    recorder.sent(b"secret")
    recorder.resized(100, 30)
    recorder.finish()
    recorder.received(b"too late")
    assert recorder.wait(10)
    assert recorder.problem == ""
    lines = path.read_text().splitlines()
    assert json.loads(lines[0])["version"] == 2
    assert [json.loads(line) for line in lines[1:]] == [
        [0.25, "o", "a"],
        [1.5, "o", "äb"],
        [1.5, "r", "100x30"],
    ]
    read = read_recording(path)
    assert read.header == HEADER
    assert (read.seconds, len(read.events), read.problem) == (1.5, 3, "")


def test_the_file_is_new_and_private_and_input_only_where_asked(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "a.cast"
    recorder = Recorder.begin(path, HEADER, has_input=True)
    recorder.sent(b"typed")
    recorder.finish()
    assert recorder.wait(10)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert '"i", "typed"' in path.read_text()
    with pytest.raises(LocalFileError, match="File exists"):
        Recorder.begin(path, HEADER)
    Recorder.begin(path, HEADER, overwrites=True).finish()


def test_a_full_disk_ends_the_recording_in_words_and_nothing_else() -> None:
    said: list[str] = []
    is_said = threading.Event()

    def on_problem(words: str) -> None:
        said.append(words)
        is_said.set()

    fileno = os.open("/dev/full", os.O_WRONLY)
    recorder = Recorder(Path("/dev/full"), fileno, HEADER, on_problem=on_problem)
    assert is_said.wait(10)
    recorder.received(b"more")
    assert said == ["No space left on device"]
    assert recorder.is_over
    assert recorder.wait(10)


def test_a_disk_that_does_not_keep_up_ends_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "MOST_WAITING", 1000)
    reader, writer = os.pipe()
    recorder = Recorder(tmp_path / "pipe", writer, HEADER)
    for _ in range(2000):
        recorder.received(b"x" * 100)
    assert recorder.problem == "the disk does not keep up"
    threading.Thread(
        target=lambda: [None for _ in iter(lambda: os.read(reader, 65536), b"")]
    ).start()
    assert recorder.wait(10)
    assert recorder.is_over


def test_recordings_are_listed_newest_first(tmp_path: Path) -> None:
    assert list_recordings(tmp_path / "nowhere") == []
    for number, name in enumerate(("a.cast", "b.cast", "c.txt")):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (number, number))
    (tmp_path / "d.cast").mkdir()
    assert [one.path.name for one in list_recordings(tmp_path)] == ["b.cast", "a.cast"]


HEAD = '{"version": 2, "width": 80, "height": 24}\n'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Expecting value"),
        (b"\x00\xff\xfe", "Expecting value"),
        (b'{"version": 1}', "no output"),
        (b'{"version": 4}\n[]', "no version that is known"),
        (b"{\n}", "not an asciicast"),
        (b"[" * 1_000_000, "nested too deeply"),
    ],
)
def test_what_is_no_recording_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.cast"
    path.write_bytes(content)
    with pytest.raises(LocalFileError, match=words):
        read_recording(path)


def test_a_recording_that_breaks_off_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "x.cast"
    path.write_text(HEAD + '[1, "o", "a"]\n\n[0.5, "o", "b\\ud800"]\n[2, "o", "c')
    read = read_recording(path)
    assert [(event.seconds, event.data) for event in read.events] == [(1, "a"), (1, "b\ud800")]
    assert read.problem.startswith("line ")


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "x.cast"
    os.mkfifo(path)
    with pytest.raises(LocalFileError, match="not a file"):
        read_recording(path)
    with pytest.raises(LocalFileError, match="not a file"):
        read_recording(tmp_path / "y.cast")


def test_a_text_replaces_a_file_only_as_a_whole(tmp_path: Path) -> None:
    path, other = tmp_path / "text", tmp_path / "other"
    other.write_text("of somebody else")
    path.symlink_to(other)
    assert save_text(path, "new", overwrites=True) == 3
    assert (path.read_text(), path.is_symlink()) == ("new", False)
    assert path.stat().st_mode & 0o777 == 0o600
    assert other.read_text() == "of somebody else"
    (tmp_path / "folder").mkdir()
    with pytest.raises(LocalFileError, match="folder"):
        save_text(tmp_path / "folder", "new", overwrites=True)
    with pytest.raises(LocalFileError, match="File exists"):
        save_text(path, "newer")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["folder", "other", "text"]


@pytest.mark.parametrize(
    ("content", "seconds", "problem"),
    [
        (
            '{"version": 3, "term": {"cols": 80, "rows": 24}}\n[1, "o", "a"]\n# x\n[2, "o", "b"]',
            3,
            "",
        ),
        ('{"version": 1, "width": 80, "height": 24,\n "stdout": [[1, "a"],\n [2, "b"]]}', 3, ""),
        ('{"version":1,"width":80,"height":24,"stdout":[[1,"a"],[2,"b"],0]}', 3, "piece 3"),
    ],
)
def test_other_versions_are_read(
    tmp_path: Path, content: str, seconds: float, problem: str
) -> None:
    path = tmp_path / "a.cast"
    path.write_text(content)
    read = read_recording(path)
    assert (read.header.columns, read.header.rows, read.seconds) == (80, 24, seconds)
    assert [event.data for event in read.events] == ["a", "b"]
    assert read.problem.startswith(problem)
    assert bool(read.problem) == bool(problem)


def test_many_small_events_take_little_memory_and_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = EventList(CastEvent(n / 8, EventKind.OUTPUT, "x") for n in range(20_000))
    before, after = events[7], events[-1]
    assert (before.seconds, after.seconds, after.data) == (7 / 8, 19_999 / 8, "x")
    assert [one.seconds for one in events[2:4]] == [0.25, 0.375]
    tracemalloc.start()
    try:
        kept = EventList(events)
        assert tracemalloc.get_traced_memory()[0] / len(kept) < 30
    finally:
        tracemalloc.stop()
    monkeypatch.setattr(recordings, "MAX_EVENTS", 3)
    path = tmp_path / "a.cast"
    path.write_text(CastWriter.header(HEADER) + '[1, "o", "a"]\n' * 5)
    read = read_recording(path)
    assert (len(read.events), read.problem) == (3, "the rest is left out: it is too long")
    delete_recording(path)
    delete_recording(path)
    assert list_recordings(tmp_path) == []
    with pytest.raises(LocalFileError, match="Cannot delete"):
        delete_recording(tmp_path)
