import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.services.editing.document import (
    EDITED_AT_MOST,
    Encoding,
    LineEnds,
    NotText,
    TextFile,
    decode,
    indent_of,
)

PIECES = st.sampled_from(
    [b"a", b"\n", b"\r\n", b"\r", b"\t", "é€😀".encode(), b"\xe9", b"\xff", b"\x85", b"\x0c", b" "]
)
TEXTS = st.lists(PIECES, max_size=60).map(b"".join)
MARKS = st.sampled_from([b"", codecs.BOM_UTF8])


@given(mark=MARKS, content=TEXTS | st.binary(max_size=80))
def test_opening_and_saving_gives_the_same_bytes(mark: bytes, content: bytes) -> None:
    opened = decode(mark + content)
    if isinstance(opened, TextFile):
        assert opened.form.encode(opened.text) == mark + content


@given(
    text=st.text(st.characters(exclude_characters="\0"), max_size=60),
    encoding=st.sampled_from(["utf-16-le", "utf-16-be"]),
)
def test_utf_16_gives_the_same_bytes(text: str, encoding: str) -> None:
    mark = codecs.BOM_UTF16_LE if encoding.endswith("le") else codecs.BOM_UTF16_BE
    content = mark + text.encode(encoding, "surrogatepass")
    opened = decode(content)
    assert isinstance(opened, TextFile) or content.startswith(codecs.BOM_UTF32_LE)
    if isinstance(opened, TextFile):
        assert opened.form.encode(opened.text) == content


@given(content=TEXTS, place=st.integers(0, 30), new=st.text("xyé", max_size=5))
def test_lines_that_are_not_changed_keep_their_bytes(content: bytes, place: int, new: str) -> None:
    opened = decode(content)
    assert isinstance(opened, TextFile)
    lines = opened.text.split("\n")
    place %= len(lines)
    end = "\r" if lines[place].endswith("\r") else ""
    lines[place] = new + end
    saved = opened.form.encode("\n".join(lines)).split(b"\n")
    before = content.split(b"\n")
    assert len(saved) == len(before)
    assert saved[:place] + saved[place + 1 :] == before[:place] + before[place + 1 :]


@pytest.mark.parametrize(
    ("content", "encoding", "line_ends", "text", "kept"),
    [
        (b"", Encoding.UTF_8, LineEnds.LF, "", 0),
        (b"a\nb", Encoding.UTF_8, LineEnds.LF, "a\nb", 0),
        (b"a\r\nb\r\n", Encoding.UTF_8, LineEnds.CRLF, "a\nb\n", 0),
        (b"a\r\nb\n", Encoding.UTF_8, LineEnds.MIXED, "a\r\nb\n", 0),
        (b"old\rmac\r", Encoding.UTF_8, LineEnds.LF, "old\rmac\r", 0),
        (b"\xef\xbb\xbf\xc3\xa9", Encoding.UTF_8_BOM, LineEnds.LF, "é", 0),
        (b"\xff\xfea\0\r\0\n\0", Encoding.UTF_16_LE, LineEnds.CRLF, "a\n", 0),
        (b"\xfe\xff\0a", Encoding.UTF_16_BE, LineEnds.LF, "a", 0),
        (b"caf\xe9\n", Encoding.LATIN_1, LineEnds.LF, "café\n", 0),
        ("né".encode() + b"\xff\xfe", Encoding.UTF_8, LineEnds.LF, "né\udcff\udcfe", 2),
    ],
)
def test_what_a_file_is_made_of(
    content: bytes, encoding: Encoding, line_ends: LineEnds, text: str, kept: int
) -> None:
    opened = decode(content)
    assert isinstance(opened, TextFile)
    assert (opened.form.encoding, opened.form.line_ends) == (encoding, line_ends)
    assert (opened.text, opened.bytes_kept) == (text, kept)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x7fELF\x02\x01\x01\0\0", NotText.BINARY),
        (bytes(range(1, 32)) * 9, NotText.BINARY),
        (random.Random(1).randbytes(4096), NotText.BINARY),
        (codecs.BOM_UTF32_LE + "text".encode("utf-32-le"), NotText.BINARY),
        (codecs.BOM_UTF16_LE + b"a\0b", NotText.BINARY),
        (b"a" * 100_000 + b"\n" + b"text\0", NotText.BINARY),
        (b"a" * 300_000, NotText.LONG_LINES),
        (b"line\n" * (EDITED_AT_MOST // 5 + 1), NotText.TOO_LARGE),
    ],
)
def test_what_is_not_edited(content: bytes, reason: NotText) -> None:
    assert decode(content) is reason


def test_colours_in_a_log_are_text() -> None:
    assert isinstance(decode(b"\x1b[32mok\x1b[0m all is well\n" * 20), TextFile)


def test_a_character_that_the_encoding_lacks_is_told_and_utf_8_has_it() -> None:
    opened = decode(b"caf\xe9\n")
    assert isinstance(opened, TextFile)
    with pytest.raises(UnicodeEncodeError):
        opened.form.encode("5 €\n")
    assert opened.as_utf_8().form.encode("5 €\n") == "5 €\n".encode()


@pytest.mark.parametrize(
    ("text", "indent"),
    [
        ("", (" ", 4)),
        ("a:\n  b:\n    c: 1\n  d: 2\n", (" ", 2)),
        ("if x:\n    y\n    if z:\n        w\n", (" ", 4)),
        ("all:\n\tcc x\n\tld y\n", ("\t", 8)),
        ("/*\n * one\n * two\n */\n", (" ", 4)),
    ],
)
def test_a_text_tells_how_it_indents(text: str, indent: tuple[str, int]) -> None:
    assert indent_of(text) == indent
