"""What is asked before an action that costs something. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lxdtui.model.instance import Condition, InstanceType
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.model.server import Server
from lxdtui.model.session import SessionKind
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions.equivalents import client_of, command_line
from lxdtui.ui.format.amounts import plural
from lxdtui.ui.format.instances import started_at, status_word
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import age_since

__all__ = ["Concerned", "Question", "question_for", "question_on_close", "question_on_quit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """One object that the question is about."""

    condition: Condition
    name: str
    state: str
    """How it is: ``running 6 h``."""
    note: str
    """What goes with it: ``2 snapshots``."""
    is_plain: bool = False
    """Whether it has no condition of its own, as files have none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with everything that is needed to answer it."""

    title: str
    """The question up to the place: ``Delete web1 in``."""
    place: tuple[str, ...]
    """Server and project; may be empty."""
    is_home: bool
    """Whether the place is the local server and the default project."""
    objects: tuple[Concerned, ...]
    consequences: str
    """What it costs, in words."""
    command: str
    """The same at the command line; may be empty."""
    typed: str
    """What has to be typed before it is done; empty for nothing."""
    ask_for: str
    """What the words before the field say."""
    keep: str
    """Words on the safe button."""
    do: str
    """Words on the other button."""
    is_dangerous: bool
    """Whether data can be lost."""


def question_for(
    action_id: str,
    rows: Sequence[InstanceRow],
    *,
    server: Server | None,
    now: datetime,
    is_named: bool = True,
) -> Question | None:
    """Return what to ask before an action, or ``None`` where nothing is asked.

    Args:
        action_id: The action.
        rows: What it is done to; at least one.
        server: The server of the first row.
        now: The time of day.
        is_named: Whether the servers' own clients know them by the names of the rows;
            else there is no command that does the same.
    """
    question = _question_for(action_id, rows, server, now)
    if question is None or is_named:
        return question
    return replace(question, command="")


def _question_for(
    action_id: str, rows: Sequence[InstanceRow], server: Server | None, now: datetime
) -> Question | None:
    client = client_of(server)
    lost = _lost_by_stopping(rows)
    match action_id:
        case "instance.stop" if lost:
            return _question(
                "Stop",
                rows,
                now,
                consequences=lost,
                command=_command(client, "stop", rows),
                keep="Leave running",
                is_dangerous=True,
            )
        case "instance.restart":
            return _question(
                "Restart",
                rows,
                now,
                consequences="Its processes are asked to end, and it is started again."
                if len(rows) == 1
                else "Their processes are asked to end, and they are started again.",
                command=_command(client, "restart", rows),
                keep="Leave running",
            )
        case "instance.kill":
            return _question(
                "Force stop",
                rows,
                now,
                consequences="It stops at once, as if the power went. Whatever its processes "
                f"have not written to disk is lost. {lost}".rstrip(),
                command=_command(client, "stop --force", rows),
                keep="Leave it",
                is_dangerous=True,
            )
        case "instance.delete":
            is_up = any(row.instance.condition is not Condition.STOPPED for row in rows)
            stopped_first = ""
            if is_up:
                stopped_first = (
                    "It is stopped first. "
                    if len(rows) == 1
                    else "Running ones are stopped first. "
                )
            verb = "delete --force" if is_up else "delete"
            return _question(
                "Delete",
                rows,
                now,
                consequences=f"{stopped_first}Disks and snapshots go too; this cannot be undone.",
                command=_command(client, verb, rows),
                keep="Keep it" if len(rows) == 1 else "Keep them",
                typed=rows[0].ref.name if len(rows) == 1 else str(len(rows)),
                ask_for="Type the name to delete it:"
                if len(rows) == 1
                else f"Type the number of {_noun(rows)} to delete them:",
                is_dangerous=True,
            )
        case _:
            return None


def question_on_quit(names: Sequence[str], copies: Sequence[str] = ()) -> Question:
    """Return what to ask before the program ends with shells open or copies under way.

    Args:
        names: The instances whose shells are open, one a shell.
        copies: What is being copied, one a transfer.
    """
    what: list[str] = []
    ends: list[str] = []
    if names:
        what.append(plural(len(names), "open shell"))
        one = "The shell is hung up, and what runs in it ends."
        several = "The shells are hung up, and what runs in them ends."
        ends.append(one if len(names) == 1 else several)
    if copies:
        what.append(plural(len(copies), "running copy", "running copies"))
        ends.append("What is copied already stays; files that are half done are removed.")
    ends.append("The containers are left as they are.")
    objects = [(name, "shell") for name in names] + [(name, "copy") for name in copies]
    return Question(
        title=f"Quit with {' and '.join(what)}?",
        place=(),
        is_home=True,
        objects=tuple(
            Concerned(condition=Condition.RUNNING, name=safe_text(name), state=kind, note="")
            for name, kind in objects
        ),
        consequences=" ".join(ends),
        command="",
        typed="",
        ask_for="",
        keep="Stay",
        do="Quit",
        is_dangerous=False,
    )


def question_on_close(ref: InstanceRef, label: str, kind: SessionKind) -> Question:
    """Return what to ask before a live session is closed.

    Args:
        ref: Its instance.
        label: What it is called; safe text.
        kind: What it is.
    """
    is_console = kind is SessionKind.CONSOLE
    consequences = (
        "Only the console is left; what runs in the container goes on."
        if is_console
        else "What runs in it ends. To leave it running, go back to the list instead."
    )
    return Question(
        title=f"Close the {kind} in",
        place=(ref.remote, ref.project),
        is_home=ref.project == DEFAULT_PROJECT,
        objects=(
            Concerned(condition=Condition.RUNNING, name=safe_text(ref.name), state=label, note=""),
        ),
        consequences=consequences,
        command="",
        typed="",
        ask_for="",
        keep="Keep it",
        do="Close",
        is_dangerous=False,
    )


def question_on_recording(name: str, folder: str, note: str) -> Question:
    """Return what to ask before a recording is deleted.

    Args:
        name: Its name; safe text.
        folder: Where it is; safe text.
        note: How large it is.
    """
    recording = Concerned(
        condition=Condition.UNKNOWN, name=name, state="", note=note, is_plain=True
    )
    return Question(
        title="Delete a recording in",
        place=(folder,),
        is_home=True,
        objects=(recording,),
        consequences="Nothing brings it back.",
        command="",
        typed="1",
        ask_for="Type 1 to delete it:",
        keep="Keep",
        do="Delete",
        is_dangerous=True,
    )


def _question(
    verb: str,
    rows: Sequence[InstanceRow],
    now: datetime,
    *,
    consequences: str,
    command: str,
    keep: str,
    typed: str = "",
    ask_for: str = "",
    is_dangerous: bool = False,
) -> Question:
    one = len(rows) == 1
    what = safe_text(rows[0].ref.name) if one else f"{len(rows)} {_noun(rows)}"
    remotes = sorted({row.ref.remote for row in rows})
    projects = sorted({row.ref.project for row in rows})
    place = (
        remotes[0] if len(remotes) == 1 else f"{len(remotes)} servers",
        projects[0] if len(projects) == 1 else f"{len(projects)} projects",
    )
    return Question(
        title=f"{verb} {what} in",
        place=tuple(safe_text(part) for part in place),
        is_home=remotes == ["local"] and projects == [DEFAULT_PROJECT],
        objects=tuple(_concerned(row, now) for row in rows),
        consequences=consequences,
        command=command,
        typed=typed,
        ask_for=ask_for,
        keep=keep,
        do=f"{verb} it" if one else f"{verb} {len(rows)}",
        is_dangerous=is_dangerous,
    )


def _lost_by_stopping(rows: Sequence[InstanceRow]) -> str:
    """Say that ephemeral ones do not outlive a stop; empty where none is ephemeral."""
    names = [safe_text(row.ref.name) for row in rows if row.instance.ephemeral]
    if not names:
        return ""
    if len(rows) == 1:
        return "It is ephemeral: stopping deletes it, its disks and its snapshots."
    return f"Ephemeral, so that stopping deletes them: {', '.join(names)}."


def _noun(rows: Sequence[InstanceRow]) -> str:
    kinds = {row.instance.type for row in rows}
    return "containers" if kinds == {InstanceType.CONTAINER} else "instances"


def _concerned(row: InstanceRow, now: datetime) -> Concerned:
    up = age_since(started_at(row), now) if row.instance.is_running else ""
    count = row.snapshot_count
    note = ""
    if count is not None:
        note = plural(count, "snapshot") if count else "no snapshot"
    return Concerned(
        condition=row.instance.condition,
        name=safe_text(row.ref.name),
        state=f"{status_word(row)} {up}".rstrip(),
        note=note,
    )


def _command(client: str, verb: str, rows: Sequence[InstanceRow]) -> str:
    return command_line(client, verb.split(), [row.ref for row in rows])
