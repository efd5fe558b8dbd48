"""Bytes into calls of the screen.

A piece of input is split once into texts and sequences; what a whole sequence
does is remembered, so that a sequence seen before costs one look-up. Controls inside
of sequences are obeyed. Sequences that we do not handle go through pyte's own
parser, or nowhere.

The grammar is `tokens.py`, the table of all sequences `sequences.py`.
"""

import codecs
import re
from functools import partial

import pyte

from .modes import APART_FROM_DRAWING, DECOM, LNM, WITH_CONSEQUENCES, private
from .pens import (
    ASIDE,
    CALL,
    COLUMN,
    ERASE,
    FEED,
    LINE,
    MOVE,
    NOTHING,
    STEP,
    SWITCH,
    WHOLE_LINE,
    Action,
    Known,
)
from .player import Player
from .screen import Screen
from .sequences import CONTROLS, CSI, ESCAPES, MAX_PARAMETERS, STEPS, SWITCHES, Function
from .style import FOREGROUND, TRUE_FOREGROUND, apply_sgr, changes_foreground, number
from .tokens import STRING_END, UNFINISHED, UNFINISHED_STRING

MAX_HELD = 4096
"""Characters of an unfinished sequence; longer ones do nothing."""
MAX_STRING = 128 * 1024
"""Characters of an OSC or DCS string; longer ones do nothing."""
_MAX_MEMO = 8192
_MAX_MEMO_LENGTH = 64

_CSI = re.compile(r"\x1b\[([<-?]?)([0-9;:]*)([ -/]*)([@-~])")
_POSITION = re.compile(r"\x1b\[([0-9]{0,6})(?:;([0-9]{0,6})(?=[Hf]))?([HfGd])")
_PLACES = ("H", "f", "G", "d", "\r")
"""How sequences end that go to a place."""
_STYLE = re.compile(r"\x1b(?:\[([0-9;:]*)m|\(B)")
_EMBEDDED = re.compile(r"[\x00-\x1a\x1c-\x1f\x7f]")
_C1 = re.compile("[\x80-\x9f]")
_C1_LEAD = b"\xc2"
"""Begins every C1 control in UTF-8; to look for it is faster."""
_FROM_C1 = {code: "\x1b" + chr(code - 0x40) for code in range(0x80, 0xA0)}
_PRINTABLE = bytes(range(0x20, 0x7F))
_NEW_LINE = b"\r\n"

ERASING = {
    "erase_to_end": (0, WHOLE_LINE),
    "erase_to_start": (WHOLE_LINE, 1),
    "erase_characters": (0, 0),
}
"""Methods that erase in the line of the cursor: columns before it, and from it on.

0 of the latter stands for the parameter.
"""
ASIDES = frozenset({"application_keypad", "bell", "numeric_keypad", "set_cursor_shape"})
"""Methods that have nothing to do with lines, cursor and style."""


class Stream:
    """Feeds a screen with what a program wrote.

    Args:
        screen: The screen to be drawn on.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._player = Player(screen, self._learn)
        self._fallback = pyte.Stream(screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._string_kind = ""
        self._string: list[str] = []
        self._string_size = 0

    def reset(self) -> None:
        """Forget unfinished sequences and characters."""
        self._decoder.reset()
        self._held = ""
        self._string_kind = ""
        self._string.clear()

    def feed(self, data: bytes) -> None:
        """Obey a piece of output, cut anywhere."""
        controls = data.translate(None, _PRINTABLE)
        if (
            controls == _NEW_LINE * (len(controls) // 2)
            # Those of each line together: CR, text and LF are the same controls.
            and data.count(_NEW_LINE) * 2 == len(controls)
            and not (self._held or self._string_kind or self._decoder.getstate()[0])
            and self._screen.is_plain()
        ):
            self._screen.draw_lines(data.decode("ascii").split("\r\n"))
            return
        may_have_c1 = _C1_LEAD in data or bool(self._decoder.getstate()[0])
        text = self._decoder.decode(data)
        if may_have_c1 and _C1.search(text):
            text = text.translate(_FROM_C1)
        if self._held:
            text = self._held + text
            self._held = ""
        if self._string_kind:
            text = self._continue_string(text)
        if text:
            self._player.play(self._hold_unfinished(text))

    def _hold_unfinished(self, text: str) -> str:
        """Return the text without the sequence at its end that is still to be finished."""
        start = text.rfind("\x1b")
        if start < 0:
            return text
        if UNFINISHED.match(text, start):
            held, text = text[start:], text[:start]
            # A sequence beyond all bounds goes on as one that means nothing.
            self._held = held if len(held) <= MAX_HELD else "\x1b[<?"
            if held != "\x1b":
                return text
            start = text.rfind("\x1b")
            if start < 0:
                return text
        if UNFINISHED_STRING.match(text, start):
            self._string_kind = text[start + 1]
            self._string = [text[start + 2 :]]
            self._string_size = len(text) - start - 2
            text = text[:start]
        return text

    def _continue_string(self, text: str) -> str:
        """Take what belongs to the open string; return the rest."""
        match = STRING_END[self._string_kind in "]k"].search(text)
        end = match.start() if match else len(text)
        self._string_size += end
        if self._string_size <= MAX_STRING:
            self._string.append(text[:end])
        else:
            self._string.clear()
        if match is None:
            return ""
        ending = text[end]
        if ending == "\x1b" and len(text) == end + 1:
            self._held = ending
            return ""
        kind, body = self._string_kind, "".join(self._string)
        complete = self._string_size <= MAX_STRING
        self._string_kind = ""
        self._string.clear()
        if ending == "\x1b" and text[end + 1] != "\\":
            return text[end:]
        if complete and ending in "\x07\x1b":
            self._end_string(kind, body, "\x07" if ending == "\x07" else "\x1b\\")
        return text[end + (2 if ending == "\x1b" else 1) :]

    def _learn(self, sequence: str) -> Known | None:
        """Return what a sequence does, and remember it; None when it has changed the style."""
        known: Known | None = None
        final = sequence[-1:]
        if final == "m":
            if self._restyle(sequence):
                return None
        elif final in _PLACES:
            known = self._place(sequence)
        if known is None:
            if _STYLE.match(sequence):
                self._style_run(sequence)
                return None
            if len(sequence) > 1 and sequence[1] in "]kPX^_" and sequence[0] == "\x1b":
                return SWITCH, 0, 0, partial(self._whole_string, sequence)
            known = self._action(sequence)
        if len(sequence) <= _MAX_MEMO_LENGTH:
            memo = self._screen.actions
            if len(memo) >= _MAX_MEMO:
                memo.clear()
            memo[sequence] = known
        return known

    def _place(self, sequence: str) -> Known | None:
        """Return what a sequence does when that is to go to a place, whatever was before."""
        screen = self._screen
        if DECOM in screen.mode or screen.has_side_margins:
            return None
        if sequence == "\r":
            return COLUMN, 0, 0, screen.carriage_return
        match = _POSITION.fullmatch(sequence)
        if match is None:
            return None
        first, second, final = match.groups()
        row, column = int(first or 1) or 1, int(second or 1) or 1
        if final == "d":
            return LINE, min(row, screen.lines) - 1, 0, partial(screen.cursor_to_line, row)
        if final == "G":
            x = min(row, screen.columns) - 1
            return COLUMN, 0, x, partial(screen.cursor_to_column, row)
        y = row - 1 if row <= screen.lines else screen.lines - 1
        x = column - 1 if column <= screen.columns else screen.columns - 1
        return MOVE, y, x, screen.cursor_position

    def _action(self, sequence: str) -> Known:
        """Return what a sequence does."""
        screen = self._screen
        if sequence in CONTROLS:
            return self._method(CONTROLS[sequence])
        if match := _CSI.fullmatch(sequence):
            prefix, parameters, intermediates, final = match.groups()
            known = CSI.get(prefix + intermediates + final)
            if known is None or ":" in parameters:
                return NOTHING
            fields = parameters.split(";")[: min(known.parameters, MAX_PARAMETERS)]
            numbers = [number(field) for field in fields] if parameters else []
            if known.method == "erase_in_line" and sum(numbers) < 2:
                known = Function("erase_to_start" if sum(numbers) else "erase_to_end", 0)
                numbers = []
            if known.private and len(numbers) == 1:
                mode, on = private(numbers[0]), known.method == "set_mode"
                return self._switch(mode, on)
            return self._method(known.method, *numbers, private=known.private)
        if len(sequence) < 2 or sequence[0] != "\x1b":
            return NOTHING
        if _EMBEDDED.search(sequence):
            return SWITCH, 0, 0, partial(self._embedded, sequence)
        if sequence[1] in "()*+" and len(sequence) == 3:
            return SWITCH, 0, 0, partial(screen.define_charset, sequence[2], sequence[1])
        if sequence[1:] in ESCAPES:
            return self._method(ESCAPES[sequence[1:]])
        if len(sequence) == 2 and sequence[1] in pyte.Stream.escape:
            return SWITCH, 0, 0, partial(self._fallback.feed, sequence)
        return NOTHING

    def _switch(self, mode: int, on: bool) -> Known:
        """Return what switches a mode."""
        screen = self._screen
        if mode in APART_FROM_DRAWING - WITH_CONSEQUENCES:
            return ASIDE, 0, 0, partial(screen.mode.add if on else screen.mode.discard, mode)
        kind = ASIDE if mode in APART_FROM_DRAWING else SWITCH
        return kind, 0, 0, partial(screen.switch, mode, on)

    def _method(self, name: str, *numbers: int, private: bool = False) -> Known:
        """Return a call of the screen.

        Args:
            name: The method; a number may follow.
            numbers: Its parameters.
            private: Whether the method is to know that the sequence was a private one.
        """
        method, _, argument = name.partition(" ")
        bound: Action = getattr(self._screen, method)
        if argument:
            numbers = (int(argument),)
        call = partial(bound, *numbers, **({"private": True} if private else {}))
        if method in SWITCHES:
            return SWITCH, 0, 0, call
        if method in ASIDES:
            return ASIDE, 0, 0, call
        if method == "new_line":
            return FEED, 0, 0, call
        if method in ERASING and not self._screen.spared:
            before, after = ERASING[method]
            return ERASE, before, after or (numbers[0] if numbers else 1) or 1, call
        if method in STEPS and not (method == "linefeed" and LNM in self._screen.mode):
            down, right = STEPS[method]
            count = (numbers[0] if numbers else 1) or 1
            return STEP, down * count, right * count, call
        return CALL, 0, 0, call if numbers else bound

    def _embedded(self, sequence: str) -> None:
        """Obey the controls inside of a sequence, then the sequence without them."""
        for control in _EMBEDDED.findall(sequence):
            self._player.play(control)
        cleaned = _EMBEDDED.sub("", sequence)
        if cleaned[1:]:
            self._player.play(cleaned)

    def _restyle(self, sequence: str) -> bool:
        """Obey an SGR sequence if it is one that only changes the foreground."""
        if TRUE_FOREGROUND.fullmatch(sequence):
            self._screen.recolor_truly(sequence)
        elif FOREGROUND.fullmatch(sequence):
            self._screen.recolor(sequence)
        else:
            return False
        return True

    def _style_run(self, sequence: str) -> None:
        """Obey SGR sequences in a row, and remember where they lead from here."""
        screen = self._screen
        if "(B" in sequence and screen.sets[0] != "B":
            screen.define_charset("B", "(")
            # Nothing is remembered while other characters are drawn: look it up now.
            _, transition, colors = screen.pen
            known = colors.get(sequence) or transition.get(sequence)
            if known is not None and not screen.is_remapped:
                screen.pen = known
                return
        style = screen.style
        sets_foreground = False
        for match in _STYLE.finditer(sequence):
            parameters = match.group(1)
            if parameters is not None:
                style = apply_sgr(style, parameters)
                sets_foreground = sets_foreground or changes_foreground(parameters)
        screen.learn_style(sequence, style, sets_foreground=sets_foreground)

    def _whole_string(self, sequence: str) -> None:
        if sequence[-1] == "\x07" and sequence[1] in "]k":
            self._end_string(sequence[1], sequence[2:-1], "\x07")
        elif sequence.endswith("\x1b\\"):
            self._end_string(sequence[1], sequence[2:-2], "\x1b\\")

    def _end_string(self, kind: str, body: str, terminator: str) -> None:
        if len(body) > MAX_STRING:
            return
        if kind == "]":
            self._screen.operating_system_command(body, terminator)
        elif kind == "k":
            self._screen.set_title(body)
        elif kind == "P":
            self._screen.device_control_string(body)
