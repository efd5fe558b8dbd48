"""Signals to a process of an instance, unless its number belongs to another one by now."""

from collections.abc import Sequence

from lxdtui.api.connection import Connection
from lxdtui.errors import NotFound, OperationFailed
from lxdtui.model.process import OUR_MARK, Process
from lxdtui.model.refs import InstanceRef
from lxdtui.services.process_output import parse_ps

__all__ = ["send_signal"]

_LARGEST = 4 << 20
"""Bytes of output that are taken of a command."""
_ENDED = "The process has ended meanwhile."
_NO_KILL = "It has no kill."

# A number may belong to another process by now: its start must be the same.
_SIGNAL = """
signal=$1 pid=$2 started=$3
line=$(cat "/proc/$pid/stat" 2>/dev/null) || exit 3
set -f
set -- ${line##*) }
[ "${20}" = "$started" ] || exit 3
kill -s "$signal" "$pid"
"""
_GONE = 3
"""What the script ends with where the process is another one or none."""
_NOT_RUN = frozenset((126, 127))
"""What a command ends with that is not there or no program."""


async def send_signal(
    connection: Connection, ref: InstanceRef, process: Process, signal: str
) -> None:
    """Send a signal, where the process is still the one that was read.

    Whether it is so is seen in the same command that sends the signal; only
    where nobody tells when a process began, ``ps`` is asked right before it.

    Args:
        connection: The server.
        ref: A running instance.
        process: The process, as it was read.
        signal: ``TERM``, ``KILL``, ``HUP``, …

    Raises:
        OperationFailed: It is gone, or the instance could not.
        ApiError: The server refused.
    """
    await _Sending(connection, ref, process, signal).send()


class _Sending:
    def __init__(
        self, connection: Connection, ref: InstanceRef, process: Process, signal: str
    ) -> None:
        self._connection = connection
        self._ref = ref
        self._process = process
        self._signal = signal
        self._tried = f"send {signal} to process {process.pid} in {ref.name}"

    async def send(self) -> None:
        process, signal = self._process, self._signal
        if not process.started:
            await self._compare_with_ps()
            code, _, errors = await self._run(["kill", "-s", signal, str(process.pid)])
            if code:
                raise OperationFailed(self._tried, errors or _NO_KILL)
            return
        arguments = (OUR_MARK, signal, str(process.pid), str(process.started))
        code, _, errors = await self._run(["sh", "-c", _SIGNAL, *arguments])
        if code in _NOT_RUN:
            await self._send_without_shell()
        elif code == _GONE:
            raise OperationFailed(self._tried, _ENDED)
        elif code:
            raise OperationFailed(self._tried, errors)

    async def _send_without_shell(self) -> None:
        """Let ``find`` look at the start and send the signal, in one command."""
        pid = str(self._process.pid)
        # Field 22 of proc_pid_stat(5); the name before them has no room for so many numbers.
        same = f"[)] [A-Za-z] (-?[0-9]+ ){{18}}{self._process.started} "
        path = f"/proc/{pid}/stat"
        looks = ("find", path, "-exec", "grep", "-q", "-E", same, "{}", ";", "-print")
        sends = ("-exec", "kill", "-s", self._signal, pid, ";", "-print")
        code, output, errors = await self._run([*looks, *sends])
        if code in _NOT_RUN or (not output and "grep" in errors):
            reason = "Neither a shell nor find and grep are there to see whether it is the same."
            raise OperationFailed(self._tried, reason)
        if not output:
            raise OperationFailed(self._tried, _ENDED)
        if output.count(path) < 2:
            raise OperationFailed(self._tried, errors or _NO_KILL)

    async def _compare_with_ps(self) -> None:
        _, output, _ = await self._run(["ps", "aux"])
        process = self._process
        found = next((one for one in parse_ps(output) if one.pid == process.pid), None)
        # The time that a process has used never becomes less.
        if (
            found is None
            or (found.user, found.command) != (process.user, process.command)
            or found.cpu_seconds < process.cpu_seconds
        ):
            raise OperationFailed(self._tried, _ENDED)

    async def _run(self, command: Sequence[str]) -> tuple[int, str, str]:
        """Run a short command; one that is not there ends with 127, as a shell says it."""
        try:
            code, output, errors = await self._connection.exec.run(
                self._ref, command, limit=_LARGEST
            )
        except (NotFound, OperationFailed):
            # So the servers say it themselves.
            return 127, "", ""
        words = errors[:500].decode("utf-8", "replace").strip()
        return code, output.decode("utf-8", "replace"), words
