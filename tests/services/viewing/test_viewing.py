"""Lines, searching and growth of files that are read in pieces."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lxdtui.errors import BadRequest, TextNotUnderstood
from lxdtui.services.editing.document import view_codec
from lxdtui.services.expressions import Expressions
from lxdtui.services.viewing import (
    FileLines,
    FileNews,
    PagedFile,
    search,
    text_of,
    wanted_bytes,
    wanted_words,
)
from lxdtui.services.viewing.lines import PIECE
from tests.services.files.conftest import Box, box
from tests.ui.files import MemoryFileSystem

__all__ = ["box"]


@pytest.fixture
def expressions() -> Iterator[Expressions]:
    made = Expressions(seconds=0.1)
    yield made
    made.close()


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


async def test_places_are_found_in_both_directions_and_over_borders(
    expressions: Expressions,
) -> None:
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
        while (
            hit := await search(expressions, file, wanted, at, progress=told.append)
        ) is not None:
            found.append(hit.start - 1)
            at = hit.start + 1
        assert found == places
        end, found = len(content), []
        while (hit := await search(expressions, file, wanted, end, backwards=True)) is not None:
            found.append(hit.start - 1)
            end = hit.start
        assert found == places[::-1]
    assert told
    assert (
        await search(expressions, file, wanted_words("none", is_regex=False, minds_case=True), 0)
        is None
    )


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
async def test_utf_16_is_text_with_its_own_lines_and_places(
    codec: str, expressions: Expressions
) -> None:
    # Characters whose bytes look like line ends where units are not minded.
    rows = [f"{number} Ā\u0a05Ā 🐧 Zeile" for number in range(60_000)]
    rows[30_000] = "ą" * 20_000
    text = "".join(f"{row}\r\n" for row in rows)
    content = f"\ufeff{text}".encode(codec)
    file = await opened(memory(content))
    lines = FileLines(file)
    lines.codec = view_codec(content[:4])
    assert lines.codec == codec
    down = await lines.at(0, 100_000)
    assert "".join(text_of(line.content, codec) for line in down) == "".join(rows)
    assert sum(line.size for line in down) == len(content)
    assert await lines.before(len(content), 100_000) == down
    (line,) = await lines.at(await lines.start_of_number(50_000), 1)
    assert text_of(line.content, codec) == rows[49_999]
    assert await lines.count_before(line.offset) == 49_999
    assert await lines.start_of(line.offset + 5) == line.offset
    wanted = wanted_words(r"^4\d999 .*ZEILE", is_regex=True, minds_case=False, codec=codec)
    at, found = 0, []
    while (hit := await search(expressions, file, wanted, at)) is not None:
        found.append(text_of(content[hit.start : hit.end], codec)[:5])
        at = hit.start + 1
    assert found == [f"4{number}999" for number in range(10)]
    last = await search(expressions, file, wanted, len(content), backwards=True)
    assert last is not None
    assert text_of(content[last.start : last.end], codec) == rows[49_999]
    # The last unit is not whole.
    file = await opened(memory(content[:7]))
    lines = FileLines(file)
    lines.codec = codec
    assert len(await lines.at(0, 5)) == 1


@pytest.mark.parametrize("words", ["1", "zz", "1f 8"])
def test_bytes_that_are_none_are_told(words: str) -> None:
    with pytest.raises(TextNotUnderstood, match="hexadecimal"):
        wanted_bytes(words)


async def test_expressions_that_are_none_or_hopeless_end(expressions: Expressions) -> None:
    file = await opened(memory(b"x\n" * 1000 + b"a" * 60))
    for words, reason in (("(", "missing"), ("(a*)*b", "too long")):
        for is_backwards, start in ((False, 0), (True, file.size)):
            wanted = wanted_words(words, is_regex=True, minds_case=False)
            with pytest.raises(TextNotUnderstood, match=reason):
                await search(expressions, file, wanted, start, backwards=is_backwards)


async def test_characters_are_found_as_such_among_bytes_that_are_none(
    expressions: Expressions,
) -> None:
    for codec in ("utf-8", "latin-1"):
        content = b"\xff\xfe ab\xe2 " + ("x" * 1_048_571 + "größe ÜBUNG\n").encode(codec)
        file = await opened(memory(content))
        for words, is_regex, expected in (
            ("übung", False, "ÜBUNG"),
            ("gr.{2}e", True, "größe"),
            ("[^ -~\n\udc80-\udcff]+", True, "öß"),
        ):
            if codec == "latin-1" and "udc80" in ascii(words):
                continue
            wanted = wanted_words(words, is_regex=is_regex, minds_case=False, codec=codec)
            for is_backwards, start in ((False, 0), (True, file.size)):
                hit = await search(expressions, file, wanted, start, backwards=is_backwards)
                assert hit is not None
                found = content[hit.start : hit.end].decode(codec)
                assert found == (expected if words[0] != "[" or not is_backwards else "Ü")


async def test_words_are_looked_for_in_the_encoding_of_the_file(expressions: Expressions) -> None:
    for codec in ("utf-8", "latin-1", "utf-16-le"):
        content = "a caf½ b".encode(codec)
        wanted = wanted_words("f½", is_regex=False, minds_case=False, codec=codec)
        hit = await search(expressions, await opened(memory(content)), wanted, 0)
        assert hit is not None
        assert content[hit.start : hit.end] == "f½".encode(codec)


async def test_what_becomes_of_a_file_is_noticed(box: Box) -> None:
    files, path = box.files, f"{box.path}/log"
    await files.write(path, b"one\n" * 100_000)
    file = PagedFile(files, path)
    await file.open()
    assert await file.read(file.size - 4, 100) == b"one\n"
    assert await file.look() is FileNews.READ_AGAIN
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


async def test_a_file_that_was_rewritten_is_read_anew(box: Box) -> None:
    files, path = box.files, f"{box.path}/log"
    await files.write(path, b"one\n" * 100_000)
    file = PagedFile(files, path)
    await file.open()
    assert await file.read(0, 8) == b"one\none\n"
    # Of the same size, perhaps in the same second.
    await files.write(path, b"two\n" * 100_000)
    assert await file.look() is FileNews.CHANGED
    assert await file.read(0, 8) == b"two\ntwo\n"
    await files.write(path, b"3\n" * 300_000)
    assert await file.look() is FileNews.CHANGED
    assert await file.read(0, 4) == b"3\n3\n"
    # Somewhere else than where it was looked at last.
    await files.write(path, b"4\n" + b"3\n" * 300_000)
    await file.look()
    assert await file.read(0, 4) == b"4\n3\n"


async def test_files_that_say_that_they_are_empty_are_read(box: Box) -> None:
    if box.is_real:
        file = PagedFile(box.files, "/proc/version")
        await file.open()
        assert (await file.read(0, 100)).startswith(b"Linux version")
