"""Names for files that are not whole yet, and for those that give way to others."""

import hashlib
import re
import secrets
from collections.abc import Container

from lxdtui.model.files import NAME_BYTES, FileAttributes, path_bytes, path_text
from lxdtui.model.place import Place

__all__ = ["is_temporary", "random_temporary", "resumable_temporary", "untaken"]

_TOKEN = 12
_ENDING = ".part"
_IS_TOKEN = re.compile(f"[0-9a-f]{{{_TOKEN}}}")


def is_temporary(name: str, of: str) -> bool:
    """Say whether a name is one that stands for another one until that is whole."""
    token = name.removeprefix(f".{of}.").removesuffix(_ENDING)
    return name == f".{of}.{token}{_ENDING}" and _IS_TOKEN.fullmatch(token) is not None


def random_temporary(name: str) -> str:
    """Return a hidden name near another one that nobody has taken."""
    return _temporary(name, secrets.token_hex(_TOKEN // 2))


def resumable_temporary(name: str, place: Place, path: str, found: FileAttributes) -> str:
    """Return the hidden name under which a content is written, always the same for the same.

    Args:
        name: The name that the file will have.
        place: Where the content comes from.
        path: Its path there.
        found: Its size and time; another version gets another name.
    """
    said = f"{place.key}\0{found.size}\0{found.modified}\0".encode("utf-8", "surrogateescape")
    token = hashlib.sha256(said + path_bytes(path)).hexdigest()[:_TOKEN]
    return _temporary(name, token)


def untaken(name: str, taken: Container[str]) -> str:
    """Return a name like another one that is not taken: ``notes (2).txt``.

    Args:
        name: The other one.
        taken: Names that are taken.
    """
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    number = 2
    while True:
        tail = path_bytes(f" ({number}){dot}{ending}")
        made = path_text(path_bytes(stem)[: NAME_BYTES - len(tail)] + tail)
        if made not in taken:
            return made
        number += 1


def _temporary(name: str, token: str) -> str:
    room = NAME_BYTES - len(token) - len(_ENDING) - 2
    return f".{path_text(path_bytes(name)[:room])}.{token}{_ENDING}"
