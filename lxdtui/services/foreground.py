"""What runs in the foreground of a shell: found by a mark in its environment."""

from lxdtui.api.connection import Connection
from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.model.session import Foreground

__all__ = ["MARK", "find_foreground"]

MARK = "LXDTUI_SESSION"
"""The variable that every process of a session inherits."""

_LIMIT = 1 << 16
"""Bytes that are taken of the answer: the programs that give it are those of the instance."""

# Fields of /proc/PID/stat behind the name: state, parent, group, session, terminal, and the
# group that has the terminal (proc(5)).
# What the server itself started has no parent inside. A terminal that was made inside, by
# tmux or script, has the mark as well, and comes into question only where there is no other.
_SCRIPT = f"""
found=
for one in /proc/[0-9]*; do
  grep -qs "{MARK}=$1" "$one/environ" || continue
  read -r stat < "$one/stat" || continue
  set -- "$1" ${{stat##*) }}
  [ "$7" -gt 0 ] || continue
  if [ "$3" = 0 ]; then found="$5 $7"; break; fi
  [ -n "$found" ] || found="$5 $7"
done
[ -n "$found" ] || exit 1
set -- $found
if [ "$2" = "$1" ]; then echo shell; else echo program; fi
cat "/proc/$2/comm"
readlink "/proc/$2/cwd"
exit 0
"""


async def find_foreground(connection: Connection, ref: InstanceRef, mark: str) -> Foreground | None:
    """Find what has the terminal of a session; ``None`` where that cannot be known.

    Args:
        connection: The server.
        ref: The instance.
        mark: The value of :data:`MARK` in the session.
    """
    try:
        command = ("sh", "-c", _SCRIPT, "sh", mark)
        status, output, _ = await connection.exec.run(ref, command, limit=_LIMIT)
    except LxdTuiError:
        return None
    lines = output.decode("utf-8", "surrogateescape").split("\n")
    if status or len(lines) < 3 or lines[0] not in ("shell", "program"):
        return None
    directory = "\n".join(lines[2:]).removesuffix("\n")
    return Foreground(
        program=lines[1],
        directory=directory if directory.startswith("/") else "",
        is_shell=lines[0] == "shell",
    )
