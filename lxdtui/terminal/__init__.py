"""A terminal emulator: bytes in, rows out; keys and mouse events into bytes.

Free of Textual, asyncio and input or output. `Emulator` is the way in.
"""

from .cells import cell_width
from .channel import Channel
from .emulator import Cursor, Emulator, History, Update
from .keys import encode_focus, encode_key, encode_paste
from .modes import CursorShape, Modes, MouseEncoding, MouseMode
from .mouse import MouseKind, MouseModifiers, encode_mouse
from .palette import ProgramColors
from .row import Row, Run
from .search import Match, Matcher, PatternMatcher
from .style import DEFAULT_STYLE, RGB, Color, Style, palette_color

__all__ = [
    "DEFAULT_STYLE",
    "RGB",
    "Channel",
    "Color",
    "Cursor",
    "CursorShape",
    "Emulator",
    "History",
    "Match",
    "Matcher",
    "Modes",
    "MouseEncoding",
    "MouseKind",
    "MouseMode",
    "MouseModifiers",
    "PatternMatcher",
    "ProgramColors",
    "Row",
    "Run",
    "Style",
    "Update",
    "cell_width",
    "encode_focus",
    "encode_key",
    "encode_mouse",
    "encode_paste",
    "palette_color",
]
