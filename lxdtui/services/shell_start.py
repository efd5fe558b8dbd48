"""How a shell starts: what its options mean in a given instance. Pure.

A shell that outlives the link runs inside tmux, on a socket of its own, with
neither status line nor keys of its own: nothing of it is seen or in the way.
"""

import posixpath
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from lxdtui.api.exec import CommandOptions
from lxdtui.errors import PreflightFailed
from lxdtui.model.session import KeptSession, ShellOptions

__all__ = [
    "KEPT_SOCKET",
    "StartPlan",
    "kept_sessions",
    "list_kept_command",
    "plan_start",
    "shell_candidates",
]

KEPT_SOCKET = "lxdtui"
_ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
_FALLBACKS = ("/bin/bash", "/bin/sh")
_NO_SHELLS = frozenset(("nologin", "false", "true", "sync"))
_KEPT_SETTINGS = (
    ("-g", "status", "off"),
    ("-g", "prefix", "None"),
    ("-g", "prefix2", "None"),
    ("-g", "mouse", "off"),
    ("-s", "escape-time", "0"),
    ("-s", "focus-events", "on"),
    ("-g", "set-titles", "on"),
    ("-g", "set-titles-string", "#T"),
    ("-g", "history-limit", "10000"),
    # Its screen is drawn on the main one, so that what scrolls away is kept here as well.
    ("-s", "terminal-overrides", "*:Tc:smcup@:rmcup@"),
)
_FIRST_SHELL = 'for one in "$@"; do [ -x "$one" ] && exec "$one" -l; done; exec sh'


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPlan:
    """What is asked of the server."""

    commands: tuple[tuple[str, ...], ...]
    """The commands to try, best first."""
    options: CommandOptions
    """User, directory and environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _User:
    name: str
    uid: int
    gid: int
    home: str
    shell: str


def shell_candidates(passwd: bytes, uid: int = 0) -> Sequence[str]:
    """List the shells to try, best first.

    Args:
        passwd: The content of ``/etc/passwd``; anything may stand in it.
        uid: Number of the user.

    Returns:
        The login shell of the user where it is one, then bash, then sh.
    """
    found = []
    user = next((one for one in _users(passwd) if one.uid == uid), None)
    if (
        user is not None
        and user.shell.startswith("/")
        and posixpath.basename(user.shell) not in _NO_SHELLS
    ):
        found.append(user.shell)
    return list(dict.fromkeys((*found, *_FALLBACKS)))


def plan_start(name: str, passwd: bytes, groups: bytes, options: ShellOptions) -> StartPlan:
    """Find out what to ask of the server.

    Args:
        name: The instance.
        passwd: Its ``/etc/passwd``.
        groups: Its ``/etc/group``.
        options: What the user wants.

    Raises:
        PreflightFailed: There is no such user or group, or the command line is broken.
    """
    problems = []
    user = _user_of(passwd, options.user)
    if user is None:
        problems.append(f"there is no user {options.user} in its /etc/passwd")
    gid = _gid_of(groups, options.group)
    if options.group and gid is None:
        problems.append(f"there is no group {options.group} in its /etc/group")
    try:
        words = tuple(shlex.split(options.command))
    except ValueError as error:
        words = ()
        problems.append(f"the command cannot be split into words: {error}")
    if problems or user is None:
        raise PreflightFailed(f"open a shell in {name}", problems)
    shells = shell_candidates(passwd, user.uid)
    environment = dict(_ENVIRONMENT)
    if user.uid or options.user:
        environment |= {"HOME": user.home, "USER": user.name, "LOGNAME": user.name}
    environment |= {"SHELL": shells[0]} if user.shell else {}
    environment |= dict(options.environment)
    login = ("-l",) if options.is_login else ()
    commands = (words,) if words else tuple((shell, *login) for shell in shells)
    if options.is_kept:
        inner = words or ("sh", "-c", _FIRST_SHELL, "sh", *shells)
        names = [name for name, _ in options.environment]
        commands = (_kept_command(options.kept_name, inner, names),)
    return StartPlan(
        commands=commands,
        options=CommandOptions(
            environment=environment,
            user=user.uid if user.uid or gid is not None else None,
            group=gid if gid is not None else (user.gid if user.uid else None),
            cwd=options.directory or (user.home if user.uid else None) or None,
        ),
    )


def list_kept_command() -> tuple[str, ...]:
    """Return the command that lists the kept shells of root."""
    fields = "#{session_name}\t#{session_attached}\t#{pane_current_command}"
    return ("tmux", "-L", KEPT_SOCKET, "list-sessions", "-F", fields)


def kept_sessions(output: bytes) -> tuple[KeptSession, ...]:
    """Read what :func:`list_kept_command` printed; anything may stand in it."""
    found = []
    for line in output.decode("utf-8", "replace").splitlines()[:100]:
        fields = line.split("\t")
        if len(fields) == 3 and fields[0]:
            found.append(
                KeptSession(name=fields[0], is_attached=fields[1] != "0", program=fields[2])
            )
    return tuple(found)


def _kept_command(name: str, inner: Sequence[str], variables: Sequence[str]) -> tuple[str, ...]:
    settings = [word for setting in _KEPT_SETTINGS for word in (";", "set-option", *setting)]
    # A server that runs already takes only these from who comes; and what the first one
    # brought it would give to all later ones. Values stand in no command line.
    settings += [";", "set-option", "-g", "update-environment", " ".join(variables)]
    for variable in variables:
        settings += [";", "set-environment", "-g", "-u", variable]
    # Without any keys of its own every key passes.
    return (
        *("tmux", "-u", "-L", KEPT_SOCKET, "-f", "/dev/null", "start-server"),
        *settings,
        *(";", "unbind-key", "-a", "-T", "root"),
        *(";", "new-session", "-A", "-s", name, shlex.join(inner)),
    )


def _users(passwd: bytes) -> list[_User]:
    found = []
    for line in passwd.decode("utf-8", "replace").splitlines():
        fields = line.split(":")
        if len(fields) >= 7 and fields[2].isdecimal() and fields[3].isdecimal():
            found.append(
                _User(
                    name=fields[0],
                    uid=int(fields[2][:10]),
                    gid=int(fields[3][:10]),
                    home=fields[5] if fields[5].startswith("/") else "",
                    shell=fields[6].strip(),
                )
            )
    return found


def _user_of(passwd: bytes, wanted: str) -> _User | None:
    wanted = wanted.strip() or "0"
    for user in _users(passwd):
        if wanted in (user.name, str(user.uid)):
            return user
    if not wanted.isdecimal():
        return _ROOT if wanted == "root" else None
    # A number needs no name.
    uid = int(wanted[:10])
    return _ROOT if not uid else _User(name=wanted, uid=uid, gid=uid, home="/", shell="")


def _gid_of(groups: bytes, wanted: str) -> int | None:
    wanted = wanted.strip()
    if wanted.isdecimal():
        return int(wanted[:10])
    for line in groups.decode("utf-8", "replace").splitlines():
        fields = line.split(":")
        if wanted and len(fields) >= 3 and fields[0] == wanted and fields[2].isdecimal():
            return int(fields[2][:10])
    return None


_ROOT = _User(name="root", uid=0, gid=0, home="/root", shell="")
