"""A terminal as a widget: shows a session, and gives it every key but one."""

import re
from collections import deque
from dataclasses import dataclass

from textual import events
from textual.geometry import Region
from textual.widget import Widget

from lxdtui.terminal import encode_focus, encode_key, encode_paste
from lxdtui.ui.actions.leader import DEFAULT_LEADER
from lxdtui.ui.messages import OpenRecordings
from lxdtui.ui.state.sessions import Session, SessionState
from lxdtui.ui.widgets.terminal_canvas import Shown, TerminalCanvas
from lxdtui.ui.widgets.terminal_modes import ViewMode
from lxdtui.ui.widgets.terminal_reading import TerminalReading

__all__ = ["TerminalView", "ViewMode", "paste_needs_asking"]

_RISKY = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f]")


def paste_needs_asking(text: str, *, is_bracketed: bool) -> bool:
    """Return whether pasted text can do more than stand there, before anybody read it.

    Args:
        text: What is to be pasted.
        is_bracketed: Whether the program can tell it from what is typed.
    """
    return not is_bracketed and _RISKY.search(text) is not None


_MOST_EARLY = 1000
"""Keys kept until there is a session."""


class TerminalView(TerminalReading, can_focus=True):
    """Shows a session and sends it what is typed.

    While the session takes keys, all of them go to the program, those that
    Textual binds with priority included. Only the leader is kept; after it:

    | Key | Does |
    |---|---|
    | leader | sends the leader itself |
    | `[`, page up | goes through the scrollback, see `Reader`; escape or `q` ends that |
    | `/`, `?` | looks for words, in older and in newer rows |
    | `u` | gives a letter to everything that can be opened |
    | any other | is posted as `Command` |

    Args:
        leader: Name of the key that is kept, as Textual names keys.
        blinks: Whether blinking text blinks; a cursor does while programs ask for it.
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
    class RecordAsked(TerminalCanvas.Posted):
        """Posted when a recording is to begin, or the one under way to end."""

        has_input: bool = False
        """Whether what is typed is to be recorded as well."""

    @dataclass
    class PasteAsked(TerminalCanvas.Posted):
        """Posted instead of pasting what somebody should look at first."""

        text: str

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
        self.others: tuple[Session, ...] = ()
        """Sessions that get what is typed and pasted here as well."""
        self._early: deque[events.Key] = deque(maxlen=_MOST_EARLY)

    def show(self, source: Shown | None) -> None:
        """Show a session, in place of the one shown so far; that one goes on unseen."""
        self.stop_reading()
        super().show(source)
        while self.session is not None and self._early:
            self.on_key(self._early.popleft())

    def session_changed(self, session: Session) -> None:
        """React to another state of the session that is shown."""
        if session.is_over and self.mode is ViewMode.LEADER:
            self.become(ViewMode.PROGRAM)
        super().session_changed(session)

    def repaint(self) -> None:
        """Draw what has changed."""
        super().repaint()
        self.keep_in_view()

    def keep_in_view(self) -> None:
        """Where the terminal is larger than its pane, show the part that counts."""
        parent, session = self.parent, self.session
        if session is None or not session.fixed_size or not isinstance(parent, Widget):
            return
        overlay, cursor = self.overlay(), session.emulator.cursor
        x, y = cursor.x, cursor.y + self.rows_back
        if overlay.prompt:
            x, y = 0, self.size.height - 1
        elif overlay.reader is not None:
            y, x = overlay.reader[0] - self.row_number(0), overlay.reader[1]
        place = Region(max(x, 0), min(max(y, 0), max(self.size.height - 1, 0)), 1, 1)
        parent.scroll_to_region(place, animate=False, force=True, immediate=True)

    def paste(self, text: str) -> None:
        """Send pasted text, cleaned, in brackets when the program asked for them."""
        session = self.session
        if session is None or session.is_over:
            return
        self.to_bottom()
        if not session.send(encode_paste(text, session.emulator.modes)):
            self.notify("Too much text to paste at once", severity="warning", markup=False)
        for other in self.others:
            other.send(encode_paste(text, other.emulator.modes))

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
            return key == self.leader or self.mode is not ViewMode.PROGRAM
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
            self.become(ViewMode.PROGRAM)
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
        elif self.mode in (ViewMode.SEARCH, ViewMode.LINKS):
            self.press_while_reading(event)
        elif event.key == self.leader:
            self.become(ViewMode.LEADER)
        elif self.mode is ViewMode.SCROLLBACK:
            self.press_while_reading(event)
        else:
            self._send_key(event)

    def on_paste(self, event: events.Paste) -> None:
        """Paste, or let the user be asked about it first."""
        session = self.session
        if session is None or session.is_over:
            return
        event.stop()
        event.prevent_default()
        if self.mode is ViewMode.SEARCH:
            self.insert_words(event.text)
        elif paste_needs_asking(event.text, is_bracketed=self._is_bracketed(session)):
            self.post_message(self.PasteAsked(self, event.text))
        else:
            self.paste(event.text)

    def _is_bracketed(self, session: Session) -> bool:
        """Say whether every program that gets a paste can tell it from what is typed."""
        return all(one.emulator.modes.bracketed_paste for one in (session, *self.others))

    def _after_leader(self, event: events.Key) -> None:
        self.become(ViewMode.SCROLLBACK if self.is_reading else ViewMode.PROGRAM)
        match event.key:
            case self.leader:
                self._send_key(event)
            case "left_square_bracket":
                self.start_scrolling()
            case "pageup":
                self.start_scrolling()
                self.press_reader("pageup")
            case "slash":
                self.start_search()
            case "u":
                self.start_links()
            case "P":
                self.post_message(OpenRecordings())
            case "R":
                self.post_message(self.RecordAsked(self))
            case "I":
                self.post_message(self.RecordAsked(self, has_input=True))
            case "S":
                self.post_message(self.SaveAsked(self))
            case _:
                self.post_message(self.Command(self, event.key))

    def _scroll_key(self, key: str) -> bool:
        """Move through the scrollback of a shell that is over; whether the key is one for that."""
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
        self.to_bottom()
        self.show_cursor()
        session.send(data)
        for other in self.others:
            data = encode_key(event.key, character=event.character, modes=other.emulator.modes)
            if data is not None:
                other.send(data)
