"""Which profiles an instance has, and in which order; what each of them sets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from lxdtui.model.profile import Profile
from lxdtui.ui.dialogs.button import DialogButton
from lxdtui.ui.dialogs.config_box import ConfigDialog
from lxdtui.ui.format.configuration import one_line
from lxdtui.ui.format.text import cut, pad_right, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, content_of, gap, lines_of

__all__ = ["EditAsked", "ProfilesDialog"]

_NAME = 22
_ROOM = 70
_SETS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class EditAsked:
    """A profile itself is to be changed."""

    name: str
    chosen: tuple[str, ...]
    """What was chosen until then."""


class ProfilesDialog(ConfigDialog[tuple[str, ...] | EditAsked | None]):
    """Asks for the profiles; ends with their names in order, ``None`` for no change.

    Args:
        instance: Name of the instance.
        chosen: The profiles that it has, in order.
        profiles: All profiles of the project by name.
        glyphs: The characters to draw with.
        refusal: Why the profiles before were not accepted.
    """

    SCROLLS: ClassVar[str] = "OptionList"
    SCROLLED_ROWS: ClassVar[int] = 8
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="profiles.leave"),
        Binding("enter", "accept", "Next", show=False, id="profiles.accept", priority=True),
        Binding("space", "choose", "Choose", show=False, id="profiles.toggle"),
        Binding("K,ctrl+up,left_square_bracket", "shift(-1)", "Up", show=False, id="profiles.up"),
        Binding(
            "J,ctrl+down,right_square_bracket", "shift(1)", "Down", show=False, id="profiles.down"
        ),
        Binding("e", "edit", "Edit", show=False, id="profiles.edit"),
        Binding("j", "step(1)", "Next", show=False, id="profiles.next"),
        Binding("k", "step(-1)", "Before", show=False, id="profiles.before"),
    ]
    DEFAULT_CSS = """
    ProfilesDialog #sets { height: 7; margin: 1 0 0 0; }
    ProfilesDialog.-low-screen #sets { height: 5; }
    ProfilesDialog OptionList { max-height: 8; }
    """

    def __init__(
        self,
        instance: str,
        chosen: Sequence[str],
        profiles: Mapping[str, Profile],
        *,
        glyphs: Glyphs,
        refusal: str = "",
    ) -> None:
        super().__init__(glyphs=glyphs, refusal=refusal)
        self._instance = instance
        self._chosen = list(chosen)
        self._profiles = profiles
        self._others = sorted(set(profiles) - set(chosen))

    def heading(self) -> Sequence[Piece]:
        """Return what is asked."""
        return (Piece(f"Profiles of {safe_text(self._instance)}", "$strong bold"),)

    def parts(self) -> Iterable[Widget]:
        """Return the list and what the one under the cursor sets."""
        yield Static(
            "The later one wins over the earlier, the instance itself over all.",
            classes="after",
            markup=False,
        )
        yield OptionList(compact=True)
        yield Static("", id="sets")

    def buttons(self) -> Iterable[DialogButton]:
        """Return the buttons."""
        yield DialogButton("Esc", "Leave", answer="leave", classes="-safe")
        yield DialogButton("Space", "Use", answer="toggle", classes="-safe")
        yield DialogButton("[ ]", "Move", answer="down", classes="-safe")
        yield DialogButton("e", "Edit", answer="edit", classes="-safe")
        yield DialogButton("Enter", "Next", answer="accept")

    def on_mount(self) -> None:
        """Show the list, on the first profile."""
        self.set_focus(self.query_one(OptionList))
        self._show(at=0)

    def action_leave(self) -> None:
        """End without a change."""
        self.answer(None)

    def action_accept(self) -> None:
        """End with the profiles."""
        self.answer(tuple(self._chosen))

    def action_edit(self) -> None:
        """End with the wish to change the profile under the cursor."""
        name = self._name_at_cursor()
        if name is not None and name in self._profiles:
            self.answer(EditAsked(name, tuple(self._chosen)))

    def action_step(self, rows: int) -> None:
        """Move the cursor."""
        options = self.query_one(OptionList)
        if rows > 0:
            options.action_cursor_down()
        else:
            options.action_cursor_up()

    def action_choose(self) -> None:
        """Give the instance the profile under the cursor, or take it away."""
        name = self._name_at_cursor()
        if name is None:
            return
        if name in self._chosen:
            self._chosen.remove(name)
            if name in self._profiles:
                self._others = sorted([*self._others, name])
        else:
            self._others.remove(name)
            self._chosen.append(name)
        self._show(at=self._order().index(name) if name in self._order() else 0)

    def action_shift(self, places: int) -> None:
        """Let the profile under the cursor apply earlier or later."""
        name = self._name_at_cursor()
        if name not in self._chosen:
            return
        at = self._chosen.index(name)
        to = max(0, min(at + places, len(self._chosen) - 1))
        self._chosen.insert(to, self._chosen.pop(at))
        self._show(at=to)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, message: OptionList.OptionHighlighted) -> None:
        message.stop()
        self.query_one("#sets", Static).update(self._sets(self._order()[message.option_index]))

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        message.stop()
        self.action_choose()

    @on(DialogButton.Pressed)
    def _pressed(self, message: DialogButton.Pressed) -> None:
        message.stop()
        match message.answer:
            case "accept":
                self.action_accept()
            case "toggle":
                self.action_choose()
            case "down":
                self.action_shift(1)
            case "edit":
                self.action_edit()
            case _:
                self.action_leave()

    def _order(self) -> list[str]:
        return [*self._chosen, *self._others]

    def _name_at_cursor(self) -> str | None:
        index = self.query_one(OptionList).highlighted
        return None if index is None else self._order()[index]

    def _show(self, *, at: int) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(self._line(name)) for name in self._order()])
        if self._order():
            options.highlighted = at

    def _line(self, name: str) -> Content:
        is_chosen = name in self._chosen
        place = f"{self._chosen.index(name) + 1:>2} " if is_chosen else "   "
        profile = self._profiles.get(name)
        # A client that may not read them knows of none.
        gone = "it does not exist any more" if self._profiles else ""
        tells = profile.description if profile else gone
        return content_of(
            (
                Piece(self.glyphs.marked if is_chosen else " ", "$accent"),
                Piece(place, "$accent"),
                Piece(
                    pad_right(safe_text(name), _NAME, self.glyphs.cut),
                    "$strong" if is_chosen else "$muted",
                ),
                gap(1),
                Piece(cut(safe_text(tells), _ROOM - _NAME - 5, self.glyphs.cut), "$muted"),
            )
        )

    def _sets(self, name: str) -> Content:
        profile = self._profiles.get(name)
        if profile is None:
            return Content("")
        words = [
            f"{safe_text(key)} = {one_line(key, value, reveals=False)}"
            for key, value in sorted(profile.config.items())
        ]
        words += [
            f"device {safe_text(device)}: {safe_text(options.get('type', ''))}"
            f" {safe_text(options.get('path') or options.get('network') or '')}".rstrip()
            for device, options in sorted(profile.devices.items())
        ]
        if len(words) > _SETS_SHOWN:
            words = [*words[: _SETS_SHOWN - 1], f"and {len(words) - _SETS_SHOWN + 1} more"]
        title = (Piece(f"{safe_text(name)} sets", "$muted"),)
        lines = [(Piece(cut(line, _ROOM, self.glyphs.cut), "$fg"),) for line in words]
        return lines_of((title, *(lines or [(Piece("nothing", "$fg"),)])))
