"""Regular expressions tried beside everything else, and given up when one takes too long.

With several repeats beside each other, as in ``(a*)*b``, the time grows without
a bound that anybody would wait for, and nothing can stop `re` in the middle. So
it works in a process of its own, which is ended when it took too much of the
processor's time, or when nobody waits for it any more; the next one begins anew.
"""

import asyncio
import contextlib
import signal
import struct
import subprocess
import sys
import threading
from array import array
from collections.abc import Sequence
from pathlib import Path

from lxdtui.errors import TextNotUnderstood
from lxdtui.services.expressions import child

__all__ = ["LONGEST_TRY", "Expressions"]

LONGEST_TRY = 2.0
"""Seconds of the processor for one request."""
_GRACE = 0.1
"""Seconds in which a request is brought to its end although nobody waits for it any more."""
_PROGRAM = str(Path(child.__file__))


class Expressions:
    """Finds and replaces by regular expressions. Nothing runs before the first call.

    Args:
        seconds: Seconds of the processor for one request.
    """

    def __init__(self, *, seconds: float = LONGEST_TRY) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._sent: str | bytes | None = None
        self._is_left = False

    async def spans(
        self, words: str | bytes, texts: Sequence[str | bytes], *, flags: int, limit: int
    ) -> list[list[tuple[int, int]]]:
        """Find all places that are not empty.

        Args:
            words: The expression; bytes where the texts are.
            texts: What is searched, each for itself.
            flags: Those of `re`.
            limit: How many places in each at the most.

        Returns:
            The places in each text.

        Raises:
            TextNotUnderstood: It is no regular expression, or takes too long.
        """
        if not texts:
            return []
        answer = await self._answer(words, texts, flags=flags, limit=limit)
        found: list[list[tuple[int, int]]] = []
        at = 0
        for _ in texts:
            (count,) = child.SIZE.unpack_from(answer, at)
            at += child.SIZE.size
            places = array("Q", answer[at : at + 8 * count])
            at += 8 * count
            found.append(list(zip(places[::2], places[1::2], strict=True)))
        return found

    async def last_span(
        self, words: str | bytes, text: str | bytes, *, flags: int, before: int
    ) -> tuple[int, int] | None:
        """Find the last place that is not empty and begins before another one.

        Args:
            words: The expression; bytes where the text is.
            text: What is searched.
            flags: Those of `re`.
            before: The character, or the byte, before which it begins.

        Raises:
            TextNotUnderstood: It is no regular expression, or takes too long.
        """
        answer = await self._answer(words, (text,), flags=flags, limit=0, start=before)
        places = array("Q", answer[child.SIZE.size :])
        return (places[0], places[1]) if places else None

    async def replaced(
        self, words: str, text: str, new: str, *, flags: int, start: int, count: int
    ) -> tuple[str, int]:
        r"""Replace some places that are not empty.

        Args:
            words: The expression.
            text: The text.
            new: What comes in the place of each; ``\1`` stands for the first group.
            flags: Those of `re`.
            start: Where the first of them begins.
            count: How many.

        Returns:
            What stands from there on to the end of the last of them, and where that ended.

        Raises:
            TextNotUnderstood: It is no regular expression, takes too long, or
                the new text names a group that there is not.
        """
        answer = await self._answer(
            words, (text,), flags=flags, limit=count, start=start, new=_raw(new)
        )
        (end,) = child.SIZE.unpack_from(answer)
        return answer[child.SIZE.size :].decode("utf-8", "surrogatepass"), end

    def close(self) -> None:
        """End the process. It is started anew where something is looked for once more."""
        process, self._process, self._sent = self._process, None, None
        if process is not None:
            _end(process)

    async def _answer(
        self,
        words: str | bytes,
        texts: Sequence[str | bytes],
        *,
        flags: int,
        limit: int,
        start: int = 0,
        new: bytes | None = None,
    ) -> bytes:
        if isinstance(words, bytes):
            flags |= child.IS_BYTES
        raw = _raw(words)
        async with self._turn:
            self._is_left = False
            head = child.REQUEST.pack(
                new is not None,
                flags,
                len(raw),
                len(new or b""),
                start,
                limit,
                len(texts),
                self._seconds,
            )
            work = asyncio.ensure_future(
                asyncio.to_thread(self._ask, head + raw + (new or b""), texts)
            )
            try:
                is_understood, answer = await asyncio.shield(work)
            except asyncio.CancelledError:
                try:
                    # Most are done before a new process would be there.
                    await asyncio.wait((work,), timeout=_GRACE)
                finally:
                    self._is_left = True
                    # What it still says is for nobody.
                    work.add_done_callback(_heard)
                    if not work.done() and self._process is not None:
                        self._process.kill()
                await asyncio.wait((work,))
                raise
        if not is_understood:
            raise TextNotUnderstood(answer.decode("utf-8", "replace"))
        return answer

    # In a thread; one at a time.

    def _ask(self, request: bytes, texts: Sequence[str | bytes]) -> tuple[bool, bytes]:
        with self._asking:
            return self._ask_process(request, texts)

    def _ask_process(self, request: bytes, texts: Sequence[str | bytes]) -> tuple[bool, bytes]:
        if self._process is None:
            self._process = _started()
            self._sent = None
        process = self._process
        if self._is_left:
            process.kill()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(request)
            for text in texts:
                if text is self._sent:
                    process.stdin.write(child.SIZE.pack(child.AGAIN))
                    continue
                raw = _raw(text)
                process.stdin.write(child.SIZE.pack(len(raw)))
                process.stdin.write(raw)
                self._sent = text
            process.stdin.flush()
            head = process.stdout.read(child.ANSWER.size)
            is_understood, size = child.ANSWER.unpack(head)
            answer = process.stdout.read(size)
            if len(answer) == size:
                return is_understood, answer
        except (OSError, ValueError, struct.error):
            # It ended in the middle.
            pass
        self.close()
        if process.returncode == -signal.SIGVTALRM:
            raise TextNotUnderstood("it takes too long")
        raise TextNotUnderstood("what looks for it ended by itself")


def _heard(work: asyncio.Future[tuple[bool, bytes]]) -> None:
    if not work.cancelled():
        work.exception()


def _raw(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _started() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-I", "-S", _PROGRAM]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        words = f"the process that looks for it cannot be started: {error.strerror}"
        raise TextNotUnderstood(words) from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and give back what it held."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()
