"""What can be chosen of sessions: one to go to, and several to type into. Pure."""

from collections.abc import Callable, Sequence

from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import SessionKind
from lxdtui.store import Store
from lxdtui.ui.dialogs.file_choice import FileOption
from lxdtui.ui.format.amounts import count
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.state.session_book import SessionBook, Window
from lxdtui.ui.state.sessions import Session, SessionState

__all__ = ["group_options", "groups_of", "options_of", "ref_of", "session_of"]

_STATES = {
    SessionState.OPENING: "opening",
    SessionState.LIVE: "",
    SessionState.WAITING: "waiting",
    SessionState.ENDED: "ended",
    SessionState.FAILED: "failed",
}


def options_of(
    book: SessionBook, store: Store, label: Callable[[Session], str]
) -> tuple[FileOption, ...]:
    """Return every session, then every container that runs, of all servers."""
    options = []
    for number, window in enumerate(book.windows, 1):
        for session in window.sessions:
            notes = [
                _STATES[session.state],
                "bell" if session.has_rung else "new output" if session.has_unread else "",
                safe_text(window.name),
                _place(session.ref),
            ]
            note = "  ".join(one for one in notes if one)
            options.append(
                FileOption(
                    id=f"session {book.sessions.index(session)}",
                    words=f"{number}  {label(session)}",
                    note=note,
                )
            )
    instances = sorted(
        (one for one in store.state.instances.values() if one.is_running),
        key=lambda one: (one.ref.remote, one.ref.project, one.ref.name),
    )
    options += [
        FileOption(
            id=f"open {instance.ref.remote}\n{instance.ref.project}\n{instance.ref.name}",
            words=f"+  {safe_text(instance.ref.name)}",
            note=f"new shell  {_place(instance.ref)}",
        )
        for instance in instances
    ]
    return tuple(options)


def session_of(book: SessionBook, option_id: str) -> Session | None:
    """Return the session that an option stands for; ``None`` for a container."""
    kind, _, rest = option_id.partition(" ")
    if kind != "session" or int(rest) >= len(book.sessions):
        return None
    return book.sessions[int(rest)]


def ref_of(option_id: str) -> InstanceRef | None:
    """Return the container that an option stands for; ``None`` for a session."""
    kind, _, rest = option_id.partition(" ")
    return InstanceRef(*rest.split("\n")) if kind == "open" else None


def groups_of(book: SessionBook, window: Window) -> dict[str, frozenset[Session]]:
    """Return the groups of live shells that one can type into at once, by what they are.

    Consoles are only among them where they were marked, or stand in this window.
    """
    every = [session for session in book.sessions if session.takes_keys]
    live = [session for session in every if session.order.kind is SessionKind.SHELL]
    here = window.active.ref
    groups = {
        "all panes of this window": [one for one in every if one in window.sessions],
        "the marked shells": [one for one in every if one in book.marked],
        f"all shells of {safe_text(here.name)}": [one for one in live if one.ref == here],
        "all shells": live,
    }
    return {words: frozenset(group) for words, group in groups.items() if len(group) > 1}


def group_options(groups: dict[str, frozenset[Session]]) -> Sequence[FileOption]:
    """Return what can be chosen of the groups."""
    return [
        FileOption(id=words, words=words, note=count(len(group))) for words, group in groups.items()
    ]


def _place(ref: InstanceRef) -> str:
    return safe_text(f"{ref.remote}/{ref.project}")
