"""The painted half of the terminal widget: a session as lines, without any input."""

import time
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Protocol

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from lxdtui.terminal import Emulator, ProgramColors, Update
from lxdtui.ui.later import Later, later
from lxdtui.ui.state.sessions import OutputWatcher, Session, SessionState, StateWatcher, Unwatch
from lxdtui.ui.widgets.frame_pacer import FramePacer
from lxdtui.ui.widgets.terminal_colors import TerminalColors
from lxdtui.ui.widgets.terminal_frame import (
    NO_OVERLAY,
    FrameView,
    Overlay,
    compose_frame,
    first_row_number,
)
from lxdtui.ui.widgets.terminal_selection import Selection
from lxdtui.ui.widgets.terminal_strips import StripPainter

__all__ = ["TerminalCanvas"]

RESIZE_SECONDS = 0.03
"""How long a size must stay before the program is told."""
BELL_SECONDS = 0.5
BLINK_SECONDS = 0.53
BLINKS = 20
"""Changes of a blinking cursor after a key or output; then it stands still, and costs nothing."""


NO_PROGRAM_COLORS = ProgramColors(palette={}, foreground=None, background=None, cursor=None)


class Shown(Protocol):
    """What a terminal shows: a session, or a recording of one."""

    @property
    def emulator(self) -> Emulator:
        """Its screen."""

    @property
    def takes_keys(self) -> bool:
        """Whether it is alive, so that there is a cursor."""

    def watch_output(self, watcher: OutputWatcher) -> Unwatch:
        """Call `watcher` after each piece of output; returns what ends that."""

    def watch_state(self, watcher: StateWatcher) -> Unwatch:
        """Call `watcher` when the state changes; returns what ends that."""

    def resize(self, columns: int, rows: int) -> None:
        """Give it a new size."""


class TerminalCanvas(Widget):
    """Shows a session, and any part of its scrollback.

    Drawn without border and padding of its own: it hands over remembered
    strips and leaves Textual's styling of lines out.

    Args:
        blinks: Whether blinking text blinks; a cursor does while programs ask for it.
        name: Name of the widget.
        id: ID of the widget in the DOM.
        classes: CSS classes of the widget.
        disabled: Whether the widget is disabled.
    """

    DEFAULT_CSS = """
    TerminalCanvas {
        width: 1fr;
        height: 1fr;
        background: $background;
        color: $foreground;
    }
    """

    ALLOW_SELECT: ClassVar[bool] = False

    @dataclass
    class Posted(Message):
        """Base of the messages of this widget."""

        view: "TerminalCanvas"

        @property
        def control(self) -> "TerminalCanvas":
            """The widget."""
            return self.view

    @dataclass
    class Ready(Posted):
        """Posted when the size of the terminal is known for the first time."""

        columns: int
        rows: int

    @dataclass
    class Scrolled(Posted):
        """Posted when another part of the scrollback is shown."""

        rows_back: int
        rows_kept: int
        """How many rows the scrollback holds."""

    @dataclass
    class TitleChanged(Posted):
        """Posted when the program has set another title: plain text, never markup."""

        title: str

    def __init__(
        self,
        *,
        blinks: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name of Textual's own widgets
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self.source: Shown | None = None
        """What is shown."""
        self.session: Session | None = None
        """The same, where it is a session."""
        self.rows_back = 0
        """How many rows of the scrollback are shown above the screen."""
        self.selection: Selection | None = None
        """What is selected."""
        self.stays = False
        """Whether the rows that are shown stay while others come in below them."""
        self._blinks = blinks
        self._is_ready = False
        self._unwatch: list[Unwatch] = []
        self._painters = _painters(
            TerminalColors(foreground=(213, 219, 230), background=(16, 19, 26))
        )
        self._colors = self._painters[0].colors
        self._program_colors = NO_PROGRAM_COLORS
        self._frame: list[Strip] = []
        self._pacer = FramePacer(self.repaint, partial(later, self))
        self._resize_timer: Later | None = None
        self._blink_timer: Timer | None = None
        self._is_cursor_on = True
        self._blinks_left = 0
        self._history_total = 0
        self._belled_at = 0.0

    def show(self, source: Shown | None) -> None:
        """Show a session, in place of the one shown so far; that one goes on unseen."""
        self._let_go()
        self.source = source
        self.session = source if isinstance(source, Session) else None
        self.rows_back = 0
        self.selection = None
        if source is not None:
            self._history_total = source.emulator.history_total
            self._unwatch = [
                source.watch_output(self._on_output),
                source.watch_state(self.session_changed),
            ]
            if self.session is not None:
                self._fit(self.session)
            self._tell_colors()
            self.post_message(self.TitleChanged(self, source.emulator.title))
        self.show_cursor()
        self.repaint()

    def session_changed(self, session: Session) -> None:
        """React to another state of the session that is shown."""
        self._fit(session)
        self.show_cursor()
        self.repaint()

    def scroll_back(self, rows: int) -> None:
        """Move through the scrollback by so many rows, up when positive."""
        if self.source is None:
            return
        kept = len(self.source.emulator.history)
        rows_back = min(max(self.rows_back + rows, 0), kept)
        if rows_back != self.rows_back:
            self.rows_back = rows_back
            self.post_message(self.Scrolled(self, rows_back, kept))
            self.repaint()

    def overlay(self) -> Overlay:
        """Return what is drawn on top of the terminal."""
        return NO_OVERLAY

    def output_came(self) -> None:
        """React to output, after the view was moved."""

    def row_number(self, y: int) -> int:
        """Return the number of the row shown in line `y`; see `numbered_row`."""
        if self.source is None:
            return y
        return first_row_number(self.source.emulator, self.rows_back) + y

    def selected_text(self) -> str:
        """Return the selected text, without the blanks at the ends of its lines."""
        if self.source is None or self.selection is None:
            return ""
        return self.selection.text(self.source.emulator)

    def repaint(self) -> None:
        """Compose the frame and ask Textual to repaint the lines that differ."""
        if not self.is_attached:
            return
        shown, frame = self._frame, self._compose_frame()
        self._frame = frame
        if len(shown) != len(frame):
            self.refresh()
            return
        changed = []
        for y, (old, new) in enumerate(zip(shown, frame, strict=True)):
            if old is not new:
                if old == new:
                    frame[y] = old
                else:
                    changed.append(Region(0, y, self.size.width, 1))
        if len(changed) > len(frame) // 2:
            self.refresh()
        elif changed:
            self.refresh(*changed)

    def show_cursor(self) -> None:
        """Show the cursor, and let it blink from now on if it is one that blinks."""
        session = self.source
        self._is_cursor_on = True
        self._blinks_left = BLINKS
        blinks = (
            self.has_focus
            and self.app.animation_level != "none"
            and session is not None
            and session.takes_keys
            and session.emulator.cursor.blink
            and session.emulator.cursor.visible
        )
        if self._blink_timer is not None and not blinks:
            self._blink_timer.stop()
            self._blink_timer = None
        elif blinks and self._blink_timer is None:
            self._blink_timer = self.set_interval(BLINK_SECONDS, self._blink)

    def notify_style_update(self) -> None:
        """Take over the colours of the theme."""
        super().notify_style_update()
        if self.is_attached:
            self._take_colors()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a region.

        The public method that Textual paints from; `render_line` and the
        cache of styled lines behind it are left out, which is most of the cost
        of a frame.

        Args:
            crop: The region of the widget to render.
        """
        width, height = self.size
        frame = self._frame
        if len(frame) != height or (frame and frame[0].cell_length != width):
            frame = self._frame = self._compose_frame()
        lines = frame[crop.y : crop.bottom]
        lines += [self._painter().blank(width)] * (crop.height - len(lines))
        if crop.x or crop.width != width:
            lines = [line.crop(crop.x, crop.right) for line in lines]
        if self.app.no_color:
            background = self.background_colors[1]
            for line_filter in self.app.get_line_filters():
                lines = [line.apply_filter(line_filter, background) for line in lines]
        return lines

    def on_mount(self) -> None:
        """Take over the colours of the theme."""
        self._take_colors()

    def on_unmount(self) -> None:
        """Let go of the session, which goes on."""
        self._let_go()

    def on_resize(self, event: events.Resize) -> None:
        """Give the session the new size, the last one of a burst only."""
        if not event.size.width or not event.size.height:
            return
        if not self._is_ready:
            self._is_ready = True
            self._resized()
            self.post_message(self.Ready(self, *event.size))
            return
        if self._resize_timer is not None:
            self._resize_timer.stop()
        self._resize_timer = later(self, RESIZE_SECONDS, self._resized)

    def _on_output(self, update: Update) -> None:
        session = self.source
        if session is None:
            return
        emulator = session.emulator
        if self.rows_back or self.stays:
            # What is looked at stays in its place while rows come in below.
            pushed = emulator.history_total - self._history_total
            self.rows_back = min(max(self.rows_back + pushed, 0), len(emulator.history))
        self._history_total = emulator.history_total
        self.output_came()
        if update.title_changed:
            self.post_message(self.TitleChanged(self, emulator.title))
        if update.bell:
            self._bell()
        if update.changed:
            self.show_cursor()
            self._pacer.request(is_held=emulator.modes.synchronized_output)

    def _fit(self, session: Session) -> None:
        """Give a session this size; one that is being opened has what it was made with."""
        if self._is_ready and self.size and session.state is not SessionState.OPENING:
            session.resize(*self.size)

    def _bell(self) -> None:
        now = time.monotonic()
        if now - self._belled_at >= BELL_SECONDS:
            self._belled_at = now
            self.app.bell()

    def _resized(self) -> None:
        self._resize_timer = None
        if self.source is not None and self.size.width and self.size.height:
            self.source.resize(*self.size)
            self._history_total = self.source.emulator.history_total
            self.selection = None
            self.scroll_back(-self.rows_back)
        self.repaint()

    def _blink(self) -> None:
        self._is_cursor_on = not self._is_cursor_on
        self._blinks_left -= 1
        if self._blinks_left <= 0 and self._blink_timer is not None:
            self._blink_timer.stop()
            self._blink_timer = None
        self.repaint()

    def _take_colors(self) -> None:
        background, foreground = self.colors[2:]
        colors = TerminalColors(
            foreground=foreground.rgb,
            background=background.rgb,
            is_dark=self.app.current_theme.dark,
            is_host=self.app.native_ansi_color,
            blinks=self._blinks,
        )
        if self._colors != colors:
            self._colors = colors
            self._painters = _painters(colors.with_program(self._program_colors))
            self._frame = []
            self.refresh()
        self._tell_colors()

    def _tell_colors(self) -> None:
        """Let programs that ask know which colours they are drawn in (OSC 4, 10, 11)."""
        if self.source is not None:
            colors = self._colors
            self.source.emulator.set_colors(colors.foreground, colors.background, colors.palette)

    def _follow_program_colors(self) -> None:
        """Draw in the colours that the program chose."""
        chosen = NO_PROGRAM_COLORS if self.source is None else self.source.emulator.set_by_program
        if chosen != self._program_colors:
            self._program_colors = chosen
            self._painters = _painters(self._colors.with_program(chosen))
            self._frame = []

    def _painter(self) -> StripPainter:
        is_reversed = self.source is not None and self.source.emulator.modes.reverse_screen
        return self._painters[is_reversed]

    def _compose_frame(self) -> list[Strip]:
        """Return the lines of the whole widget as they are now."""
        self._follow_program_colors()
        width, height = self.size
        session = self.source
        if session is None:
            return [self._painter().blank(width)] * height
        view = FrameView(
            width=width,
            height=height,
            rows_back=self.rows_back,
            selection=self.selection,
            shows_cursor=session.takes_keys and self._is_cursor_on,
            has_focus=self.has_focus,
            overlay=self.overlay(),
        )
        return compose_frame(session.emulator, self._painter(), view)

    def _let_go(self) -> None:
        for unwatch in self._unwatch:
            unwatch()
        self._unwatch = []


def _painters(colors: TerminalColors) -> tuple[StripPainter, StripPainter]:
    """Return what draws a screen, and the same with text and ground exchanged."""
    return StripPainter(colors), StripPainter(colors.swapped())
