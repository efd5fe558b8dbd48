"""Questions with several answers, as data: fields, what they mean, and what is wrong with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lxdtui.ui.widgets.pieces import Piece

__all__ = ["Choices", "Field", "Flag", "Form", "Line", "Text", "Values", "is_set"]

Values = Mapping[str, str]
"""The answers by the ids of the fields; a flag is ``yes`` or empty."""
Line = Sequence[Piece]
"""One line of an explanation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A field for words."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    """What stands in the empty field."""
    presets: tuple[str, ...] = ()
    """Values that Up and Down put into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something that is so or not."""

    id: str
    label: str
    value: bool = False
    why_not: str = ""
    """Why it cannot be chosen; empty where it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One of several."""

    id: str
    label: str
    options: tuple[tuple[str, str], ...]
    """Values with their words."""
    value: str = ""


Field = Text | Flag | Choices


def _nothing(_values: Values) -> tuple[Line, ...]:
    return ()


def _no_problem(_values: Values) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A dialog that asks for several things at once."""

    title: str
    """The question up to the place: ``Snapshot web1 in``."""
    place: tuple[str, ...] = ()
    """Server and project."""
    is_home: bool = True
    """Whether the place is the local server and the default project."""
    fields: tuple[Field, ...] = ()
    do: str
    """Words on the button that does it."""
    keep: str = "Cancel"
    """Words on the safe button."""
    is_dangerous: bool = False
    """Whether data can be lost."""
    failure: tuple[str, ...] = ()
    """Why it failed when it was tried with these values: what was tried, the
    server's words, what can be done."""
    explain: Callable[[Values], tuple[Line, ...]] = field(default=_nothing)
    """What will happen with some values; short, drawn below the fields."""
    problem: Callable[[Values], str] = field(default=_no_problem)
    """Why it cannot be done with some values; empty where it can."""

    def initial(self) -> dict[str, str]:
        """Return the values to begin with."""
        values: dict[str, str] = {}
        for one in self.fields:
            match one:
                case Flag():
                    values[one.id] = "yes" if one.value and not one.why_not else ""
                case Text():
                    values[one.id] = one.value
                case Choices():
                    values[one.id] = one.value or one.options[0][0]
        return values


def is_set(values: Values, name: str) -> bool:
    """Say whether a flag is set."""
    return bool(values.get(name))
