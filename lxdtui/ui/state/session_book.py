"""The open shells of all instances, and the windows that they stand in."""

import asyncio

from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import SessionKind
from lxdtui.ui.state.pane_tree import Axis, Node, exchanged, panes_of, split_at, without
from lxdtui.ui.state.sessions import Session

__all__ = ["SessionBook", "Window"]


class Window:
    """One tab: a session, or several in panes.

    Args:
        session: The first one.
    """

    def __init__(self, session: Session) -> None:
        self.tree: Node[Session] = session
        """How the panes lie."""
        self.active = session
        """The pane that gets the keys."""
        self.is_zoomed = False
        """Whether that one has the whole space."""
        self.name = ""
        """The name that the user gave it."""

    @property
    def sessions(self) -> tuple[Session, ...]:
        """What stands in it, from the left and top on."""
        return panes_of(self.tree)

    @property
    def shown(self) -> Node[Session]:
        """The panes that are on the screen when this window is."""
        return self.active if self.is_zoomed else self.tree

    def split(self, session: Session, axis: Axis) -> None:
        """Give a session half of the active pane, and the keys."""
        self.tree = split_at(self.tree, self.active, session, axis)
        self.active = session
        self.is_zoomed = False

    def replace(self, old: Session, new: Session) -> None:
        """Put a session into the pane of another one."""
        self.tree = exchanged(self.tree, old, new)
        if self.active is old:
            self.active = new

    def take_out(self, session: Session) -> bool:
        """Remove a pane; returns whether the window is empty now."""
        sessions = self.sessions
        tree = without(self.tree, session)
        if tree is None:
            return True
        self.tree = tree
        if self.active is session:
            place = sessions.index(session)
            self.active = (sessions[:place] or sessions[place + 1 :])[-1 if place else 0]
            self.is_zoomed = False
        return False


class SessionBook:
    """The sessions of all instances, in windows, in the order they were opened."""

    def __init__(self) -> None:
        self.windows: list[Window] = []
        """The tabs."""
        self.marked: set[Session] = set()
        """What the user marked, to type into several at once."""
        self.offered: set[InstanceRef] = set()
        """The instances whose kept shells were told of already."""
        self.typed_at_once: frozenset[Session] = frozenset()
        """The sessions that get what is typed into one of them."""
        self.parsing = asyncio.Lock()
        """Held by the session that parses its output; the others wait for their turn."""

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All sessions that are kept, window by window."""
        return tuple(session for window in self.windows for session in window.sessions)

    def add(self, session: Session) -> Window:
        """Keep a session, in a window of its own."""
        window = Window(session)
        self.windows.append(window)
        return window

    def window_of(self, session: Session) -> Window | None:
        """Return the window that a session stands in."""
        return next((one for one in self.windows if session in one.sessions), None)

    def move(self, session: Session, window: Window, axis: Axis) -> None:
        """Move a session into another window, beside the active pane there."""
        old = self.window_of(session)
        if old is not None and old is not window:
            if old.take_out(session):
                self.windows.remove(old)
            window.split(session, axis)

    def discard(self, session: Session) -> None:
        """Forget a session; a window without any goes with it."""
        window = self.window_of(session)
        if window is not None and window.take_out(session):
            self.windows.remove(window)
        self.marked.discard(session)
        self.typed_at_once -= {session}

    def replace(self, old: Session, new: Session) -> None:
        """Put a session into the place of one that is over."""
        window = self.window_of(old)
        if window is not None:
            window.replace(old, new)
        self.marked.discard(old)
        if old in self.typed_at_once:
            self.typed_at_once = self.typed_at_once - {old} | {new}

    async def aclose(self) -> None:
        """End all sessions, when the app ends."""
        async with asyncio.TaskGroup() as tasks:
            for session in self.sessions:
                tasks.create_task(session.aclose())
        self.windows.clear()
        self.marked.clear()
        self.typed_at_once = frozenset()

    def live(self, ref: InstanceRef, kind: SessionKind = SessionKind.SHELL) -> Session | None:
        """Return the newest session of an instance that is not over."""
        for session in reversed(self.sessions):
            if session.ref == ref and session.order.kind is kind and session.takes_keys:
                return session
        return None

    def kept(self, ref: InstanceRef, name: str) -> Session | None:
        """Return the session that is attached to a kept shell of an instance."""
        for session in self.sessions:
            if session.ref != ref or not session.takes_keys:
                continue
            # Until it is open, the name stands in the order alone.
            if name and name in (session.kept_name, session.order.options.kept_name):
                return session
        return None

    def refs(self) -> frozenset[InstanceRef]:
        """Return the instances in which a session is open."""
        return frozenset(session.ref for session in self.sessions if session.takes_keys)
