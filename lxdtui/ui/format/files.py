"""Files in words: names made visible, modes, kinds."""

import re
import unicodedata

from lxdtui.model.files import FileAttributes, FileEntry, FileKind, path_bytes, path_text
from lxdtui.ui.format.amounts import size
from lxdtui.ui.format.text import safe_text

__all__ = [
    "editable_name",
    "entry_glyph",
    "is_unfinished",
    "kind_word",
    "mode_text",
    "name_text",
    "path_words",
    "size_text",
    "type_letter",
    "typed_name",
    "why_no_file",
]

_TYPE_LETTERS = {
    FileKind.FILE: "-",
    FileKind.DIRECTORY: "d",
    FileKind.SYMLINK: "l",
    FileKind.CHARACTER_DEVICE: "c",
    FileKind.BLOCK_DEVICE: "b",
    FileKind.FIFO: "p",
    FileKind.SOCKET: "s",
}
_SPECIAL_GLYPHS = {
    FileKind.CHARACTER_DEVICE: "#",
    FileKind.BLOCK_DEVICE: "#",
    FileKind.FIFO: "|",
    FileKind.SOCKET: "=",
    FileKind.UNKNOWN: "?",
}
_UNFINISHED = re.compile(r"\..+\.[0-9a-f]{12}\.(?:part|new)", re.DOTALL)
_WORDS = {FileKind.DIRECTORY: "folder", FileKind.SYMLINK: "link", FileKind.FIFO: "pipe"}
_BLANK = "␣"
_EMOJI = "\N{VARIATION SELECTOR-16}"
_SHORT_ESCAPES = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r"}
_ESCAPES = {character: f"\\{letter}" for letter, character in _SHORT_ESCAPES.items()}
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.|$)", re.DOTALL)
_ANY_EXECUTE = 0o111
_SET_ID_AND_STICKY = ((0o4000, 2, "s", "S"), (0o2000, 5, "s", "S"), (0o1000, 8, "t", "T"))


def name_text(name: str) -> str:
    r"""Make a name visible: whole, harmless, and unlike every other name as far as can be.

    Bytes that are no UTF-8 show as ``\xe9``, blanks at either end as ``␣``, marks
    and selectors of which nothing would be seen as ``\u0301``, the rest as
    :func:`~lxdtui.ui.format.text.safe_text` shows it.

    Args:
        name: A name as :mod:`lxdtui.model.files` writes it.
    """
    if name.isascii() and name.isprintable() and name == name.strip():
        return name
    parts: list[str] = []
    plain = ""
    for character in name:
        if "\ud800" <= character <= "\udfff":
            parts += [safe_text(plain), *(f"\\x{byte:02x}" for byte in path_bytes(character))]
            plain = ""
        elif _is_left_out(character, plain):
            parts += [safe_text(plain), f"\\u{ord(character):04x}"]
            plain = ""
        else:
            plain += character
    text = "".join([*parts, safe_text(plain)])
    inner = text.strip(" ")
    before = len(text) - len(text.lstrip(" ")) if inner else len(text)
    after = len(text) - len(text.rstrip(" ")) if inner else 0
    return f"{_BLANK * before}{inner}{_BLANK * after}"


def _is_left_out(character: str, before: str) -> bool:
    """Say whether nothing would be seen of a character after what stands before it."""
    if unicodedata.category(character) not in ("Mn", "Me"):
        return False
    if character == _EMOJI and before and not before[-1].isascii():
        # As usual behind what can be drawn as text or as a picture.
        return False
    marked = f"{before[-3:]}{character}"
    return safe_text(marked) == safe_text(before[-3:])


def path_words(path: str, home: str = "") -> str:
    """Make a path visible, with ``~`` for the home directory.

    Args:
        path: An absolute path.
        home: The home directory; empty or ``/`` for none.
    """
    if home and home != "/" and (path == home or path.startswith(f"{home}/")):
        path = f"~{path[len(home) :]}"
    return "/".join(name_text(part) for part in path.split("/"))


def mode_text(attributes: FileAttributes) -> str:
    """Write permission bits as ``ls`` does, without the type: ``rwxr-xr-x``."""
    mode = attributes.mode
    if mode is None:
        return ""
    letters = ["rwx"[index % 3] if mode & (0o400 >> index) else "-" for index in range(9)]
    for bit, place, with_execute, without in _SET_ID_AND_STICKY:
        if mode & bit:
            letters[place] = with_execute if letters[place] == "x" else without
    return "".join(letters)


def entry_glyph(entry: FileEntry, *, folder: str, link: str) -> str:
    """Return the sign of an entry: a folder, a link, ``*`` for a program, and so on.

    Args:
        entry: The entry.
        folder: The sign of folders.
        link: The sign of links.
    """
    match entry.kind:
        case FileKind.DIRECTORY:
            return folder
        case FileKind.SYMLINK:
            return link
        case FileKind.FILE:
            return "*" if (entry.attributes.mode or 0) & _ANY_EXECUTE else " "
        case kind:
            return _SPECIAL_GLYPHS[kind]


def is_unfinished(entry: FileEntry) -> bool:
    """Say whether an entry has one of the names that files have until they are whole."""
    return entry.kind is FileKind.FILE and _UNFINISHED.fullmatch(entry.name) is not None


def kind_word(kind: FileKind) -> str:
    """Say in a word what something is."""
    return _WORDS.get(kind, str(kind))


def why_no_file(entry: FileEntry | None) -> str:
    """Say why an entry is not viewed or edited; nothing where it is a file, or leads to one."""
    if entry is None:
        return "no file is under the cursor"
    if FileKind.FILE in (entry.kind, entry.target_kind):
        return ""
    if entry.kind is FileKind.SYMLINK and entry.target_kind is None:
        return "the link leads nowhere"
    return f"a {kind_word(entry.target_kind or entry.kind)} is under the cursor, and no file"


def size_text(entry: FileEntry) -> str:
    """Write the size of a file; nothing for what has none of use."""
    if entry.kind is not FileKind.FILE or entry.attributes.size is None:
        return ""
    return size(entry.attributes.size)


def type_letter(kind: FileKind) -> str:
    """Return the letter of a kind as ``ls -l`` has it."""
    return _TYPE_LETTERS.get(kind, "?")


def editable_name(name: str) -> str:
    r"""Write a name so that it can be edited: :func:`typed_name` gives it back.

    Backslashes are doubled; what cannot be typed or seen stands as ``\n``,
    ``\x1b``, ``\xe9`` (a byte that is no UTF-8) or ``\u202e``.
    """
    if name.isascii() and name.isprintable() and "\\" not in name:
        return name
    return "".join(map(_escaped, name))


def typed_name(text: str) -> str:
    """Read what :func:`editable_name` wrote, or what somebody typed.

    Raises:
        ValueError: A backslash stands before something that has no meaning; with words.
    """

    def meant(match: re.Match[str]) -> str:
        escape = match[1]
        if escape in _SHORT_ESCAPES:
            return _SHORT_ESCAPES[escape]
        if len(escape) > 1 and escape[0] in "xuU":
            code = int(escape[1:], 16)
            if escape[0] == "x" and code >= 0x80:
                return path_text(bytes((code,)))
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code)
        raise ValueError(f"\\{escape} has no meaning; write \\\\ for a backslash")

    # Bytes that make a character together are that character.
    return path_text(path_bytes(_ESCAPE.sub(meant, text)))


def _escaped(character: str) -> str:
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    # An accent alone would melt into what stands before it.
    if character.isprintable() and not unicodedata.combining(character):
        return character
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
