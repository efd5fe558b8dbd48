"""Which configuration keys are shown, and how a row and what is known of it are drawn. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from lxdtui.model.config_keys import KeyBook
from lxdtui.model.configuration import OWN_PREFIXES
from lxdtui.services.configuration import ConfigEntry, OriginKind
from lxdtui.ui.format.configuration import below_words, facts_of, one_line
from lxdtui.ui.format.secrets import is_secret
from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, gap, spread
from lxdtui.ui.widgets.row_table import TableColumn, TableRow

__all__ = ["COLUMNS", "View", "entries_in", "fact_lines", "matching", "table_row"]


class View(StrEnum):
    """Which keys are shown."""

    SET = "Set"
    """Those that a user or a profile set."""
    LOCAL = "Local"
    """Those that are set on the instance itself."""
    ALL = "All"
    """Every known one, with its default."""
    OWN = "Server's"
    """Those that the server and the image wrote."""


COLUMNS = (
    TableColumn(title="Key", most=38),
    TableColumn(title="Value", least=14),
    TableColumn(title="From", most=14),
    TableColumn(title="Change", most=8, rank=1),
)


def entries_in(view: View, entries: Sequence[ConfigEntry]) -> tuple[ConfigEntry, ...]:
    """Return the entries of a view."""

    def belongs(entry: ConfigEntry) -> bool:
        is_own = entry.key.startswith(OWN_PREFIXES)
        match view:
            case View.OWN:
                return is_own
            case View.ALL:
                return not is_own
            case View.LOCAL:
                return not is_own and entry.origin.kind is OriginKind.LOCAL
            case View.SET:
                return not is_own and entry.origin.kind is not OriginKind.DEFAULT

    return tuple(entry for entry in entries if belongs(entry))


def matching(
    words: str, entries: Sequence[ConfigEntry], *, reveals: bool
) -> tuple[ConfigEntry, ...]:
    """Return the entries with some words in key, value or origin; a hidden value has none."""
    wanted = words.casefold().split()

    def text(entry: ConfigEntry) -> str:
        value = "" if is_secret(entry.key) and not reveals else entry.value
        return f"{entry.key} {value} {entry.origin.words}".casefold()

    return tuple(entry for entry in entries if all(word in text(entry) for word in wanted))


def table_row(entry: ConfigEntry, book: KeyBook | None, *, reveals: bool) -> TableRow:
    """Draw an entry."""
    known = book.find(entry.key) if book else None
    value = one_line(entry.key, entry.value, reveals=reveals)
    match entry.origin.kind:
        case OriginKind.LOCAL:
            name, hue, origin = "$strong", "$fg", "$fg"
        case OriginKind.PROFILE:
            name, hue, origin = "$fg", "$fg", "$accent"
        case OriginKind.DEFAULT:
            name, hue, origin = "$muted", "$muted", "$muted"
    if entry.key.startswith(OWN_PREFIXES):
        name = hue = origin = "$muted"
    effect = ""
    if known is not None and known.is_live is not None:
        effect = "live" if known.is_live else "restart"
    return TableRow(
        id=entry.key,
        cells=(
            Piece(safe_text(entry.key), name),
            Piece(value, "$muted" if value == "hidden" else hue),
            Piece(safe_text(entry.origin.words), origin),
            Piece(effect, "$muted"),
        ),
    )


def fact_lines(
    entry: ConfigEntry | None, book: KeyBook | None, *, reveals: bool, width: int, glyphs: Glyphs
) -> tuple[tuple[Piece, ...], ...]:
    """Draw what is known of the key under the cursor, in three lines.

    Args:
        entry: The entry, or ``None`` without one.
        book: What is known of keys.
        reveals: Whether secrets are shown.
        width: Columns there are.
        glyphs: The characters to draw with.
    """
    if entry is None:
        return ((), (), ())
    known = book.find(entry.key) if book else None
    is_own = entry.key.startswith(OWN_PREFIXES)
    tells = known.tells if known else ""
    if not tells and is_own:
        tells = "written by the server or the image, not by you"
    key = cut(safe_text(entry.key), width, glyphs.cut)
    room = max(width - len(key) - 2, 0)
    first = (
        Piece(key, "$strong bold"),
        gap(2),
        Piece(cut(safe_text(tells), room, glyphs.cut), "$fg"),
    )
    facts = () if is_own and known is None else facts_of(known)
    second: list[Piece] = []
    for name, words in facts:
        second += [Piece(f"{name} ", "$muted"), Piece(safe_text(words), "$fg"), gap(3)]
    third = below_words(entry, reveals=reveals)
    return (
        first,
        spread(second, (), width),
        (Piece(cut(third[:1].upper() + third[1:], width, glyphs.cut), "$amber"),),
    )
