"""Shells that outlive the link: inside tmux or GNU screen, in the instance. Pure.

Both run without status line and without keys of their own: nothing of them is
seen or in the way. What they draw goes to the main screen of the terminal, so
that what scrolls away is kept there as well.
"""

import shlex
from collections.abc import Sequence

from lxdtui.model.session import Keeper, KeptSession
from lxdtui.services.shell_users import SETPRIV, SU, users

__all__ = [
    "KEPT_PREFIX",
    "KEPT_SOCKET",
    "attach_command",
    "begin_command",
    "find_tools_command",
    "kept_sessions",
    "list_kept_command",
]

KEPT_SOCKET = "lxdtui"
"""Name of the socket of tmux."""
KEPT_PREFIX = "lxdtui-"
"""How the names of kept shells begin."""
_MOST_KEPT = 100
_TMUX_SETTINGS = (
    ("-g", "status", "off"),
    ("-g", "prefix", "None"),
    ("-g", "prefix2", "None"),
    ("-g", "mouse", "off"),
    ("-s", "escape-time", "0"),
    ("-s", "focus-events", "on"),
    ("-g", "set-titles", "on"),
    ("-g", "set-titles-string", "#T"),
    ("-g", "history-limit", "10000"),
    ("-s", "terminal-overrides", "*:Tc:smcup@:rmcup@"),
)
_SCREEN_SETTINGS = (
    'escape ""',
    "termcapinfo xterm* ti@:te@",
    "altscreen on",
    "defscrollback 10000",
    "startup_message off",
    "deflogin off",
    "defnonblock 1",
    "maptimeout 0",
    "term screen-256color",
)
# screen reads its file each time somebody attaches, so that it has to stay as long as the shell.
_SCREEN_SCRIPT = """
name=$1 settings=$2; shift 2
file=$(mktemp) || exit 1
printf '%s\\n' "$settings" > "$file"
exec screen -U -c "$file" -S "$name" \\
  sh -c 'trap : INT QUIT; trap "rm -f \\"\\$0\\"" EXIT; "$@"' "$file" "$@"
"""
_TMUX_FIELDS = "tmux\t$uid\t#{session_attached}\t#{session_name}\t#{pane_current_command}"
# Fields of /proc/PID/stat behind the name: state, parent, group, session, terminal, and the
# group that has the terminal (proc(5)). A socket of screen can be executed while somebody is
# attached, or was when a link was lost; then no process looks at it. Sockets in
# folders of others would tell what is not so.
_LIST_SCRIPT = f"""
for socket in /tmp/tmux-*/{KEPT_SOCKET}; do
  [ -S "$socket" ] || continue
  folder=${{socket%/*}}; uid=${{folder##*-}}
  [ "$(stat -c %u "$folder")" = "$uid" ] || continue
  tmux -S "$socket" list-sessions -F "{_TMUX_FIELDS}" 2>/dev/null
done
for socket in /run/screen/S-*/*.{KEPT_PREFIX}* /tmp/*screens/S-*/*.{KEPT_PREFIX}*; do
  [ -S "$socket" ] || [ -p "$socket" ] || continue
  file=${{socket##*/}}; pid=${{file%%.*}}
  [ -d "/proc/$pid" ] || continue
  name=${{file#*.}}; attached=0
  pattern="[l]${{name#l}}"
  [ -x "$socket" ] && grep -ls "$pattern" /proc/[0-9]*/cmdline | grep -qv "/$pid/" && attached=1
  program=
  for one in /proc/[0-9]*; do
    read -r stat 2>/dev/null < "$one/stat" || continue
    set -- ${{stat##*) }}
    [ "$2" = "$pid" ] || continue
    read -r program 2>/dev/null < "/proc/$6/comm"
    break
  done
  printf 'screen\\t%s\\t%s\\t%s\\t%s\\n' \\
    "$(stat -c %u "$socket")" "$attached" "$name" "$program"
done
exit 0
"""
# What has to work is tried: there is more than one program of these names.
_TOOLS_SCRIPT = f"""
for one in {Keeper.TMUX} {Keeper.SCREEN}; do command -v $one >/dev/null && echo $one; done
[ "$1" = 0 ] && exit 0
{SETPRIV} --reuid="$1" --regid="$2" --init-groups -- true 2>/dev/null && echo {SETPRIV} && exit 0
{SU} -p -s /bin/sh "$3" -c : </dev/null >/dev/null 2>&1 && echo {SU}
exit 0
"""


def find_tools_command(uid: int, gid: int, name: str) -> tuple[str, ...]:
    """Return the command that finds keepers, and what can set the groups of a user.

    It prints one name a line.

    Args:
        uid: Number of the user.
        gid: Number of the first group.
        name: Name of the user.
    """
    return ("sh", "-c", _TOOLS_SCRIPT, "sh", str(uid), str(gid), name)


def begin_command(
    keeper: Keeper, name: str, inner: Sequence[str], variables: Sequence[str]
) -> tuple[str, ...]:
    """Return the command that begins a kept shell, and shows it.

    Args:
        keeper: What keeps it.
        name: What it will be found by.
        inner: The command that runs in it.
        variables: Names of the variables that are its own.
    """
    if keeper is Keeper.SCREEN:
        return ("sh", "-c", _SCREEN_SCRIPT, "sh", name, "\n".join(_SCREEN_SETTINGS), *inner)
    settings = [word for setting in _TMUX_SETTINGS for word in (";", "set-option", *setting)]
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
        *(";", "new-session", "-s", name, shlex.join(inner)),
    )


def attach_command(keeper: Keeper, name: str) -> tuple[str, ...]:
    """Return the command that shows a kept shell again; it never begins another one.

    Its exit status is 1 where there is no such shell.
    """
    if keeper is Keeper.SCREEN:
        # LXD leaves the terminal of a lost link open, and screen attached to it.
        return ("screen", "-U", "-d", "-r", name)
    return ("tmux", "-u", "-L", KEPT_SOCKET, "attach-session", "-t", f"={name}")


def list_kept_command() -> tuple[str, ...]:
    """Return the command that lists the kept shells of all users, run by root."""
    return ("sh", "-c", _LIST_SCRIPT)


def kept_sessions(output: bytes, passwd: bytes) -> tuple[KeptSession, ...]:
    """Read what :func:`list_kept_command` printed; anything may stand in it.

    Args:
        output: What it printed.
        passwd: The ``/etc/passwd`` of the instance.
    """
    names = {user.uid: user.name for user in reversed(users(passwd))} | {0: ""}
    found = []
    for line in output.decode("utf-8", "replace").split("\n")[:_MOST_KEPT]:
        fields = line.split("\t", 4)
        if len(fields) < 5 or fields[0] not in tuple(Keeper) or not fields[1].isdecimal():
            continue
        uid = int(fields[1][:10])
        found.append(
            KeptSession(
                name=fields[3],
                keeper=Keeper(fields[0]),
                user=names.get(uid, str(uid)),
                is_attached=fields[2] != "0",
                program=fields[4],
            )
        )
    return tuple(found)
