"""Looking at files of any size: read in pieces, line by line from any place."""

from lxdtui.services.viewing.lines import FileLines, ViewLine, text_of
from lxdtui.services.viewing.paged import FileNews, PagedFile
from lxdtui.services.viewing.searching import Wanted, search, wanted_bytes, wanted_words
from lxdtui.services.viewing.window import BYTES_A_ROW, Target, ViewWindow, one_row, target_of

__all__ = [
    "BYTES_A_ROW",
    "FileLines",
    "FileNews",
    "PagedFile",
    "Target",
    "ViewLine",
    "ViewWindow",
    "Wanted",
    "one_row",
    "search",
    "target_of",
    "text_of",
    "wanted_bytes",
    "wanted_words",
]
