from pathlib import Path

import pytest

from tests.lab.sources import (
    Source,
    backports_stanza,
    main_source,
    parse_deb822,
    parse_one_line,
    read_sources,
)

DEB822 = """\
Types: deb
# a comment within a stanza
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb-src
URIs: http://mirror.test/source
Suites: bookworm

Enabled: no
Types: deb
URIs: http://mirror.test/disabled
Suites: bookworm
"""


def test_deb822_gives_enabled_binary_sources_for_each_suite() -> None:
    key = "/usr/share/keyrings/archive.gpg"
    assert parse_deb822(DEB822) == [
        Source(uri="http://mirror.test/debian", suite="bookworm", signed_by=key),
        Source(uri="http://mirror.test/debian", suite="bookworm-updates", signed_by=key),
    ]


def test_deb822_keeps_a_key_written_into_the_file_itself() -> None:
    text = "Types: deb\nURIs: http://m.test\nSuites: s\nSigned-By:\n -----BEGIN\n .\n abc\n"
    stanza = backports_stanza(parse_deb822(text)[0])
    assert stanza.endswith("Signed-By: \n -----BEGIN\n .\n abc\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "deb http://m.test/debian trixie main",
            [Source(uri="http://m.test/debian", suite="trixie")],
        ),
        (
            "  deb [arch=amd64 signed-by=/k.gpg] http://m.test/u noble main universe # here",
            [Source(uri="http://m.test/u", suite="noble", signed_by="/k.gpg")],
        ),
        ("# deb http://m.test/debian trixie main", []),
        ("deb-src http://m.test/debian trixie main", []),
        ("", []),
    ],
)
def test_one_line_form(line: str, expected: list[Source]) -> None:
    assert parse_one_line(line) == expected


def test_both_forms_are_read_and_other_files_are_not(tmp_path: Path) -> None:
    parts = tmp_path / "sources.list.d"
    parts.mkdir()
    (tmp_path / "sources.list").write_text("deb http://one.test a main\n")
    (parts / "b.sources").write_text("Types: deb\nURIs: http://two.test\nSuites: b\n")
    (parts / "c.list.disabled").write_text("deb http://three.test c main\n")
    assert [source.uri for source in read_sources(tmp_path)] == [
        "http://one.test",
        "http://two.test",
    ]


def test_backports_come_from_the_mirror_of_the_release() -> None:
    source = main_source(parse_deb822(DEB822), "bookworm")
    assert source is not None
    assert parse_deb822(backports_stanza(source)) == [
        Source(
            uri="http://mirror.test/debian",
            suite="bookworm-backports",
            signed_by="/usr/share/keyrings/archive.gpg",
        )
    ]
    assert main_source(parse_deb822(DEB822), "trixie") is None
