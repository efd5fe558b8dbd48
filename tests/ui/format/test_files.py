"""Names of any bytes: seen harmless, edited, given back as they were; modes, owners, columns."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.model.files import FileAttributes, FileEntry, FileKind, path_text
from lxdtui.services.files import Owners
from lxdtui.ui.format.files import (
    editable_name,
    entry_glyph,
    mode_text,
    name_text,
    path_words,
    typed_name,
    why_no_file,
)
from lxdtui.ui.format.text import cell_width, safe_text
from lxdtui.ui.state.file_rows import FileRows, FileSort, FileView, is_up
from lxdtui.ui.state.file_visits import Visits
from lxdtui.ui.theme import UNICODE
from lxdtui.ui.widgets.file_columns import RowLook, arrange_files, file_header, file_pieces
from lxdtui.ui.widgets.pieces import width_of
from tests.contract.file_boxes import HOSTILE_NAMES

NAMES = st.one_of(
    st.binary(min_size=1, max_size=40).map(path_text),
    st.text(min_size=1, max_size=20).map(lambda text: path_text(text.encode("utf-8", "replace"))),
    st.sampled_from(HOSTILE_NAMES),
)


@given(NAMES)
def test_a_name_is_shown_harmless_and_edited_without_loss(name: str) -> None:
    shown = name_text(name)
    assert shown
    assert safe_text(shown) == shown
    editable = editable_name(name)
    assert editable.isprintable()
    assert editable.encode()
    assert typed_name(editable) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\u0591", "\\u0591"),
        ("\ufe0f", "\\ufe0f"),
        ("a\ufe0f", "a\\ufe0f"),
        ("\u2764\ufe0f.txt", "\u2764.txt"),
        ("a\u0301", "\u00e1"),
        ("x\u0301\u0301\u0301\u0301y", "x\u0301\u0301\\u0301\\u0301y"),
        ("\U000e0101b", "\\ue0101b"),
    ],
)
def test_what_would_not_be_seen_of_a_name_is_told(name: str, shown: str) -> None:
    assert name_text(name) == shown


@pytest.mark.parametrize("text", ["\\", "a\\q", "\\x1", "\\u12", "\\U99999999", "\\ud800"])
def test_an_escape_without_meaning_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="has no meaning"):
        typed_name(text)


def test_bytes_that_make_a_character_together_are_that_character() -> None:
    assert typed_name("\\xc3\\xa9") == "é"
    assert typed_name("a\\\\n\\n") == "a\\n\n"


@pytest.mark.parametrize(
    ("mode", "letters"),
    [
        (0o644, "rw-r--r--"),
        (0o4755, "rwsr-xr-x"),
        (0o4644, "rwSr--r--"),
        (0o2770, "rwxrws---"),
        (0o1777, "rwxrwxrwt"),
        (0o1000, "--------T"),
        (None, ""),
    ],
)
def test_mode_text(mode: int | None, letters: str) -> None:
    assert mode_text(FileAttributes(mode=mode)) == letters


def test_path_words() -> None:
    assert path_words("/home/me/a", "/home/me") == "~/a"
    assert path_words("/home/men", "/home/me") == "/home/men"
    assert path_words("/", "/") == "/"
    assert path_words("/a\nb/c") == "/a␊b/c"


def entry(name: str, size: int = 0, kind: FileKind = FileKind.FILE, **fields: int) -> FileEntry:
    return FileEntry(name=name, attributes=FileAttributes(kind=kind, size=size, **fields))  # type: ignore[arg-type]  # test sugar


def test_glyphs() -> None:
    glyphs = {
        kind: entry_glyph(entry("x", kind=kind, mode=0o755), folder="/", link="@")
        for kind in FileKind
    }
    assert glyphs[FileKind.DIRECTORY] == "/"
    assert glyphs[FileKind.FILE] == "*"
    assert all(len(glyph) == 1 for glyph in glyphs.values())


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        (".web.conf.0123456789ab.part", True),
        (".web.conf.0123456789ab.new", True),
        (".a\nb.0123456789ab.part", True),
        ("web.conf.0123456789ab.part", False),
        (".web.conf.0123456789.part", False),
        (".0123456789ab.part", False),
    ],
)
def test_what_is_not_whole_yet_is_told(name: str, is_told: bool) -> None:
    layout = arrange_files(80, 11)
    look = RowLook(has_cursor=False, is_marked=False, age="1 d")
    pieces = file_pieces(entry(name), layout, look, Owners(users={}, groups={}), UNICODE)
    assert any(piece.text == "  unfinished" for piece in pieces) is is_told
    assert width_of(pieces) == 80


def test_why_something_is_no_file() -> None:
    assert why_no_file(entry("x")) == ""
    assert why_no_file(None) == "no file is under the cursor"
    words = "a pipe is under the cursor, and no file"
    assert why_no_file(entry("x", kind=FileKind.FIFO)) == words
    link = entry("x", kind=FileKind.SYMLINK)
    assert why_no_file(link) == "the link leads nowhere"
    assert why_no_file(replace(link, target="y", target_kind=FileKind.FILE)) == ""
    assert "a folder" in why_no_file(replace(link, target="y", target_kind=FileKind.DIRECTORY))


def shown(rows: FileRows) -> list[str]:
    return [one.name for one in rows.shown]


def test_rows_are_sorted_as_people_count_with_folders_first() -> None:
    rows = FileRows()
    found = [
        entry("file10", 5),
        entry("File2.txt", 9),
        entry(".hidden"),
        entry("b", kind=FileKind.DIRECTORY),
        FileEntry(
            name="a",
            attributes=FileAttributes(kind=FileKind.SYMLINK),
            target="b",
            target_kind=FileKind.DIRECTORY,
        ),
    ]
    rows.take(found, is_top=False)
    assert shown(rows) == ["..", "a", "b", "File2.txt", "file10"]
    assert is_up(rows.shown[0])
    assert (rows.hidden_count, rows.folder_count) == (1, 1)
    rows.look(FileView(shows_hidden=True, sort=FileSort.SIZE))
    assert shown(rows) == ["..", "a", "b", "File2.txt", "file10", ".hidden"]
    rows.look(FileView(sort=FileSort.EXTENSION, reverse=True))
    assert shown(rows) == ["..", "a", "b", "File2.txt", "file10"]
    rows.look(FileView(words="FILE 2"))
    assert shown(rows) == ["File2.txt"]
    rows.toggle(("file10", "b"))
    assert [one.name for one in rows.marked] == ["b", "file10"]
    rows.take(found[1:], is_top=True)
    assert (rows.marks, shown(rows)) == ({"b"}, ["File2.txt"])


@pytest.mark.parametrize("width", [10, 24, 39, 60, 80, 140])
def test_every_row_takes_the_width_there_is(width: int) -> None:
    layout = arrange_files(width, 11)
    header = file_header(layout, FileSort.SIZE, reverse=False, glyphs=UNICODE)
    owners = Owners(users={0: "root", 1: "\x1b[31m" * 9}, groups={0: "root", 1: "日本"})
    for name in (*HOSTILE_NAMES, "日本" * 50):
        for owner in (0, 1):
            one = FileEntry(
                name=name,
                attributes=FileAttributes(
                    kind=FileKind.SYMLINK, size=2**60, mode=0o7777, uid=owner, gid=owner
                ),
                target="/日本" * 9,
            )
            look = RowLook(has_cursor=True, is_marked=True, age="365 d")
            pieces = file_pieces(one, layout, look, owners, UNICODE)
            if width >= 39:
                assert width_of(pieces) == width
            assert all(safe_text(piece.text) == piece.text for piece in pieces)
    if width >= 39:
        assert width_of(header) <= width
        assert cell_width("".join(piece.text for piece in header)) >= width - 20


def test_visits_go_back_and_forward() -> None:
    visits = Visits()
    assert visits.step(-1) is None
    for path in ("/a", "/b", "/b", "/c"):
        visits.add(path)
    assert [visits.step(-1), visits.step(-1), visits.step(-1)] == ["/b", "/a", None]
    assert visits.step(1) == "/b"
    visits.add("/d")
    assert (visits.step(1), visits.step(-1)) == (None, "/b")
