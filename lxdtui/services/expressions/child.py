"""The program of the process in which expressions are tried; knows nothing of lxdtui.

It reads requests from its input and writes one answer to each. Nothing can stop
`re` in the middle, so the system ends this process when a request took more of
the processor's time than it may (``SIGVTALRM``).
"""

import re
import resource
import signal
import struct
import sys
from array import array
from collections import deque
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import AnyStr, BinaryIO

__all__ = ["AGAIN", "ANSWER", "IS_BYTES", "REQUEST", "SIZE", "run"]

REQUEST = struct.Struct("<?IQQQQQd")
"""Is a replacement, flags of `re`, bytes of the expression, bytes of the new text, where to
begin, places at most, number of texts, seconds. Expression, new text and texts follow. Where
no place is wanted, it is the last one that begins before where to begin."""
SIZE = struct.Struct("<Q")
"""Before each text: how many bytes it has."""
AGAIN = 2**64 - 1
"""In the place of that: it is the one of before."""
ANSWER = struct.Struct("<?Q")
"""Whether it was understood, and how many bytes follow."""
IS_BYTES = 1 << 31
"""Among the flags: bytes are searched, not characters."""
_MEMORY = 4 << 30


def run(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until there are no more."""
    last = b""
    last_text: str | None = None
    while head := source.read(REQUEST.size):
        is_replacement, flags, size, new_size, start, limit, count, seconds = REQUEST.unpack(head)
        words, new = source.read(size), source.read(new_size)
        contents: list[bytes] = []
        for _ in range(count):
            (text_size,) = SIZE.unpack(source.read(SIZE.size))
            if text_size != AGAIN:
                last, last_text = source.read(text_size), None
            contents.append(last)
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        try:
            if flags & IS_BYTES:
                answer = _spans(re.compile(words, flags & ~IS_BYTES), contents, limit, start)
            else:
                if count == 1:
                    # The same text is searched again at each key.
                    last_text = _text(last) if last_text is None else last_text
                    texts = [last_text]
                else:
                    texts = [_text(content) for content in contents]
                compiled = re.compile(_text(words), flags)
                if is_replacement:
                    answer = _replaced(compiled, texts[0], _text(new), start, limit)
                else:
                    answer = _spans(compiled, texts, limit, start)
            is_understood = True
        except (re.error, IndexError, OverflowError, RecursionError, MemoryError) as error:
            is_understood = False
            reason = error.msg if isinstance(error, re.error) else str(error)
            answer = (reason or "it needs too much memory").encode("utf-8", "replace")
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        sink.write(ANSWER.pack(is_understood, len(answer)) + answer)
        sink.flush()


def _spans(compiled: re.Pattern[AnyStr], texts: list[AnyStr], limit: int, before: int) -> bytes:
    """Return the places that are not empty in each text, after their number."""
    parts: list[bytes] = []
    for text in texts:
        found = array("Q")
        if limit:
            for match in islice(_matches(compiled, text, 0), limit):
                found.extend(match.span())
        else:
            earlier = takewhile(lambda match: match.start() < before, _matches(compiled, text, 0))
            for match in deque(earlier, maxlen=1):
                found.extend(match.span())
        parts += (SIZE.pack(len(found)), found.tobytes())
    return b"".join(parts)


def _replaced(compiled: re.Pattern[str], text: str, new: str, start: int, count: int) -> bytes:
    """Return what stands from a place on to the end of the last of some places, replaced.

    That end stands before it.
    """
    parts: list[str] = []
    at = start
    for match in islice(_matches(compiled, text, start), count):
        parts += (text[at : match.start()], match.expand(new))
        at = match.end()
    return SIZE.pack(at) + "".join(parts).encode("utf-8", "surrogatepass")


def _matches(compiled: re.Pattern[AnyStr], text: AnyStr, start: int) -> Iterator[re.Match[AnyStr]]:
    return (match for match in compiled.finditer(text, start) if match.end() > match.start())


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogatepass")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    # Whoever ends the program with Ctrl+C ends this by closing its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run(sys.stdin.buffer, sys.stdout.buffer)
