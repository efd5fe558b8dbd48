"""The panes of a window: each a terminal with its row of words and its notices."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.geometry import NULL_OFFSET, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from lxdtui.ui.actions.leader import DEFAULT_LEADER
from lxdtui.ui.state.pane_tree import Node, panes_of, regions_of
from lxdtui.ui.state.sessions import Session
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pane_title import PaneTitle
from lxdtui.ui.widgets.session_notice import EndedBar, SessionNotice
from lxdtui.ui.widgets.terminal_view import TerminalView

__all__ = ["PaneArea", "PaneBox"]


class PaneBox(Vertical):
    """One pane.

    Args:
        glyphs: The characters to draw with.
        leader: The key that is kept from the program.
    """

    DEFAULT_CSS = """
    PaneBox {
        width: 1fr;
        height: 1fr;
        .pane-body {
            height: 1fr;
            layers: base notice;
            overflow: hidden hidden;
            background: $bg;
            &.-fixed { hatch: "." $line; }
        }
        TerminalView { layer: base; }
        SessionNotice { layer: notice; dock: top; }
        PaneTitle { display: none; }
    }
    """

    def __init__(self, *, glyphs: Glyphs, leader: str) -> None:
        super().__init__()
        self.title = PaneTitle(glyphs=glyphs)
        self.view = TerminalView(leader=leader)
        self.session: Session | None = None
        """What is shown."""
        self._body = Container(classes="pane-body")
        self._notice = SessionNotice(glyphs=glyphs)
        self._ended = EndedBar(glyphs=glyphs)

    def compose(self) -> ComposeResult:
        """Put the words over the terminal, and how it ended below."""
        yield self.title
        with self._body:
            yield self.view
            yield self._notice
        yield self._ended

    def show(self, session: Session | None) -> None:
        """Show a session, in place of the one so far."""
        if session is not self.session:
            self.session = session
            self._fix(None if session is None else session.fixed_size)
            self.view.show(session)
        self.refresh_state()

    def _fix(self, size: tuple[int, int] | None) -> None:
        """Keep the terminal at a size; around it there are dots, and beyond the pane it scrolls."""
        self.view.styles.width, self.view.styles.height = size or (None, None)
        self._body.set_class(size is not None, "-fixed")
        self._body.refresh(layout=True)

    def on_resize(self) -> None:
        """Look for the part that counts in the room that there is now."""
        self.call_after_refresh(self.view.keep_in_view)

    def refresh_state(self) -> None:
        """Say how it stands with the session."""
        self._notice.show(self.session)
        self._ended.show(self.session)


class _PaneLayout(Layout):
    """Puts each pane where the tree has it."""

    name = "panes"

    def __init__(self, area: "PaneArea") -> None:
        self._area = area

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Return the places of the panes that are shown."""
        del parent, greedy
        regions = self._area.regions(size.region)
        return [
            WidgetPlacement(regions.get(child.session, size.region), NULL_OFFSET, Spacing(), child)
            for child in children
            if isinstance(child, PaneBox)
        ]


class PaneArea(Widget):
    """Shows the sessions of one window.

    One pane is there from the beginning, so that keys which come before there
    is a session are kept.

    Args:
        glyphs: The characters to draw with.
        leader: The key that is kept from the programs.
    """

    DEFAULT_CSS = """
    PaneArea {
        width: 1fr;
        height: 1fr;
        background: $hover;
    }
    """

    class Chosen(Message):
        """Posted when a pane is clicked that does not have the keys."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    def __init__(self, *, glyphs: Glyphs, leader: str = DEFAULT_LEADER) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._leader = leader
        self._layout = _PaneLayout(self)
        self._tree: Node[Session] | None = None
        self._first = PaneBox(glyphs=glyphs, leader=leader)
        self._boxes = [self._first]
        self._has_titles = False

    @property
    def layout(self) -> Layout:
        """How the panes are arranged."""
        return self._layout

    def compose(self) -> ComposeResult:
        """Make the first pane."""
        yield self._first

    @property
    def boxes(self) -> tuple[PaneBox, ...]:
        """The panes that show something."""
        return tuple(box for box in self._boxes if box.session is not None)

    def box_of(self, session: Session | None) -> PaneBox:
        """Return the pane of a session; the first pane where it has none."""
        return next((box for box in self._boxes if box.session is session), self._first)

    def regions(self, region: Region | None = None) -> dict[Session | None, Region]:
        """Return where the panes are, the rows of words included.

        Args:
            region: The space; that of this widget where none is given.
        """
        region = self.size.region if region is None else region
        if self._tree is None:
            return {None: region}
        return dict(regions_of(self._tree, region).items())

    def size_in(self, tree: Node[Session], session: Session, *, has_titles: bool) -> Size:
        """Return the size that the terminal of a session would have.

        Args:
            tree: The panes.
            session: One of them.
            has_titles: Whether they have rows of words.
        """
        region = regions_of(tree, self.size.region)[session]
        return Size(region.width, max(region.height - has_titles, 1))

    async def show(self, tree: Node[Session], *, has_titles: bool) -> None:
        """Show panes; those that were there already stay as they are.

        Args:
            tree: The sessions.
            has_titles: Whether each has a row of words.
        """
        sessions = panes_of(tree)
        self._tree = tree
        free = [box for box in self._boxes if box.session not in sessions]
        shown = {box.session for box in self._boxes}
        missing = [session for session in sessions if session not in shown]
        while len(free) < len(missing):
            box = PaneBox(glyphs=self._glyphs, leader=self._leader)
            self._boxes.append(box)
            free.append(box)
            await self.mount(box)
        for box in free:
            box.show(missing.pop(0) if missing else None)
        for box in self._boxes:
            box.display = box.session is not None
            box.title.display = has_titles
        # A widget keeps its arrangement until one of its children asks for another one.
        self._first.refresh(layout=True)

    @on(events.DescendantFocus)
    def _focus_moved(self, event: events.DescendantFocus) -> None:
        for box in self.boxes:
            if box.view is event.widget and box.session is not None:
                self.post_message(self.Chosen(box.session))

    @on(PaneTitle.Clicked)
    def _title_clicked(self, message: PaneTitle.Clicked) -> None:
        message.stop()
        for box in self.boxes:
            if box.title is message.title:
                box.view.focus()
