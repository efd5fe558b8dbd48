"""The earlier versions of a file, each with what would be different."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import OptionList, Static

from lxdtui.services.editing.difference import difference
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.dialog import Dialog
from lxdtui.ui.format.amounts import count, plural
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.diff_view import DiffView
from lxdtui.ui.widgets.pieces import Piece, content_of

__all__ = ["EarlierText", "EditVersions"]

_PROBLEMS_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierText:
    """An earlier version, as it is shown."""

    words: str
    """When it was replaced."""
    text: str
    """What it held, with LF between its lines."""


class EditVersions(Dialog[int | None]):
    """Lets one version be chosen; ends with its place in the list.

    Args:
        name: The name of the file, safe.
        versions: The versions, the newest first; at least one.
        current: The text in the editor.
        problems: What there is to say about versions that cannot be shown.
        glyphs: The characters to draw with.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Leave", show=False, id="versions.leave"),
        Binding("enter", "take", "Bring back", show=False, id="versions.take"),
        Binding("j,down", "step(1)", "Older", show=False, id="versions.down"),
        Binding("k,up", "step(-1)", "Newer", show=False, id="versions.up"),
        Binding("pagedown,space", "page(1)", "Page down", show=False, id="versions.page_down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="versions.page_up"),
        Binding("s", "sides", "Side by side", show=False, id="versions.sides"),
    ]
    DEFAULT_CSS = """
    EditVersions {
        align: center middle;
        background: $bg 60%;
        #box {
            width: 100%;
            max-width: 160;
            height: 100%;
            padding: 0 1;
            border: round $accent;
            background: $raised;
            color: $fg;
        }
        .problem { height: 1; width: 1fr; background: $raised; }
        #title { height: 1; width: 1fr; background: $raised; }
        OptionList, OptionList:focus {
            height: auto;
            max-height: 6;
            border: none;
            padding: 0;
            margin: 1 0;
            background: $raised;
            color: $fg;
            scrollbar-size-vertical: 1;
            & > .option-list--option { padding: 0 1; color: $fg; }
            & > .option-list--option-highlighted { background: $cursor; color: $strong; }
        }
        #buttons { height: 1; width: 1fr; align-horizontal: right; margin: 1 0 0 0; }
    }
    """

    def __init__(
        self,
        name: str,
        versions: Sequence[EarlierText],
        current: str,
        *,
        problems: Sequence[str] = (),
        glyphs: Glyphs,
    ) -> None:
        super().__init__()
        self._name = name
        self._versions = tuple(versions)
        self._current = current
        self._problems = tuple(problems)
        self._view = DiffView(
            glyphs=glyphs,
            old_label="in the editor",
            new_label="earlier version",
            no_difference="This version is what is in the editor.",
        )

    def compose(self) -> ComposeResult:
        """Put the list over the difference."""
        with Vertical(id="box"):
            title = f"Which version of {self._name} is to be brought back?"
            yield Static(content_of([Piece(title, "$strong bold")]), id="title")
            for line in _shortened(self._problems):
                yield Static(content_of([Piece(safe_text(line), "$amber")]), classes="problem")
            lines = [
                f"{one.words}   {plural(one.text.count(chr(10)) + 1, 'line')}, "
                f"{count(len(one.text))} characters"
                for one in self._versions
            ]
            options = OptionList(*lines, compact=True, markup=False)
            options.can_focus = False
            yield options
            yield self._view
            with Horizontal(id="buttons"):
                yield DialogButton("Esc", "Keep what is here", answer="leave", classes="-safe")
                yield DialogButton("Enter", "Bring back", answer="take")

    def on_mount(self) -> None:
        """Begin with the newest one; what was said before would cover the buttons."""
        self.app.clear_notifications()
        self._view.can_focus = False
        self.query_one(OptionList).highlighted = 0

    def action_leave(self) -> None:
        """End without a choice."""
        self.answer(None)

    def action_take(self) -> None:
        """End with the version under the cursor."""
        self.answer(self.query_one(OptionList).highlighted)

    def action_step(self, rows: int) -> None:
        """Go to an older version or a newer one."""
        options = self.query_one(OptionList)
        if rows > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_page(self, pages: int) -> None:
        """Scroll the difference."""
        self._view.scroll_relative(y=pages * max(self._view.size.height - 2, 1), animate=False)

    def action_sides(self) -> None:
        """Put both texts side by side, or one below the other."""
        self._view.action_change_sides()

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, message: OptionList.OptionHighlighted) -> None:
        message.stop()
        self.run_worker(self._compare(message.option_index), group="difference", exclusive=True)

    async def _compare(self, place: int) -> None:
        text = self._versions[place].text
        self._view.show_difference(await asyncio.to_thread(difference, self._current, text))

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.answer(message.option_index)

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        self.action_take() if message.answer == "take" else self.action_leave()


def _shortened(lines: Sequence[str]) -> Sequence[str]:
    """Return a few lines, and how many more there are."""
    if len(lines) <= _PROBLEMS_SHOWN:
        return lines
    more = plural(len(lines) - _PROBLEMS_SHOWN + 1, "other version")
    return [*lines[: _PROBLEMS_SHOWN - 1], f"{more} cannot be shown either"]
