"""All programs of the demo shell by name."""

from lxdtui.demo.shell.file_programs import FILE_PROGRAMS
from lxdtui.demo.shell.process import Process, Program
from lxdtui.demo.shell.shell import make_shell
from lxdtui.demo.shell.system_programs import SYSTEM_PROGRAMS
from lxdtui.demo.shell.text_programs import TEXT_PROGRAMS
from lxdtui.demo.shell.top import top

PROGRAMS: dict[str, Program] = {}

_HELP = """\
This is the demo shell of lxdtui. Nothing in here runs on your machine.

  files     ls cat head tail grep wc cut tee mkdir rmdir rm cp mv ln chmod touch df
  system    ps top kill free uptime uname hostname whoami id date env nproc which
  text      echo printf seq yes clear
  shell     cd pwd export unset read sleep true false test stty tput exit

Quotes, $VARIABLES, $?, ; && || pipes, > >> < 2>&1 and * work; loops do not.
Keys: arrows, Tab, Ctrl-A E U K W Y L, Ctrl-C, Ctrl-D.
"""


async def help_program(process: Process) -> int:
    """``help``."""
    await process.print(_HELP)
    return 0


async def which(process: Process) -> int:
    """``which name ...``."""
    known = [name for name in process.operands if name in PROGRAMS]
    await process.print("".join(f"/usr/bin/{name}\n" for name in known))
    return 0 if known and len(known) == len(process.operands) else 1


PROGRAMS |= (
    FILE_PROGRAMS
    | TEXT_PROGRAMS
    | SYSTEM_PROGRAMS
    | {"top": top, "help": help_program, "which": which}
)
_SHELL = make_shell(PROGRAMS)
PROGRAMS |= {"sh": _SHELL, "bash": _SHELL, "ash": _SHELL}
