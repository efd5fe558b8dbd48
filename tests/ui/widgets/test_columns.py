from dataclasses import replace

import pytest

from lxdtui.store.select import SortKey
from lxdtui.ui.format.text import cell_width
from lxdtui.ui.state.rows import Rows
from lxdtui.ui.theme import ASCII, UNICODE, Glyphs
from lxdtui.ui.widgets.columns import ColumnId, Facts, arrange
from lxdtui.ui.widgets.pieces import width_of
from lxdtui.ui.widgets.row_pieces import RowLook, header_pieces, row_pieces
from tests.ui.fake import FakeFleet, production

FACTS = Facts().with_rows(Rows(production().store).shown)
HOSTILE = (
    "web\nrm -rf",
    "\x1b[2Jweb",
    "日本語のコンテナ名前がとても長い場合",
    "\u202eevil\u2066",
    "[red]web[/red]",
    "e\u0301\u0316\u0317\u0318",
    "👩‍👩‍👧‍👦 family",
)


def columns(width: int, facts: Facts = FACTS) -> list[ColumnId]:
    return [placed.column.id for placed in arrange(width, facts).placed]


def test_columns_leave_by_rank() -> None:
    assert columns(40) == [ColumnId.NAME, ColumnId.STATUS, ColumnId.MEMORY]
    assert ColumnId.CPU in columns(48)
    assert columns(80) == [
        ColumnId.NAME,
        ColumnId.STATUS,
        ColumnId.CPU,
        ColumnId.MEMORY,
        ColumnId.IPV4,
        ColumnId.SNAPSHOTS,
        ColumnId.UP,
    ]
    assert {ColumnId.CPU_GRAPH, ColumnId.MEMORY_GAUGE} <= set(columns(100))
    assert {ColumnId.PROCESSES, ColumnId.IPV6} <= set(columns(140))


def test_room_is_not_left_empty() -> None:
    for width in range(60, 120):
        name = arrange(width, FACTS).placed[0]
        assert name.width < 14 + 17, f"at {width} an address had room"


def test_columns_that_say_nothing_are_not_there() -> None:
    assert not {ColumnId.PROJECT, ColumnId.REMOTE, ColumnId.LOCATION, ColumnId.TYPE} & set(
        columns(250)
    )
    facts = replace(FACTS, projects=frozenset("ab"), location_width=8, has_machines=True)
    assert {ColumnId.PROJECT, ColumnId.LOCATION, ColumnId.TYPE} <= set(columns(250, facts))
    assert ColumnId.PROJECT in columns(80, facts)


def test_header_and_cells_are_aligned_alike() -> None:
    layout = arrange(140, FACTS)
    header = "".join(
        piece.text for piece in header_pieces(layout, SortKey.CPU, reverse=True, glyphs=UNICODE)
    )
    assert "CPU ↓" in header
    memory = layout.place_of(ColumnId.MEMORY)
    assert memory is not None
    assert header[memory.x + memory.width - 6 : memory.x + memory.width] == "Memory"
    status = layout.place_of(ColumnId.STATUS)
    assert status is not None
    assert header[status.x : status.x + 6] == "Status"


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [40, 57, 80, 95, 140, 200])
def test_every_row_takes_exactly_its_width(width: int, glyphs: Glyphs) -> None:
    layout = arrange(width, FACTS)
    for row in Rows(production().store).shown:
        for look in (RowLook(), RowLook(is_cursor=True, problem="no space left", up="88 d")):
            assert width_of(row_pieces(row, layout, look, glyphs)) == width


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_keep_the_columns(name: str) -> None:
    fleet = FakeFleet()
    fleet.live([fleet.instance(name)])
    (row,) = Rows(fleet.store).shown
    layout = arrange(80, Facts().with_rows([row]))
    pieces = row_pieces(row, layout, RowLook(), UNICODE)
    text = "".join(piece.text for piece in pieces)
    assert width_of(pieces) == cell_width(text) == 80
    assert text.isprintable()
    status = layout.place_of(ColumnId.STATUS)
    assert status is not None
    assert cell_width(text[: text.index("running")]) == status.x
