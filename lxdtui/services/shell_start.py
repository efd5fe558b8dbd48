"""How a shell starts: what its options mean in a given instance. Pure."""

import posixpath
import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lxdtui.api.exec import CommandOptions
from lxdtui.errors import PreflightFailed
from lxdtui.model.session import Keeper, ShellOptions
from lxdtui.services.kept_shells import attach_command, begin_command
from lxdtui.services.shell_users import (
    User,
    find_group,
    find_user,
    launcher,
    other_groups,
    users,
)

__all__ = ["StartPlan", "needs_tools", "plan_start", "shell_candidates"]

_ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
_FALLBACKS = ("/bin/bash", "/bin/sh")
_NO_SHELLS = frozenset(("nologin", "false", "true", "sync"))
_FIRST_SHELL = 'for one in "$@"; do [ -x "$one" ] && exec "$one"%s; done; exec sh'


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPlan:
    """What is asked of the server."""

    commands: tuple[tuple[str, ...], ...]
    """The commands to try, best first."""
    options: CommandOptions
    """User, directory and environment; root where something in the commands sets the user."""
    rights: CommandOptions
    """The numbers of user and group that it will have."""
    again: tuple[str, ...] = ()
    """The command that attaches to it again, where it is kept."""
    program: str = ""
    """What it is called, where the command does not tell."""
    note: str = ""
    """What is not as it was asked for, in words."""


def shell_candidates(passwd: bytes, uid: int = 0) -> Sequence[str]:
    """List the shells to try, best first.

    Args:
        passwd: The content of ``/etc/passwd``; anything may stand in it.
        uid: Number of the user.

    Returns:
        The login shell of the user where it is one, then bash, then sh.
    """
    found = []
    user = next((one for one in users(passwd) if one.uid == uid), None)
    if (
        user is not None
        and user.shell.startswith("/")
        and posixpath.basename(user.shell) not in _NO_SHELLS
    ):
        found.append(user.shell)
    return list(dict.fromkeys((*found, *_FALLBACKS)))


def needs_tools(passwd: bytes, groups: bytes, options: ShellOptions) -> User | None:
    """Return the user where it has to be looked first what the instance has.

    Args:
        passwd: Its ``/etc/passwd``.
        groups: Its ``/etc/group``.
        options: What is wanted.
    """
    user = find_user(passwd, options.user)
    if user is None or not (options.is_kept or (user.uid and other_groups(groups, user))):
        return None
    return user


def plan_start(
    name: str,
    passwd: bytes,
    groups: bytes,
    options: ShellOptions,
    tools: Collection[str] = (),
) -> StartPlan:
    """Find out what to ask of the server.

    Args:
        name: The instance.
        passwd: Its ``/etc/passwd``.
        groups: Its ``/etc/group``.
        options: What the user wants.
        tools: What it has of the programs that keep shells and set groups.

    Raises:
        PreflightFailed: There is no such user or group, the command line is
            broken, or nothing there keeps shells.
    """
    wanted = _look_up(name, passwd, groups, options, tools)
    user, shells = wanted.user, shell_candidates(passwd, wanted.user.uid)
    login = ("-l",) if options.is_login else ()
    commands = tuple((shell, *login) for shell in shells)
    # Where no server tells whether there is such a shell, it is looked for inside.
    first: tuple[str, ...] = (
        "sh",
        "-c",
        _FIRST_SHELL % "".join(f" {one}" for one in login),
        "sh",
        *shells,
    )
    program = ""
    again: tuple[str, ...] = ()
    if wanted.words:
        commands, first = (wanted.words,), wanted.words
    if wanted.keeper is not None:
        variables = [variable for variable, _ in options.environment]
        first = begin_command(wanted.keeper, options.kept_name, first, variables)
        again = attach_command(wanted.keeper, options.kept_name)
        commands, program = (first,), wanted.keeper.value
    others = other_groups(groups, user) if user.uid else ()
    before = launcher(user, user.gid if wanted.gid is None else wanted.gid, tools)
    if others and before is not None:
        program = program or commands[0][0]
        commands, again = ((*before, *first),), (*before, *again) if again else ()
    is_launched = bool(others) and before is not None
    is_root = not user.uid
    uid = None if is_root and wanted.gid is None else user.uid
    gid = user.gid if wanted.gid is None and not is_root else wanted.gid
    directory = options.directory or (None if is_root else user.home) or None
    return StartPlan(
        commands=commands,
        options=CommandOptions(
            environment=_environment(user, options, shells[0]),
            user=None if is_launched else uid,
            group=None if is_launched else gid,
            cwd=directory,
        ),
        rights=CommandOptions(user=uid, group=gid),
        again=again,
        program=program,
        note="" if is_launched or not others else f"without the groups {', '.join(others)}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What the options mean in an instance."""

    user: User
    gid: int | None
    words: tuple[str, ...]
    keeper: Keeper | None


def _look_up(
    name: str, passwd: bytes, groups: bytes, options: ShellOptions, tools: Collection[str]
) -> _Wanted:
    problems = []
    user = find_user(passwd, options.user)
    if user is None:
        problems.append(f"there is no user {options.user} in its /etc/passwd")
    gid = find_group(groups, options.group)
    if options.group and gid is None:
        problems.append(f"there is no group {options.group} in its /etc/group")
    words: tuple[str, ...] = ()
    try:
        words = tuple(shlex.split(options.command))
    except ValueError as error:
        problems.append(f"the command cannot be split into words: {error}")
    keeper = None
    if options.is_kept:
        keeper = options.keeper or next((one for one in Keeper if one in tools), None)
        if keeper is None:
            problems.append(
                "it has neither tmux nor screen to keep a shell in: install one of them,"
                " or open a shell that is not kept"
            )
    if problems or user is None:
        raise PreflightFailed(f"open a shell in {name}", problems)
    return _Wanted(user=user, gid=gid, words=words, keeper=keeper)


def _environment(user: User, options: ShellOptions, shell: str) -> dict[str, str]:
    environment = dict(_ENVIRONMENT)
    if user.uid or options.user:
        environment |= {"HOME": user.home, "USER": user.name, "LOGNAME": user.name}
    environment |= {"SHELL": shell} if user.shell else {}
    return environment | dict(options.environment)
