"""Reading in a terminal by keys: scrollback, search, and letters on what can be opened."""

from dataclasses import dataclass

from textual import events

from lxdtui.ui.later import later
from lxdtui.ui.widgets.terminal_canvas import TerminalCanvas
from lxdtui.ui.widgets.terminal_frame import (
    NO_OVERLAY,
    Decoration,
    DecorationKind,
    Overlay,
    spread_over_rows,
)
from lxdtui.ui.widgets.terminal_links import Target, labels, targets
from lxdtui.ui.widgets.terminal_modes import ViewMode
from lxdtui.ui.widgets.terminal_mouse import TerminalMouse
from lxdtui.ui.widgets.terminal_reader import Reader
from lxdtui.ui.widgets.terminal_search import TerminalSearch

__all__ = ["TerminalReading"]


class TerminalReading(TerminalMouse):
    """A terminal whose scrollback is read, searched and copied from by keys.

    Args:
        blinks: Whether blinking text blinks; a cursor does while programs ask for it.
        name: Name of the widget.
        id: ID of the widget in the DOM.
        classes: CSS classes of the widget.
        disabled: Whether the widget is disabled.
    """

    @dataclass
    class ModeChanged(TerminalCanvas.Posted):
        """Posted when other keys work now."""

        mode: ViewMode

    @dataclass
    class Copied(TerminalCanvas.Posted):
        """Posted when text was selected to be copied."""

        text: str

    @dataclass
    class TargetChosen(TerminalCanvas.Posted):
        """Posted when an address or a path was chosen: text of the container."""

        target: Target

    @dataclass
    class SaveAsked(TerminalCanvas.Posted):
        """Posted when the scrollback is to be saved."""

    def __init__(
        self,
        *,
        blinks: bool = False,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name of Textual's own widgets
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(blinks=blinks, name=name, id=id, classes=classes, disabled=disabled)
        self.mode = ViewMode.PROGRAM
        """Who gets the next key."""
        self._reader: Reader | None = None
        self._search: TerminalSearch | None = None
        self._goes_to_first = False
        self._targets: dict[str, Target] = {}
        self._letters = ""

    def start_scrolling(self) -> None:
        """Let keys move through the scrollback."""
        session = self.session
        if session is None:
            return
        if self._reader is None:
            self._reader = Reader(session.emulator, self.size.height, self.rows_back)
        self.become(ViewMode.SCROLLBACK)
        self.repaint()

    def start_search(self, *, is_backward: bool = True) -> None:
        """Let keys be words to look for.

        Args:
            is_backward: Whether the next match is an older one.
        """
        session = self.session
        if session is None:
            return
        self.start_scrolling()
        self._search = TerminalSearch(session.emulator, is_backward=is_backward)
        self.become(ViewMode.SEARCH)
        self.repaint()

    def start_links(self) -> None:
        """Give a letter to everything on the screen that can be opened."""
        session = self.session
        if session is None:
            return
        top = self.row_number(0)
        found = targets(session.emulator, top, top + self.size.height - 1)
        if not found:
            self.notify("Nothing to open is on the screen", severity="warning", markup=False)
            return
        self._targets = dict(zip(labels(len(found)), found, strict=False))
        self._letters = ""
        self.become(ViewMode.LINKS)
        self.repaint()

    def stop_reading(self) -> None:
        """Give the keys back to the program; the view stays where it is."""
        self._reader = self._search = None
        self.become(ViewMode.PROGRAM)

    @property
    def is_reading(self) -> bool:
        """Whether keys move through the scrollback, or will again."""
        return self._reader is not None

    def press_while_reading(self, event: events.Key) -> None:
        """Do what a key means in a mode of reading."""
        match self.mode:
            case ViewMode.SEARCH:
                self._search_key(event)
            case ViewMode.LINKS:
                self._link_key(event)
            case _:
                self.press_reader(event.key)

    def insert_words(self, text: str) -> None:
        """Put pasted text into the words to look for."""
        if self._search is not None:
            self._search.edit.insert(text)
            self._searched()

    def selected(self, text: str) -> None:
        """Copy text that was selected."""
        self.post_message(self.Copied(self, text))

    def clicked_target(self, target: Target) -> None:
        """Tell which of the things that can be opened was clicked."""
        self.post_message(self.TargetChosen(self, target))

    def takes_mouse(self) -> bool:
        """Whether the program may have the mouse now."""
        return super().takes_mouse() and self._reader is None

    def scroll_back(self, rows: int) -> None:
        """Move through the scrollback by so many rows, up when positive."""
        super().scroll_back(rows)
        if self._reader is not None and self.size.height:
            self._reader.scrolled(self.rows_back, self.size.height)

    def output_came(self) -> None:
        """Keep the cursor of the scroll mode on its row."""
        if self._reader is not None:
            self._reader.output(self.rows_back)

    def overlay(self) -> Overlay:
        """Return matches, letters and the line of words to look for."""
        session, reader, search = self.session, self._reader, self._search
        if session is None:
            return NO_OVERLAY
        drawn: list[Decoration] = []
        emulator = session.emulator
        top = self.row_number(0)
        if search is not None and reader is not None:
            for match in search.shown(top, top + self.size.height - 1):
                is_current = reader.place == (match.row, match.column)
                kind = DecorationKind.CURRENT if is_current else DecorationKind.MATCH
                drawn += spread_over_rows(emulator, *match, kind)
        shown = self._targets.values() if self.mode is ViewMode.LINKS else ()
        hovered = () if self.hovered is None else (self.hovered,)
        drawn += [
            Decoration(row=row, start=start, end=end, kind=DecorationKind.LINK)
            for target in (*shown, *hovered)
            for row, start, end in target.pieces
        ]
        if self.mode is ViewMode.LINKS:
            drawn += self._label_decorations()
        if not drawn and reader is None:
            return NO_OVERLAY
        is_asked = self.mode is ViewMode.SEARCH
        return Overlay(
            decorations=drawn,
            reader=None if reader is None or is_asked else reader.place,
            prompt=self._prompt() if is_asked else (),
            prompt_end=self._prompt_end() if is_asked else (),
        )

    @property
    def note(self) -> str:
        """What is to be said about the rows that are shown: a match and how many there are."""
        search, reader = self._search, self._reader
        if search is None or reader is None or not search.edit.text or search.error:
            return ""
        more = "+" if search.is_cut or not search.is_done else ""
        if not search.matches:
            words = "not found" if search.is_done else "searching"
            return f"{words}; {search.left_out}" if search.left_out else words
        found, number = f"{len(search.matches)}{more}", search.number_of(reader.place)
        words = f"{number}/{found}" if number else f"{found} found"
        return f"{words}; {search.left_out}" if search.left_out else words

    def press_reader(self, key: str) -> None:
        """Do what a key means while the scrollback is read."""
        reader = self._reader
        if reader is None:
            return
        match key:
            case "escape" if reader.select_nothing():
                self.selection = None
            case "escape" | "q" | "ctrl+c":
                self.to_bottom()
                return
            case "slash" | "question_mark":
                self.start_search(is_backward=key == "question_mark")
                return
            case "n" | "N" if self._search is not None:
                self._next_match(is_reversed=key == "N")
            case "u":
                self.start_links()
                return
            case "s":
                self.post_message(self.SaveAsked(self))
                return
            case "y" | "enter" if reader.selection is not None:
                self.selection = reader.selection
                self.selected(self.selected_text())
                reader.select_nothing()
            case _ if reader.press(key):
                self.selection = reader.selection
            case _:
                return
        self._follow_reader()

    def _search_key(self, event: events.Key) -> None:
        """Do what a key means while words to look for are typed."""
        search, reader = self._search, self._reader
        if search is None or reader is None:
            return
        match event.key:
            case "escape":
                self._search = None
                self.become(ViewMode.SCROLLBACK)
            case "enter":
                if not search.edit.text:
                    self._search = None
                self.become(ViewMode.SCROLLBACK)
            case "ctrl+r":
                search.is_pattern = not search.is_pattern
                self._searched()
            case "up" | "down":
                self._next_match(is_reversed=search.is_backward is (event.key == "down"))
                self._follow_reader()
            case _ if search.edit.press(event.key, event.character):
                self._searched()
        self.repaint()

    def _searched(self) -> None:
        """Look for other words: go to the nearest place, count the others by and by."""
        search, reader = self._search, self._reader
        if search is None or reader is None:
            return
        search.begin()
        if not search.matches:
            search.finish()
        self._goes_to_first = not self._go_to_match(
            is_backward=search.is_backward, is_included=True
        )
        self._follow_reader()
        self._search_on()

    def _go_to_match(self, *, is_backward: bool, is_included: bool) -> bool:
        """Go to the nearest match; returns whether there is one."""
        search, reader = self._search, self._reader
        if search is None or reader is None:
            return False
        place = search.nearest(reader.place, is_backward=is_backward, is_included=is_included)
        if place is not None:
            reader.go_to(place)
        return place is not None

    def _search_on(self) -> None:
        search = self._search
        if search is None:
            return
        is_more = search.go_on()
        if self._goes_to_first and search.matches:
            self._goes_to_first = False
            self._go_to_match(is_backward=search.is_backward, is_included=True)
            self._follow_reader()
        if is_more:
            later(self, 0, self._search_on)
        else:
            self._tell_scrolled()
            self.repaint()

    def _next_match(self, *, is_reversed: bool) -> None:
        search, reader = self._search, self._reader
        if search is None or reader is None:
            return
        # What was found so far may have moved on, or more may have come.
        search.begin()
        search.finish()
        self._go_to_match(is_backward=search.is_backward is not is_reversed, is_included=False)
        if not search.is_done:
            self._search_on()
        selection = reader.selection
        if selection is not None:
            self.selection = selection

    def _follow_reader(self) -> None:
        """Show the rows where the cursor of the scroll mode is."""
        if self._reader is not None:
            super().scroll_back(self._reader.rows_back - self.rows_back)
        self._tell_scrolled()
        self.repaint()

    def _tell_scrolled(self) -> None:
        session = self.session
        if session is not None:
            kept = len(session.emulator.history)
            self.post_message(self.Scrolled(self, self.rows_back, kept))

    def _link_key(self, event: events.Key) -> None:
        """Do what a key means while letters stand on what can be opened."""
        letters = self._letters + (event.character or "").lower()
        chosen = self._targets.get(letters)
        if chosen is None and letters and any(one.startswith(letters) for one in self._targets):
            self._letters = letters
            self.repaint()
            return
        self.become(ViewMode.PROGRAM if self._reader is None else ViewMode.SCROLLBACK)
        self.repaint()
        if chosen is not None:
            self.post_message(self.TargetChosen(self, chosen))

    def _label_decorations(self) -> list[Decoration]:
        return [
            Decoration(
                row=target.pieces[0][0],
                start=target.pieces[0][1],
                end=target.pieces[0][1] + len(label),
                kind=DecorationKind.LABEL,
                label=label,
            )
            for label, target in self._targets.items()
            if label.startswith(self._letters)
        ]

    def _prompt(self) -> list[tuple[str, str]]:
        search = self._search
        if search is None:
            return []
        edit = search.edit
        kind = "expression" if search.is_pattern else "search"
        order = "older" if search.is_backward else "newer"
        return [
            (f" {kind}, {order} rows: ", "muted"),
            (edit.text[: edit.cursor], "strong"),
            (edit.text[edit.cursor : edit.cursor + 1] or " ", "cursor"),
            (edit.text[edit.cursor + 1 :], "strong"),
        ]

    def _prompt_end(self) -> list[tuple[str, str]]:
        search = self._search
        if search is None:
            return []
        if search.error:
            return [(f" {search.error} ", "red")]
        return [(f" {self.note} ", "red" if not search.matches else "muted")]

    def to_bottom(self) -> None:
        """End reading and show the screen of the program."""
        if self._reader is not None:
            self.selection = None
        self._reader = self._search = None
        self.become(ViewMode.PROGRAM)
        self.scroll_back(-self.rows_back)

    def become(self, mode: ViewMode) -> None:
        """Give the next key to somebody else."""
        self.stays = self._reader is not None
        if mode is not self.mode:
            self.mode = mode
            self.post_message(self.ModeChanged(self, mode))
            self.repaint()
