import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from lxdtui.ui.format.text import (
    cell_width,
    cut,
    cut_middle,
    pad_left,
    pad_right,
    safe_lines,
    safe_text,
    wrapped,
)

HOSTILE = "\x1b]0;owned\x07\x1b[31m"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web-01", "web-01"),
        ("[bold]web[/bold]", "[bold]web[/bold]"),
        ("a\nb\tc", "a␊b␉c"),
        (HOSTILE, "␛]0;owned␇␛[31m"),
        ("\x7f", "␡"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u202eb", "a\ufffdb"),
        ("a\u200bb\u2066c\ufeff", "a\ufffdb\ufffdc\ufffd"),
        ("\u2028\u2029", "\ufffd\ufffd"),
        ("\ud800\ue000", "\ufffd\ufffd"),
        ("❤\ufe0f", "❤"),
        ("e\u0301", "é"),
        ("a" + "\u0316" * 9, "a\u0316\u0316"),
        ("\u0316a", "a"),
        ("a\u00a0b\u3000c", "a b c"),
        ("日本", "日本"),
        ("\U0001f1e9\U0001f1ea", "\ufffd\ufffd"),
        ("👍\U0001f3fd", "👍\ufffd"),
    ],
)
def test_safe_text(text: str, shown: str) -> None:
    assert safe_text(text) == shown


@given(st.text(alphabet=st.characters()))
def test_safe_text_is_one_printable_line_of_known_width(text: str) -> None:
    shown = safe_text(text)
    assert safe_text(shown) == shown
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in shown)
    assert len(shown.splitlines()) <= 1
    shown.encode("utf-8")


@given(st.text(alphabet=st.characters(codec="utf-8")), st.integers(0, 30))
def test_cut_and_padded_text_takes_exactly_its_columns(text: str, width: int) -> None:
    shown = safe_text(text)
    assert cell_width(cut(shown, width)) <= width
    assert cell_width(cut_middle(shown, width)) <= width
    assert cell_width(pad_right(shown, width)) == width
    assert cell_width(pad_left(shown, width)) == width


@given(st.text(alphabet=st.characters(max_codepoint=0x2FFFF, exclude_categories=["Cs"])))
def test_what_we_count_is_what_textual_counts(text: str) -> None:
    shown = safe_text(text)
    assert cell_width(shown) == cell_len(shown)


def test_lines_of_a_server_are_kept_apart() -> None:
    assert safe_lines("a\r\nb\x1b[2J\n\tc\n") == ("a", "b␛[2J", "    c")


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("db-primary", 20, "db-primary"),
        ("db-primary", 10, "db-primary"),
        ("db-primary", 6, "db-pr…"),
        ("日本語", 4, "日…"),
        ("db", 1, "…"),
        ("db", 0, ""),
    ],
)
def test_cut(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


def test_paths_are_cut_in_the_middle() -> None:
    assert cut_middle("/var/lib/lxd/containers/web", 12) == "/var/l…s/web"


def test_wrapped_pieces_hold_everything() -> None:
    assert wrapped("", 5) == [""]
    assert wrapped("abcdefgh", 3) == ["abc", "def", "gh"]
    # A wide character is never cut in two.
    assert wrapped("a日本語b", 3) == ["a日", "本", "語b"]


@given(st.text().map(safe_text), st.integers(2, 9))
def test_wrapped_pieces_fit(text: str, width: int) -> None:
    pieces = wrapped(text, width)
    assert "".join(pieces) == text
    assert all(cell_width(piece) <= width for piece in pieces)
