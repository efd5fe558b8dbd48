"""How panes share their space."""

import random

from textual.geometry import Region

from lxdtui.ui.state.pane_tree import (
    LEAST_COLUMNS,
    LEAST_ROWS,
    Axis,
    Direction,
    Node,
    exchanged,
    moved,
    neighbour,
    panes_of,
    regions_of,
    split_at,
    without,
)

ROOM = Region(0, 0, 80, 21)


def three() -> Node[str]:
    """``a`` at the left, ``b`` over ``c`` at the right."""
    return split_at(split_at("a", "a", "b", Axis.ROW), "b", "c", Axis.COLUMN)


def test_halves_with_a_column_between() -> None:
    assert regions_of(three(), ROOM) == {
        "a": Region(0, 0, 40, 21),
        "b": Region(41, 0, 39, 10),
        "c": Region(41, 10, 39, 11),
    }


def test_a_closed_pane_leaves_its_space_to_the_neighbour() -> None:
    tree = without(three(), "a")
    assert tree is not None
    assert regions_of(tree, ROOM) == {"b": Region(0, 0, 80, 10), "c": Region(0, 10, 80, 11)}
    assert without("a", "a") is None
    assert panes_of(exchanged(three(), "b", "x")) == ("a", "x", "c")


def test_neighbours() -> None:
    regions = regions_of(three(), ROOM)
    assert neighbour(regions, "a", Direction.RIGHT) == "c"
    assert neighbour(regions, "c", Direction.UP) == "b"
    assert neighbour(regions, "b", Direction.LEFT) == "a"
    assert neighbour(regions, "a", Direction.UP) is None
    assert neighbour(regions, "c", Direction.DOWN) is None


def test_a_border_moves_as_far_as_there_is_room() -> None:
    tree = moved(three(), ROOM, "a", Direction.RIGHT, 5)
    assert regions_of(tree, ROOM)["a"].width == 45
    # Seen from the other side it is the same border.
    tree = moved(tree, ROOM, "c", Direction.LEFT, 5)
    assert regions_of(tree, ROOM)["a"].width == 40
    tree = moved(tree, ROOM, "c", Direction.UP, 2)
    assert regions_of(tree, ROOM)["b"].height == 8
    assert moved(tree, ROOM, "a", Direction.DOWN, 1) == tree
    assert moved(tree, ROOM, "a", Direction.RIGHT, 25) == tree


def test_whatever_is_done_the_panes_fill_the_room() -> None:
    chance = random.Random(7)
    for _ in range(50):
        tree: Node[int] = 0
        for new in range(1, 9):
            panes = panes_of(tree)
            tree = split_at(tree, chance.choice(panes), new, chance.choice(tuple(Axis)))
        room = Region(3, 1, chance.randrange(1, 200), chance.randrange(1, 60))
        for _ in range(20):
            tree = moved(tree, room, chance.randrange(9), chance.choice(tuple(Direction)), 3)
        regions = regions_of(tree, room)
        assert len(regions) == 9
        cells = [
            (x, y)
            for one in regions.values()
            for x in range(one.x, one.right)
            for y in range(one.y, one.bottom)
        ]
        assert len(cells) == len(set(cells))
        assert all(room.contains(x, y) for x, y in cells)


def test_the_least_size_is_kept() -> None:
    tree = three()
    for _ in range(40):
        tree = moved(tree, ROOM, "b", Direction.DOWN, 1)
        tree = moved(tree, ROOM, "b", Direction.LEFT, 1)
    regions = regions_of(tree, ROOM)
    assert regions["c"].height == LEAST_ROWS
    assert regions["a"].width == LEAST_COLUMNS
