"""Why an action is not possible with some rows, in words.

Each function returns ``None`` where the action is possible. With several rows
it is possible as soon as one row can take it; the others are left out.
"""

from collections.abc import Callable, Sequence

from lxdtui.model.instance import Condition
from lxdtui.store.select import InstanceRow

__all__ = [
    "Rows",
    "WhyNot",
    "never",
    "not_delete",
    "not_files",
    "not_frozen",
    "not_kill",
    "not_one",
    "not_publish",
    "not_rename",
    "not_running",
    "not_shell",
    "not_snapshots",
    "not_start",
    "not_stop",
    "on_some",
    "unless_busy",
]

Rows = Sequence[InstanceRow]
WhyNot = Callable[[Rows], str | None]


def never(_rows: Rows) -> str | None:
    """Refuse nothing."""
    return None


def on_some(verb: WhyNot) -> WhyNot:
    """Refuse where there is no row, the link is lost or something is under way."""

    def why_not(rows: Rows) -> str | None:
        if not rows:
            return "no container is selected"
        for row in rows:
            if row.is_stale:
                return f"the link to {row.ref.remote} is lost"
        return verb(rows)

    return why_not


def unless_busy(verb: WhyNot) -> WhyNot:
    """Refuse like :func:`on_some`, and where an operation is under way."""

    def why_not(rows: Rows) -> str | None:
        for row in rows:
            if row.activity is not None:
                return f"{row.ref.name} is {row.activity.word}"
        return verb(rows)

    return on_some(why_not)


def _first(rows: Rows, refuses: Callable[[InstanceRow], str | None]) -> str | None:
    """Refuse only where no row can take it; the others are left out."""
    reasons = [refuses(row) for row in rows]
    if None in reasons:
        return None
    return reasons[0]


def not_start(rows: Rows) -> str | None:
    """Refuse what runs or is frozen."""

    def refuses(row: InstanceRow) -> str | None:
        match row.instance.condition:
            case Condition.RUNNING:
                return f"{row.ref.name} is already running"
            case Condition.FROZEN:
                return f"{row.ref.name} is frozen; F resumes it"
            case _:
                return None

    return _first(rows, refuses)


def not_stop(rows: Rows) -> str | None:
    """Refuse what is stopped, and what cannot shut down because it is frozen."""

    def refuses(row: InstanceRow) -> str | None:
        match row.instance.condition:
            case Condition.STOPPED:
                return f"{row.ref.name} is already stopped"
            case Condition.FROZEN:
                return f"{row.ref.name} is frozen and cannot shut down; resume it or use K"
            case _:
                return None

    return _first(rows, refuses)


def not_kill(rows: Rows) -> str | None:
    """Refuse what is stopped."""
    return _first(
        rows,
        lambda row: (
            f"{row.ref.name} is already stopped"
            if row.instance.condition is Condition.STOPPED
            else None
        ),
    )


def not_running(rows: Rows) -> str | None:
    """Refuse what does not run."""
    return _first(
        rows,
        lambda row: (
            None
            if row.instance.is_running
            else f"{row.ref.name} is not running; it is {row.instance.condition}"
        ),
    )


def not_frozen(rows: Rows) -> str | None:
    """Refuse what is not frozen."""
    return _first(
        rows,
        lambda row: (
            None
            if row.instance.condition is Condition.FROZEN
            else f"{row.ref.name} is not frozen; it is {row.instance.condition}"
        ),
    )


def not_delete(rows: Rows) -> str | None:
    """Refuse what is protected from deletion."""

    def refuses(row: InstanceRow) -> str | None:
        if row.instance.expanded_config.get("security.protection.delete", "") in ("true", "1"):
            return f"{row.ref.name} is protected: security.protection.delete is set"
        return None

    return _first(rows, refuses)


def not_shell(rows: Rows) -> str | None:
    """Refuse several, and what does not run."""
    if len(rows) > 1:
        return "a shell opens in one container at a time"
    return not_running(rows)


def not_files(rows: Rows) -> str | None:
    """Refuse several: there is one container in a pane."""
    return None if len(rows) == 1 else "files are shown of one container at a time"


def not_one(rows: Rows) -> str | None:
    """Refuse none and several."""
    if not rows:
        return "no container is selected"
    return None if len(rows) == 1 else "details show one container at a time"


def not_rename(rows: Rows) -> str | None:
    """Refuse several, and what does not stand still."""
    if reason := not_one(rows):
        return reason
    (row,) = rows
    if row.instance.condition is not Condition.STOPPED:
        return f"{row.ref.name} must be stopped first; T does it"
    return None


def not_publish(rows: Rows) -> str | None:
    """Refuse several, and what does not stand still."""
    if reason := not_one(rows):
        return reason
    (row,) = rows
    if row.instance.condition is not Condition.STOPPED:
        return f"{row.ref.name} must be stopped first; its snapshots need not"
    return None


def not_snapshots(rows: Rows) -> str | None:
    """Refuse none and several."""
    if not rows:
        return "no container is selected"
    return None if len(rows) == 1 else "they are shown of one container at a time; N takes them"
