"""Colours by role, and the glyphs.

Widgets name roles (``$muted``, ``$accent``), never colours. Every role of text
stands at 4.5:1 or better on every ground, in both themes.

====================  =====================================================
``$bg``               screen, table
``$bar``              title bar, table header, side panel, key bar
``$raised``           dialogs, palette, toasts
``$hover``            fields, cursor row of a pane without focus
``$cursor``           cursor row of the focused pane
``$mark``             marked rows
``$line``             rules, the rest of a gauge; no words
``$faint``            separators, the dash for zero; no words
``$muted``            labels, units, hints, stopped rows
``$fg``, ``$strong``  values; names and the current crumb
``$accent``           you: keys, focus, marks, progress, graphs
``$green``            running, done
``$cyan``             frozen
``$amber``            attention
``$red``              error, delete
``$violet``           second series, stateful snapshot
``$on-fill``          words on a filled button or badge
====================  =====================================================
"""

from dataclasses import dataclass, field

from textual.theme import Theme

from lxdtui.model.instance import Condition

__all__ = ["ASCII", "DARK", "LIGHT", "UNICODE", "Glyphs", "condition_role"]

_DARK = {
    "bg": "#10131a",
    "bar": "#171b24",
    "raised": "#1d222d",
    "hover": "#262d3a",
    "cursor": "#1c3558",
    "mark": "#1a2638",
    "line": "#3a4354",
    "faint": "#5a6578",
    "muted": "#9aa5b8",
    "fg": "#d5dbe6",
    "strong": "#f5f7fb",
    "accent": "#7db2ff",
    "green": "#5fd18b",
    "cyan": "#62cfe6",
    "amber": "#e9b650",
    "red": "#ff8078",
    "violet": "#c3a6ff",
    "on-fill": "#0b1220",
}
_LIGHT = {
    "bg": "#fbfbf9",
    "bar": "#f0f0ec",
    "raised": "#ffffff",
    "hover": "#e6e7e3",
    "cursor": "#d6e6fb",
    "mark": "#eaf2fc",
    "line": "#c3c6c0",
    "faint": "#9aa1ac",
    "muted": "#5a6372",
    "fg": "#2a2f38",
    "strong": "#0d1117",
    "accent": "#0b5cc4",
    "green": "#0f6b35",
    "cyan": "#09657c",
    "amber": "#8a5a00",
    "red": "#bf2222",
    "violet": "#6f3fc0",
    "on-fill": "#ffffff",
}


def _theme(name: str, roles: dict[str, str], *, dark: bool) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=roles["accent"],
        secondary=roles["cyan"],
        accent=roles["accent"],
        success=roles["green"],
        warning=roles["amber"],
        error=roles["red"],
        foreground=roles["fg"],
        background=roles["bg"],
        surface=roles["bg"],
        panel=roles["bar"],
        boost=roles["hover"],
        variables={
            **roles,
            "text": roles["fg"],
            "text-muted": roles["muted"],
            "border": roles["accent"],
            "border-blurred": roles["line"],
            "scrollbar": roles["line"],
            "scrollbar-hover": roles["faint"],
            "scrollbar-active": roles["accent"],
            "scrollbar-background": roles["bg"],
            "scrollbar-background-hover": roles["bg"],
            "scrollbar-background-active": roles["bg"],
            "scrollbar-corner-color": roles["bg"],
            "input-cursor-background": roles["strong"],
            "input-cursor-foreground": roles["bg"],
            "input-cursor-text-style": "none",
            "input-selection-background": roles["cursor"],
            "screen-selection-background": roles["cursor"],
        },
    )


DARK = _theme("lxdtui-dark", _DARK, dark=True)
"""The theme for dark terminals, the default."""
LIGHT = _theme("lxdtui-light", _LIGHT, dark=False)
"""The theme for light terminals; a design of its own, not dark turned round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """The characters that carry meaning, each one column wide."""

    running: str = "●"
    stopped: str = "○"
    frozen: str = "◇"
    error: str = "▲"
    unknown: str = "·"
    working: tuple[str, ...] = ("◐", "◓", "◑", "◒")
    done: str = "✓"
    failed: str = "✗"
    marked: str = "✓"
    cursor: str = "▌"
    ascending: str = "↑"
    descending: str = "↓"
    stateful: str = "◆"
    crumb: str = "›"
    cut: str = "…"
    zero: str = "–"
    filled: str = "━"
    rest: str = "─"
    dot: str = "·"
    folder: str = "▸"
    link: str = "↪"
    leads_to: str = "→"
    unread: str = "•"
    shell: str = "$"
    bell: str = "!"
    received: str = "↓"
    sent: str = "↑"
    into: str = "→"
    out_of: str = "←"
    is_braille: bool = True
    _conditions: dict[Condition, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        conditions = {
            Condition.RUNNING: self.running,
            Condition.STOPPED: self.stopped,
            Condition.FROZEN: self.frozen,
            Condition.ERROR: self.error,
            Condition.CHANGING: self.working[0],
            Condition.UNKNOWN: self.unknown,
        }
        object.__setattr__(self, "_conditions", conditions)

    def of(self, condition: Condition) -> str:
        """Return the glyph of a condition."""
        return self._conditions[condition]


UNICODE = Glyphs()
"""The default set."""
ASCII = Glyphs(
    running="*",
    stopped="-",
    frozen="=",
    error="!",
    unknown="?",
    working=("|", "/", "-", "\\"),
    done="+",
    failed="x",
    marked="x",
    cursor=">",
    ascending="^",
    descending="v",
    stateful="m",
    crumb=">",
    cut="~",
    zero="-",
    filled="#",
    rest=".",
    dot=".",
    folder="/",
    link="@",
    leads_to="->",
    unread="+",
    received="in",
    sent="out",
    into=">",
    out_of="<",
    is_braille=False,
)
"""For terminals without UTF-8, or where the others are two columns wide."""

_CONDITION_ROLES = {
    Condition.RUNNING: "green",
    Condition.STOPPED: "muted",
    Condition.FROZEN: "cyan",
    Condition.ERROR: "red",
    Condition.CHANGING: "accent",
    Condition.UNKNOWN: "amber",
}


def condition_role(condition: Condition) -> str:
    """Return the role of a condition's colour."""
    return _CONDITION_ROLES[condition]
