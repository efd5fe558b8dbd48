"""Names and attributes of files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.model.files import (
    FileAttributes,
    FileEntry,
    FileKind,
    base_name,
    format_mode,
    is_entry_name,
    join_path,
    parent_path,
    parse_mode,
    path_bytes,
    path_text,
    quote_path,
    short_path,
)


@given(st.binary(max_size=300))
def test_paths_keep_their_bytes(path: bytes) -> None:
    assert path_bytes(path_text(path)) == path


@given(st.text(alphabet=st.characters(), max_size=30))
def test_any_text_has_bytes_and_a_quoted_form(path: str) -> None:
    path_bytes(path)
    assert quote_path(path).isascii()


def test_half_surrogates_that_stand_for_no_byte() -> None:
    assert path_bytes("/a\ud800") == b"/a?"


def test_quoted_path() -> None:
    assert quote_path("/a b%\n?#+&=\udcff/ä") == "/a%20b%25%0A%3F%23%2B%26%3D%FF/%C3%A4"


@pytest.mark.parametrize(
    ("path", "above", "name"),
    [
        ("/", "/", ""),
        ("/a", "/", "a"),
        ("/a/b", "/a", "b"),
        ("/a/b/", "/a", "b"),
        ("/a b/\n", "/a b", "\n"),
    ],
)
def test_parts_of_paths(path: str, above: str, name: str) -> None:
    assert (parent_path(path), base_name(path)) == (above, name)


def test_joined_paths() -> None:
    assert join_path("/", "a") == "/a"
    assert join_path("/a/", "../b") == "/a/../b"
    assert join_path("/a", "/b") == "/b"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/", "../x", "a\0"])
def test_names_that_lead_elsewhere(name: str) -> None:
    assert not is_entry_name(name)


@pytest.mark.parametrize("name", ["a", "...", ".a", "a\nb", " ", "\udcff", "-rf"])
def test_names_of_entries(name: str) -> None:
    assert is_entry_name(name)


@pytest.mark.parametrize(("mode", "text"), [(0o755, "0755"), (0, "0000"), (0o4711, "04711")])
def test_modes_are_written_so_that_go_reads_them_as_octal(mode: int, text: str) -> None:
    assert format_mode(mode) == text
    assert parse_mode(text) == mode


def test_modes_as_people_write_them() -> None:
    assert parse_mode("755") == parse_mode("0755") == parse_mode("0o755") == parse_mode(0o755)
    assert parse_mode(None) is None


@pytest.mark.parametrize("mode", ["", "8", "rwx", "10000", 0o10000, -1])
def test_what_is_no_mode(mode: int | str) -> None:
    with pytest.raises(ValueError, match=r"mode|invalid literal"):
        parse_mode(mode)
    with pytest.raises((ValueError, TypeError)):
        format_mode(mode if isinstance(mode, int) else 0o100644)


def test_long_paths_are_cut_for_messages() -> None:
    assert short_path("/" + "x" * 5000 + "/end").endswith("x/end")
    assert len(short_path("/" + "x" * 5000)) < 400
    assert short_path("/etc/passwd") == "/etc/passwd"


@pytest.mark.parametrize(
    ("kind", "target_kind", "is_directory"),
    [
        (FileKind.DIRECTORY, None, True),
        (FileKind.SYMLINK, FileKind.DIRECTORY, True),
        (FileKind.SYMLINK, FileKind.FILE, False),
        (FileKind.SYMLINK, None, False),
        (FileKind.FILE, None, False),
    ],
)
def test_what_one_can_go_into(
    kind: FileKind, target_kind: FileKind | None, is_directory: bool
) -> None:
    entry = FileEntry(name="a", attributes=FileAttributes(kind=kind), target_kind=target_kind)
    assert entry.is_directory is is_directory
