"""Selecting in a terminal with the mouse: clicks, dragging, beyond the edges."""

from textual import events
from textual.timer import Timer

from lxdtui.terminal import MouseKind, MouseModifiers, encode_mouse
from lxdtui.ui.widgets.terminal_canvas import TerminalCanvas
from lxdtui.ui.widgets.terminal_links import Target, target_at
from lxdtui.ui.widgets.terminal_selection import Selection, SelectionKind

__all__ = ["WHEEL_ROWS", "TerminalMouse"]

WHEEL_ROWS = 3
_CHAIN_SECONDS = 0.4
_DRAG_SECONDS = 0.05
_KINDS = (SelectionKind.CHARACTERS, SelectionKind.WORDS, SelectionKind.LINES)


class TerminalMouse(TerminalCanvas):
    """A terminal whose mouse events go to the program that wants them, or select.

    | Mouse | Does |
    |---|---|
    | drag | selects; beyond the upper or lower edge it scrolls |
    | double, triple click | selects a word, a line |
    | Alt and drag | selects a block |
    | Shift | keeps the mouse from a program that wants it |
    | Ctrl and click | acts on an address or a path |
    """

    hovered: Target | None = None
    """What can be opened under the mouse."""
    _clicked_at = float("-inf")
    _clicks = 0
    _clicked_place = (-1, -1)
    _drag_timer: Timer | None = None
    _drag: tuple[int, int] = (0, 0)

    def selected(self, text: str) -> None:
        """React to text that was selected with the mouse."""

    def clicked_target(self, target: Target) -> None:
        """React to a click on something that can be opened."""

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Tell the program, or begin to select."""
        if self.send_mouse(MouseKind.PRESS, event):
            self.capture_mouse()
            return
        if event.button != 1 or self.session is None:
            return
        row, column = self.row_number(event.y), event.x
        if event.ctrl:
            target = target_at(self.session.emulator, (row, column))
            if target is not None:
                self.clicked_target(target)
            return
        is_chained = (
            event.time - self._clicked_at < _CHAIN_SECONDS and (row, column) == self._clicked_place
        )
        self._clicks = self._clicks % 3 + 1 if is_chained else 1
        self._clicked_at, self._clicked_place = event.time, (row, column)
        kind = SelectionKind.BLOCK if event.meta else _KINDS[self._clicks - 1]
        self.selection = Selection.begin(row, column, kind)
        self.capture_mouse()
        self.repaint()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell the program, go on selecting, or underline what can be opened."""
        if self.selection is not None and self.selection.is_open:
            self._drag = (event.x, event.y)
            self._dragged()
            self._scroll_while_dragged(event.y < 0 or event.y >= self.size.height)
        elif not self.send_mouse(MouseKind.MOVE, event):
            self._hover(event.x, event.y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Tell the program, or copy what was selected."""
        self.release_mouse()
        self._scroll_while_dragged(False)
        if self.selection is None or not self.selection.is_open:
            self.send_mouse(MouseKind.RELEASE, event)
            return
        self.selection = self.selection.ended()
        if self.selection.is_empty:
            self.selection = None
        elif text := self.selected_text():
            self.selected(text)
        self.repaint()

    def on_leave(self) -> None:
        """Underline nothing while the mouse is elsewhere."""
        self._hover(-1, -1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Tell the program, or scroll back."""
        if not self.send_mouse(MouseKind.WHEEL_UP, event):
            self.scroll_back(WHEEL_ROWS)
        event.stop()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Tell the program, or scroll forward."""
        if not self.send_mouse(MouseKind.WHEEL_DOWN, event):
            self.scroll_back(-WHEEL_ROWS)
        event.stop()

    def takes_mouse(self) -> bool:
        """Whether the program may have the mouse now."""
        session = self.session
        return session is not None and not session.is_over and not self.rows_back

    def send_mouse(self, kind: MouseKind, event: events.MouseEvent) -> bool:
        """Send a mouse event; returns False if it is ours to act on."""
        session = self.session
        if session is None or event.shift or not self.takes_mouse():
            return False
        modifiers = MouseModifiers(shift=event.shift, alt=event.meta, ctrl=event.ctrl)
        emulator = session.emulator
        x = min(max(event.x, 0), emulator.columns - 1)
        y = min(max(event.y, 0), emulator.rows - 1)
        data = encode_mouse(kind, event.button, x, y, modifiers, emulator.modes)
        return data is not None and session.send(data)

    def _dragged(self) -> None:
        """Let the selection reach to where the mouse is."""
        if self.selection is None:
            return
        x, y = self._drag
        y = min(max(y, 0), self.size.height - 1)
        self.selection = self.selection.moved(self.row_number(y), min(x, self.size.width - 1))
        self.repaint()

    def _scroll_while_dragged(self, is_beyond: bool) -> None:
        if is_beyond and self._drag_timer is None:
            self._drag_timer = self.set_interval(_DRAG_SECONDS, self._drag_on)
        elif not is_beyond and self._drag_timer is not None:
            self._drag_timer.stop()
            self._drag_timer = None

    def _drag_on(self) -> None:
        y = self._drag[1]
        # The further beyond the edge, the faster.
        self.scroll_back(-y if y < 0 else self.size.height - 1 - y)
        self._dragged()

    def _hover(self, x: int, y: int) -> None:
        session = self.session
        found = None
        if session is not None and x >= 0:
            found = target_at(session.emulator, (self.row_number(y), x))
        if found != self.hovered:
            self.hovered = found
            self.repaint()
