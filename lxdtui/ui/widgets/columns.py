"""Which columns the container list has at a width, and how wide each is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lxdtui.model.instance import InstanceType
from lxdtui.store.select import InstanceRow, SortKey
from lxdtui.ui.format.text import cell_width, safe_text

__all__ = ["GUTTER", "Column", "ColumnId", "Facts", "Layout", "Placed", "arrange"]

GUTTER = 4
"""Cells before the name: cursor or mark, blank, glyph, blank."""
_MARGIN = 1
_NAME_LEAST = 14
_NAME_WANTED = 24


class ColumnId(StrEnum):
    """The columns, in the order in which they stand."""

    NAME = "name"
    STATUS = "status"
    CPU = "cpu"
    CPU_GRAPH = "cpu graph"
    MEMORY = "memory"
    MEMORY_GAUGE = "memory gauge"
    IPV4 = "ipv4"
    IPV6 = "ipv6"
    PROCESSES = "processes"
    SNAPSHOTS = "snapshots"
    PROJECT = "project"
    REMOTE = "remote"
    LOCATION = "location"
    TYPE = "type"
    UP = "up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column."""

    id: ColumnId
    title: str
    width: int
    is_right: bool = False
    """Whether its cells and its header stand at the right."""
    before: int = 2
    """Blanks before it."""
    sort_key: SortKey | None = None
    """What a click on its header sorts by."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A column at its place."""

    column: Column
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """All columns of the list at one width."""

    width: int
    placed: tuple[Placed, ...]

    def place_of(self, column: ColumnId) -> Placed | None:
        """Return where a column stands, or ``None`` where it has left."""
        return next((placed for placed in self.placed if placed.column.id is column), None)

    def at(self, x: int) -> Column | None:
        """Return the column at a cell, its blanks before included."""
        for placed in self.placed:
            if placed.x - placed.column.before <= x < placed.x + placed.width:
                return placed.column
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rows need; it only grows, so that columns do not jump."""

    name_width: int = 0
    ipv4_width: int = 0
    ipv6_width: int = 0
    project_width: int = 0
    remote_width: int = 0
    location_width: int = 0
    projects: frozenset[str] = frozenset()
    remotes: frozenset[str] = frozenset()
    has_machines: bool = False

    def with_rows(self, rows: Iterable[InstanceRow]) -> "Facts":
        """Return the facts of these rows and all before."""
        names, ipv4, ipv6 = [self.name_width], [self.ipv4_width], [self.ipv6_width]
        projects, remotes = [self.project_width], [self.remote_width]
        locations = [self.location_width]
        seen_projects, seen_remotes = set(self.projects), set(self.remotes)
        has_machines = self.has_machines
        for row in rows:
            ref = row.ref
            names.append(cell_width(safe_text(ref.name)))
            if ref.project not in seen_projects:
                seen_projects.add(ref.project)
                projects.append(cell_width(safe_text(ref.project)))
            if ref.remote not in seen_remotes:
                seen_remotes.add(ref.remote)
                remotes.append(cell_width(safe_text(ref.remote)))
            locations.append(len(row.instance.location))
            has_machines |= row.instance.type == InstanceType.VIRTUAL_MACHINE
            if row.usage is not None:
                ipv4.extend(len(found) for found in row.usage.state.addresses("inet")[:1])
                ipv6.extend(len(found) for found in row.usage.state.addresses("inet6")[:1])
        return Facts(
            name_width=max(names),
            ipv4_width=max(ipv4),
            ipv6_width=max(ipv6),
            project_width=max(projects),
            remote_width=max(remotes),
            location_width=max(locations),
            projects=frozenset(seen_projects),
            remotes=frozenset(seen_remotes),
            has_machines=has_machines,
        )


def arrange(width: int, facts: Facts) -> Layout:
    """Choose the columns for a width.

    The name takes what is left over. Columns leave by rank as width shrinks,
    but a narrow one may take the room that is too small for a better one;
    name, status and memory never leave.

    Args:
        width: Cells of a row.
        facts: What the rows need.
    """
    columns = _columns(facts)
    name_wanted = min(max(facts.name_width, _NAME_LEAST), _NAME_WANTED)
    chosen: set[ColumnId] = {ColumnId.STATUS, ColumnId.MEMORY}
    room = width - GUTTER - _MARGIN - sum(_room(columns[column]) for column in chosen)
    for rank, candidate in enumerate(_by_rank(facts)):
        # The first five matter more than a long name.
        least = _NAME_LEAST if rank < 5 else name_wanted
        if room - _room(columns[candidate]) >= least:
            chosen.add(candidate)
            room -= _room(columns[candidate])
    placed = [Placed(columns[ColumnId.NAME], GUTTER, max(room, 1))]
    x = GUTTER + placed[0].width
    for column_id in ColumnId:
        if column_id in chosen:
            column = columns[column_id]
            x += column.before
            placed.append(Placed(column, x, column.width))
            x += column.width
    return Layout(width, tuple(placed))


def _room(column: Column) -> int:
    return column.before + column.width


def _by_rank(facts: Facts) -> tuple[ColumnId, ...]:
    several: tuple[ColumnId, ...] = ()
    if len(facts.remotes) > 1:
        several += (ColumnId.REMOTE,)
    if len(facts.projects) > 1:
        several += (ColumnId.PROJECT,)
    cluster = (ColumnId.LOCATION,) if facts.location_width else ()
    machines = (ColumnId.TYPE,) if facts.has_machines else ()
    return (
        ColumnId.CPU,
        *several,
        ColumnId.IPV4,
        ColumnId.UP,
        ColumnId.SNAPSHOTS,
        ColumnId.CPU_GRAPH,
        ColumnId.MEMORY_GAUGE,
        *cluster,
        *machines,
        ColumnId.PROCESSES,
        ColumnId.IPV6,
    )


def _columns(facts: Facts) -> dict[ColumnId, Column]:
    columns = (
        Column(id=ColumnId.NAME, title="Name", width=_NAME_LEAST, sort_key=SortKey.NAME),
        Column(id=ColumnId.STATUS, title="Status", width=10, sort_key=SortKey.STATUS),
        Column(
            id=ColumnId.CPU, title="CPU", width=5, is_right=True, before=1, sort_key=SortKey.CPU
        ),
        Column(id=ColumnId.CPU_GRAPH, title="", width=9, before=1, sort_key=SortKey.CPU),
        Column(
            id=ColumnId.MEMORY,
            title="Memory",
            width=7,
            is_right=True,
            sort_key=SortKey.MEMORY,
        ),
        Column(id=ColumnId.MEMORY_GAUGE, title="", width=7, before=1, sort_key=SortKey.MEMORY),
        Column(
            id=ColumnId.IPV4,
            title="IPv4",
            width=min(max(facts.ipv4_width, 13), 15),
            sort_key=SortKey.IPV4,
        ),
        Column(id=ColumnId.IPV6, title="IPv6", width=min(max(facts.ipv6_width, 14), 39)),
        Column(
            id=ColumnId.PROCESSES,
            title="Procs",
            width=5,
            is_right=True,
            sort_key=SortKey.PROCESSES,
        ),
        Column(
            id=ColumnId.SNAPSHOTS,
            title="Snaps",
            width=5,
            is_right=True,
            sort_key=SortKey.SNAPSHOTS,
        ),
        Column(
            id=ColumnId.PROJECT,
            title="Project",
            width=min(max(facts.project_width, 7), 16),
            sort_key=SortKey.PROJECT,
        ),
        Column(id=ColumnId.REMOTE, title="Server", width=min(max(facts.remote_width, 6), 16)),
        Column(id=ColumnId.LOCATION, title="Location", width=min(max(facts.location_width, 8), 16)),
        Column(id=ColumnId.TYPE, title="Type", width=9),
        Column(id=ColumnId.UP, title="Up", width=6, is_right=True),
    )
    return {column.id: column for column in columns}
