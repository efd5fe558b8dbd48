"""The programs ``sh`` and ``bash``: interactive on a terminal, or running a script."""

import asyncio
import codecs
from collections import deque
from collections.abc import Mapping

from lxdtui.demo.filesystem import FileSystemError, NodeType
from lxdtui.demo.shell.editor import Completion, Ending, KeyReader, LineEditor
from lxdtui.demo.shell.interpreter import Interpreter
from lxdtui.demo.shell.process import Process, Program, ShellExit, display_path, error_words
from lxdtui.demo.shell.streams import Lines
from lxdtui.demo.shell.terminal import Terminal

INTERRUPT_STATUS = 130
_GREETING = (
    "\x1b[2mThe demo shell: all in here is invented, nothing runs on your machine.\n"
    "Try help, ls -la, cat /etc/os-release or top.\x1b[0m\n"
)


def make_shell(programs: Mapping[str, Program]) -> Program:
    """Make the shell program.

    Args:
        programs: What it can start; may be filled later.
    """

    async def shell(process: Process) -> int:
        process.depth += 1
        words = process.operands
        if words and words[0] in {"-l", "-i", "--login"}:
            words = words[1:]
        if words and words[0] in {"-c", "-lc", "-ec"}:
            if len(words) < 2:
                await process.complain("-c: option requires an argument")
                return 2
            # What follows the script is its $0, $1 and so on.
            inner = process.child(words[2:] or [process.name])
            return await _run_script(Interpreter(inner, programs), words[1])
        if words:
            try:
                source = process.machine.files.read(process.path(words[0]))
            except FileSystemError as error:
                await process.complain(f"{words[0]}: {error_words(error)}")
                return 127
            return await _run_script(Interpreter(process.child(words), programs), source.decode())
        terminal = process.terminal
        if terminal is not None and process.stdin is terminal:
            return await _Interactive(Interpreter(process, programs), terminal).run()
        return await _run_lines(Interpreter(process, programs))

    return shell


async def _run_script(interpreter: Interpreter, source: str) -> int:
    try:
        return await interpreter.run(source)
    except ShellExit as leaving:
        return leaving.status


async def _run_lines(interpreter: Interpreter) -> int:
    """Run what comes in on the standard input, line by line."""
    lines = Lines(interpreter.process.stdin)
    try:
        while line := await lines.next():
            await interpreter.run(line.decode("utf-8", "replace"))
    except ShellExit as leaving:
        return leaving.status
    return interpreter.status


class _Interactive:
    """A shell on a terminal."""

    def __init__(self, interpreter: Interpreter, terminal: Terminal) -> None:
        self._interpreter = interpreter
        self._terminal = terminal
        self._editor = LineEditor(self._complete)
        self._keys = KeyReader()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting: deque[str] = deque()

    async def run(self) -> int:
        process = self._interpreter.process
        if process.depth == 1:
            await self._terminal.write(_GREETING.encode())
        try:
            while True:
                line = await self._read_line()
                if line is None:
                    await self._terminal.write(b"exit\n")
                    return self._interpreter.status
                await self._run_line(line)
        except ShellExit as leaving:
            await self._terminal.write(b"exit\n")
            return leaving.status
        finally:
            self._terminal.set_raw(False)

    async def _read_line(self) -> str | None:
        terminal = self._terminal
        terminal.set_raw(True)
        self._editor.columns = terminal.columns
        await self._write(self._editor.begin(*self._prompt()))
        resizing = asyncio.create_task(self._follow_size())
        try:
            while True:
                ending = await self._press_waiting()
                if ending is Ending.LINE:
                    return self._editor.text
                if ending is Ending.END:
                    return None
                if ending is Ending.INTERRUPT:
                    self._interpreter.status = INTERRUPT_STATUS
                    await self._write(self._editor.begin(*self._prompt()))
                    continue
                data = await terminal.read()
                self._waiting += self._keys.feed(self._decoder.decode(data))
        finally:
            resizing.cancel()

    async def _press_waiting(self) -> Ending | None:
        """Give the editor the keys that are there, up to the end of a line."""
        written: list[str] = []
        ending = None
        while self._waiting and ending is None:
            output, ending = self._editor.press(self._waiting.popleft())
            written.append(output)
        await self._write("".join(written))
        return ending

    async def _follow_size(self) -> None:
        while True:
            self._terminal.resized.clear()
            await self._terminal.resized.wait()
            # The terminal rewraps by itself; only later redraws need the new width.
            self._editor.columns = self._terminal.columns

    async def _run_line(self, line: str) -> None:
        terminal = self._terminal
        running = asyncio.create_task(self._interpreter.run(line))
        interrupted = False

        def interrupt() -> None:
            nonlocal interrupted
            interrupted = True
            running.cancel()

        previous, terminal.on_interrupt = terminal.on_interrupt, interrupt
        # What was typed ahead belongs to the command if it reads.
        terminal.push_back("".join(self._waiting).encode())
        self._waiting.clear()
        terminal.set_raw(False)
        try:
            await running
        except asyncio.CancelledError:
            if not interrupted:
                # What the command writes in its end must come before that of the session.
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                raise
            self._interpreter.status = INTERRUPT_STATUS
            await terminal.write(b"\n")
        finally:
            terminal.on_interrupt = previous

    async def _write(self, output: str) -> None:
        if output:
            await self._terminal.write_raw(output.encode())

    def _prompt(self) -> tuple[str, int]:
        process = self._interpreter.process
        who = f"{process.user_name}@{process.machine.hostname}"
        where, sign = display_path(process), "#" if process.uid == 0 else "$"
        text = f"\x1b[01;32m{who}\x1b[00m:\x1b[01;34m{where}\x1b[00m{sign} "
        if process.environment.get("TERM", "").startswith("xterm"):
            text = f"\x1b]0;{who}: {where}\x07{text}"
        return text, len(f"{who}:{where}{sign} ")

    def _complete(self, before: str) -> Completion:
        word = before.rpartition(" ")[2]
        if " " not in before.strip() and not before.endswith(" ") and "/" not in word:
            candidates = [
                name for name in self._interpreter.command_names() if name.startswith(word)
            ]
            return _completion(word, candidates, " ")
        process = self._interpreter.process
        head, slash, tail = word.rpartition("/")
        place = head.replace("~", process.environment.get("HOME", "/root"), 1) + slash
        try:
            children = process.machine.files.get(process.path(place or ".")).children
        except FileSystemError:
            return Completion("")
        names = sorted(
            name + ("/" if node.type is NodeType.DIRECTORY else "")
            for name, node in children.items()
            if name.startswith(tail) and (tail.startswith(".") or not name.startswith("."))
        )
        return _completion(tail, names, "" if names and names[0].endswith("/") else " ")


def _completion(word: str, candidates: list[str], ending: str) -> Completion:
    if not candidates:
        return Completion("")
    if len(candidates) == 1:
        return Completion(candidates[0][len(word) :] + ending)
    common = candidates[0]
    for name in candidates[1:]:
        while not name.startswith(common):
            common = common[:-1]
    return Completion(common[len(word) :], tuple(candidates))
