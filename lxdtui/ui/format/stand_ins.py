"""Characters that cannot be drawn, each replaced by one of a known width, and back.

An editor has to hold every character of a file and may draw none that moves the
cursor of the terminal, reverses the line or has a width that nobody knows. So
each of those stands in the editor as a character of the last private plane,
one column wide, and comes back when the text is taken out.
"""

import unicodedata
from collections.abc import Iterable

from wcwidth import wcwidth

from lxdtui.ui.format.text import safe_text

__all__ = ["StandIns", "TooManyKinds"]

_FIRST, _LAST = 0x100000, 0x10FFFD
_UNSEEN = "\N{REPLACEMENT CHARACTER}"
_KEPT = frozenset("\n\t")


class TooManyKinds(ValueError):
    """There are more kinds of characters that cannot be drawn than stand-ins."""


class StandIns:
    """What stands for what in one text, growing with what comes into it."""

    def __init__(self) -> None:
        self._shown: dict[int, str] = {}
        self._real: dict[int, str] = {}
        self._seen: set[str] = set()

    def shown(self, text: str) -> str:
        """Return a text with stand-ins, of the same length; lines and tabs stay.

        Raises:
            TooManyKinds: It has more kinds of such characters than there are stand-ins.
        """
        if text.isascii() and text.isprintable():
            return text
        for character in set(text) - self._seen:
            self._seen.add(character)
            if character not in _KEPT and not _is_plain(character):
                self._take(character)
        return text.translate(self._shown) if self._shown else text

    def real(self, text: str) -> str:
        """Return the text that was given to :meth:`shown`."""
        return text.translate(self._real) if self._real and not text.isascii() else text

    def drawn(self, text: str) -> str:
        """Return what is drawn for a text with stand-ins, of the same length and width."""
        if text.isascii() or not self._real:
            return text
        return "".join(
            _picture(self._real[code]) if (code := ord(one)) in self._real else one for one in text
        )

    def places(self, text: str) -> Iterable[int]:
        """Return where stand-ins are in a text."""
        if text.isascii() or not self._real:
            return ()
        return [index for index, one in enumerate(text) if ord(one) in self._real]

    def _take(self, character: str) -> None:
        code = _FIRST + len(self._real)
        if code > _LAST:
            raise TooManyKinds
        self._shown[ord(character)] = chr(code)
        self._real[code] = character


def _is_plain(character: str) -> bool:
    """Say whether a character can be drawn as it is, in one column or two."""
    if unicodedata.category(character) in ("Mn", "Me", "Mc"):
        # Whether a mark has a column of its own depends on what it stands on.
        return False
    return wcwidth(character) > 0 and safe_text(character) == character


def _picture(character: str) -> str:
    safe = safe_text(character)
    return safe if len(safe) == 1 and wcwidth(safe) == 1 else _UNSEEN
