"""What is seen as one character as one cell: mode 2027.

With the mode on, a grapheme cluster (UAX 29) takes one place: as wide as its
characters are together, at most two columns, and two where a variation selector
makes an emoji of its first character. Widths never shrink as a cluster grows,
so that it does not matter where output is cut.

What the host gets for such a cell are characters that take the same columns in
every terminal: the first emoji of several that are joined, the letters of a
flag. The text stays whole for search and copies.
"""

import itertools
from functools import lru_cache

from wcwidth import iter_graphemes, wcswidth

from .cells import (
    DROPPED,
    JOINING,
    MAX_CLUSTER_LENGTH,
    NARROW,
    WIDE,
    WIDE_TAIL,
    Clusters,
    character_width,
)

_EMOJI_SELECTOR = "\ufe0f"
_FIRST_INDICATOR, _LAST_INDICATOR = 0x1F1E6, 0x1F1FF
_LOOKED_AT = 32
"""Characters that are looked at to find the end of a cluster."""


def joined(before: str, text: str) -> str:
    """Return what of a text belongs to the cluster before it.

    Args:
        before: The text of one cell.
        text: What is drawn behind it.
    """
    if before.isascii() and character_width(text[0]):
        return ""
    ahead = text[:_LOOKED_AT]
    first = next(iter_graphemes(before + ahead))
    return first[len(before) :]


@lru_cache(maxsize=4096)
def grapheme_width(text: str) -> int:
    """Return the columns of one cluster: 0, 1 or 2."""
    for first, second in itertools.pairwise(text):
        if second == _EMOJI_SELECTOR and wcswidth(first + second) == 2:
            return 2
    return min(sum(map(character_width, text)), 2)


def grapheme_cell(clusters: Clusters, text: str, least: int = 0) -> str:
    """Return the cells of one cluster: one, or one and `WIDE_TAIL`.

    Args:
        clusters: The table.
        text: The cluster, which is not without width.
        least: Columns that it takes at least.
    """
    text = "".join(one for one in text if one not in DROPPED)[:MAX_CLUSTER_LENGTH]
    width = max(grapheme_width(text), least)
    if len(text) == 1 and width == character_width(text):
        cell = clusters.to_cells(text)[1]
        return cell or " "
    cell = clusters.stand_in(text, _shown(text, width))
    return cell + WIDE_TAIL if width == 2 else cell


def graphemes_to_cells(clusters: Clusters, text: str) -> tuple[str, str]:
    """Split a text into marks for the cell before it, and its own cells, by cluster.

    Args:
        clusters: The table.
        text: Printable text without control characters.
    """
    if WIDE.fullmatch(text):
        return "", WIDE_TAIL.join(text) + WIDE_TAIL if text else ""
    marks = ""
    cells: list[str] = []
    for cluster in iter_graphemes(text):
        if NARROW.fullmatch(cluster):
            cells.append(cluster)
        elif grapheme_width(cluster):
            cells.append(grapheme_cell(clusters, cluster))
        else:
            kept = "".join(one for one in cluster[:MAX_CLUSTER_LENGTH] if one not in DROPPED)
            if not kept:
                continue
            if cells:
                last = cells.pop()
                cells.append(clusters.extend(last[0], kept) + last[1:])
            else:
                marks = (marks + kept)[:MAX_CLUSTER_LENGTH]
    return marks, "".join(cells)


def _shown(text: str, width: int) -> str:
    """Return what takes exactly some columns in every terminal."""
    letters = [
        chr(ord(one) - _FIRST_INDICATOR + ord("A"))
        for one in text
        if _FIRST_INDICATOR <= ord(one) <= _LAST_INDICATOR
    ]
    shown, used = "", 0
    for one in letters if len(letters) == 2 else JOINING.sub("", text):
        columns = character_width(one)
        if used + columns > width:
            break
        shown += one
        used += columns
    return shown + " " * (width - used)
