"""Which columns a pane of files has at a width, and the pieces of its rows. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxdtui.model.files import FileEntry, FileKind
from lxdtui.services.files import Owners
from lxdtui.ui.format.files import entry_glyph, is_unfinished, mode_text, name_text, size_text
from lxdtui.ui.format.text import cell_width, cut_middle, pad_left, pad_right
from lxdtui.ui.format.times import age_since
from lxdtui.ui.state.file_rows import FileSort, is_up
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, gap

__all__ = ["FileColumn", "FileLayout", "RowLook", "arrange_files", "file_header", "file_pieces"]

_GUTTER = 4
"""Cells before the name: cursor or mark, blank, glyph, blank."""
_MARGIN = 1
_UNFINISHED = "  unfinished"
_BETWEEN = 2
_NAME_LEAST = 12
_NAME_GOOD = 24
_OWNER_WIDEST = 18


class FileColumn(StrEnum):
    """The columns beside the name, in the order in which they stand."""

    SIZE = "Size"
    CHANGED = "Changed"
    MODE = "Mode"
    OWNER = "Owner"


_WIDTHS = {FileColumn.SIZE: 8, FileColumn.CHANGED: 7, FileColumn.MODE: 9}
_SORTS = {FileColumn.SIZE: FileSort.SIZE, FileColumn.CHANGED: FileSort.CHANGED}


@dataclass(frozen=True, slots=True)
class FileLayout:
    """The columns of a pane at one width."""

    width: int
    name: int
    """Cells of the name, and of what a link leads to."""
    columns: tuple[tuple[FileColumn, int], ...]
    """The others and their widths."""

    def sort_at(self, x: int) -> FileSort:
        """Return what a click on the header at a cell sorts by."""
        at = _GUTTER + self.name
        for column, width in self.columns:
            if at <= x < at + _BETWEEN + width:
                return _SORTS.get(column, FileSort.NAME)
            at += _BETWEEN + width
        return FileSort.NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLook:
    """How a row is drawn, besides its entry."""

    has_cursor: bool = False
    """Whether it has the cursor of the focused pane."""
    is_marked: bool = False
    is_old: bool = False
    """Whether it is not known to be so any more."""
    age: str = ""


def arrange_files(width: int, owner_width: int) -> FileLayout:
    """Choose the columns for a width; they leave by rank, the size last.

    Args:
        width: Cells of a row.
        owner_width: Cells that the longest owner takes.
    """
    room = width - _GUTTER - _MARGIN
    columns: list[tuple[FileColumn, int]] = []
    widths = {**_WIDTHS, FileColumn.OWNER: max(min(owner_width, _OWNER_WIDEST), 5)}
    for column in FileColumn:
        least = _NAME_LEAST if column in _SORTS else _NAME_GOOD
        if room - _BETWEEN - widths[column] < least:
            break
        columns.append((column, widths[column]))
        room -= _BETWEEN + widths[column]
    return FileLayout(width, max(room, 1), tuple(columns))


def owner_text(entry: FileEntry, owners: Owners) -> str:
    """Write owner and group: ``root``, or ``www-data:adm`` where they differ."""
    user = owners.user(entry.attributes.uid)
    group = owners.group(entry.attributes.gid)
    return name_text(user if user == group or not group else f"{user}:{group}")


def owner_width(entries: Iterable[FileEntry], owners: Owners) -> int:
    """Return the cells that the longest owner takes."""
    pairs = {(entry.attributes.uid, entry.attributes.gid): entry for entry in entries}
    return max((cell_width(owner_text(entry, owners)) for entry in pairs.values()), default=0)


def age_text(entry: FileEntry, now: datetime) -> str:
    """Write how long ago an entry was changed."""
    return age_since(entry.attributes.modified, now)


def file_header(
    layout: FileLayout, sort: FileSort, *, reverse: bool, glyphs: Glyphs
) -> tuple[Piece, ...]:
    """Return the pieces of the line of titles.

    Args:
        layout: The columns.
        sort: What the rows are sorted by.
        reverse: Whether the other way round than usual.
        glyphs: The characters to draw with.
    """
    goes_down = (sort in _SORTS.values()) != reverse
    arrow = glyphs.descending if goes_down else glyphs.ascending
    pieces = [gap(_GUTTER)]
    by_name = sort not in _SORTS.values()
    title = "Extension" if sort is FileSort.EXTENSION else "Name"
    pieces += [
        Piece(title, "$strong bold" if by_name else "$muted"),
        Piece(f" {arrow}" if by_name else "  ", "$accent"),
        gap(layout.name - len(title) - 2),
    ]
    for column, width in layout.columns:
        is_sorted = _SORTS.get(column) is sort
        words = f"{column} {arrow}" if is_sorted else str(column)
        pieces.append(
            gap(_BETWEEN + width - len(words)) if column is not FileColumn.OWNER else gap(_BETWEEN)
        )
        pieces.append(Piece(str(column), "$strong bold" if is_sorted else "$muted"))
        if is_sorted:
            pieces.append(Piece(f" {arrow}", "$accent"))
        elif column is FileColumn.OWNER:
            pieces.append(gap(width - len(words)))
    return tuple(pieces)


def file_pieces(
    entry: FileEntry, layout: FileLayout, look: RowLook, owners: Owners, glyphs: Glyphs
) -> tuple[Piece, ...]:
    """Return the pieces of a row.

    Args:
        entry: What it shows.
        layout: The columns.
        look: How it is drawn.
        owners: Names of users and groups.
        glyphs: The characters to draw with.
    """
    first = Piece(" ")
    if look.has_cursor:
        first = Piece(glyphs.cursor, "$accent")
    elif look.is_marked:
        first = Piece(glyphs.marked, "$accent")
    glyph = entry_glyph(entry, folder=glyphs.folder, link=glyphs.link)
    pieces = [first, gap(1), Piece(glyph, _hue_of_glyph(entry, look)), gap(1)]
    pieces += _name_pieces(entry, layout.name, look, glyphs)
    for column, width in layout.columns:
        pieces.append(gap(_BETWEEN))
        pieces.append(_cell(column, entry, width, look, owners, glyphs))
    pieces.append(gap(_MARGIN))
    return tuple(pieces)


def _cell(
    column: FileColumn,
    entry: FileEntry,
    width: int,
    look: RowLook,
    owners: Owners,
    glyphs: Glyphs,
) -> Piece:
    if is_up(entry):
        return gap(width)
    match column:
        case FileColumn.SIZE:
            hue = "$muted" if look.is_old else "$fg"
            return Piece(pad_left(size_text(entry), width, glyphs.cut), hue)
        case FileColumn.CHANGED:
            return Piece(pad_left(look.age, width, glyphs.cut), "$muted")
        case FileColumn.MODE:
            return Piece(pad_left(mode_text(entry.attributes), width, glyphs.cut), "$muted")
        case FileColumn.OWNER:
            return Piece(pad_right(owner_text(entry, owners), width, glyphs.cut), "$muted")


def _name_pieces(entry: FileEntry, width: int, look: RowLook, glyphs: Glyphs) -> tuple[Piece, ...]:
    name = name_text(entry.name)
    if entry.kind is FileKind.DIRECTORY and not is_up(entry):
        name += "/"
    hue = "$fg"
    if look.is_old or is_unfinished(entry):
        hue = "$muted"
    elif look.is_marked:
        hue = "$accent bold"
    elif entry.is_directory:
        hue = "$strong bold"
    if is_unfinished(entry) and width >= 2 * len(_UNFINISHED):
        # Of a copy that is under way, or of one that was broken off.
        name = cut_middle(name, width - len(_UNFINISHED), glyphs.cut)
        rest = width - cell_width(name) - len(_UNFINISHED)
        return (Piece(name, "$muted"), gap(rest), Piece(_UNFINISHED, "$amber"))
    name = cut_middle(name, width, glyphs.cut)
    left = width - cell_width(name)
    arrow = f" {glyphs.leads_to} "
    if entry.target is None or left < len(arrow) + 4:
        return (Piece(name, hue), gap(left))
    target = cut_middle(name_text(entry.target), left - len(arrow), glyphs.cut)
    # A link that leads nowhere is worth a look.
    leads = "$muted" if entry.target_kind is not None or look.is_old else "$amber"
    rest = left - len(arrow) - cell_width(target)
    return (Piece(name, hue), Piece(arrow, "$faint"), Piece(target, leads), gap(rest))


def _hue_of_glyph(entry: FileEntry, look: RowLook) -> str:
    if look.is_old:
        return "$muted"
    return "$accent" if entry.kind is FileKind.DIRECTORY else "$muted"
