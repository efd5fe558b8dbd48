"""What the questions on snapshots have in common: title, place, lines on a snapshot. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime

from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.expiry import parse_expiry
from lxdtui.ui.format.amounts import size
from lxdtui.ui.format.text import pad_right, safe_text
from lxdtui.ui.format.times import age
from lxdtui.ui.forms.form import Choices, Flag, Form, Line, Text, Values
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["expiry_problem", "form_on", "listed", "told", "warned", "what_of"]

_NAME = 44
"""Columns for a name, so that a line on a snapshot is one line."""


def form_on(
    verb: str,
    ref: InstanceRef,
    *,
    what: str,
    fields: tuple[Text | Flag | Choices, ...],
    do: str,
    keep: str = "Cancel",
    is_dangerous: bool = False,
    failure: tuple[str, ...] = (),
    problem: Callable[[Values], str] | None = None,
    explain: Callable[[Values], tuple[Line, ...]] | None = None,
) -> Form:
    """Return a form on a container, with its server and project in the title.

    Args:
        verb: What is asked, up to the object: ``Delete the snapshot``.
        ref: The container.
        what: The object.
        fields: What is asked for.
        do: Words on the button that does it.
        keep: Words on the safe button.
        is_dangerous: Whether data can be lost.
        failure: Why it failed before.
        problem: Why it cannot be done with some values.
        explain: What will happen with some values.
    """
    return Form(
        title=f"{verb} {what} in",
        place=(ref.remote, ref.project),
        is_home=(ref.remote, ref.project) == ("local", DEFAULT_PROJECT),
        fields=fields,
        do=do,
        keep=keep,
        is_dangerous=is_dangerous,
        failure=failure,
        problem=problem or (lambda _values: ""),
        explain=explain or (lambda _values: ()),
    )


def what_of(ref: InstanceRef, snapshots: Sequence[Snapshot]) -> str:
    """Return the object of a question: one snapshot by its name, several by their number."""
    if len(snapshots) == 1:
        return f"{snapshots[0].name} of {ref.name}"
    return f"{len(snapshots)} snapshots of {ref.name}"


def expiry_problem(words: str, now: datetime) -> str:
    """Say why words are no expiry; empty where they are one."""
    try:
        parse_expiry(words, now)
    except ValueError as error:
        return str(error)
    return ""


def listed(snapshot: Snapshot, now: datetime, *, style: str = "$strong") -> Line:
    """Return a line on a snapshot: name, age, size."""
    amount = size(snapshot.size) if snapshot.size >= 0 else ""
    old = "" if snapshot.created_at is None else age((now - snapshot.created_at).total_seconds())
    return (
        Piece(f"{pad_right(safe_text(snapshot.name), _NAME)} ", style),
        Piece(f"{old:>7}  {amount:>8}", "$muted"),
    )


def told(words: str) -> Line:
    """Return a line of plain words."""
    return (Piece(safe_text(words), "$fg"),)


def warned(words: str) -> Line:
    """Return a line of words that ask for attention."""
    return (Piece(safe_text(words), "$amber"),)
