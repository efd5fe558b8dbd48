"""Programs that look at and change the files of a container."""

import stat
from datetime import UTC, datetime

from lxdtui.demo.filesystem import FileSystemError, MissingError, Node, NodeType, normalize
from lxdtui.demo.shell.process import USERS, Process, Program, UsageError, error_words

_COLOURS = {NodeType.DIRECTORY: "01;34", NodeType.SYMLINK: "01;36"}
_TYPE_BITS = {
    NodeType.FILE: stat.S_IFREG,
    NodeType.DIRECTORY: stat.S_IFDIR,
    NodeType.SYMLINK: stat.S_IFLNK,
}
_HALF_YEAR = 182 * 86400
_DISK_SIZE = 200 * 1024**3


async def ls(process: Process) -> int:
    """``ls [-l] [-a] [-d] [-1] [path ...]``."""
    letters, operands = process.options("laAdh1Fr")
    files, status = process.machine.files, 0
    single: list[tuple[str, Node]] = []
    directories: list[tuple[str, Node]] = []
    for operand in operands or ["."]:
        try:
            node = files.get(process.path(operand), follow="l" not in letters)
        except FileSystemError as error:
            await process.complain(f"cannot access '{operand}': {error_words(error)}")
            status = 2
            continue
        is_listed = node.type is NodeType.DIRECTORY and "d" not in letters
        (directories if is_listed else single).append((operand, node))
    blocks = [_listing(process, single, letters)] if single else []
    for name, node in directories:
        entries = [
            (child_name, child)
            for child_name, child in sorted(node.children.items())
            if letters & {"a", "A"} or not child_name.startswith(".")
        ]
        if "a" in letters:
            entries = [(".", node), ("..", node), *entries]
        title = f"{name}:\n" if len(operands) > 1 else ""
        total = f"total {sum(-(-child.size // 4096) * 4 for _, child in entries)}\n"
        blocks.append(
            title + (total if "l" in letters else "") + _listing(process, entries, letters)
        )
    await process.print("\n".join(blocks))
    return status


def _listing(process: Process, entries: list[tuple[str, Node]], letters: set[str]) -> str:
    on_terminal = process.stdout is process.terminal
    if "l" in letters:
        size_width = max((len(str(node.size)) for _, node in entries), default=1)
        return "".join(
            _long_line(process, name, node, size_width, colour=on_terminal)
            for name, node in entries
        )
    names = [_shown(name) if on_terminal else name for name, _ in entries]
    if not on_terminal or process.terminal is None or "1" in letters:
        return "".join(
            f"{_coloured(name, node) if on_terminal else name}\n"
            for name, (_, node) in zip(names, entries, strict=True)
        )
    width = max((len(name) for name in names), default=0) + 2
    per_row = max(1, process.terminal.columns // width)
    rows = []
    for start in range(0, len(names), per_row):
        cells = [
            _coloured(name, entries[start + index][1]) + " " * (width - len(name))
            for index, name in enumerate(names[start : start + per_row])
        ]
        rows.append("".join(cells).rstrip() + "\n")
    return "".join(rows)


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name)


def _coloured(name: str, node: Node) -> str:
    colour = _COLOURS.get(node.type) or ("01;32" if node.mode & 0o111 else "")
    return f"\x1b[{colour}m{name}\x1b[0m" if colour else name


def _long_line(process: Process, name: str, node: Node, size_width: int, *, colour: bool) -> str:
    moment = datetime.fromtimestamp(node.modified, UTC)
    is_old = process.machine.now() - node.modified > _HALF_YEAR
    when = f"{moment:%b %e  %Y}" if is_old else f"{moment:%b %e %H:%M}"
    links = 2 + sum(child.type is NodeType.DIRECTORY for child in node.children.values())
    shown = _coloured(_shown(name), node) if colour else name
    target = f" -> {node.target}" if node.type is NodeType.SYMLINK else ""
    mode = stat.filemode(_TYPE_BITS[node.type] | node.mode)
    owner, group = USERS.get(node.uid, str(node.uid)), USERS.get(node.gid, str(node.gid))
    count = links if node.type is NodeType.DIRECTORY else 1
    return (
        f"{mode} {count:2} {owner:<8} {group:<8} {node.size:>{size_width}} {when} {shown}{target}\n"
    )


async def mkdir(process: Process) -> int:
    """``mkdir [-p] path ...``."""
    letters, operands = process.options("pv")
    files, now, status = process.machine.files, process.machine.now(), 0
    for operand in operands or _missing():
        path = normalize(process.path(operand))
        try:
            parents = path.strip("/").split("/")
            for depth in range(1, len(parents)) if "p" in letters else ():
                parent = "/" + "/".join(parents[:depth])
                if not files.is_directory(parent):
                    files.make_directory(parent, now=now, uid=process.uid, gid=process.gid)
            if "p" not in letters or not files.is_directory(path):
                files.make_directory(path, now=now, uid=process.uid, gid=process.gid)
        except FileSystemError as error:
            await process.complain(f"cannot create directory '{operand}': {error_words(error)}")
            status = 1
    return status


def _missing() -> list[str]:
    raise UsageError("missing operand")


async def rm(process: Process) -> int:
    """``rm [-r] [-f] path ...``."""
    letters, operands = process.options("rRfv")
    if not operands and "f" not in letters:
        raise UsageError("missing operand")
    files, now, status = process.machine.files, process.machine.now(), 0
    for operand in operands:
        path = process.path(operand)
        try:
            node = files.get(path, follow=False)
            recursive = bool(letters & {"r", "R"})
            if node.type is NodeType.DIRECTORY and not recursive:
                raise FileSystemError("is a directory")
            if node is files.root:
                raise FileSystemError("it is dangerous to operate recursively on '/'")
            files.remove(path, now=now, recursive=recursive)
        except MissingError as error:
            if "f" not in letters:
                await process.complain(f"cannot remove '{operand}': {error_words(error)}")
                status = 1
        except FileSystemError as error:
            await process.complain(f"cannot remove '{operand}': {error_words(error)}")
            status = 1
    return status


async def rmdir(process: Process) -> int:
    """``rmdir path ...``."""
    _, operands = process.options("p")
    files, status = process.machine.files, 0
    for operand in operands or _missing():
        path = process.path(operand)
        try:
            if files.get(path, follow=False).type is not NodeType.DIRECTORY:
                raise FileSystemError("not a directory")
            files.remove(path, now=process.machine.now())
        except FileSystemError as error:
            await process.complain(f"failed to remove '{operand}': {error_words(error)}")
            status = 1
    return status


async def touch(process: Process) -> int:
    """``touch path ...``."""
    _, operands = process.options("cam")
    for operand in operands or _missing():
        path, now = process.path(operand), process.machine.now()
        files = process.machine.files
        if files.is_directory(path):
            files.get(path).modified = now
        else:
            files.open_for_writing(path, now=now, append=True, uid=process.uid, gid=process.gid)
    return 0


def _destination(process: Process, target: str, source: str) -> str:
    path = process.path(target)
    name = normalize(process.path(source)).rpartition("/")[2]
    return f"{path}/{name}" if process.machine.files.is_directory(path) else path


async def cp(process: Process) -> int:
    """``cp source ... target``: files only."""
    _, operands = process.options("apfv")
    if len(operands) < 2:
        raise UsageError("missing file operand")
    files, now, status = process.machine.files, process.machine.now(), 0
    for source in operands[:-1]:
        try:
            mode = files.get(process.path(source)).mode
            data = files.read(process.path(source))
            files.write(_destination(process, operands[-1], source), data, now=now, mode=mode)
        except FileSystemError as error:
            await process.complain(f"cannot copy '{source}': {error_words(error)}")
            status = 1
    return status


async def mv(process: Process) -> int:
    """``mv source ... target``."""
    _, operands = process.options("fv")
    if len(operands) < 2:
        raise UsageError("missing file operand")
    files, status = process.machine.files, 0
    for source in operands[:-1]:
        try:
            destination = _destination(process, operands[-1], source)
            files.move(process.path(source), destination, now=process.machine.now())
        except FileSystemError as error:
            await process.complain(f"cannot move '{source}': {error_words(error)}")
            status = 1
    return status


async def ln(process: Process) -> int:
    """``ln -s target link``."""
    letters, operands = process.options("sf")
    if "s" not in letters or len(operands) != 2:
        raise UsageError("only ln -s TARGET LINK")
    files, now = process.machine.files, process.machine.now()
    files.make_link(process.path(operands[1]), operands[0], now=now)
    return 0


async def chmod(process: Process) -> int:
    """``chmod mode path ...`` with an octal mode."""
    operands = process.operands
    if len(operands) < 2:
        raise UsageError("missing operand")
    try:
        mode = int(operands[0], 8)
    except ValueError:
        raise UsageError(f"invalid mode: '{operands[0]}'") from None
    for operand in operands[1:]:
        process.machine.files.get(process.path(operand)).mode = mode & 0o7777
    return 0


async def test(process: Process) -> int:
    """``test`` and ``[``: files, strings and whole numbers."""
    words = process.operands
    if process.name == "[":
        if not words or words[-1] != "]":
            raise UsageError("missing `]'")
        words = words[:-1]
    negated = words[:1] == ["!"]
    holds = _condition(process, words[1:] if negated else words)
    return 0 if holds != negated else 1


def _condition(process: Process, words: list[str]) -> bool:
    if len(words) == 1:
        return bool(words[0])
    if len(words) == 2 and words[0] in {"-n", "-z"}:
        return bool(words[1]) == (words[0] == "-n")
    if len(words) == 2:
        try:
            node = process.machine.files.get(process.path(words[1]), follow=words[0] != "-L")
        except FileSystemError:
            return False
        tests = {
            "-e": True,
            "-f": node.type is NodeType.FILE,
            "-d": node.type is NodeType.DIRECTORY,
            "-L": node.type is NodeType.SYMLINK,
            "-s": node.size > 0,
            "-x": bool(node.mode & 0o111),
        }
        return tests.get(words[0], True)
    if len(words) == 3 and words[1] in {"=", "==", "!="}:
        return (words[0] == words[2]) == (words[1] != "!=")
    if len(words) == 3:
        try:
            left, right = int(words[0]), int(words[2])
        except ValueError:
            raise UsageError("integer expression expected") from None
        order = {
            "-eq": left == right,
            "-ne": left != right,
            "-lt": left < right,
            "-le": left <= right,
            "-gt": left > right,
            "-ge": left >= right,
        }
        return order.get(words[1], False)
    return False


async def df(process: Process) -> int:
    """``df``: the root disk."""
    process.options("h")
    used = process.machine.disk_used
    name = f"tank/{process.machine.hostname}"
    cells = (f"{value / 1024**3:.1f}G" for value in (_DISK_SIZE, used, _DISK_SIZE - used))
    size, taken, free = cells
    percent = f"{100 * used // _DISK_SIZE}%"
    await process.print(
        "Filesystem            Size  Used Avail Use% Mounted on\n"
        f"{name:<20} {size:>6} {taken:>5} {free:>5} {percent:>4} /\n"
    )
    return 0


FILE_PROGRAMS: dict[str, Program] = {
    "ls": ls,
    "mkdir": mkdir,
    "rm": rm,
    "rmdir": rmdir,
    "touch": touch,
    "cp": cp,
    "mv": mv,
    "ln": ln,
    "chmod": chmod,
    "test": test,
    "[": test,
    "df": df,
}
