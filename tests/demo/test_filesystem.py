import pytest

from lxdtui.demo.filesystem import (
    NODE_LIMIT,
    FileSystem,
    FileSystemError,
    MissingError,
    NodeType,
    normalize,
)


@pytest.fixture
def files() -> FileSystem:
    files = FileSystem()
    files.make_directory("/a", now=1)
    files.write("/a/f", b"content", now=2)
    return files


@pytest.mark.parametrize(
    ("path", "base", "expected"),
    [
        ("/a/../b/./c//d/", "/", "/b/c/d"),
        ("../../..", "/a", "/"),
        ("x", "/a/b", "/a/b/x"),
        ("", "/", "/"),
    ],
)
def test_normalize(path: str, base: str, expected: str) -> None:
    assert normalize(path, base) == expected


def test_links_are_followed_from_where_they_lie(files: FileSystem) -> None:
    files.make_link("/a/rel", "f", now=1)
    files.make_link("/abs", "/a", now=1)
    assert files.read("/a/rel") == b"content"
    assert files.read("/abs/rel") == b"content"
    assert files.real_path("/abs/../a/./rel") == "/a/f"
    assert files.get("/abs", follow=False).type is NodeType.SYMLINK


def test_links_in_a_circle_end(files: FileSystem) -> None:
    files.make_link("/x", "/y", now=1)
    files.make_link("/y", "/x", now=1)
    with pytest.raises(FileSystemError, match="too many levels"):
        files.get("/x/z")


def test_copy_is_independent(files: FileSystem) -> None:
    copy = files.copy()
    copy.append(copy.open_for_writing("/a/f", now=3, append=True), b"!", now=3)
    copy.remove("/a", now=3, recursive=True)
    assert files.read("/a/f") == b"content"
    assert copy.used == 0
    assert files.used == 7


def test_refusals(files: FileSystem) -> None:
    with pytest.raises(MissingError):
        files.read("/nope")
    with pytest.raises(FileSystemError, match="is a directory"):
        files.read("/a")
    with pytest.raises(FileSystemError, match="not a directory"):
        files.get("/a/f/x")
    with pytest.raises(FileSystemError, match="not empty"):
        files.remove("/a", now=1)
    with pytest.raises(FileSystemError, match="file exists"):
        files.make_directory("/a", now=1)
    with pytest.raises(FileSystemError, match="invalid argument"):
        files.move("/a", "/a/b", now=1)


def test_move_replaces_a_file(files: FileSystem) -> None:
    files.write("/g", b"12", now=1)
    files.move("/g", "/a/f", now=4)
    assert files.read("/a/f") == b"12"
    assert files.used == 2
    assert files.get("/a").modified == 4


def test_number_of_files_is_bounded() -> None:
    files = FileSystem()
    # The root counts as well.
    for number in range(NODE_LIMIT - 1):
        files.make_directory(f"/{number}", now=1)
    with pytest.raises(FileSystemError, match="no space left"):
        files.make_directory("/more", now=1)
