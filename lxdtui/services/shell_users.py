"""Users and groups of an instance, and how a command gets all groups of one. Pure.

A command that is run with the numbers of a user and a group has none of the
other groups that the user is in: the servers set no more than these two. What
sets them has to run inside, before the command.
"""

from collections.abc import Collection
from dataclasses import dataclass

__all__ = ["SETPRIV", "SU", "User", "find_group", "find_user", "launcher", "other_groups", "users"]

SETPRIV = "setpriv"
"""That of util-linux; the one of busybox cannot set groups."""
SU = "su"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A line of ``/etc/passwd``."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str


_BY_SU = f"""exec {SU} -p -s /bin/sh "$0" -c 'exec "$@"' sh "$@\""""
_ROOT = User(name="root", uid=0, gid=0, home="/root", shell="")


def users(passwd: bytes) -> list[User]:
    """Read a list of users; what is no user in it is left out."""
    found = []
    for line in passwd.decode("utf-8", "replace").splitlines():
        fields = line.split(":")
        if len(fields) >= 7 and fields[2].isdecimal() and fields[3].isdecimal():
            found.append(
                User(
                    name=fields[0],
                    uid=int(fields[2][:10]),
                    gid=int(fields[3][:10]),
                    home=fields[5] if fields[5].startswith("/") else "",
                    shell=fields[6].strip(),
                )
            )
    return found


def find_user(passwd: bytes, wanted: str) -> User | None:
    """Return a user by name or number, root where nothing is wanted; a number needs no name."""
    wanted = wanted.strip() or "0"
    for user in users(passwd):
        if wanted in (user.name, str(user.uid)):
            return user
    if not wanted.isdecimal():
        return _ROOT if wanted == "root" else None
    uid = int(wanted[:10])
    return _ROOT if not uid else User(name=wanted, uid=uid, gid=uid, home="/", shell="")


def find_group(groups: bytes, wanted: str) -> int | None:
    """Return the number of a group, by that or by its name; ``None`` where there is none."""
    wanted = wanted.strip()
    if wanted.isdecimal():
        return int(wanted[:10])
    for line in groups.decode("utf-8", "replace").splitlines():
        fields = line.split(":")
        if wanted and len(fields) >= 3 and fields[0] == wanted and fields[2].isdecimal():
            return int(fields[2][:10])
    return None


def other_groups(groups: bytes, user: User) -> tuple[str, ...]:
    """Return the names of the groups that a user is in besides the first one."""
    found = []
    for line in groups.decode("utf-8", "replace").splitlines():
        fields = line.split(":")
        if len(fields) >= 4 and user.name in fields[3].strip().split(","):
            found.append(fields[0])
    return tuple(found)


def launcher(user: User, gid: int, tools: Collection[str]) -> tuple[str, ...] | None:
    """Return what stands before a command, so that it gets all groups of a user.

    Args:
        user: The user.
        gid: The first group.
        tools: What there is of :data:`SETPRIV` and :data:`SU`.

    Returns:
        The first words of a command line, run by root; ``None`` where nothing can do it.
    """
    if SETPRIV in tools:
        return (SETPRIV, f"--reuid={user.uid}", f"--regid={gid}", "--init-groups", "--")
    if SU in tools and gid == user.gid:
        # By a shell: there are those that have a program of their own without a file of its name.
        return ("sh", "-c", _BY_SU, user.name)
    return None
