"""Control functions that switch how the screen works.

Modes, margins, character sets, the alternate screen, saved cursors, resets.
"""

from typing import NamedTuple

from pyte import charsets

from .lines import BLANK, DEFAULT
from .modes import (
    ALLOW_COLUMNS,
    ALTERNATE_SCREENS,
    APART_FROM_DRAWING,
    CURSOR_BLINK,
    DECAWM,
    DECCKM,
    DECCOLM,
    DECLRMM,
    DECNCSM,
    DECNKM,
    DECOM,
    DECTCEM,
    DEFAULT_MODES,
    GRAPHEMES,
    IRM,
    KAM,
    KNOWN,
    LNM,
    MOUSE_ENCODINGS,
    MOUSE_MODES,
    REVERSE_WRAPS,
    SAVED_CURSOR,
    CursorShape,
    private,
)
from .rectangles import RectangleScreen
from .style import DEFAULT_STYLE, Style, apply_sgr

_SHAPES = (CursorShape.BLOCK, CursorShape.UNDERLINE, CursorShape.BAR)
_CHARSETS: dict[str, dict[int, str]] = {
    # pyte has the board of squares of terminfo for h; DEC has the picture of NL.
    "0": {code: charsets.VT100_MAP[code] for code in range(0x5F, 0x7F)} | {ord("h"): "␤"},
    "A": {ord("#"): "£"},
}


HIGHEST_LEVEL = 5


class SavedCursor(NamedTuple):
    """What DECSC keeps; one for each screen."""

    x: int = 0
    y: int = 0
    style: Style = DEFAULT_STYLE
    charsets: tuple[str, str, str, str] = ("B", "B", "B", "B")
    charset: int = 0
    origin: bool = False


class ModalScreen(RectangleScreen):
    """Everything that switches."""

    level = HIGHEST_LEVEL
    """The conformance level that the program chose; what is above it is refused."""

    def reset(self) -> None:
        """Return to the initial state; the scrollback stays (RIS)."""
        self.mode = set(DEFAULT_MODES)
        self.title = self.icon_name = self.directory = ""
        self.titles: list[str] = []
        self.saved_modes: dict[int, bool] = {}
        self.is_alternate = False
        self.grid[:] = [BLANK] * self.lines
        self.inactive[:] = [BLANK] * self.lines
        self.reset_tab_stops(5)
        self.shape, self.blink = CursorShape.BLOCK, False
        self.cursor.x = self.cursor.y = 0
        self.level = HIGHEST_LEVEL
        self.spared = 0
        self.is_extent_rectangular = False
        self.saved = {False: SavedCursor(), True: SavedCursor()}
        self.soft_reset()

    def soft_reset(self) -> None:
        """Return to the initial modes without touching the text (DECSTR)."""
        self.actions.clear()
        self.mode -= {KAM, IRM, DECOM, DECCKM, DECNKM, DECLRMM} | REVERSE_WRAPS
        self.mode |= {DECAWM, DECTCEM}
        self.reset_margins()
        self._follow_modes()
        self.last_drawn = ""
        self.sets = ["B", "B", "B", "B"]
        self.charset = 0
        self.once = None
        self._follow_charset()
        self.style = DEFAULT_STYLE
        self.saved[self.is_alternate] = SavedCursor()

    def choose_level(self, level: int = 0) -> None:
        """Reset, and refuse what is above a level from now on (DECSCL).

        Args:
            level: 61 for the VT100 to 65 for the VT510.
        """
        if 61 <= level <= 60 + HIGHEST_LEVEL:
            self.reset()
            self.level = level - 60

    # Modes

    def set_mode(self, *modes: int, **kwargs: bool) -> None:
        """Switch modes on (SM, DECSET)."""
        for mode in modes:
            self.switch(private(mode) if kwargs.get("private") else mode, True)

    def reset_mode(self, *modes: int, **kwargs: bool) -> None:
        """Switch modes off (RM, DECRST)."""
        for mode in modes:
            self.switch(private(mode) if kwargs.get("private") else mode, False)

    def switch(self, mode: int, on: bool) -> None:
        """Switch a mode.

        Args:
            mode: The number under which it is kept, see `modes.private`.
            on: Whether it is on from now on.
        """
        if mode in APART_FROM_DRAWING:
            if on:
                self.mode.add(mode)
            else:
                self.mode.discard(mode)
            if mode == LNM:
                self.actions.clear()
            elif mode == DECTCEM:
                self.cursor.hidden = not on
            elif mode == CURSOR_BLINK:
                self.blink = on
            return
        if mode == SAVED_CURSOR:
            if on:
                self.save_cursor()
            else:
                self.restore_cursor()
            return
        if mode not in KNOWN or self._is_refused(mode):
            return
        if mode in ALTERNATE_SCREENS:
            self._switch_screen(mode, on)
            return
        if mode in MOUSE_MODES:
            self.mode -= MOUSE_MODES
        elif mode in MOUSE_ENCODINGS:
            self.mode -= MOUSE_ENCODINGS
        if on:
            self.mode.add(mode)
        else:
            self.mode.discard(mode)
        if mode == DECOM:
            self.actions.clear()
            self.go_home()
        elif mode == DECLRMM and not on:
            self.place_side_margins(0, self.columns - 1)
        elif mode == DECCOLM:
            self._change_columns()
        self._follow_modes()

    def _is_refused(self, mode: int) -> bool:
        """Whether a mode may not be switched now."""
        if mode == DECCOLM:
            return ALLOW_COLUMNS not in self.mode
        return (mode == DECLRMM and self.level < 4) or (mode == DECNCSM and self.level < 5)

    def _change_columns(self) -> None:
        """Do what a change to 80 or 132 columns does besides: the width is not the program's."""
        self.reset_margins()
        if DECNCSM not in self.mode:
            self.erase_in_display(2)
            self.go_home()

    def _follow_modes(self) -> None:
        self.autowrap = DECAWM in self.mode
        self.insert_mode = IRM in self.mode
        self.joins_graphemes = GRAPHEMES in self.mode
        self.cursor.hidden = DECTCEM not in self.mode
        self.follow_drawing()

    def follow_drawing(self) -> None:
        """Note whether text may be written without further thought, after a change of modes."""
        simple = self.autowrap and not self.insert_mode and not self.has_side_margins
        is_ascii = self.translation is None and self.once is None
        self.limit = self.columns if simple and is_ascii else -1

    def _switch_screen(self, mode: int, on: bool) -> None:
        """Show the alternate or the main screen (47, 1047, 1049).

        1049 saves the cursor and clears before, 1047 clears when it leaves.
        """
        saves = mode == private(1049)
        if on and saves:
            self.save_cursor()
        if on != self.is_alternate:
            if not on and mode == private(1047):
                self.clear_screen()
            self.grid, self.inactive = self.inactive, self.grid
            self.is_alternate = on
        self.mode -= ALTERNATE_SCREENS
        if on:
            self.mode.add(mode)
        if saves and on:
            self.erase_in_display(2)
        elif saves:
            self.restore_cursor()

    def save_modes(self, *modes: int) -> None:
        """Remember the state of private modes (XTSAVE)."""
        for mode in modes:
            number = private(mode)
            if number in KNOWN:
                self.saved_modes[number] = number in self.mode

    def restore_modes(self, *modes: int) -> None:
        """Return private modes to the remembered state (XTRESTORE)."""
        for mode in modes:
            on = self.saved_modes.get(private(mode))
            if on is not None:
                self.switch(private(mode), on)

    def application_keypad(self) -> None:
        """Let the keypad send application codes (DECKPAM)."""
        self.mode.add(DECNKM)

    def numeric_keypad(self) -> None:
        """Let the keypad send digits (DECKPNM)."""
        self.mode.discard(DECNKM)

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        """Set the scrolling region, lines counted from 1, and go home (DECSTBM)."""
        first = (top or 1) - 1
        last = min(bottom or self.lines, self.lines) - 1
        if first < last:
            self.top, self.bottom = first, last
            self.go_home()

    def set_side_margins(self, left: int = 0, right: int = 0) -> None:
        """Set the left and right margins, columns counted from 1, and go home (DECSLRM).

        Without mode 69 the sequence has the older meaning of SCOSC.
        """
        if DECLRMM not in self.mode:
            self.save_cursor()
            return
        first, last = max(left, 1) - 1, min(right or self.columns, self.columns) - 1
        if first < last:
            self.place_side_margins(first, last)
            self.go_home()

    def set_cursor_shape(self, shape: int = 0) -> None:
        """Choose the form of the cursor (DECSCUSR); 0 is ours, which does not blink."""
        if shape <= 6:
            self.shape = _SHAPES[max(shape - 1, 0) // 2]
            self.blink = shape % 2 == 1

    # Saved cursors

    def save_cursor(self) -> None:
        """Save position, style, character sets and origin mode in the screen's one slot (DECSC)."""
        first, second, third, fourth = self.sets
        x = self.cursor.x
        self.saved[self.is_alternate] = SavedCursor(
            x=x if x <= self.columns else self.column(),
            y=self.cursor.y,
            style=self.style,
            charsets=(first, second, third, fourth),
            charset=self.charset,
            origin=DECOM in self.mode,
        )

    def restore_cursor(self) -> None:
        """Return to what DECSC saved; home and defaults when nothing was (DECRC)."""
        saved = self.saved[self.is_alternate]
        self.sets = list(saved.charsets)
        self.charset = saved.charset
        self._follow_charset()
        self.style = saved.style
        if saved.origin != (DECOM in self.mode):
            self.actions.clear()
            self.mode ^= {DECOM}
        limit = self.columns if saved.x >= self.columns else self.columns - 1
        self.cursor.x = min(saved.x, limit)
        low, high = (self.top, self.bottom) if saved.origin else (0, self.lines - 1)
        self.cursor.y = min(max(saved.y, low), high)

    # Character sets

    def define_charset(self, code: str, mode: str) -> None:
        """Designate a character set (SCS).

        Args:
            code: The final character; sets other than `0` (line drawing) and `A` (UK) are ASCII.
            mode: `(`, `)`, `*` or `+` for G0 to G3.
        """
        self.sets["()*+".index(mode)] = code if code in _CHARSETS else "B"
        self._follow_charset()

    def shift_in(self) -> None:
        """Use G0 (SI)."""
        self.invoke_charset(0)

    def shift_out(self) -> None:
        """Use G1 (SO)."""
        self.invoke_charset(1)

    def invoke_charset(self, charset: int) -> None:
        """Use G0 to G3 (LS0 to LS3)."""
        self.charset = charset
        self._follow_charset()

    def invoke_once(self, charset: int) -> None:
        """Use G2 or G3 for the next character (SS2, SS3)."""
        self.once = _CHARSETS.get(self.sets[charset], {})
        self.follow_drawing()

    def _follow_charset(self) -> None:
        self.translation = _CHARSETS.get(self.sets[self.charset])
        self.is_remapped = self.sets[0] != "B"
        self.set_style_number(self.style_number)
        self.follow_drawing()

    # Styles

    def select_graphic_rendition(self, *attrs: int, **_kwargs: bool) -> None:
        """Change the style of what is drawn next (SGR), numbers only."""
        self.apply_sgr(";".join(map(str, attrs)))

    def apply_sgr(self, parameters: str) -> None:
        """Change the style of what is drawn next (SGR).

        Args:
            parameters: The parameter string of the sequence.
        """
        self.style = apply_sgr(self.style, parameters)

    def is_plain(self) -> bool:
        """Whether ASCII lines may go straight into the grid, see `Grid.draw_lines`."""
        return (
            self.style_number == DEFAULT
            and self.limit >= 0
            and self.top == 0
            and self.bottom == self.lines - 1
            and 20 not in self.mode
        )
