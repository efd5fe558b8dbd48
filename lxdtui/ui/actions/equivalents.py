"""The command of ``lxc`` or ``incus`` that does the same as an action. Pure.

Only commands are made of which the clients of LXD 5.0 and Incus 6.0 take every word.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from lxdtui.model.instance import Condition
from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef, OperationRef
from lxdtui.model.server import Server, ServerKind
from lxdtui.ui.format.text import safe_text

__all__ = [
    "Equivalent",
    "cancel_command",
    "client_of",
    "command_line",
    "equivalents_of",
    "signal_command",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """An action and the command that does the same."""

    words: str
    """What it does: ``stop``."""
    command: str
    """The command, safe to be pasted into a shell."""


def client_of(server: Server | None) -> str:
    """Return the client of a server: ``incus``, or ``lxc`` also while nothing is known of it."""
    return "incus" if server is not None and server.kind is ServerKind.INCUS else "lxc"


def command_line(
    client: str,
    verb: Sequence[str],
    refs: Sequence[InstanceRef],
    *,
    after: Sequence[str] = (),
    suffix: str = "",
) -> str:
    """Write a command.

    Args:
        client: ``lxc`` or ``incus``.
        verb: Words of the command with its options: ``("stop", "--force")``.
        refs: What it is done to, all of one project.
        after: Words that follow, quoted where they need it.
        suffix: What follows each name without a blank, such as the path of a file.

    Returns:
        The line; names are quoted for a shell, and nothing in it is harmful to a terminal.
    """
    words = [client, *verb]
    if refs and refs[0].project != DEFAULT_PROJECT:
        words += ["--project", refs[0].project]
    words += [f"{_remote_name(ref)}{suffix}" for ref in refs]
    return safe_text(shlex.join([*words, *after]))


def signal_command(client: str, ref: InstanceRef, pid: int, signal: str) -> str:
    """Write the command that sends a signal to a process inside an instance.

    Args:
        client: ``lxc`` or ``incus``.
        ref: The instance.
        pid: Number of the process inside.
        signal: ``TERM``, ``KILL``, …
    """
    return command_line(client, ("exec",), (ref,), after=("--", "kill", f"-{signal}", str(pid)))


def cancel_command(client: str, ref: OperationRef) -> str:
    """Write the command that cancels an operation.

    Args:
        client: ``lxc`` or ``incus``.
        ref: The operation.
    """
    name = ref.id if ref.remote == "local" else f"{ref.remote}:{ref.id}"
    return safe_text(shlex.join([client, "operation", "delete", name]))


def profile_command(client: str, remote: str, project: str, name: str) -> str:
    """Return the command that opens a profile for changing.

    Args:
        client: ``lxc`` or ``incus``.
        remote: The server.
        project: The project.
        name: The profile.
    """
    words = [client, "profile", "edit", name if remote == "local" else f"{remote}:{name}"]
    if project != DEFAULT_PROJECT:
        words[1:1] = ["--project", project]
    return shlex.join(words)


def equivalents_of(
    ref: InstanceRef, server: Server | None, *, condition: Condition, snapshots: Sequence[str] = ()
) -> tuple[Equivalent, ...]:
    """List the commands for what can be done with an instance now.

    Args:
        ref: The instance.
        server: Its server.
        condition: How it is.
        snapshots: Names of its snapshots, oldest first.
    """
    client = client_of(server)
    is_incus = client == "incus"
    # A word of its own for resuming, and for all of snapshots, is only in incus.
    unfreeze = "resume" if is_incus else "start"
    snapshot = ("snapshot", "create") if is_incus else ("snapshot",)
    restore = ("snapshot", "restore") if is_incus else ("restore",)

    def one(words: str, *verb: str, after: Sequence[str] = (), suffix: str = "") -> Equivalent:
        line = command_line(client, verb, (ref,), after=after, suffix=suffix)
        return Equivalent(words=words, command=line)

    newest = snapshots[-1] if snapshots else "NAME"
    running = (
        one("shell", "exec", after=("--", "sh", "-l")),
        one("stop", "stop"),
        one("force stop", "stop", "--force"),
        one("restart", "restart"),
        one("freeze", "pause"),
    )
    match condition:
        case Condition.STOPPED:
            changes: tuple[Equivalent, ...] = (one("start", "start"),)
        case Condition.FROZEN:
            changes = (one("resume", unfreeze), one("force stop", "stop", "--force"))
        case _:
            changes = running
    delete = ("delete",) if condition is Condition.STOPPED else ("delete", "--force")
    return (
        *changes,
        one("show", "info"),
        one("configuration", "config", "show", "--expanded"),
        one("edit", "config", "edit"),
        one("devices", "config", "device", "show"),
        one("console log", "console", "--show-log"),
        one("log", "info", "--show-log"),
        one("snapshot", *snapshot, after=("NAME",)),
        one("restore", *restore, after=(newest,)),
        one("copy", "copy", after=("NEW-NAME",)),
        one("rename", "rename", after=("NEW-NAME",)),
        one("get a file", "file", "pull", suffix="/etc/hosts", after=(".",)),
        one("publish", "publish", after=("--alias", "NAME")),
        one("delete", *delete),
    )


def _remote_name(ref: InstanceRef) -> str:
    return ref.name if ref.remote == "local" else f"{ref.remote}:{ref.name}"
