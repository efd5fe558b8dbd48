"""A terminal as a widget: shows a session, and gives it every key but one."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from textual import events

from lxdtui.terminal import (
    MouseKind,
    MouseModifiers,
    encode_focus,
    encode_key,
    encode_mouse,
    encode_paste,
)
from lxdtui.ui.sessions import Session, SessionState
from lxdtui.ui.widgets.terminal_canvas import TerminalCanvas
from lxdtui.ui.widgets.terminal_selection import Selection

__all__ = ["DEFAULT_LEADER", "TerminalView", "ViewMode"]

DEFAULT_LEADER = "ctrl+right_square_bracket"
WHEEL_ROWS = 3

_MOST_EARLY = 1000
"""Keys kept until there is a session."""


class ViewMode(StrEnum):
    """Who gets the next key."""

    PROGRAM = "program"
    LEADER = "leader"
    """The leader was pressed: the next key is a command."""
    SCROLLBACK = "scrollback"
    """Keys move through what has scrolled away."""


class TerminalView(TerminalCanvas, can_focus=True):
    """Shows a session and sends it what is typed.

    While the session takes keys, all of them go to the program, those that
    Textual binds with priority included. Only the leader is kept; after it:

    | Key | Does |
    |---|---|
    | leader | sends the leader itself |
    | `[`, page up | goes through the scrollback; escape or `q` ends that |
    | any other | is posted as `Command` |

    Args:
        leader: Name of the key that is kept, as Textual names keys.
        blinks: Whether the cursor and blinking text blink.
        name: Name of the widget.
        id: ID of the widget in the DOM.
        classes: CSS classes of the widget.
        disabled: Whether the widget is disabled.
    """

    @dataclass
    class Command(TerminalCanvas.Posted):
        """Posted when a key was pressed after the leader that is not the widget's own."""

        key: str

    @dataclass
    class ModeChanged(TerminalCanvas.Posted):
        """Posted when other keys work now."""

        mode: ViewMode

    def __init__(
        self,
        *,
        leader: str = DEFAULT_LEADER,
        blinks: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name of Textual's own widgets
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(blinks=blinks, name=name, id=id, classes=classes, disabled=disabled)
        self.leader = leader
        """The key that is kept."""
        self.mode = ViewMode.PROGRAM
        """Who gets the next key."""
        self._early: deque[events.Key] = deque(maxlen=_MOST_EARLY)

    def show(self, session: Session | None) -> None:
        """Show a session, in place of the one shown so far; that one goes on unseen."""
        self._become(ViewMode.PROGRAM)
        super().show(session)
        while session is not None and self._early:
            self.on_key(self._early.popleft())

    def session_changed(self, session: Session) -> None:
        """React to another state of the session that is shown."""
        if session.is_over:
            self._become(ViewMode.PROGRAM)
        super().session_changed(session)

    def start_scrolling(self) -> None:
        """Let keys move through the scrollback."""
        self._become(ViewMode.SCROLLBACK)

    def send_leader(self) -> None:
        """Send the leader to the program."""
        self._send_key(events.Key(self.leader, None))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Take every key from the bindings of the screen and the app, priority or not.

        While a session is being opened, escape still leaves; of one that is
        over, only the leader and what comes after it are taken. Before there is
        a session, keys wait for it.
        """
        del character
        session = self.session
        if session is None:
            return key != "escape"
        if session.is_over:
            return key == self.leader or self.mode is ViewMode.LEADER
        return session.state is SessionState.LIVE or key != "escape"

    def watch_has_focus(self, has_focus: bool) -> None:
        """Tell the program when it asked for that, and draw the cursor full or dim."""
        super().watch_has_focus(has_focus)
        session = self.session
        if session is not None:
            data = encode_focus(has_focus, session.emulator.modes)
            if data is not None:
                session.send(data)
        if not has_focus and self.mode is ViewMode.LEADER:
            self._become(ViewMode.PROGRAM)
        self.show_cursor()
        self.repaint()

    def on_key(self, event: events.Key) -> None:
        """Send the key, or do what it means here."""
        session = self.session
        if not self.check_consume_key(event.key, event.character):
            if self._scroll_key(event.key):
                event.stop()
                event.prevent_default()
            return
        event.stop()
        event.prevent_default()
        if session is None:
            self._early.append(event)
        elif self.mode is ViewMode.LEADER:
            self._after_leader(event)
        elif event.key == self.leader:
            self._become(ViewMode.LEADER)
        elif self.mode is ViewMode.SCROLLBACK:
            if event.key in ("escape", "q"):
                self._to_bottom()
            else:
                self._scroll_key(event.key)
        else:
            self._send_key(event)

    def on_paste(self, event: events.Paste) -> None:
        """Send pasted text, cleaned, in brackets when the program asked for them."""
        session = self.session
        if session is None or session.is_over:
            return
        event.stop()
        event.prevent_default()
        self._to_bottom()
        if not session.send(encode_paste(event.text, session.emulator.modes)):
            self.notify("Too much text to paste at once", severity="warning", markup=False)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Tell the program, or begin to select."""
        if self._send_mouse(MouseKind.PRESS, event):
            self.capture_mouse()
        elif event.button == 1 and self.session is not None:
            self.selection = Selection.begin(self.row_number(event.y), event.x)
            self.capture_mouse()
            self.repaint()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell the program, or go on selecting."""
        if self.selection is not None and self.selection.is_open:
            self.selection = self.selection.moved(self.row_number(event.y), event.x)
            self.repaint()
        else:
            self._send_mouse(MouseKind.MOVE, event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Tell the program, or copy what was selected."""
        self.release_mouse()
        if self.selection is None or not self.selection.is_open:
            self._send_mouse(MouseKind.RELEASE, event)
            return
        self.selection = self.selection.ended()
        if self.selection.is_empty:
            self.selection = None
        elif text := self.selected_text():
            self.app.copy_to_clipboard(text)
        self.repaint()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Tell the program, or scroll back."""
        if not self._send_mouse(MouseKind.WHEEL_UP, event):
            self.scroll_back(WHEEL_ROWS)
        event.stop()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Tell the program, or scroll forward."""
        if not self._send_mouse(MouseKind.WHEEL_DOWN, event):
            self.scroll_back(-WHEEL_ROWS)
        event.stop()

    def _after_leader(self, event: events.Key) -> None:
        self._become(ViewMode.PROGRAM)
        if event.key == self.leader:
            self._send_key(event)
        elif event.key in ("left_square_bracket", "pageup"):
            self._become(ViewMode.SCROLLBACK)
            self._scroll_key(event.key)
        else:
            self.post_message(self.Command(self, event.key))

    def _scroll_key(self, key: str) -> bool:
        """Move through the scrollback; returns whether the key is one for that."""
        if self.session is None:
            return False
        page = max(self.size.height - 1, 1)
        everything = len(self.session.emulator.history)
        steps = {
            "pageup": page,
            "pagedown": -page,
            "up": 1,
            "down": -1,
            "k": 1,
            "j": -1,
            "home": everything,
            "end": -everything,
        }
        if key not in steps:
            return False
        self.scroll_back(steps[key])
        return True

    def _send_key(self, event: events.Key) -> None:
        session = self.session
        if session is None:
            return
        data = encode_key(event.key, character=event.character, modes=session.emulator.modes)
        if data is None:
            return
        self.selection = None
        self._to_bottom()
        self.show_cursor()
        session.send(data)

    def _send_mouse(self, kind: MouseKind, event: events.MouseEvent) -> bool:
        """Send a mouse event; returns False if it is ours to act on."""
        session = self.session
        if session is None or session.is_over or self.rows_back or event.shift:
            return False
        modifiers = MouseModifiers(shift=event.shift, alt=event.meta, ctrl=event.ctrl)
        emulator = session.emulator
        x = min(max(event.x, 0), emulator.columns - 1)
        y = min(max(event.y, 0), emulator.rows - 1)
        data = encode_mouse(kind, event.button, x, y, modifiers, emulator.modes)
        return data is not None and session.send(data)

    def _to_bottom(self) -> None:
        self._become(ViewMode.PROGRAM)
        self.scroll_back(-self.rows_back)

    def _become(self, mode: ViewMode) -> None:
        if mode is not self.mode:
            self.mode = mode
            self.post_message(self.ModeChanged(self, mode))
