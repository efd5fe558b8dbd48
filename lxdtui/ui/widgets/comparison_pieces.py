"""Rows of a comparison, and what it says of itself in words. Pure."""

from collections import Counter
from collections.abc import Sequence

from lxdtui.errors import LxdTuiError
from lxdtui.model.files import FileAttributes, FileKind
from lxdtui.services.snapshots.differences import Change, Comparison, Difference, unlike_words
from lxdtui.ui.format.amounts import count, plural, size
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.format.times import day_and_minute
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.marked_table import TableColumn, TableRow
from lxdtui.ui.widgets.pieces import Piece, gap

__all__ = [
    "COLUMNS",
    "HUES",
    "SIGNS",
    "difference_row",
    "matching",
    "placeholder",
    "summary_pieces",
]

COLUMNS = (
    TableColumn(id="path", title="Path", width=24),
    TableColumn(id="change", title="Change", width=10),
    TableColumn(id="old", title="Before", width=8, is_right=True, rank=1),
    TableColumn(id="new", title="After", width=8, is_right=True, rank=1),
    TableColumn(id="what", title="What", width=26, rank=3),
    TableColumn(id="changed", title="Last changed", width=16, rank=2),
)
SIGNS = {
    Change.ADDED: "+",
    Change.CHANGED: "~",
    Change.ATTRIBUTES: "=",
    Change.DELETED: "-",
    Change.UNREADABLE: "?",
}
"""What stands before the path."""
HUES = {
    Change.ADDED: "$green",
    Change.CHANGED: "$amber",
    Change.ATTRIBUTES: "$cyan",
    Change.DELETED: "$red",
    Change.UNREADABLE: "$red",
}
"""Roles of their colours."""


def difference_row(difference: Difference) -> TableRow:
    """Return the row of a difference."""
    old, new = difference.old, difference.new
    newest = new or old
    hue = HUES[difference.change]
    return TableRow(
        key=difference.path,
        glyph=Piece(SIGNS[difference.change], f"{hue} bold"),
        cells={
            "path": Piece(safe_text(difference.path), "$strong"),
            "change": Piece(str(difference.change), hue),
            "old": Piece(_size(old), "$fg"),
            "new": Piece(_size(new), "$fg"),
            "what": Piece(safe_text(unlike_words(difference)), "$muted"),
            "changed": Piece(day_and_minute(newest.modified) if newest else "", "$muted"),
        },
    )


def _size(attributes: FileAttributes | None) -> str:
    """Return the size of a file; that of a directory means nothing."""
    if attributes is None or attributes.kind is not FileKind.FILE or attributes.size is None:
        return ""
    return size(attributes.size)


def matching(
    differences: Sequence[Difference], words: str, change: Change | None
) -> list[Difference]:
    """Return the differences that pass a filter.

    Args:
        differences: All of them.
        words: Words that must stand in the path.
        change: The only kind, or ``None`` for all.
    """
    wanted = words.casefold().split()
    return [
        one
        for one in differences
        if (change is None or one.change is change)
        and all(word in one.path.casefold() for word in wanted)
    ]


def summary_pieces(
    comparison: Comparison, chosen: Change | None, *, glyphs: Glyphs
) -> tuple[Piece, ...]:
    """Return how many differences there are of each kind, and what was looked at.

    Args:
        comparison: What was found.
        chosen: The only kind that is shown.
        glyphs: The characters to draw with.
    """
    counts = Counter(one.change for one in comparison.differences)
    pieces: list[Piece] = [Piece(" ", "")]
    for change in Change:
        if not counts[change] and change is not chosen:
            continue
        style = "$accent underline" if change is chosen else "$muted"
        pieces += [
            Piece(f"{SIGNS[change]} ", f"{HUES[change]} bold"),
            Piece(f"{count(counts[change])} ", "$strong bold"),
            Piece(str(change), style),
            Piece("  ", ""),
        ]
    if not counts:
        pieces.append(Piece(f"{glyphs.done} no difference  ", "$green"))
    words = f"in {plural(comparison.entries, 'entry', 'entries')}"
    if comparison.more:
        words += f", {count(comparison.more)} more are not shown"
    if comparison.left_out:
        paths = ", ".join(safe_text(path) for path in comparison.left_out[:6])
        words += f"; not compared: {paths}"
        if len(comparison.left_out) > 6:
            words += f" and {len(comparison.left_out) - 6} more mounts"
    pieces.append(Piece(words, "$muted"))
    return tuple(pieces)


def placeholder(
    comparison: Comparison | None,
    labels: tuple[str, str],
    *,
    error: LxdTuiError | None,
    glyphs: Glyphs,
) -> tuple[tuple[Piece, ...], ...]:
    """Return what stands where there are no rows.

    Args:
        comparison: What was found; ``None`` before the end.
        labels: What the sides are.
        error: Why it failed.
        glyphs: The characters to draw with.
    """
    old, new = (safe_text(label) for label in labels)
    if error is not None:
        tried = safe_text(getattr(error, "tried", "compare them"))
        reason = safe_text(getattr(error, "server_text", "") or error.message)
        return (
            (gap(2), Piece(f"{glyphs.error} ", "$red"), Piece(f"Cannot {tried}", "$strong")),
            (gap(4), Piece(reason, "$fg")),
            (gap(4), Piece("Ctrl-R", "$accent bold"), Piece(" tries again", "$muted")),
        )
    if comparison is None:
        return (
            (gap(4), Piece(f"Comparing the files of {old} and {new}.", "$fg")),
            (gap(4), Piece("Esc", "$accent bold"), Piece(" ends it", "$muted")),
        )
    if not comparison.differences:
        return ((gap(4), Piece(f"No file is different between {old} and {new}.", "$fg")),)
    nothing = Piece("Nothing matches the filter.", "$fg")
    return ((gap(4), nothing, gap(2), Piece("Esc", "$accent bold"), Piece(" clears", "$muted")),)
