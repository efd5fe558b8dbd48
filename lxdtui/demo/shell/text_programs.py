"""Programs that read and write text."""

import re
from collections import deque
from collections.abc import AsyncIterator

from lxdtui.demo.filesystem import FileSystemError
from lxdtui.demo.shell.process import Process, Program, UsageError, error_words
from lxdtui.demo.shell.streams import Given, Lines, Reader

_CHUNK = 32 * 1024
_ZERO_FILES = {"/dev/zero": b"\0", "/dev/urandom": b"\xa5"}
_ESCAPES = {
    "\\": "\\",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_ESCAPE = re.compile(r"\\(?:0?([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([\\abefnrtv]))")
_DIRECTIVE = re.compile(r"%(%|[-0]*\d*(?:\.\d+)?[sdxc])")


class _Endless:
    """A device that never ends."""

    def __init__(self, byte: bytes) -> None:
        self._data = byte * _CHUNK

    async def read(self) -> bytes:
        return self._data


async def _sources(
    process: Process, operands: list[str]
) -> AsyncIterator[tuple[str, Reader | None]]:
    """Open operands one by one; a missing one is complained about and comes as None."""
    for operand in operands or ["-"]:
        if operand == "-":
            yield operand, process.stdin
        elif operand == "/dev/null":
            yield operand, Given(b"")
        elif operand in _ZERO_FILES:
            yield operand, _Endless(_ZERO_FILES[operand])
        else:
            try:
                data = process.machine.files.read(process.path(operand))
            except FileSystemError as error:
                await process.complain(f"{operand}: {error_words(error)}")
                yield operand, None
            else:
                yield operand, Given(data)


async def cat(process: Process) -> int:
    """``cat [path ...]``."""
    _, operands = process.options("uAn")
    status = 0
    async for _, source in _sources(process, operands):
        if source is None:
            status = 1
            continue
        while data := await source.read():
            for start in range(0, len(data), _CHUNK):
                await process.stdout.write(data[start : start + _CHUNK])
    return status


def _count(operands: list[str], letters: str) -> tuple[str, int, list[str]]:
    """Read ``-n 5``, ``-n5``, ``-c 5`` or ``-5``."""
    kind, count, rest = "n", 10, list(operands)
    while rest and rest[0].startswith("-") and len(rest[0]) > 1:
        word = rest.pop(0)
        if word[1] in letters:
            kind = word[1]
            value = word[2:] or (rest.pop(0) if rest else "")
        else:
            value = word[1:]
        try:
            count = int(value)
        except ValueError:
            raise UsageError(f"invalid number: '{value}'") from None
    return kind, abs(count), rest


async def head(process: Process) -> int:
    """``head [-n lines | -c bytes] [path ...]``."""
    kind, count, operands = _count(process.operands, "nc")
    status = 0
    async for name, source in _sources(process, operands):
        if source is None:
            status = 1
            continue
        if len(operands) > 1:
            await process.print(f"==> {name} <==\n")
        left = count
        if kind == "c":
            while left > 0 and (data := await source.read()):
                await process.stdout.write(data[:left])
                left -= len(data)
        else:
            lines = Lines(source)
            while left > 0 and (line := await lines.next()):
                await process.stdout.write(line)
                left -= 1
    return status


async def tail(process: Process) -> int:
    """``tail [-n lines] [path ...]``."""
    _, count, operands = _count([word for word in process.operands if word != "-f"], "n")
    status = 0
    async for name, source in _sources(process, operands):
        if source is None:
            status = 1
            continue
        if len(operands) > 1:
            await process.print(f"==> {name} <==\n")
        lines, kept = Lines(source), deque[bytes](maxlen=count)
        while line := await lines.next():
            kept.append(line)
        await process.stdout.write(b"".join(kept))
    return status


async def grep(process: Process) -> int:
    """``grep [-i] [-v] [-n] [-c] [-q] text [path ...]``: fixed strings."""
    letters, operands = process.options("FivncqrE")
    if not operands:
        raise UsageError("no pattern given")
    pattern, ignore_case = operands[0], "i" in letters
    wanted = pattern.lower() if ignore_case else pattern
    on_terminal, found = process.stdout is process.terminal, 0
    async for name, source in _sources(process, operands[1:]):
        if source is None:
            continue
        lines, number = Lines(source), 0
        while raw := await lines.next():
            number += 1
            line = raw.decode("utf-8", "replace").rstrip("\n")
            matches = wanted in (line.lower() if ignore_case else line)
            if matches == ("v" in letters):
                continue
            found += 1
            if letters & {"q", "c"}:
                continue
            prefix = f"{name}:" if len(operands) > 2 else ""
            prefix += f"{number}:" if "n" in letters else ""
            if on_terminal and matches and not ignore_case and pattern:
                line = line.replace(pattern, f"\x1b[01;31m{pattern}\x1b[0m")
            await process.print(f"{prefix}{line}\n")
    if "c" in letters:
        await process.print(f"{found}\n")
    return 0 if found else 1


async def wc(process: Process) -> int:
    """``wc [-l] [-w] [-c] [path ...]``."""
    letters, operands = process.options("lwc")
    status = 0
    async for name, source in _sources(process, operands):
        if source is None:
            status = 1
            continue
        lines = words = size = 0
        reader = Lines(source)
        while line := await reader.next():
            lines += line.endswith(b"\n")
            words += len(line.split())
            size += len(line)
        counts = {"l": lines, "w": words, "c": size}
        chosen = [str(counts[letter]) for letter in "lwc" if letter in (letters or "lwc")]
        await process.print(" ".join(chosen) + ("" if name == "-" else f" {name}") + "\n")
    return status


async def cut(process: Process) -> int:
    """``cut -dX -fN [path ...]``: one field."""
    delimiter, field, operands = "\t", 1, []
    words = process.operands
    while words:
        word = words.pop(0)
        if word[:2] in {"-d", "-f"}:
            value = word[2:] or (words.pop(0) if words else "")
            if word[:2] == "-d":
                delimiter = value[:1]
            elif value.isdecimal() and 0 < len(value) < 6:
                field = int(value)
            else:
                raise UsageError(f"invalid field list: '{value}'")
        else:
            operands.append(word)
    if not delimiter or field < 1:
        raise UsageError("the delimiter must be a single character")
    async for _, source in _sources(process, operands):
        lines = Lines(source or Given(b""))
        while raw := await lines.next():
            fields = raw.decode("utf-8", "replace").rstrip("\n").split(delimiter)
            chosen = fields[0] if len(fields) == 1 else "".join(fields[field - 1 : field])
            await process.print(f"{chosen}\n")
    return 0


async def tee(process: Process) -> int:
    """``tee [-a] path ...``."""
    letters, operands = process.options("a")
    files, machine = process.machine.files, process.machine
    nodes = [
        files.open_for_writing(process.path(name), now=machine.now(), append="a" in letters)
        for name in operands
    ]
    while data := await process.stdin.read():
        for node in nodes:
            files.append(node, data, now=machine.now())
        await process.stdout.write(data)
    return 0


async def echo(process: Process) -> int:
    """``echo [-n] [-e] [word ...]``."""
    words, newline, escapes = process.operands, "\n", False
    while words and words[0] in {"-n", "-e", "-ne", "-en", "-E"}:
        option = words.pop(0)
        newline = "" if "n" in option else newline
        escapes = escapes or "e" in option
    text = " ".join(words)
    await process.print((unescape(text) if escapes else text) + newline)
    return 0


async def printf(process: Process) -> int:
    """``printf format [word ...]`` with %s, %d, %x, %c and %%."""
    if not process.operands:
        raise UsageError("usage: printf format [arguments]")
    template, words = unescape(process.operands[0]), process.operands[1:]
    while True:
        before = len(words)
        await process.print(
            _DIRECTIVE.sub(lambda match: _directive(match.group(1), words), template)
        )
        if not words or len(words) == before:
            return 0


def _directive(directive: str, words: list[str]) -> str:
    if directive == "%":
        return "%"
    word = words.pop(0) if words else ""
    # Widths are cut: a demo has no use for a megabyte of blanks.
    match = re.fullmatch(r"([-0]*)(\d{0,3})\d*(?:\.(\d{1,3})\d*)?([sdxc])", directive)
    if match is None:
        return word
    flags, width, precision, kind = match.groups()
    if kind in "dx":
        number = int(word) if word.lstrip("-").isdecimal() and len(word) < 20 else 0
        text = f"{number:x}" if kind == "x" else str(number)
    else:
        text = word[:1] if kind == "c" else word[: int(precision)] if precision else word
    size = int(width or 0)
    if "-" in flags:
        return text.ljust(size)
    return text.zfill(size) if "0" in flags else text.rjust(size)


def unescape(text: str) -> str:
    """Replace the backslash escapes of ``echo -e`` and ``printf``."""

    def replacement(match: re.Match[str]) -> str:
        octal, hexadecimal, letter = match.groups()
        if octal is not None:
            return _byte(int(octal, 8) & 0xFF)
        return _byte(int(hexadecimal, 16)) if hexadecimal is not None else _ESCAPES[letter]

    return _ESCAPE.sub(replacement, text)


def _byte(value: int) -> str:
    """A byte as text that encodes to just this byte."""
    return bytes([value]).decode("utf-8", "surrogateescape")


async def seq(process: Process) -> int:
    """``seq [first [step]] last``."""
    try:
        numbers = [int(word) for word in process.operands]
    except ValueError:
        raise UsageError("invalid number") from None
    if not 1 <= len(numbers) <= 3:
        raise UsageError("missing operand")
    first = numbers[0] if len(numbers) > 1 else 1
    step = numbers[1] if len(numbers) == 3 else 1
    if step == 0:
        raise UsageError("step must not be 0")
    values = range(first, numbers[-1] + (1 if step > 0 else -1), step)
    for start in range(0, len(values), 1000):
        await process.print("".join(f"{value}\n" for value in values[start : start + 1000]))
    return 0


async def yes(process: Process) -> int:
    """``yes [word ...]``: without an end."""
    line = " ".join(process.operands) or "y"
    block = f"{line}\n".encode() * max(1, 8192 // (len(line) + 1))
    while True:
        await process.stdout.write(block)


TEXT_PROGRAMS: dict[str, Program] = {
    "cat": cat,
    "head": head,
    "tail": tail,
    "grep": grep,
    "wc": wc,
    "cut": cut,
    "tee": tee,
    "echo": echo,
    "printf": printf,
    "seq": seq,
    "yes": yes,
}
