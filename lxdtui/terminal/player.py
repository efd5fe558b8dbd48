"""The loop that obeys tokens; where the time goes.

What is frequent is done in it, on local variables, and what it works on is given
back to the screen only before something else is called: a call of a method costs as
much as everything that most tokens need here. That is why it is one function, longer
than others, and why lines that scroll off at the top stay before the others in the
screen's list until then.
"""

from collections.abc import Callable, Iterator
from functools import partial

from .canvas import PATIENCE, Canvas
from .lines import BLANK, DEFAULT, erase, splice
from .pens import ASIDE, COLUMN, ERASE, FEED, MOVE, STEP, SWITCH, Known, Pen
from .screen import Screen
from .tokens import split


class Player:
    """Obeys tokens.

    Args:
        screen: The screen to be drawn on.
        learn: Says what a sequence does that is not remembered; None when it has
            only changed the style.
    """

    def __init__(self, screen: Screen, learn: Callable[[str], Known | None]) -> None:
        self._screen = screen
        self._learn = learn
        self._canvas = Canvas(screen, learn)

    def play(self, text: str) -> None:
        """Obey a text in which no sequence is unfinished."""
        self._run(iter(split(text)), text.isascii())

    def _run(self, tokens: Iterator[str], is_ascii: bool) -> None:
        """Obey tokens, texts and sequences in turns.

        Text gathers in `pending` until something else than a change of style
        happens; `styles` is empty as long as all of it has the default one. The
        line `y` counts from the first of the `base` lines that have scrolled off.
        """
        screen, cursor, memo = self._screen, self._screen.cursor, self._screen.actions
        x, y, base, moves, pending, styles = cursor.x, cursor.y, 0, 0, "", ""
        pen = number, transition, colors = screen.pen
        limit, grid, foot, is_whole, blanks, by_text = screen.drawing()
        for characters, sequence in zip(tokens, tokens, strict=True):
            if characters:
                cells = characters if is_ascii or characters.isascii() else by_text[characters]
                end = x + len(cells)
                if x < end <= limit:
                    if styles:
                        styles += number * (end - x)
                    elif number != DEFAULT:
                        styles = DEFAULT * len(pending) + number * (end - x)
                    pending += cells
                    x = end
                else:
                    self._give_back(x, y, base, pending, styles, pen)
                    screen.draw(characters)
                    foot, base, pending, styles = foot - base, 0, "", ""
                    x, y, limit = cursor.x, cursor.y, screen.limit
            next_pen = colors.get(sequence)
            if next_pen is not None:
                pen = number, transition, colors = next_pen
                continue
            known = memo.get(sequence)
            if known is None:
                next_pen = transition.get(sequence)
                if next_pen is None:
                    screen.pen = pen
                    known, next_pen, limit = self._learn(sequence), screen.pen, screen.limit
                if known is None:
                    pen = number, transition, colors = next_pen
                    continue
            if pending:
                grid[y] = splice(grid[y], x - len(pending), pending, styles)
                screen.last_drawn = pending
                pending = styles = ""
            kind, first, second, call = known
            if kind == MOVE:
                y, x = base + first, second
                moves += 1
                if moves < PATIENCE or limit < 0:
                    continue
                kind, call = SWITCH, partial(self._paint, tokens, is_ascii)
            elif kind == COLUMN:
                x = second
                continue
            elif kind == FEED:
                if y == foot and is_whole and blanks.get(number) == DEFAULT:
                    grid.append(BLANK)
                    base, foot = base + 1, foot + 1
                if y < foot:
                    x, y = 0, y + 1
                    continue
            elif kind == STEP:
                right, down = x + second, y + first
                if x < limit > right >= 0 and (not first or (is_whole and base <= down <= foot)):
                    x, y = right, down
                    continue
            elif kind == ERASE and x < limit and number in blanks:
                end = x + second
                if end < limit or not first:
                    start = x - first if x > first else 0
                    grid[y] = erase(grid[y], start, end, limit, blanks[number])
                    continue
            elif kind == ASIDE:
                call()
                continue
            if base:
                screen.let_go(base)
                y, foot, base = y - base, foot - base, 0
            cursor.x, cursor.y, screen.pen = x, y, pen
            call()
            x, y, moves = cursor.x, cursor.y, 0
            if kind == SWITCH:
                pen = number, transition, colors = screen.pen
                limit, grid, foot, is_whole, blanks, by_text = screen.drawing()
        self._give_back(x, y, base, pending, styles, pen)

    def _paint(self, tokens: Iterator[str], is_ascii: bool) -> None:
        """Obey tokens on the canvas, and then the one that is not for it."""
        sequence = self._canvas.paint(tokens, is_ascii)
        self._run(iter(("", sequence, "", "")), True)

    def _give_back(self, x: int, y: int, base: int, pending: str, styles: str, pen: Pen) -> None:
        """Bring the screen up to date; see `_run` for the arguments."""
        screen = self._screen
        if pending:
            screen.grid[y] = splice(screen.grid[y], x - len(pending), pending, styles)
            screen.last_drawn = pending
        if base:
            screen.let_go(base)
        screen.cursor.x, screen.cursor.y, screen.pen = x, y - base, pen
