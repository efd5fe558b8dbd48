"""How the panes of a window share its space. Pure.

A tree of two-way splits that never changes: each function returns another one.
Panes side by side have a column between them; panes below one another have
none, because each has its row of words above it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from textual.geometry import Region

__all__ = [
    "LEAST_COLUMNS",
    "LEAST_ROWS",
    "Axis",
    "Direction",
    "Node",
    "Split",
    "exchanged",
    "moved",
    "neighbour",
    "panes_of",
    "regions_of",
    "split_at",
    "without",
]

LEAST_COLUMNS = 18
"""Columns that a pane has at least, where somebody splits or moves a border."""
LEAST_ROWS = 4
"""Rows that it has at least, its row of words included."""

_BETWEEN = 1


class Axis(StrEnum):
    """How the two parts of a split lie."""

    ROW = "side by side"
    COLUMN = "one below the other"


class Direction(StrEnum):
    """Where to."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"

    @property
    def axis(self) -> Axis:
        """The splits whose border can go there."""
        return Axis.ROW if self in (Direction.LEFT, Direction.RIGHT) else Axis.COLUMN

    @property
    def is_forward(self) -> bool:
        """Whether coordinates grow that way."""
        return self in (Direction.RIGHT, Direction.DOWN)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Split(Generic[T]):
    """Two parts that share a space."""

    axis: Axis
    first: "T | Split[T]"
    second: "T | Split[T]"
    share: float = 0.5
    """How much of the space the first part has."""


Node: TypeAlias = T | Split[T]


def panes_of(node: Node[T]) -> tuple[T, ...]:
    """Return the panes, from the left and top on."""
    if isinstance(node, Split):
        return (*panes_of(node.first), *panes_of(node.second))
    return (node,)


def split_at(node: Node[T], pane: T, new: T, axis: Axis) -> Node[T]:
    """Give a new pane half of the space of another one."""
    return _exchange(node, pane, Split(axis, pane, new))


def exchanged(node: Node[T], old: T, new: T) -> Node[T]:
    """Put a pane into the place of another one."""
    return _exchange(node, old, new)


def without(node: Node[T], pane: T) -> Node[T] | None:
    """Leave a pane out; its neighbour takes its space. ``None`` where none is left."""
    if not isinstance(node, Split):
        return None if node is pane else node
    first, second = without(node.first, pane), without(node.second, pane)
    if first is None or second is None:
        return second if first is None else first
    return replace(node, first=first, second=second)


def regions_of(node: Node[T], region: Region) -> dict[T, Region]:
    """Return where each pane is; nothing is negative, however small the space."""
    if not isinstance(node, Split):
        return {node: region}
    first, second = _parts(node, region)
    return {**regions_of(node.first, first), **regions_of(node.second, second)}


def neighbour(regions: dict[T, Region], pane: T, direction: Direction) -> T | None:
    """Return the pane that lies beside one, the one that faces most of it."""
    here = regions[pane]
    best: T | None = None
    least = (0, 0)
    for other, there in regions.items():
        match direction:
            case Direction.LEFT:
                distance, low, high = here.x - there.right, "y", "bottom"
            case Direction.RIGHT:
                distance, low, high = there.x - here.right, "y", "bottom"
            case Direction.UP:
                distance, low, high = here.y - there.bottom, "x", "right"
            case Direction.DOWN:
                distance, low, high = there.y - here.bottom, "x", "right"
        facing = min(getattr(here, high), getattr(there, high)) - max(
            getattr(here, low), getattr(there, low)
        )
        if other is pane or distance < 0 or facing <= 0:
            continue
        rank = (distance, -facing)
        if best is None or rank < least:
            best, least = other, rank
    return best


def moved(node: Node[T], region: Region, pane: T, direction: Direction, cells: int) -> Node[T]:
    """Move the border of a pane; the same tree where there is no such border or no room.

    The border that lies in the direction is moved, else the one behind.

    Args:
        node: The tree.
        region: The space of the whole tree.
        pane: Whose border it is.
        direction: Where the border goes.
        cells: How far.
    """
    for is_second in (False, True) if direction.is_forward else (True, False):
        tree, is_done = _move(node, region, pane, direction, cells, is_second=is_second)
        if is_done:
            return tree
    return node


def _move(
    node: Node[T], region: Region, pane: T, direction: Direction, cells: int, *, is_second: bool
) -> tuple[Node[T], bool]:
    """Move the innermost border of which the pane lies on the given side."""
    if not isinstance(node, Split):
        return node, False
    parts = _parts(node, region)
    is_in_second = pane in panes_of(node.second)
    child = node.second if is_in_second else node.first
    tree, is_done = _move(child, parts[is_in_second], pane, direction, cells, is_second=is_second)
    if is_done:
        if is_in_second:
            return replace(node, second=tree), True
        return replace(node, first=tree), True
    if node.axis is not direction.axis or is_in_second is not is_second:
        return node, False
    is_row = node.axis is Axis.ROW
    room = region.width - _BETWEEN if is_row else region.height
    taken = parts[0].width if is_row else parts[0].height
    share = (taken + (cells if direction.is_forward else -cells)) / max(room, 1)
    if not 0 < share < 1:
        return node, False
    new = replace(node, share=share)
    fits = all(
        one.width >= LEAST_COLUMNS and one.height >= LEAST_ROWS
        for one in regions_of(new, region).values()
    )
    return (new, True) if fits else (node, False)


def _parts(node: Split[T], region: Region) -> tuple[Region, Region]:
    x, y, width, height = region
    if node.axis is Axis.ROW:
        room = max(width - _BETWEEN, 0)
        first = round(room * node.share)
        return Region(x, y, first, height), Region(x + first + _BETWEEN, y, room - first, height)
    first = round(height * node.share)
    return Region(x, y, width, first), Region(x, y + first, width, height - first)


def _exchange(node: Node[T], old: T, new: Node[T]) -> Node[T]:
    if isinstance(node, Split):
        return replace(
            node,
            first=_exchange(node.first, old, new),
            second=_exchange(node.second, old, new),
        )
    return new if node is old else node
