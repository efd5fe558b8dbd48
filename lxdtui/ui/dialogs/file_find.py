"""What is being found below a folder, as it comes."""

from contextlib import aclosing
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lxdtui.errors import LxdTuiError
from lxdtui.model.files import FileKind
from lxdtui.services.files import Find, Found
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.amounts import count, plural
from lxdtui.ui.format.files import path_words
from lxdtui.ui.format.text import cell_width, cut, cut_middle, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of, gap, spread

__all__ = ["FindDialog"]

_AROUND = 6
_ROWS_AROUND = 8
_MOST = 2000
_SHOWN_EACH = 0.1


class FindDialog(Dialog[Found | None]):
    """Searches while it is open; ends with the entry to go to.

    Args:
        find: The search.
        folder: Where it begins, which is left out of the paths.
        title: What is looked for, in words.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Leave", show=False, id="find.leave"),
        Binding("j,down", "step(1)", "Next", show=False, id="find.down"),
        Binding("k,up", "step(-1)", "Before", show=False, id="find.up"),
        Binding("enter", "take", "Go there", show=False, id="find.take"),
    ]
    DEFAULT_CSS = """
    FindDialog {
        align-horizontal: center;
        background: $bg 60%;
        #box {
            width: 100%;
            max-width: 120;
            height: auto;
            margin: 1 1 0 1;
            padding: 0 1;
            border: round $accent;
            background: $raised;
        }
        Static { height: 1; padding: 0 1; color: $fg; }
        #words { color: $strong; text-style: bold; }
        #state { color: $muted; margin: 1 0 0 0; }
        OptionList, OptionList:focus {
            height: auto;
            border: none;
            padding: 0;
            margin: 1 0 0 0;
            background: $raised;
            color: $fg;
            scrollbar-size-vertical: 1;
            & > .option-list--option { padding: 0; color: $fg; }
            & > .option-list--option-highlighted { background: $cursor; color: $strong; }
        }
    }
    """

    def __init__(self, find: Find, folder: str, title: str, *, glyphs: Glyphs) -> None:
        super().__init__()
        self._find = find
        self._folder = folder
        self._title = title
        self._glyphs = glyphs
        self._found: list[Found] = []
        self._is_over = False
        self._failure = ""

    def compose(self) -> ComposeResult:
        """Put words, list and state below one another."""
        with Vertical(id="box"):
            yield Static(content_of([Piece(self._title, "$strong bold")]), id="words")
            options = OptionList(compact=True)
            options.can_focus = False
            yield options
            yield Static("", id="state")

    def on_mount(self) -> None:
        """Begin to search."""
        self.run_worker(self._search(), group="files.find", exclusive=True)
        self.set_interval(_SHOWN_EACH, self._show_state)
        self._show_state()

    def on_resize(self) -> None:
        """Fit the list to the terminal."""
        options = self.query_one(OptionList)
        options.styles.max_height = max(self.size.height - _ROWS_AROUND, 1)
        at = options.highlighted
        options.clear_options()
        options.add_options([self._option(one) for one in self._found])
        options.highlighted = at

    def action_leave(self) -> None:
        """End without going anywhere; the search ends, too."""
        self.answer(None)

    def action_step(self, rows: int) -> None:
        """Move the cursor of the list."""
        options = self.query_one(OptionList)
        if rows > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_take(self) -> None:
        """Go to the entry under the cursor."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.answer(self._found[at])

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.answer(self._found[message.option_index])

    async def _search(self) -> None:
        options = self.query_one(OptionList)
        try:
            async with aclosing(self._find.run()) as hits:
                async for hit in hits:
                    self._found.append(hit)
                    options.add_option(self._option(hit))
                    if len(self._found) == 1:
                        options.highlighted = 0
                    if len(self._found) >= _MOST:
                        self._failure = f"more than {count(_MOST)} were found; no more are shown"
                        break
        except LxdTuiError as error:
            self._failure = safe_text(str(error))
        self._is_over = True
        self._show_state()

    def _show_state(self) -> None:
        find = self._find
        words = (
            f"{count(len(self._found))} found in {plural(find.folders, 'folder')}, "
            f"{plural(find.entries, 'entry', 'entries')}"
        )
        unread = f", {count(find.unread)} could not be read" if find.unread else ""
        words += unread
        sign = Piece(f"{self._glyphs.working[0]} ", "$accent")
        if self._is_over:
            sign = Piece(f"{self._glyphs.done} ", "$green")
        pieces = [sign, Piece(words, "$muted")]
        if self._failure:
            pieces = [
                Piece(f"{self._glyphs.error} ", "$red"),
                Piece(f"{self._failure}{unread}", "$fg"),
            ]
        keys = [Piece("Enter", "$accent bold"), Piece(" goes there  ", "$muted")]
        keys += [Piece("Esc", "$accent bold"), Piece(" leave", "$muted")]
        width = max(self.query_one("#state").content_size.width, 1)
        self.query_one("#state", Static).update(content_of(spread(pieces, keys, width)))

    def _option(self, hit: Found) -> Option:
        width = max(min(self.size.width - 2, 120) - _AROUND, 20)
        path = hit.path.removeprefix(self._folder.rstrip("/") + "/")
        words = path_words(path)
        if hit.entry.kind is FileKind.DIRECTORY:
            words += "/"
        if not hit.line:
            return Option(content_of([gap(1), Piece(cut_middle(words, width), "$strong")]))
        words = cut_middle(f"{words}:{hit.line}", width // 2)
        text = cut(safe_text(hit.text.strip()), width - cell_width(words) - 2)
        return Option(content_of([gap(1), Piece(words, "$strong"), gap(2), Piece(text, "$muted")]))
