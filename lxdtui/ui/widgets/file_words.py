"""What the foot of a pane of files says, and what stands where it has no rows. Pure."""

from lxdtui.model.files import FileKind
from lxdtui.ui.format.amounts import count, plural, size
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.state.file_rows import FileRows
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.file_bars import trouble_lines
from lxdtui.ui.widgets.pieces import Piece, gap

__all__ = ["pane_notes", "pane_placeholder", "pane_right"]

Line = tuple[Piece, ...]


def pane_notes(rows: FileRows, *, work: str, reading: str, glyphs: Glyphs) -> Line:
    """Return what the foot says at its left.

    Args:
        rows: The rows.
        work: What is under way, in words; empty for nothing.
        reading: The path that is being read, in words; empty for none.
        glyphs: The characters to draw with.
    """
    working = Piece(f"{glyphs.working[0]} ", "$accent")
    if work:
        return (
            working,
            Piece(work, "$fg"),
            Piece("  Esc", "$accent bold"),
            Piece(" ends it", "$muted"),
        )
    if reading:
        return (working, Piece(f"reading {reading}", "$muted"))
    if rows.view.words:
        return (Piece("/ ", "$accent bold"), Piece(safe_text(rows.view.words), "$strong"))
    others = len(rows.entries) - rows.folder_count
    words = f"{plural(rows.folder_count, 'folder')}, {plural(others, 'file')}"
    hidden = rows.hidden_count
    return (Piece(f"{words}, {count(hidden)} hidden" if hidden else words, "$muted"),)


def pane_right(rows: FileRows, cursor: int) -> Line:
    """Return what the foot says at its right end: marks and position.

    Args:
        rows: The rows.
        cursor: Position of the cursor, from 0.
    """
    marked = rows.marked
    pieces: list[Piece] = []
    if marked:
        total = sum(one.attributes.size or 0 for one in marked if one.kind is FileKind.FILE)
        pieces += [Piece(f"{count(len(marked))} marked, {size(total)}", "$accent"), gap(2)]
    if rows.shown:
        pieces.append(Piece(f"{count(cursor + 1)}/{count(len(rows.shown))}", "$muted"))
    return tuple(pieces)


def pane_placeholder(
    rows: FileRows, *, is_known: bool, failure: tuple[str, str] | None, glyphs: Glyphs
) -> tuple[Line, ...]:
    """Return the lines that stand below the rows where there are none.

    Args:
        rows: The rows.
        is_known: Whether any folder was read yet.
        failure: What was tried, and why it failed.
        glyphs: The characters to draw with.
    """
    if not is_known:
        if failure is not None:
            return trouble_lines(*failure, glyphs)
        working = Piece(glyphs.working[0], "$accent")
        return ((gap(2), working, Piece(" reading the folder", "$muted")),)
    if rows.view.words and not rows.shown:
        words = safe_text(rows.view.words.strip())
        nothing = Piece(f"Nothing matches `{words}`.", "$fg")
        return ((gap(4), nothing), (gap(2), *_key("Esc", "clears")))
    if not rows.entries:
        return ((gap(4), Piece("This folder is empty.", "$muted")),)
    if rows.hidden_count == len(rows.entries):
        return ((gap(4), Piece("All is hidden.", "$muted"), *_key(".", "shows it")),)
    return ()


def _key(key: str, words: str) -> tuple[Piece, Piece, Piece]:
    return gap(2), Piece(key, "$accent bold"), Piece(f" {words}", "$muted")
