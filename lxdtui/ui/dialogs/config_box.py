"""The ground of dialogs with fields: a box with a title, words in red, notes and buttons."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.text import safe_lines
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of, lines_of

__all__ = ["ConfigDialog"]

Answer = TypeVar("Answer")
_HIGH_FROM = 30
"""Rows of the screen from which the box has blank lines at its edges."""
_WIDE_FROM = 80
"""Columns of the screen from which the box is as wide as it gets."""
_LEAST_ROWS = 3


class ConfigDialog(Dialog[Answer]):
    """A dialog in a box. What was refused stands in red below the title.

    Args:
        glyphs: The characters to draw with.
        refusal: Why what was asked for before was not done; any text.
    """

    DEFAULT_CSS = """
    ConfigDialog {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 2;
            border: round $accent;
            background: $raised;
            color: $fg;
        }
        &.-low-screen #box { padding: 0 2; }
        &.-narrow-screen DialogButton { margin: 0 0 0 1; }
        &.-high #box { height: 100%; width: 100%; max-width: 120; padding: 0 1; }
        Static { width: 1fr; height: auto; background: $raised; }
        .after { margin: 0 0 1 0; }
        #refusal { color: $red; max-height: 5; margin: 0 0 1 0; }
        Input, Input:focus, Input.-textual-compact {
            height: 1;
            border: none;
            padding: 0 1;
            background: $hover;
            color: $strong;
        }
        Input:focus, Input.-textual-compact:focus { background: $cursor; }
        .input--placeholder { color: $muted; }
        OptionList, OptionList:focus {
            height: auto;
            max-height: 12;
            border: none;
            padding: 0;
            background: $raised;
            color: $fg;
            scrollbar-size-vertical: 1;
            & > .option-list--option { padding: 0 1; color: $fg; }
            & > .option-list--option-highlighted { background: $hover; color: $strong; }
        }
        OptionList:focus > .option-list--option-highlighted { background: $cursor; }
        TextArea, TextArea:focus {
            height: 1fr;
            border: none;
            padding: 0;
            background: $bg;
            color: $fg;
            scrollbar-size-vertical: 1;
            scrollbar-size-horizontal: 1;
            & .text-area--cursor { background: $strong; color: $bg; }
            & .text-area--cursor-line { background: $bar; }
            & .text-area--cursor-gutter { background: $bar; color: $fg; }
            & .text-area--gutter { color: $muted; background: $bg; }
            & .text-area--selection { background: $cursor; }
        }
        #buttons { height: 1; width: 1fr; align-horizontal: right; margin: 1 0 0 0; }
    }
    """

    SCROLLS: ClassVar[str] = ""
    """Selector of the part that may be scrolled where the screen is low."""
    SCROLLED_ROWS: ClassVar[int] = 14
    """Rows that it takes at the most."""

    def __init__(self, *, glyphs: Glyphs, refusal: str = "", classes: str = "") -> None:
        super().__init__(classes=classes)
        self.glyphs = glyphs
        self._refusal = refusal

    def heading(self) -> Sequence[Piece]:
        """Return the first line."""
        raise NotImplementedError

    def parts(self) -> Iterable[Widget]:
        """Return what stands between the title and the buttons."""
        raise NotImplementedError

    def buttons(self) -> Iterable[DialogButton]:
        """Return the buttons, the safe one first."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Put the parts below one another, buttons at the end."""
        with Vertical(id="box"):
            yield Static(content_of(self.heading()), classes="after")
            if self._refusal:
                words = "\n".join(safe_lines(f"{self.glyphs.error} {self._refusal}"))
                yield Static(words, id="refusal", markup=False)
            yield from self.parts()
            with Horizontal(id="buttons"):
                yield from self.buttons()

    def on_resize(self) -> None:
        """Give what scrolls the rows that the rest leaves: the buttons must be seen."""
        self.set_class(self.size.height < _HIGH_FROM, "-low-screen")
        self.set_class(self.size.width < _WIDE_FROM, "-narrow-screen")
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        if not self.SCROLLS or not self.is_attached:
            return
        scrolling = self.query_one(self.SCROLLS)
        box = self.query_one("#box")
        # Measured as it would be with all its rows, up to what its style allows.
        around = self.query_one("#buttons").virtual_region.bottom - scrolling.outer_size.height
        room = self.size.height - box.gutter.height - around
        scrolling.styles.max_height = max(min(room, self.SCROLLED_ROWS), _LEAST_ROWS)

    def block(self, lines: Iterable[Sequence[Piece]], classes: str = "") -> Static:
        """Make a block of lines.

        Args:
            lines: The lines.
            classes: Its classes in the style sheet.
        """
        return Static(lines_of(lines), classes=classes)
