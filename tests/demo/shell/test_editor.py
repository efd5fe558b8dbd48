"""The line editor, looked at through a terminal emulator."""

import random

import pyte
import pytest

from lxdtui.demo.shell.editor import HISTORY_LIMIT, Completion, Ending, KeyReader, LineEditor

PROMPT = "\x1b[32mc1\x1b[0m# "
WIDTH = 4


def no_completion(_before: str) -> Completion:
    return Completion("")


class Typist:
    """Types into an editor and shows the screen that results."""

    def __init__(self, columns: int = 20, editor: LineEditor | None = None) -> None:
        self.screen = pyte.Screen(columns, 8)
        self._stream = pyte.Stream(self.screen)
        self.editor = editor or LineEditor(no_completion)
        self.editor.columns = columns
        self._stream.feed(self.editor.begin(PROMPT, WIDTH))

    def type(self, text: str) -> Ending | None:
        ending = None
        for key in KeyReader().feed(text):
            output, ending = self.editor.press(key)
            self._stream.feed(output)
        return ending

    @property
    def shown(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    @property
    def cursor(self) -> tuple[int, int]:
        return self.screen.cursor.y, self.screen.cursor.x


def test_typed_text_is_shown_behind_the_prompt() -> None:
    typist = Typist()
    assert typist.type("echo a") is None
    assert typist.shown == "c1# echo a"
    assert typist.type("\r") is Ending.LINE
    assert typist.editor.text == "echo a"


@pytest.mark.parametrize(
    ("keys", "text", "column"),
    [
        ("abc\x7f", "ab", 6),
        ("abc\x1b[D\x1b[DX", "aXbc", 6),
        ("abc\x1bOD\x1b[3~", "ab", 6),
        ("abc\x01X", "Xabc", 5),
        ("abc\x1b[HX\x1b[FY", "XabcY", 9),
        ("abc\x01\x05d", "abcd", 8),
        ("one two\x17", "one ", 8),
        ("one two  \x17", "one ", 8),
        ("one two\x15", "", 4),
        ("one two\x01\x0b", "", 4),
        ("one two\x17\x19\x19", "one twotwo", 14),
        ("one two\x1bb\x1bbX", "Xone two", 5),
        ("one two\x01\x1bfX", "oneX two", 8),
        ("abc\x1b[D\x04", "ab", 6),
        ("größe\x7f\x7fß", "größ"[:3] + "ß", 8),
        ("日本\x7f", "日", 6),
    ],
)
def test_editing_keys(keys: str, text: str, column: int) -> None:
    typist = Typist()
    typist.type(keys)
    assert typist.editor.text == text
    assert typist.shown.replace(" ", "") == f"c1# {text}".replace(" ", "")
    assert typist.cursor == (0, column)


def test_unknown_sequences_are_swallowed() -> None:
    typist = Typist()
    typist.type("a\x1b[24~\x1b[1;9Z\x1b[<0;1;1Mb\x00\x1e")
    assert typist.editor.text == "ab"


def test_history() -> None:
    typist = Typist()
    for line in ("first", "second", "second", "  "):
        typist.type(line + "\r")
        typist.editor.begin(PROMPT, WIDTH)
    assert typist.editor.history == ("first", "second")
    typist.type("draft\x1b[A")
    assert typist.editor.text == "second"
    typist.type("\x1b[A\x1b[A")
    assert typist.editor.text == "first"
    typist.type("\x1b[B\x1b[B")
    assert typist.editor.text == "draft"


def test_history_is_bounded() -> None:
    editor = LineEditor(no_completion)
    for number in range(HISTORY_LIMIT + 20):
        editor.begin(PROMPT, WIDTH)
        for key in f"{number}\r":
            editor.press(key)
    assert len(editor.history) == HISTORY_LIMIT
    assert editor.history[-1] == str(HISTORY_LIMIT + 19)


def test_line_is_bounded() -> None:
    typist = Typist()
    typist.type("x" * 5000)
    assert len(typist.editor.text) == 4096


def test_endings() -> None:
    typist = Typist()
    assert typist.type("abc\x03") is Ending.INTERRUPT
    assert typist.shown.startswith("c1# abc^C")
    typist = Typist()
    assert typist.type("\x04") is Ending.END


def test_clear_keeps_the_line() -> None:
    typist = Typist()
    typist.type("one\r")
    typist.type("\x0c")
    assert typist.shown.splitlines()[0] == "c1# one"


def test_completion_inserts_or_lists() -> None:
    answers = {"ca": Completion("t "), "cat n": Completion("", ("note", "nose"))}
    typist = Typist(editor=LineEditor(lambda before: answers.get(before, Completion(""))))
    typist.type("ca\t")
    assert typist.editor.text == "cat "
    typist.type("n\t")
    assert typist.editor.text == "cat n"
    assert typist.shown.splitlines() == ["c1# cat n", "note  nose", "c1# cat n"]


@pytest.mark.parametrize("columns", [7, 10, 13])
def test_screen_shows_the_line_whatever_is_edited(columns: int) -> None:
    # No wide characters: pyte does not wrap them at the edge as terminals do.
    keys = ["a", "b", "é", " ", "\x7f", "\x1b[D", "\x1b[C", "\x01", "\x05", "\x1b[3~", "\x17"]
    chance = random.Random(columns)
    for _ in range(40):
        typist = Typist(columns)
        for _ in range(30):
            typist.type(chance.choice(keys))
            expected = pyte.Screen(columns, 8)
            pyte.Stream(expected).feed("c1# " + typist.editor.text)
            shown = [line.rstrip() for line in typist.screen.display]
            assert shown == [line.rstrip() for line in expected.display]
        typist.type("\x05")
        before = typist.editor.text
        typist.type("\x01")
        assert typist.cursor == (WIDTH // columns, WIDTH % columns)
        assert typist.editor.text == before
