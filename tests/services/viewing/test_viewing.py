"""Lines, searching and growth of files that are read in pieces."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lxdtui.errors import BadRequest, TextNotUnderstood
from lxdtui.services.viewing import (
    FileLines,
    FileNews,
    PagedFile,
    search,
    wanted_bytes,
    wanted_words,
)
from lxdtui.services.viewing.lines import PIECE
from tests.services.files.conftest import Box, box
from tests.ui.files import MemoryFileSystem

__all__ = ["box"]


def memory(content: bytes) -> MemoryFileSystem:
    files = MemoryFileSystem()
    files.file("/file", content)
    return files


async def opened(files: MemoryFileSystem) -> PagedFile:
    file = PagedFile(files, "/file")
    await file.open()
    return file


async def beginning(file: PagedFile) -> bytes:
    await file.open()
    return await file.read(0, 1)


PARTS = st.sampled_from(
    [b"\n", b"a\n", b"\r\n", b"x" * 5000, b"y" * PIECE, b"z" * (PIECE - 1), b"short line\n"]
)


@settings(max_examples=60, deadline=None)
@given(parts=st.lists(PARTS, max_size=12), places=st.lists(st.integers(0, 90_000), max_size=5))
def test_going_down_and_up_meets_the_same_lines(parts: list[bytes], places: list[int]) -> None:
    content = b"".join(parts)

    async def check() -> None:
        file = await opened(memory(content))
        lines = FileLines(file)
        down = await lines.at(0, 10_000)
        assert b"".join(content[line.offset : line.end] for line in down) == content
        assert await lines.before(len(content), 10_000) == down
        for line in down:
            assert len(line.content) < 2 * PIECE
            raw = content[line.offset : line.end]
            assert line.content == raw.removesuffix(b"\n").removesuffix(
                b"\r" if b"\n" in raw else b""
            )
        starts = [line.offset for line in down]
        for place in places:
            if place < len(content):
                expected = max(start for start in starts if start <= place)
                assert await lines.start_of(place) == expected
                number = content.count(b"\n", 0, place)
                assert await lines.count_before(place) == number

    asyncio.run(check())


async def test_lines_are_found_by_their_number_in_constant_memory() -> None:
    content = b"".join(b"line %d %s\n" % (number, b"x" * 100) for number in range(1, 200_001))
    file = await opened(memory(content))
    lines = FileLines(file)
    for number in (1, 2, 77_777, 200_000):
        (line,) = await lines.at(await lines.start_of_number(number), 1)
        assert line.content.startswith(b"line %d " % number)
    assert await lines.start_of_number(10**9) == content.rindex(b"line")
    assert sum(map(len, file._blocks.values())) <= 8 * 1024**2


async def test_places_are_found_in_both_directions_and_over_borders() -> None:
    content = bytearray(b"." * 3_000_000)
    places = [0, 1_048_570, 2_097_150, 2_999_990]
    for place in places:
        content[place : place + 9] = b"\nNeedle 7"
    file = await opened(memory(bytes(content)))
    told: list[int] = []
    for wanted in (
        wanted_words("needle", is_regex=False, minds_case=False),
        wanted_words(r"^N\w+ \d$|^N\w+ 7", is_regex=True, minds_case=True),
        wanted_bytes("4E 65 65 64"),
    ):
        at, found = 0, []
        while (hit := await search(file, wanted, at, progress=told.append)) is not None:
            found.append(hit.start - 1)
            at = hit.start + 1
        assert found == places
        end, found = len(content), []
        while (hit := await search(file, wanted, end, backwards=True)) is not None:
            found.append(hit.start - 1)
            end = hit.start
        assert found == places[::-1]
    assert told
    assert await search(file, wanted_words("none", is_regex=False, minds_case=True), 0) is None


@pytest.mark.parametrize("words", ["1", "zz", "1f 8"])
def test_bytes_that_are_none_are_told(words: str) -> None:
    with pytest.raises(TextNotUnderstood, match="hexadecimal"):
        wanted_bytes(words)
    with pytest.raises(TextNotUnderstood):
        wanted_words("(", is_regex=True, minds_case=False)


async def test_what_becomes_of_a_file_is_noticed(box: Box) -> None:
    files, path = box.files, f"{box.path}/log"
    await files.write(path, b"one\n" * 100_000)
    file = PagedFile(files, path)
    await file.open()
    assert await file.read(file.size - 4, 100) == b"one\n"
    assert await file.look() is FileNews.SAME
    await files.append(path, b"two\n")
    assert await file.look() is FileNews.GREW
    assert await file.read(file.size - 8, 100) == b"one\ntwo\n"
    await files.write(path, b"anew\n")
    assert await file.look() is FileNews.BEGAN_ANEW
    assert await file.read(0, 100) == b"anew\n"
    await files.remove(path)
    assert await file.look() is FileNews.GONE
    with pytest.raises(BadRequest):
        await beginning(PagedFile(files, box.path))


async def test_files_that_say_that_they_are_empty_are_read(box: Box) -> None:
    if box.is_real:
        file = PagedFile(box.files, "/proc/version")
        await file.open()
        assert (await file.read(0, 100)).startswith(b"Linux version")
