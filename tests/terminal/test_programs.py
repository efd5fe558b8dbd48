"""What programs rely on, by what they send at their start and end.

Beside the tables of single sequences: modes, titles, forms of the cursor, and
how sequences stand together in the output of shells, editors and pagers.
"""

import pytest

from lxdtui.terminal import CursorShape, Emulator, Modes, MouseEncoding, MouseMode, Style


def mouse(mode: MouseMode, encoding: MouseEncoding) -> Modes:
    return Modes(mouse=mode, mouse_encoding=encoding)


MODES = [
    ("cursor keys", b"\x1b[?1h", Modes(application_cursor=True)),
    ("keypad", b"\x1b=", Modes(application_keypad=True)),
    ("keypad by mode", b"\x1b[?66h", Modes(application_keypad=True)),
    ("keypad and back", b"\x1b=\x1b>", Modes()),
    ("paste", b"\x1b[?2004h", Modes(bracketed_paste=True)),
    ("focus", b"\x1b[?1004h", Modes(focus_events=True)),
    ("alternate screen", b"\x1b[?1049h", Modes(alternate_screen=True)),
    ("alternate screen of old", b"\x1b[?47h", Modes(alternate_screen=True)),
    ("no wheel in it", b"\x1b[?1007l", Modes(alternate_scroll=False)),
    ("a frame", b"\x1b[?2026h", Modes(synchronized_output=True)),
    ("a frame and its end", b"\x1b[?2026h\x1b[?2026l", Modes()),
    ("no wrap", b"\x1b[?7l", Modes(autowrap=False)),
    ("insert", b"\x1b[4h", Modes(insert=True)),
    ("origin", b"\x1b[?6h", Modes(origin=True)),
    ("newline", b"\x1b[20h", Modes(newline=True)),
    ("reverse screen", b"\x1b[?5h", Modes(reverse_screen=True)),
    ("backarrow", b"\x1b[?67h", Modes(backarrow=True)),
    ("mouse of old", b"\x1b[?9h", Modes(mouse=MouseMode.X10)),
    ("mouse", b"\x1b[?1000h", Modes(mouse=MouseMode.NORMAL)),
    ("mouse of vim", b"\x1b[?1002;1006h", mouse(MouseMode.BUTTON, MouseEncoding.SGR)),
    ("mouse everywhere", b"\x1b[?1003h\x1b[?1015h", mouse(MouseMode.ANY, MouseEncoding.URXVT)),
    ("mouse in UTF-8", b"\x1b[?1000;1005h", mouse(MouseMode.NORMAL, MouseEncoding.UTF8)),
    ("mouse and no more", b"\x1b[?1002;1006h\x1b[?1002;1006l", Modes()),
    ("soft reset", b"\x1b[?1h\x1b=\x1b[4h\x1b[?6h\x1b[?7l\x1b[!p", Modes()),
    ("full reset", b"\x1b[?1049h\x1b[?1h\x1b[?1003h\x1b[?2004h\x1b[?5h\x1bc", Modes()),
    ("saved and restored", b"\x1b[?1h\x1b[?1s\x1b[?1l\x1b[?1r", Modes(application_cursor=True)),
]  # fmt: skip


@pytest.mark.parametrize(("fed", "modes"), [case[1:] for case in MODES], ids=[c[0] for c in MODES])
def test_modes(fed: bytes, modes: Modes) -> None:
    emulator = Emulator(10, 4)
    emulator.feed(fed)
    assert emulator.modes == modes


@pytest.mark.parametrize(
    ("fed", "title"),
    [
        (b"\x1b]0;both\x07", "both"),
        (b"\x1b]2;title\x1b\\", "title"),
        (b"\x1b]2;title\x07\x1b]1;icon\x07", "title"),
        (b"\x1bkscreen\x1b\\", "screen"),
        (b"\x1b]2;a\x07\x1b[22t\x1b]2;b\x07\x1b[22t\x1b]2;c\x07\x1b[23t\x1b[23t", "a"),
        (b"\x1b]2;a\x07\x1b[23t", "a"),
        (b"\x1b]2;a\x07\x1b]10;?\x07\x1b]104\x07\x1b]112\x07\x1b]133;A\x07", "a"),
        ("\x1b]2;größer 中\x07".encode(), "größer 中"),
        (b"\x1b]2;one\x18\x1b]2;two\x07", "two"),
        (b"\x1b]2;one\x1b[mtwo", ""),
    ],
)
def test_titles(fed: bytes, title: str) -> None:
    emulator = Emulator(10, 4)
    emulator.feed(fed)
    assert emulator.title == title


@pytest.mark.parametrize(
    ("parameter", "shape", "blink"),
    [
        ("", CursorShape.BLOCK, False),
        ("0", CursorShape.BLOCK, False),
        ("1", CursorShape.BLOCK, True),
        ("2", CursorShape.BLOCK, False),
        ("3", CursorShape.UNDERLINE, True),
        ("4", CursorShape.UNDERLINE, False),
        ("5", CursorShape.BAR, True),
        ("6", CursorShape.BAR, False),
    ],
)
def test_forms_of_the_cursor(parameter: str, shape: CursorShape, blink: bool) -> None:
    emulator = Emulator(10, 4)
    emulator.feed(b"\x1b[6 q" + f"\x1b[{parameter} q".encode())
    assert (emulator.cursor.shape, emulator.cursor.blink) == (shape, blink)
    emulator.feed(b"\x1b[99 q")
    assert emulator.cursor.shape is shape


def test_an_editor_leaves_no_trace() -> None:
    emulator = Emulator(20, 3)
    emulator.feed(b"$ vi\r\n")
    before = emulator.visible(), emulator.cursor
    emulator.feed(
        b"\x1b[?1049h\x1b[22;0;0t\x1b[>4;2m\x1b[?1h\x1b=\x1b[?2004h\x1b[?1004h\x1b[1;3r\x1b[?12h"
        b"\x1b[?12l\x1b[22;2t\x1b[22;1t\x1b[27m\x1b[23m\x1b[29m\x1b[m\x1b[H\x1b[2J"
        b"\x1b[?25l~\r\n~\x1b[2 q"
    )
    assert emulator.row(0).text == "~"
    emulator.feed(
        b"\x1b[0 q\x1b[?2004l\x1b[?1004l\x1b[?1l\x1b>\x1b[>4;m\x1b[?1049l\x1b[23;0;0t\x1b[?25h"
    )
    assert (emulator.visible(), emulator.cursor) == before
    assert emulator.modes == Modes()
    assert len(emulator.history) == 0


def test_queries_of_an_editor_are_answered_in_order() -> None:
    emulator = Emulator(20, 3)
    replies = emulator.feed(
        b"\x1b[?2026$p\x1b[>0q\x1b[?u\x1b]11;?\x07\x1bP$qm\x1b\\\x1b[6n\x1b[>c\x1b[c"
    ).replies
    assert [part[:3] for part in replies.split(b"\x1b") if part not in {b"", b"\\"}] == [
        b"[?2",
        b"P>|",
        b"]11",
        b"P1$",
        b"[1;",
        b"[>1",
        b"[?6",
    ]


def test_ncurses_draws_boxes_and_clears_with_colour() -> None:
    emulator = Emulator(6, 3)
    emulator.feed(b"\x1b)0\x1b[37m\x1b[44m\x1b[2J\x1b[H\x0elqk\x0f\r\n\x0ex\x0f ok\x1b[K")
    assert [row.text for row in emulator.visible()][:2] == ["┌─┐", "│ ok"]
    style = Style(foreground=7, background=4)
    assert emulator.row(0).runs()[0] == ("┌─┐", style, 3)
    assert emulator.row(1).runs()[-1].style == Style(background=4)
    assert emulator.row(2).runs() == [(" " * 6, Style(background=4), 6)]


def test_a_shell_edits_its_line() -> None:
    emulator = Emulator(12, 2)
    emulator.feed(b"$ echo hallo\b\b\b\b\b\x1b[C\x1b[1Pe\x1b[1@l\r\x1b[2C\x1b[4hX\x1b[4l\x1b[K")
    assert emulator.row(0).text == "$ X"


def test_progress_bars_overwrite_themselves() -> None:
    emulator = Emulator(12, 2)
    emulator.feed(b"\r[#   ]\r[##  ]\r\x1b[K[####]\x1b[s\x1b[1;12H!\x1b[u done")
    assert emulator.row(0).text == "[####] done!"


def test_apt_keeps_its_bar_below_the_region() -> None:
    emulator = Emulator(12, 4)
    emulator.feed(b"\n\x1b7\x1b[0;3r\x1b8\x1b[1A\x1b7\x1b[4;0f[bar]\x1b8")
    emulator.feed(b"".join(b"line %d\r\n" % number for number in range(5)))
    assert [row.text for row in emulator.visible()] == ["line 3", "line 4", "", "[bar]"]
    assert [row.text for row in emulator.history] == ["line 0", "line 1", "line 2"]
