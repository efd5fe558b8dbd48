"""The line editor of the interactive shell: keys in, screen updates and finished lines out.

Pure: no loop, no streams. It understands the usual Emacs keys, arrows, Home, End and Delete, keeps
a bounded history, completes names, and redraws lines that wrap.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

HISTORY_LIMIT = 500
LINE_LIMIT = 4096

_SEQUENCES = {
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[B": "down",
    "\x1bOB": "down",
    "\x1b[C": "right",
    "\x1bOC": "right",
    "\x1b[D": "left",
    "\x1bOD": "left",
    "\x1b[H": "home",
    "\x1bOH": "home",
    "\x1b[1~": "home",
    "\x1b[F": "end",
    "\x1bOF": "end",
    "\x1b[4~": "end",
    "\x1b[3~": "delete",
    "\x1b[1;5C": "word-right",
    "\x1b[1;5D": "word-left",
    "\x1bf": "word-right",
    "\x1bb": "word-left",
    "\x01": "home",
    "\x02": "left",
    "\x05": "end",
    "\x06": "right",
    "\x08": "backspace",
    "\x0b": "kill-end",
    "\x0c": "clear",
    "\x0e": "down",
    "\x10": "up",
    "\x15": "kill-start",
    "\x17": "kill-word",
    "\x19": "yank",
    "\x7f": "backspace",
}


class KeyReader:
    """Cuts typed text into keys; escape sequences may arrive in pieces."""

    def __init__(self) -> None:
        self._pending = ""

    def feed(self, text: str) -> Iterator[str]:
        """Give the keys that are complete now.

        Args:
            text: Typed characters.

        Yields:
            Single characters, and whole escape sequences.
        """
        for character in text:
            self._pending += character
            if not self._is_partial():
                key, self._pending = self._pending, ""
                yield key

    def _is_partial(self) -> bool:
        pending = self._pending
        if not pending.startswith("\x1b"):
            return False
        if len(pending) == 1:
            return True
        if pending[1] == "[":
            return len(pending) == 2 or (len(pending) < 32 and not "@" <= pending[-1] <= "~")
        return pending[1] == "O" and len(pending) == 2


class Ending(Enum):
    """How a line ended."""

    LINE = auto()
    """Enter: the text is to be run."""
    INTERRUPT = auto()
    """Ctrl-C: the text is dropped."""
    END = auto()
    """Ctrl-D on an empty line."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a completion gives: text to insert, and candidates to show when there are several."""

    insert: str
    candidates: tuple[str, ...] = ()


def character_width(character: str) -> int:
    """Cells that a character takes: 0, 1 or 2."""
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class LineEditor:
    """Edits one line after the other.

    Args:
        complete: Gives the completion for the text before the cursor.
    """

    def __init__(self, complete: Callable[[str], Completion]) -> None:
        self._complete = complete
        self._history: list[str] = []
        self._recalled = 0
        self._draft = ""
        self._killed = ""
        self._prompt = ""
        self._prompt_width = 0
        self._row = 0
        self._end = (0, 0)
        self._text = ""
        self._cursor = 0
        self.columns = 80
        """Width of the terminal in cells."""

    @property
    def text(self) -> str:
        """The line so far, or the finished one."""
        return self._text

    @property
    def history(self) -> tuple[str, ...]:
        """Lines entered, oldest first."""
        return tuple(self._history)

    def begin(self, prompt: str, width: int) -> str:
        """Begin a line.

        Args:
            prompt: What stands before it, with colours.
            width: Cells that the prompt takes.

        Returns:
            What to write.
        """
        self._prompt, self._prompt_width = prompt, width
        self._text, self._cursor, self._row = "", 0, 0
        self._end = self._layout()[-1]
        self._recalled, self._draft = len(self._history), ""
        return prompt

    def press(self, key: str) -> tuple[str, Ending | None]:
        """Take one key.

        Args:
            key: A character or an escape sequence.

        Returns:
            What to write, and how the line ended if it did.
        """
        if key in "\r\n":
            return self._to_end() + "\r\n", self._finish()
        if key == "\x03":
            return self._to_end() + "^C\r\n", Ending.INTERRUPT
        if key == "\x04":
            return ("", Ending.END) if not self._text else (self._act("delete"), None)
        if key == "\t":
            return self._tab(), None
        action = _SEQUENCES.get(key)
        if action is not None:
            return self._act(action), None
        if key < " " or not key.isprintable():
            return "", None
        return self._insert(key), None

    def redraw(self) -> str:
        """Write prompt and line again, from the row where the prompt began."""
        positions = self._layout()
        self._end = end_row, end_column = positions[-1]
        row, column = positions[self._cursor]
        output = [_up(self._row), "\r", self._prompt, self._text]
        if end_column == 0 and end_row > 0:
            # The terminal still stands behind the last cell; step onto the next row for certain.
            output.append("\r\n")
        output += ["\x1b[J", _up(end_row - row), "\r", _right(column)]
        self._row = row
        return "".join(output)

    def _finish(self) -> Ending:
        line = self._text
        if line.strip() and (not self._history or self._history[-1] != line):
            self._history.append(line)
            del self._history[:-HISTORY_LIMIT]
        return Ending.LINE

    def _to_end(self) -> str:
        if self._cursor == len(self._text):
            return ""
        self._cursor = len(self._text)
        row, column = self._layout()[-1]
        output = _down(row - self._row) + "\r" + _right(column)
        self._row = row
        return output

    def _insert(self, text: str) -> str:
        if len(self._text) + len(text) > LINE_LIMIT:
            return "\a"
        at_end = self._cursor == len(self._text)
        self._text = self._text[: self._cursor] + text + self._text[self._cursor :]
        self._cursor += len(text)
        if at_end:
            # Nothing moves but the end: no need to measure the line again.
            for character in text:
                _, self._end = self._place(character, self._end)
            row, column = self._end
            if row == self._row and column > 0:
                return text
        return self.redraw()

    def _act(self, action: str) -> str:
        before, after = self._text[: self._cursor], self._text[self._cursor :]
        if action in {"up", "down"}:
            return self._recall(-1 if action == "up" else 1)
        if action == "clear":
            self._row = 0
            return "\x1b[H\x1b[2J" + self.redraw()
        if action == "yank":
            return self._insert(self._killed) if self._killed else ""
        if action == "backspace":
            before = before[:-1]
        elif action == "delete":
            after = after[1:]
        elif action == "kill-end":
            self._killed, after = after, ""
        elif action == "kill-start":
            self._killed, before = before, ""
        elif action == "kill-word":
            kept = before[: _word_left(before)]
            self._killed, before = before[len(kept) :], kept
        else:
            return self._move(action)
        self._text, self._cursor = before + after, len(before)
        return self.redraw()

    def _move(self, action: str) -> str:
        text, cursor = self._text, self._cursor
        targets = {
            "left": max(0, cursor - 1),
            "right": min(len(text), cursor + 1),
            "home": 0,
            "end": len(text),
            "word-left": _word_left(text[:cursor]),
            "word-right": _word_right(text, cursor),
        }
        self._cursor = targets[action]
        return self.redraw() if self._cursor != cursor else ""

    def _recall(self, step: int) -> str:
        index = self._recalled + step
        if not 0 <= index <= len(self._history):
            return "\a"
        if self._recalled == len(self._history):
            self._draft = self._text
        self._recalled = index
        self._text = self._draft if index == len(self._history) else self._history[index]
        self._cursor = len(self._text)
        return self.redraw()

    def _tab(self) -> str:
        completion = self._complete(self._text[: self._cursor])
        if completion.insert:
            return self._insert(completion.insert)
        if not completion.candidates:
            return "\a"
        cursor, output = self._cursor, self._to_end()
        self._cursor, self._row = cursor, 0
        return output + "\r\n" + self._listing(completion.candidates) + self.redraw()

    def _listing(self, names: tuple[str, ...]) -> str:
        width = max(len(name) for name in names) + 2
        per_row = max(1, self.columns // width)
        rows = [names[index : index + per_row] for index in range(0, len(names), per_row)]
        return "".join("".join(name.ljust(width) for name in row).rstrip() + "\r\n" for row in rows)

    def _layout(self) -> list[tuple[int, int]]:
        """Row and column before each character, and behind the last one."""
        place = divmod(self._prompt_width, max(2, self.columns))
        positions = []
        for character in self._text:
            position, place = self._place(character, place)
            positions.append(position)
        positions.append(place)
        return positions

    def _place(
        self, character: str, place: tuple[int, int]
    ) -> tuple[tuple[int, int], tuple[int, int]]:
        """Where a character goes that comes at a place, and the place behind it."""
        columns, width = max(2, self.columns), character_width(character)
        row, column = place
        if column + width > columns:
            row, column = row + 1, 0
        position = row, column
        column += width
        return position, ((row + 1, 0) if column >= columns else (row, column))


def _word_left(text: str) -> int:
    stripped = text.rstrip(" ")
    return stripped.rfind(" ") + 1


def _word_right(text: str, cursor: int) -> int:
    while cursor < len(text) and text[cursor] == " ":
        cursor += 1
    while cursor < len(text) and text[cursor] != " ":
        cursor += 1
    return cursor


def _up(rows: int) -> str:
    return f"\x1b[{rows}A" if rows > 0 else ""


def _down(rows: int) -> str:
    return f"\x1b[{rows}B" if rows > 0 else ""


def _right(columns: int) -> str:
    return f"\x1b[{columns}C" if columns > 0 else ""
