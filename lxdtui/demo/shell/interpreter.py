"""Runs parsed command lines: expansion, redirections, pipes, and the few built-in commands."""

import asyncio
import fnmatch
from collections.abc import Mapping
from dataclasses import replace

from lxdtui.demo.filesystem import FileSystemError, Node, normalize
from lxdtui.demo.shell.grammar import (
    Command,
    GrammarError,
    Pipeline,
    Redirect,
    Word,
    parse,
)
from lxdtui.demo.shell.process import Process, Program, ShellExit, UsageError, error_words
from lxdtui.demo.shell.streams import Discard, Empty, Given, Input, Lines, Pipe, Writer

BIN_DIRECTORIES = ("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/", "/usr/local/bin/")
SIGPIPE_STATUS = 141
MAX_DEPTH = 8
SHELL_PID = "4242"
_BUILTINS = frozenset(
    (":", "kill", "cd", "exit", "export", "unset", "read", "exec", "set", "type", ".")
)


class FileOutput:
    """Writes into a file of the container.

    Args:
        process: Whose file system and clock.
        node: The file, as opened for writing.
    """

    def __init__(self, process: Process, node: Node) -> None:
        self._process = process
        self._node = node

    async def write(self, data: bytes) -> None:
        """Append the data.

        Raises:
            FileSystemError: No space left.
        """
        machine = self._process.machine
        machine.files.append(self._node, data, now=machine.now())
        await asyncio.sleep(0)


class Interpreter:
    """One shell: its variables, its directory, the status of the last command.

    Args:
        process: The shell's own process.
        programs: Commands by name.
    """

    def __init__(self, process: Process, programs: Mapping[str, Program]) -> None:
        self._process = process
        self._programs = programs
        self._variables: dict[str, str] = {}
        self.status = 0
        """Exit status of the last command."""

    @property
    def process(self) -> Process:
        """The shell's own process."""
        return self._process

    def command_names(self) -> list[str]:
        """What can be typed as the first word."""
        return sorted({*self._programs, *_BUILTINS} - {":", "."})

    async def run(self, text: str) -> int:
        """Run a line or script.

        Args:
            text: Source text.

        Returns:
            Status of the last command.

        Raises:
            ShellExit: ``exit`` was called.
        """
        try:
            pipelines = parse(text)
        except GrammarError as error:
            await self._process.complain(str(error))
            self.status = 2
            return 2
        for pipeline in pipelines:
            skipped = (pipeline.joiner == "&&" and self.status != 0) or (
                pipeline.joiner == "||" and self.status == 0
            )
            if not skipped:
                self.status = await self._run_pipeline(pipeline)
        return self.status

    async def _run_pipeline(self, pipeline: Pipeline) -> int:
        if len(pipeline.commands) == 1:
            return await self._run_command(pipeline.commands[0], self._process, in_pipe=False)
        tasks: list[asyncio.Task[int]] = []
        source: Input = self._process.stdin
        for command in pipeline.commands[:-1]:
            pipe = Pipe()
            part = replace(self._process, stdin=source, stdout=pipe)
            tasks.append(asyncio.create_task(self._run_part(command, part, pipe)))
            source = pipe
        last = replace(self._process, stdin=source)
        tasks.append(asyncio.create_task(self._run_part(pipeline.commands[-1], last, None)))
        try:
            statuses = await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return statuses[-1]

    async def _run_part(self, command: Command, process: Process, output: Pipe | None) -> int:
        try:
            return await self._run_command(command, process, in_pipe=True)
        except ShellExit as leaving:
            return leaving.status
        finally:
            if isinstance(process.stdin, Pipe):
                await process.stdin.abandon()
            if output is not None:
                await output.end()

    async def _run_command(self, command: Command, process: Process, *, in_pipe: bool) -> int:
        try:
            process = await self._redirected(process, command.redirects)
        except FileSystemError as error:
            await self._process.complain(error_words(error))
            return 1
        assigned = {name: "".join(self._expand(word)) for name, word in command.assignments}
        words = [text for word in command.words for text in self._expand_globs(word)]
        if not words:
            self._variables |= assigned
            for name in assigned.keys() & self._process.environment.keys():
                self._process.environment[name] = assigned[name]
            return 0
        child = process.child(words)
        child.environment |= assigned
        if words[0] in _BUILTINS and not (in_pipe and words[0] == "exit"):
            return await self._run_builtin(words, child)
        program = find_program(self._programs, words[0])
        if program is None:
            status, reason = missing_program(child, words[0])
            await self._process.complain(f"{words[0]}: {reason}")
            return status
        return await run_program(program, child)

    async def _redirected(self, process: Process, redirects: tuple[Redirect, ...]) -> Process:
        """Apply redirections, from left to right."""
        machine = process.machine
        for redirect in redirects:
            target = "".join(self._expand(redirect.target))
            stream: Writer
            if redirect.operator == "<":
                data = b"" if target == "/dev/null" else machine.files.read(process.path(target))
                process = replace(process, stdin=Given(data))
                continue
            if redirect.operator == ">&":
                stream = process.stderr if target == "2" else process.stdout
            elif target == "/dev/null":
                stream = Discard()
            else:
                node = machine.files.open_for_writing(
                    process.path(target),
                    now=machine.now(),
                    append=redirect.operator == ">>",
                    uid=process.uid,
                    gid=process.gid,
                )
                stream = FileOutput(process, node)
            if redirect.stream == 2:
                process = replace(process, stderr=stream)
            else:
                process = replace(process, stdout=stream)
        return process

    async def _run_builtin(self, words: list[str], child: Process) -> int:
        name, operands = words[0], words[1:]
        own = self._process
        if name == "cd":
            return await self._change_directory(operands, child)
        if name == "exit":
            try:
                status = int(operands[0]) & 0xFF if operands else self.status
            except ValueError:
                await child.complain(f"{operands[0]}: numeric argument required")
                status = 2
            raise ShellExit(status)
        if name == "read":
            return await self._read(operands, child)
        if name == "export":
            for operand in operands:
                key, _, value = operand.partition("=")
                own.environment[key] = value if "=" in operand else self._variables.get(key, "")
        elif name == "unset":
            for operand in operands:
                self._variables.pop(operand, None)
                own.environment.pop(operand, None)
        elif name == "kill":
            return await self._kill(operands, child)
        elif name == "exec" and operands:
            program = find_program(self._programs, operands[0])
            if program is None:
                status, reason = missing_program(child, operands[0])
                await own.complain(f"{operands[0]}: {reason}")
                raise ShellExit(status)
            raise ShellExit(await run_program(program, child.child(operands)))
        elif name == "type":
            for operand in operands:
                known = operand in _BUILTINS or operand in self._programs
                await child.print(f"{operand} is {'a demo command' if known else 'unknown'}\n")
        elif name == "." and operands:
            try:
                source = own.machine.files.read(own.path(operands[0]))
            except FileSystemError as error:
                await child.complain(f"{operands[0]}: {error_words(error)}")
                return 1
            return await self.run(source.decode("utf-8", "replace"))
        return 0

    async def _change_directory(self, operands: list[str], child: Process) -> int:
        own = self._process
        target = operands[0] if operands else own.environment.get("HOME", "/")
        if target == "-":
            target = own.environment.get("OLDPWD", own.directory)
        try:
            path = own.machine.files.real_path(own.path(target))
            if not own.machine.files.is_directory(path):
                raise FileSystemError("not a directory")
        except FileSystemError as error:
            await child.complain(f"{target}: {error_words(error)}")
            return 1
        own.environment["OLDPWD"] = normalize(own.directory)
        if operands[:1] == ["-"]:
            await child.print(f"{path}\n")
        own.directory = own.environment["PWD"] = normalize(path)
        return 0

    async def _kill(self, operands: list[str], child: Process) -> int:
        """End the shell itself; everything else is left to the program."""
        if operands[-1:] != [SHELL_PID]:
            return await run_program(self._programs["kill"], child)
        signal = operands[0][1:] if operands[0][:1] == "-" else "15"
        raise ShellExit(128 + int(signal) if signal.isdecimal() and len(signal) < 3 else 143)

    async def _read(self, operands: list[str], child: Process) -> int:
        lines = Lines(child.stdin)
        line = await lines.next()
        child.stdin.push_back(lines.rest)
        text = line.decode("utf-8", "replace").rstrip("\n")
        names = [name for name in operands if not name.startswith("-")] or ["REPLY"]
        fields = text.split(None, len(names) - 1)
        for index, name in enumerate(names):
            self._variables[name] = fields[index] if index < len(fields) else ""
        return 0 if line.endswith(b"\n") else 1

    def _value(self, name: str) -> str:
        if name == "?":
            return str(self.status)
        if name == "$":
            return SHELL_PID
        if name == "#":
            return str(max(0, len(self._process.operands)))
        if name.isdecimal():
            index = int(name)
            return self._process.arguments[index] if index < len(self._process.arguments) else ""
        if name in self._variables:
            return self._variables[name]
        if name == "PWD":
            return normalize(self._process.directory)
        return self._process.environment.get(name, "")

    def _expand(self, word: Word) -> list[str]:
        """Expand the variables of a word; unquoted values are split at blanks."""
        fields: list[str] = []
        current: str | None = None
        for index, part in enumerate(word):
            text = self._value(part.text) if part.is_variable else part.text
            is_plain = not part.is_quoted and not part.is_variable
            if index == 0 and is_plain and (text == "~" or text.startswith("~/")):
                text = self._process.environment.get("HOME", "/root") + text[1:]
            if not part.is_variable or part.is_quoted:
                current = (current or "") + text
                continue
            pieces = text.split()
            if not pieces:
                continue
            if text[:1].isspace() and current is not None:
                fields.append(current)
                current = None
            fields += [(current or "") + pieces[0], *pieces[1:]]
            current = None if text[-1:].isspace() else fields.pop()
        if current is not None:
            fields.append(current)
        return fields

    def _expand_globs(self, word: Word) -> list[str]:
        """Expand a word to arguments, with ``*`` and ``?`` in its last path part."""
        fields = self._expand(word)
        if not any(
            not part.is_quoted and not part.is_variable and set("*?") & set(part.text)
            for part in word
        ):
            return fields
        return [name for field in fields for name in self._matches(field)]

    def _matches(self, pattern: str) -> list[str]:
        head, slash, tail = pattern.rpartition("/")
        directory = self._process.path(head + slash if slash else ".")
        try:
            names = self._process.machine.files.get(directory).children
        except FileSystemError:
            return [pattern]
        found = sorted(
            name
            for name in names
            if fnmatch.fnmatchcase(name, tail) and (tail.startswith(".") or name[0] != ".")
        )
        return [f"{head}{slash}{name}" for name in found] or [pattern]


def find_program(programs: Mapping[str, Program], name: str) -> Program | None:
    """Find a program by its name or by a path in one of the usual directories."""
    for directory in BIN_DIRECTORIES:
        if name.startswith(directory):
            return programs.get(name.removeprefix(directory))
    return programs.get(name)


def missing_program(process: Process, name: str) -> tuple[int, str]:
    """Status and words for a program that cannot be run."""
    if "/" not in name:
        return 127, "command not found"
    try:
        process.machine.files.get(process.path(name))
    except FileSystemError as error:
        return 127, error_words(error)
    return 126, "Permission denied"


async def run_program(program: Program, process: Process) -> int:
    """Run a program and turn what it stumbles over into an exit status."""
    if process.depth > MAX_DEPTH:
        await process.complain("too many shells inside each other")
        return 126
    machine = process.machine
    pid = machine.enter(process.user_name, " ".join(process.arguments))
    try:
        return await program(process)
    except BrokenPipeError:
        return SIGPIPE_STATUS
    except UsageError as error:
        await process.complain(str(error))
        return 2
    except FileSystemError as error:
        await process.complain(error_words(error))
        return 1
    finally:
        machine.leave(pid)


NO_INPUT = Empty()
"""The standard input of commands that are given none."""
