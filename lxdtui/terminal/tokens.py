"""Where one token of the input ends and the next begins.

Grammar: the state machine for DEC terminals (ECMA-48, Williams), with C1 controls
taken as their two-character forms, controls inside of sequences kept in them, and a
sequence or string that a new ESC, CAN or SUB cuts off given up.
"""

import re

_ESCAPE_FINAL = r"[0-OQ-WYZ\\`-jl-~]"
_MORE_STYLE = r"(?:\x1b\[[0-9;:]*+m|\x1b\(B)*+"
# Each kind begins with a fixed character, frequent ones first: that doubles the speed.
_SEQUENCE = r"\x1b(?:{})".format(
    "|".join(
        (
            rf"\[[0-9;:]*+(?:m{_MORE_STYLE}|[@-ln-~])",
            rf"\(B{_MORE_STYLE}",
            r"\[[0-?]*+[ -/]*+[@-~]",
            r"[\]k][^\x07\x18\x1a\x1b]*+(?:\x07|\x1b\\)?",
            r"[PX^_][^\x18\x1a\x1b]*+(?:\x1b\\)?",
            rf"[ -/]*{_ESCAPE_FINAL}",
            # Controls inside of a sequence, or no end to it.
            r"\[[\x00-\x17\x19\x1c-?\x7f]*[@-~]?",
            rf"[\x00-\x17\x19\x1c-/\x7f]*{_ESCAPE_FINAL}?",
        )
    )
)
# As alternatives of one character each, not as a set: only where every alternative
# begins with a fixed character does `re` look for those before it tries to match,
# which is three times as fast. It is faster again when they are a single range, and
# so without DEL, which hardly ever comes.
_CONTROLS = "|".join(
    f"\\x{code:02x}" for code in (8, *range(8), *range(9, 32)) if code not in {13, 27}
)
_TOKEN = re.compile(rf"({_SEQUENCE}|\r\n?|{_CONTROLS})")
_TOKEN_OR_DELETE = re.compile(rf"({_SEQUENCE}|\r\n?|{_CONTROLS}|\x7f)")
_DELETE = "\x7f"

UNFINISHED = re.compile(r"\x1b(?:[\x00-\x17\x19\x1c-/\x7f]*|\[[\x00-\x17\x19\x1c-?\x7f]*)\Z")
"""A sequence whose end is still to come."""
UNFINISHED_STRING = re.compile(r"\x1b(?:[\]k][^\x07\x18\x1a\x1b]*|[PX^_][^\x18\x1a\x1b]*)\Z")
"""A string whose end is still to come."""
STRING_END = {True: re.compile(r"[\x07\x18\x1a\x1b]"), False: re.compile(r"[\x18\x1a\x1b]")}
"""What ends a string, by whether it is one that BEL may end."""


def split(text: str) -> list[str]:
    """Return printable text and a sequence or control in turns, either of them often empty."""
    tokens = (_TOKEN_OR_DELETE if _DELETE in text else _TOKEN).split(text)
    tokens.append("")
    return tokens
