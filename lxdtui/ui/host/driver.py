"""The host's keyboard: escape without a wait, and Alt kept on every key.

Textual waits 100 ms after a lone escape, up to 200 with its polling, because an
escape also begins the sequences of other keys. Inside a shell that is felt in
every editor. It also drops Alt from all keys but letters on hosts without the
kitty protocol, and takes Alt+B and Alt+F for other keys.
"""

import codecs
import contextlib
import os
import selectors
import signal
import sys
from collections.abc import Iterable
from functools import partial
from typing import Any, Self

from textual import constants, events
from textual._parser import Read1
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from lxdtui.ui.host.output import HostOutput

__all__ = ["ESCAPE_SECONDS", "KeyParser", "ShellDriver"]

ESCAPE_SECONDS = constants.ESCAPE_DELAY if "ESCDELAY" in os.environ else 0.025
"""How long the rest of a sequence may take after its escape. The bytes of one
key travel together, so that this only has to outlast a slow link's splitting."""

_MOST_BEHIND = 9
"""Pieces that wait to be written, three a frame, beyond which frames are left out."""
_MOST_QUEUED = 24
"""The same for all else; Textual's queue of them holds 30, and then blocks."""
_HUNG_UP = 128 + signal.SIGHUP
_POLL_SECONDS = 0.1
_ESCAPE = "\x1b"
_INTRODUCERS = "[]NOPX^_"
"""After an escape these begin longer sequences: CSI, OSC, SS2, SS3 and strings."""


class _QuickRead1(Read1):
    """Waits for one more character, after an escape only for a moment."""

    __slots__ = ()

    def __new__(cls, timeout: float | None = None) -> Self:
        return super().__new__(cls, None if timeout is None else min(timeout, ESCAPE_SECONDS))


class KeyParser(XTermParser):
    """Reads what the host's terminal sends; Alt stays on the key it was pressed with."""

    read1 = _QuickRead1

    def __init__(self) -> None:
        super().__init__()
        self._pasted: str | None = None

    def feed(self, data: str) -> Iterable[Message]:
        """Read a piece of input; what is pasted becomes one message, whatever is in it.

        Textual takes the rest of a pasted text for keys when an escape is in
        it, and pressed keys would be obeyed where pasted ones are not.

        Args:
            data: What was sent; empty at the end of the input.
        """
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasted is None:
                before, mark, data = data.partition(BRACKETED_PASTE_START)
                if before:
                    yield from super().feed(before)
                if mark:
                    self._pasted = ""
                continue
            # The mark of the end may be cut in two.
            seen = max(len(self._pasted) - len(BRACKETED_PASTE_END), 0)
            self._pasted += data
            end = self._pasted.find(BRACKETED_PASTE_END, seen)
            if end < 0:
                return
            text, data = self._pasted[:end], self._pasted[end + len(BRACKETED_PASTE_END) :]
            self._pasted = None
            yield events.Paste(text.replace("\0", ""))

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        """Return the keys of a sequence.

        Args:
            sequence: What was sent so far.
            alt: Whether an escape came before it that belongs to it.
        """
        if len(sequence) == 2 and sequence[0] == _ESCAPE and sequence[1] not in _INTRODUCERS:
            sequence, alt = sequence[1], True
        for event in super()._sequence_to_key_events(sequence, alt=alt):
            is_named = event.key.startswith("alt+")
            if alt or is_named:
                # It prints nothing: fields would take its letter for text.
                yield events.Key(event.key if is_named else f"alt+{event.key}", None)
            else:
                yield event


class ShellDriver(LinuxDriver):
    """The driver of a terminal, with a keyboard fit for a shell.

    It draws on the standard output: the standard error may well be a file. When
    the terminal is gone the app ends, also where no signal tells it.

    Args:
        app: The app.
        debug: As for the driver of Textual, like the rest.
        mouse: Whether the mouse is used.
        size: The size, where it is known.
    """

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._output: HostOutput | None = None
        self._queued = 0
        self._has_skipped = False
        output = sys.__stdout__
        if output is not None:
            self._output = HostOutput(
                output.fileno(),
                output.encoding,
                on_gone=self.leave,
                on_written=self._repaint_when_caught_up,
            )
            drawn_on: Any = self._output
            self._file = drawn_on

    def write(self, data: str) -> None:
        """Write to the terminal; nobody waits for one that takes nothing.

        Args:
            data: Text and control sequences.
        """
        if self._behind >= _MOST_QUEUED and not self._is_leaving:
            self._skip()
            return
        self._queued += 1
        super().write(data)

    def skips_frame(self) -> bool:
        """Say whether the terminal is so far behind that a frame is better left out.

        All of the screen is drawn as soon as it has caught up.
        """
        if self._behind < _MOST_BEHIND:
            return False
        self._skip()
        return True

    def start_application_mode(self) -> None:
        """Take the terminal."""
        if self._output is not None:
            self._output.is_leaving = False
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's own

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was, as far as it listens."""
        if self._output is not None:
            self._output.is_leaving = True
        super().stop_application_mode()

    @property
    def _is_leaving(self) -> bool:
        return self._output is None or self._output.is_leaving

    @property
    def _behind(self) -> int:
        return 0 if self._output is None else self._queued - self._output.written

    def _skip(self) -> None:
        self._has_skipped = True
        self._repaint_when_caught_up()

    def _repaint_when_caught_up(self) -> None:
        if self._has_skipped and self._behind <= 0:
            self._has_skipped = False
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._app.refresh)

    def leave(self) -> None:
        """End the app, from any thread: nobody can see or use it any more."""
        # The loop may have ended meanwhile, and the app with it.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(partial(self._app.exit, return_code=_HUNG_UP))

    def run_input_thread(self) -> None:
        """Hand on keys and mouse until the app ends."""
        parser = KeyParser()
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        # macOS cannot wait for terminals in any other way.
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            wait = _POLL_SECONDS
            while not self.exit_event.is_set():
                is_ready = bool(selector.select(wait))
                wait = _POLL_SECONDS
                if is_ready:
                    data = self._read()
                    if not data:
                        self.leave()
                        break
                    if text := decoder.decode(data):
                        for message in parser.feed(text):
                            self.process_message(message)
                    wait = ESCAPE_SECONDS
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            # Linux says so of a terminal that was closed.
            return b""
