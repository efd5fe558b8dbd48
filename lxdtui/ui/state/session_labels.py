"""What a session is called."""

import posixpath
import re

from lxdtui.ui.format.text import safe_text
from lxdtui.ui.state.sessions import Session

__all__ = ["label_of"]


def label_of(session: Session, *, names_server: bool) -> str:
    """Return the title that the program chose, with the instance; else instance and command.

    Args:
        session: The session.
        names_server: Whether the server is told as well.

    Returns:
        Safe text.
    """
    name = session.ref.name
    title = safe_text(session.emulator.title).strip()
    if title:
        label = title if _names(title, name) else f"{name}: {title}"
    elif session.command:
        label = f"{name} {posixpath.basename(session.command[0])}"
    else:
        label = name
    return safe_text(f"{session.ref.remote}:{label}" if names_server else label)


def _names(title: str, name: str) -> bool:
    """Say whether a title begins with the name, as that of a shell does: ``root@web: ~``.

    One that only holds it somewhere could pose as another instance.
    """
    return re.match(rf"([a-z_][a-z0-9_]*@)?{re.escape(name)}(?![\w.@-])", title) is not None
