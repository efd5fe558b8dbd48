"""What happened to an instance, by whom, and how it ended; newest first."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from lxdtui.errors import LxdTuiError
from lxdtui.store.history import HistoryEntry
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope
from lxdtui.ui.actions.equivalents import Equivalent, cancel_command
from lxdtui.ui.dialogs.error import ErrorDialog, Failure
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.history import entry_title, has_failed, outcome_words, searched_words
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import age_since
from lxdtui.ui.pages.filtered import FilteredPage
from lxdtui.ui.pages.page import PageContext, page_bindings
from lxdtui.ui.widgets.marked_table import MarkedTable, TableColumn, TableRow
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of

__all__ = ["EventsPage"]

_COLUMNS = (
    TableColumn(id="what", title="What", width=27),
    TableColumn(id="outcome", title="About, outcome", width=28, takes_rest=True),
    TableColumn(id="who", title="Who", width=18, rank=2),
    TableColumn(id="when", title="Ago", width=6, is_right=True),
)


class EventsPage(FilteredPage):
    """Events and operations of an instance, kept after the server forgot them.

    Args:
        context: The instance and what is needed to show it.
    """

    NAME: ClassVar[str] = "events"
    TITLE: ClassVar[str] = "Events"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.EVENTS,)
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(Scope.EVENTS)]
    DEFAULT_CSS = """
    EventsPage {
        #told { height: auto; max-height: 6; padding: 0 1; background: $bar; display: none; }
        #told.-shown { display: block; }
    }
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, _COLUMNS, placeholder="words of what, who, error …")
        self._told = Static(id="told", markup=False)
        self._shown: list[tuple[str, HistoryEntry]] = []
        self._is_stale = False

    def compose(self) -> ComposeResult:
        """Put what is under the cursor below the table."""
        yield from super().compose()
        yield self._told

    def show_row(self, row: InstanceRow | None) -> None:
        """Show what happened meanwhile."""
        self._is_stale = row is not None and row.is_stale
        self.show_list()

    def activate(self) -> None:
        """Count the ages on."""
        self._timer = self.set_interval(10, self.show_list)

    def deactivate(self) -> None:
        """Stop counting."""
        self._timer.stop()

    def why_not(self, action: Action, rows: tuple[InstanceRow, ...]) -> str | None:
        """Return why an action is not possible now."""
        entry = self._entry()
        if action.id in ("event.cancel", "event.copy") and entry is None:
            return "nothing has happened"
        if action.id == "event.cancel" and entry is not None:
            operation = entry.operation
            if operation is None or operation.is_final:
                return "it has ended"
            if not operation.may_cancel:
                return "the server cannot cancel this kind of operation"
            if self._is_stale:
                return "the link is lost"
        return super().why_not(action, rows)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Cancel, copy or find."""
        del rows
        match action.id:
            case "event.filter":
                self._head.open_filter()
            case "event.copy":
                lines = self._told_lines()
                words = ("".join(piece.text for piece in line).rstrip() for line in lines)
                self.app.copy_to_clipboard("\n".join(words))
                self.say("What is told of it is copied")
            case "event.cancel":
                self.run_worker(self._cancel(), group="instance.cancel")

    def equivalents(self, client: str) -> tuple[Equivalent, ...]:
        """Return what cancels the operation under the cursor."""
        entry = self._entry()
        operation = entry.operation if entry else None
        if operation is None or operation.is_final or not operation.may_cancel:
            return ()
        return (Equivalent(words="cancel", command=cancel_command(client, operation.ref)),)

    async def _cancel(self) -> None:
        entry = self._entry()
        if entry is None or entry.operation is None:
            return
        try:
            await self.fleet.operations.cancel(entry.operation.ref)
        except LxdTuiError as error:
            dialog = ErrorDialog((Failure.of(error),), offers_again=False, glyphs=self.glyphs)
            await self.app.push_screen_wait(dialog)
        else:
            self.say("The server was asked to cancel it")

    # Showing

    def _entry(self) -> HistoryEntry | None:
        key = self._table.cursor_key
        return next((entry for known, entry in self._shown if known == key), None)

    def show_list(self) -> None:
        """Show what has happened."""
        history = self.fleet.store.state.history.get(self.ref, ())
        wanted = self._head.words.casefold().split()
        self._shown = [
            (_key(entry), entry)
            for entry in reversed(history)
            if all(word in searched_words(entry) for word in wanted)
        ]
        self._table.show(
            [self._line(key, entry) for key, entry in self._shown],
            placeholder=self._placeholder(is_filtered=bool(history)),
        )
        left = [Piece(plural(len(history), "entry", "entries"), "$fg")] if history else []
        if left:
            left.append(Piece("   since lxdtui was started", "$muted"))
        if wanted:
            words = f"   {len(self._shown)} match {safe_text(self._head.words)}"
            left = [*left[:1], Piece(words, "$accent")]
        place = f"{self._table.cursor + 1}/{len(self._shown)}" if self._shown else ""
        self._head.show(left, [Piece(place, "$muted")])
        self._tell()

    def _line(self, key: str, entry: HistoryEntry) -> TableRow:
        operation = entry.operation
        glyph = Piece(self.glyphs.unknown, "$faint")
        outcome = "$fg" if operation is None else "$muted"
        if operation is not None and has_failed(operation):
            glyph, outcome = Piece(self.glyphs.failed, "$red"), "$red"
        elif operation is not None and operation.is_final:
            glyph = Piece(self.glyphs.done, "$green")
        elif operation is not None:
            glyph, outcome = Piece(self.glyphs.working[0], "$accent"), "$accent"
        strong = "$strong"
        if self._is_stale:
            glyph, strong, outcome = Piece(glyph.text, "$muted"), "$muted", "$muted"
        return TableRow(
            key=key,
            glyph=glyph,
            cells={
                "what": Piece(entry_title(entry), strong),
                "outcome": Piece(outcome_words(entry), outcome),
                "who": Piece(safe_text(entry.who), "$muted"),
                "when": Piece(age_since(entry.at, self.clock.now()), "$muted"),
            },
        )

    def _placeholder(self, *, is_filtered: bool) -> tuple[tuple[Piece, ...], ...]:
        name = safe_text(self.ref.name)
        if not is_filtered:
            words = f"Nothing has happened to {name} since lxdtui was started."
            return ((gap(4), Piece(words, "$fg")),)
        return self.nothing_matches("Nothing matches")

    def _tell(self) -> None:
        lines = self._told_lines()
        self._told.set_class(bool(lines), "-shown")
        self._told.update(lines_of(lines))

    def _told_lines(self) -> list[tuple[Piece, ...]]:
        """Tell all that is known of the entry under the cursor."""
        entry = self._entry()
        if entry is None:
            return []
        operation = entry.operation
        when = f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}" if entry.at else "at an unknown time"
        head = [Piece(entry_title(entry), "$strong bold"), Piece(f"   {when}", "$muted")]
        if operation is not None and operation.is_final and entry.at and operation.updated_at:
            took = max((operation.updated_at - entry.at).total_seconds(), 0)
            head.append(Piece(f"   took {took:.1f} s", "$muted"))
        if entry.who:
            head.append(Piece(f"   by {safe_text(entry.who)}", "$muted"))
        lines: list[tuple[Piece, ...]] = [tuple(head)]
        words = outcome_words(entry)
        if words:
            is_bad = operation is not None and has_failed(operation)
            lines.append((Piece(words, "$red" if is_bad else "$fg"),))
        return lines

    @on(MarkedTable.SortAsked)
    @on(MarkedTable.Opened)
    def _not_sorted(self, message: MarkedTable.SortAsked | MarkedTable.Opened) -> None:
        message.stop()


def _key(entry: HistoryEntry) -> str:
    """Return what tells an entry from all others, also when it counts on."""
    if entry.operation is not None:
        return entry.operation.ref.id
    return f"{entry.what} {entry.at} {entry.detail}"
