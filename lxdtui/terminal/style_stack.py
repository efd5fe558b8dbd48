"""Styles that a program puts aside and takes back (XTPUSHSGR, XTPOPSGR of xterm's ctlseqs)."""

from .modal import ModalScreen
from .style import Style

DEPTH = 10
"""Styles that are kept; what is put aside beyond them does nothing, as in xterm."""

_FIELDS = {
    1: ("bold",),
    2: ("faint",),
    3: ("italic",),
    4: ("underline",),
    5: ("blink",),
    7: ("reverse",),
    8: ("conceal",),
    9: ("strike",),
    21: ("underline",),
    30: ("foreground",),
    31: ("background",),
}
_NOT_BY_SGR = {"link", "link_id", "guard"}
_ALL = frozenset(Style._fields) - _NOT_BY_SGR


class StyleStackScreen(ModalScreen):
    """The part of the screen that keeps styles."""

    def reset(self) -> None:
        """Return to the initial state; the scrollback stays (RIS)."""
        self._kept: list[tuple[Style, frozenset[str]]] = []
        super().reset()

    def push_style(self, *attributes: int) -> None:
        """Put the style aside (XTPUSHSGR).

        Args:
            attributes: What comes back of it, 30 and 31 for the colours; all when left out.
        """
        if len(self._kept) < DEPTH:
            chosen = {name for attribute in attributes for name in _FIELDS.get(attribute, ())}
            self._kept.append((self.style, frozenset(chosen) if any(attributes) else _ALL))

    def pop_style(self) -> None:
        """Take back what was put aside last (XTPOPSGR)."""
        if self._kept:
            style, names = self._kept.pop()
            self.style = self.style._replace(**{name: getattr(style, name) for name in names})
