"""Runs a command and tells what it took, as JSON: seconds, exit status, peak of its memory in KiB.

Run by its path as `python -I -S api_measure.py SECONDS MEMORY COMMAND...`: the command is killed
after SECONDS, and gets at most MEMORY MiB of address space, if that is not 0. Its output goes
nowhere.

This is a program of its own, and a small one, because the peak that Linux tells for a process is
never below the memory of the process it was forked from.
"""

import json
import os
import resource
import signal
import sys
import time


def main(seconds: int, memory: int, command: list[str]) -> None:
    started = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        _become(command, memory << 20)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.alarm(seconds)
    _, status, usage = os.wait4(pid, 0)
    taken = time.perf_counter() - started
    exit_status = os.waitstatus_to_exitcode(status)
    print(json.dumps({"seconds": taken, "peak": usage.ru_maxrss, "status": exit_status}))


def _become(command: list[str], memory: int) -> None:
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 0)
        os.dup2(nowhere, 1)
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        os.execvp(command[0], command)  # It never returns.
    except OSError as error:
        os.write(2, f"{command[0]}: {error}\n".encode())
        os._exit(127)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
