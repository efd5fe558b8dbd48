"""The page with the configuration of an instance: values, where they come from, their change."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from lxdtui.errors import LxdTuiError
from lxdtui.model.config_keys import KeyBook
from lxdtui.model.configuration import OWN_PREFIXES, Configuration
from lxdtui.services.configuration import ConfigEntry, OriginKind, Version, config_entries
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope
from lxdtui.ui.actions.equivalents import Equivalent
from lxdtui.ui.actions.part_equivalents import key_equivalents
from lxdtui.ui.dialogs.config_key import KeyDialog
from lxdtui.ui.dialogs.config_text import TextDialog, TextQuestion
from lxdtui.ui.dialogs.error import ErrorDialog, Failure
from lxdtui.ui.dialogs.profiles import EditAsked
from lxdtui.ui.format.secrets import is_secret
from lxdtui.ui.format.text import is_harmless, safe_lines, safe_text
from lxdtui.ui.pages.changing import ChangingPage
from lxdtui.ui.pages.config_flow import Again, ChangeFlow
from lxdtui.ui.pages.config_rows import (
    COLUMNS,
    View,
    entries_in,
    fact_lines,
    matching,
    table_row,
)
from lxdtui.ui.pages.config_wishes import as_text, at_once, of_key, of_profiles
from lxdtui.ui.pages.page import PageContext, page_bindings
from lxdtui.ui.pages.profile_flow import ProfileFlow
from lxdtui.ui.widgets.filter_head import FilterInput
from lxdtui.ui.widgets.list_views import ListViews, ViewTab
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["ConfigurationPage"]


class ConfigurationPage(ChangingPage):
    """Every key with its value and who set it; changed one by one, or all as YAML.

    What the store holds is shown at once; which profile a value comes from is
    known when the profiles were read.

    Args:
        context: The instance and what is needed to show it.
    """

    NAME: ClassVar[str] = "configuration"
    TITLE: ClassVar[str] = "Config"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.CONFIGURATION,)
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(Scope.CONFIGURATION)]
    DEFAULT_CSS = """
    ConfigurationPage {
        #words, #words:focus {
            display: none;
            height: 1;
            border: none;
            padding: 0 1;
            background: $hover;
            color: $strong;
        }
        #words.-open { display: block; }
        #words:focus { background: $cursor; }
    }
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, COLUMNS)
        self._views = ListViews()
        words = "words in key, value or origin"
        self._field = FilterInput(id="words", placeholder=words, compact=True)
        self._book: KeyBook | None = None
        self._trouble = ""
        self._view = View.SET
        self._words = ""
        self._reveals = False
        self._sought = ""

    def compose(self) -> ComposeResult:
        """Put the list between its parts and the facts of the key under the cursor."""
        yield self._views
        yield self._field
        yield self._table
        yield self._facts

    # What the screen asks

    def go_back(self) -> bool:
        """Close the filter, where there is one."""
        field = self._field
        if not field.has_class("-open") and not self._words:
            return False
        self._words = field.value = ""
        field.remove_class("-open")
        self._table.focus()
        self.draw()
        return True

    def why_not(self, action: Action, rows: tuple[InstanceRow, ...]) -> str | None:
        """Return why an action is not possible with the key under the cursor."""
        entry = self._at_cursor()
        if action.id in ("config.edit", "config.unset") and entry is None:
            return "no key is under the cursor"
        if action.id == "config.unset" and entry is not None:
            if entry.key.startswith("volatile."):
                return "the server needs it for itself"
            if entry.origin.kind is OriginKind.PROFILE:
                return f"{entry.key} is set by {entry.origin.words}, not by the instance itself"
            if entry.origin.kind is OriginKind.DEFAULT:
                return "it is not set"
        return super().why_not(action, rows)

    def perform(self, action: Action, _rows: tuple[InstanceRow, ...]) -> None:
        """Do an action of the page."""
        entry = self._at_cursor()
        match action.id:
            case "config.view":
                views = tuple(View)
                self._show_view(views[(views.index(self._view) + 1) % len(views)])
            case "config.reveal":
                self._reveals = not self._reveals
                self.draw()
            case "config.filter":
                self._field.add_class("-open")
                self._field.focus()
            case "config.add":
                self.begin_change(self._add())
            case "config.whole":
                wish = as_text(self.app, self.fleet.configuration, glyphs=self.glyphs)
                self.begin_change(self._change(wish))
            case "config.profiles":
                self.begin_change(self._choose_profiles())
            case "config.edit" if entry is not None:
                self.begin_change(self._edit(entry))
            case "config.unset" if entry is not None:
                self.begin_change(self._unset(entry))

    def equivalents(self, client: str) -> tuple[Equivalent, ...]:
        """Return what sets the key under the cursor."""
        entry = self._at_cursor()
        if entry is None or entry.key.startswith(OWN_PREFIXES):
            return ()
        is_local = entry.origin.kind is OriginKind.LOCAL
        return key_equivalents(client, self.ref, entry.key, is_local=is_local)

    # Reading and changing

    async def version_read(self, version: Version) -> None:
        """Read what is known of the keys."""
        self._book = await self.fleet.configuration.keys(version.instance)

    def show_trouble(self, words: str) -> None:
        """Tell it beside the parts of the list."""
        self._trouble = words

    async def _edit(self, entry: ConfigEntry) -> None:
        if entry.key.startswith(OWN_PREFIXES):
            await self._view_value(entry, "Written by the server or the image; it is only shown.")
        elif not is_harmless(entry.value):
            # A field would draw it as it is.
            words = "It holds characters that cannot be shown; E changes it as YAML, escaped."
            await self._view_value(entry, words)
        else:
            await self._change_key(entry.key)

    async def _view_value(self, entry: ConfigEntry, note: str) -> None:
        text = "\n".join(safe_lines(entry.value))
        question = TextQuestion(
            what=entry.key,
            name=self.ref.name,
            text=text,
            before=text,
            note=note,
            is_read_only=True,
            is_covered=is_secret(entry.key) and not self._reveals,
        )
        await self.app.push_screen_wait(TextDialog(question, glyphs=self.glyphs))

    async def _add(self) -> None:
        version = await self._version()
        if version is None or self._book is None:
            return
        present = version.instance.config
        dialog = KeyDialog(self._book, present, name=self.ref.name, glyphs=self.glyphs)
        key = await self.app.push_screen_wait(dialog)
        if key:
            await self._change_key(key)

    async def _change_key(self, key: str) -> None:
        version = await self._version()
        if version is not None and self._book is not None:
            wish = of_key(self.app, key, self._book, glyphs=self.glyphs)
            # The row comes with the store's change, which may take a while.
            self._sought = key
            if not await self._run(version, wish):
                self._sought = ""

    async def _unset(self, entry: ConfigEntry) -> None:
        def without(configuration: Configuration) -> Configuration:
            return configuration.with_key(entry.key, None)

        tried = f"unset {entry.key} of {self.ref.name}"
        await self._change(at_once(self.app, without, tried=tried, glyphs=self.glyphs))

    async def _choose_profiles(self) -> None:
        """Ask for the profiles; where one of them is to be changed, go on behind it."""
        asked: list[EditAsked | None] = [None]
        while asked:
            chosen = asked.pop()
            wish = of_profiles(self.app, glyphs=self.glyphs, edit=asked.append, before=chosen)
            await self._change(wish)
            for edit in filter(None, asked):
                flow = ProfileFlow(self.app, self.fleet, glyphs=self.glyphs, say=self.say)
                await flow.run(self.ref, edit.name, book=self._book)
                self.refresh_now()

    async def _change(self, wish: Again) -> None:
        version = await self._version()
        if version is not None:
            await self._run(version, wish)

    async def _run(self, version: Version, wish: Again) -> bool:
        flow = ChangeFlow(self.app, self.fleet, glyphs=self.glyphs, say=self.say)
        saved = await flow.run(version, wish, book=self._book)
        if saved is None:
            return False
        self._profiles = saved.profiles
        self.draw()
        return True

    async def _version(self) -> Version | None:
        """Read what is to be changed; says so where that fails."""
        service = self.fleet.configuration
        try:
            version = await service.read(self.ref)
            self._book = self._book or await service.keys(version.instance)
        except LxdTuiError as error:
            dialog = ErrorDialog((Failure.of(error),), offers_again=False, glyphs=self.glyphs)
            await self.app.push_screen_wait(dialog)
            return None
        return version

    # Drawing

    def _entries(self) -> tuple[ConfigEntry, ...]:
        if self._row is None:
            return ()
        instance = self._row.instance
        return config_entries(
            Configuration.of(instance),
            instance.expanded_config,
            self._profiles,
            defaults=self._book,
        )

    def _at_cursor(self) -> ConfigEntry | None:
        key = self._table.cursor_id
        return next((entry for entry in self._entries() if entry.key == key), None)

    def _show_view(self, view: View) -> None:
        self._view = view
        self.draw()

    def draw(self) -> None:
        """Show the keys of the chosen part that have the words."""
        if not self._is_made:
            return
        entries = self._entries()
        shown = matching(self._words, entries_in(self._view, entries), reveals=self._reveals)
        rows = [table_row(entry, self._book, reveals=self._reveals) for entry in shown]
        is_stale = self._row is not None and self._row.is_stale
        self._table.show(rows, placeholder=self._placeholder(), is_stale=is_stale)
        if self._sought and any(row.id == self._sought for row in rows):
            self._table.move_to_id(self._sought)
            self._sought = ""
        tabs = [ViewTab(view, len(entries_in(view, entries))) for view in View]
        self._views.show(tabs, self._view, self._note(len(rows)))
        self.draw_facts()
        self.changed()

    def _note(self, rows: int) -> tuple[Piece, ...]:
        if self._trouble:
            mark = Piece(f"{self.glyphs.error} ", "$amber")
            return (mark, Piece(f"profiles: {safe_text(self._trouble)}", "$amber"))
        if self._words and not self._field.has_class("-open"):
            return (Piece(f"/{safe_text(self._words)}", "$accent"), Piece(f"  {rows}", "$muted"))
        position = f"{self._table.cursor + 1}/{rows}" if rows else ""
        return (Piece(position, "$muted"),)

    def _placeholder(self) -> tuple[Piece, ...]:
        if self._row is None:
            return (Piece("Reading the configuration", "$muted"),)
        if self._words:
            return (
                Piece(f"Nothing matches {safe_text(self._words)}.  ", "$fg"),
                Piece("Esc", "$accent bold"),
                Piece(" shows all", "$muted"),
            )
        words = {
            View.LOCAL: "Nothing is set on the instance itself.  ",
            View.OWN: "The server wrote nothing.",
        }.get(self._view, "Nothing is set.  ")
        if self._view is View.OWN:
            return (Piece(words, "$fg"),)
        return (
            Piece(words, "$fg"),
            Piece("a", "$accent bold"),
            Piece(" sets a key   ", "$muted"),
            Piece("v", "$accent bold"),
            Piece(" shows all that is known", "$muted"),
        )

    def facts(self, width: int) -> Sequence[tuple[Piece, ...]]:
        """Return all that is known of the key under the cursor."""
        return fact_lines(
            self._at_cursor(), self._book, reveals=self._reveals, width=width, glyphs=self.glyphs
        )

    # Events

    def open_row(self) -> None:
        """Change the key under the cursor."""
        entry = self._at_cursor()
        if entry is not None:
            self.begin_change(self._edit(entry))

    @on(ListViews.Chosen)
    def _view_chosen(self, message: ListViews.Chosen) -> None:
        message.stop()
        self._show_view(View(message.name))

    @on(Input.Changed, "#words")
    def _words_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._words = message.value.strip()
        self.draw()

    @on(FilterInput.Left)
    def _words_left(self, message: FilterInput.Left) -> None:
        message.stop()
        if message.is_cleared:
            self.go_back()
            return
        self._field.remove_class("-open")
        self._table.focus()
        self.draw()

    @on(FilterInput.Stepped)
    def _stepped(self, message: FilterInput.Stepped) -> None:
        message.stop()
        self._table.action_move(message.rows)
