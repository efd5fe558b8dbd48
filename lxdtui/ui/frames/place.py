"""A screen that shows one file: where it is, and how it stands with its instance."""

from lxdtui.model.files import base_name, short_path
from lxdtui.model.place import Place
from lxdtui.store.select import row_of
from lxdtui.ui.clock import SYSTEM_CLOCK, Clock
from lxdtui.ui.format.instances import condition_of, status_word
from lxdtui.ui.format.text import cut_middle, safe_text
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import UNICODE, Glyphs, condition_role
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["PlaceScreen"]

_NAME_WIDTH = 40


class PlaceScreen(FleetScreen):
    """A screen of one file.

    Args:
        fleet: All configured servers and what is known of them.
        place: Where the file is.
        path: Its path.
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    def __init__(
        self,
        fleet: Fleet,
        place: Place,
        path: str,
        *,
        clock: Clock = SYSTEM_CLOCK,
        glyphs: Glyphs = UNICODE,
    ) -> None:
        super().__init__(fleet, clock=clock, glyphs=glyphs)
        self.place = place
        self.path = path

    @property
    def file_name(self) -> str:
        """The name of the file, safe and short."""
        return cut_middle(safe_text(base_name(self.path)), _NAME_WIDTH, self.glyphs.cut)

    @property
    def path_words(self) -> str:
        """The path of the file and where that is, for a message."""
        where = "" if self.place.is_local else f" in {self.place.words}"
        return f"{short_path(self.path)}{where}"

    def crumbs(self) -> tuple[str, ...]:
        """Return where the file is, and its name."""
        ref = self.place.ref
        if ref is None:
            return (self.place.words, self.file_name)
        return (ref.remote, ref.project, ref.name, self.file_name)

    def remotes_shown(self) -> tuple[str, ...]:
        """Return the server of the file; none for this computer."""
        return () if self.place.ref is None else (self.place.ref.remote,)

    def object_state(self) -> tuple[Piece, ...]:
        """Return how it stands with the instance: ``● running``."""
        row = None if self.place.ref is None else row_of(self.fleet.store, self.place.ref)
        if row is None:
            return ()
        condition = condition_of(row)
        return (
            Piece(f"{self.glyphs.of(condition)} ", f"${condition_role(condition)}"),
            Piece(status_word(row), "$muted"),
        )
