"""What a screen does for the terminals on it: copies, opens, asks, saves."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

from textual import on

from lxdtui.errors import LxdTuiError
from lxdtui.model.refs import InstanceRef
from lxdtui.paths import recordings_dir
from lxdtui.services.private_files import save_text
from lxdtui.services.recording import Recorder
from lxdtui.terminal import Row
from lxdtui.ui.dialogs.paste import PasteDialog
from lxdtui.ui.dialogs.save_as import SaveAsDialog
from lxdtui.ui.dialogs.target import TargetAnswer, TargetDialog
from lxdtui.ui.format.amounts import count, size
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.host.terminal import can_open_addresses, copy_on_host, open_address
from lxdtui.ui.messages import OpenFiles
from lxdtui.ui.state.session_recording import RECORDINGS, header_of
from lxdtui.ui.state.sessions import Session
from lxdtui.ui.widgets.pieces import Piece
from lxdtui.ui.widgets.terminal_canvas import TerminalCanvas
from lxdtui.ui.widgets.terminal_links import Target, TargetKind
from lxdtui.ui.widgets.terminal_reading import TerminalReading
from lxdtui.ui.widgets.terminal_view import TerminalView

__all__ = ["MOST_TO_TERMINAL", "TerminalScreen", "scrollback_text"]

MOST_TO_TERMINAL = 1024 * 1024
"""Characters that are given to the host's terminal to copy (OSC 52); it may take fewer."""
_SOURCE_HINT = "s in the scroll mode saves all of it to a file"


class TerminalScreen(FleetScreen):
    """A screen with terminals on it."""

    def act(self, action_id: str) -> None:
        """Do an action; the hints of a terminal's own keys are words alone."""
        if not action_id.startswith("shell.hint "):
            super().act(action_id)

    # Copy

    def copy_out(self, text: str) -> None:
        """Copy text through the terminal, and with this computer's clipboard command."""
        lines = text.count("\n") + 1
        what = f"{count(lines)} lines" if lines > 1 else f"{count(len(text))} characters"
        if len(text) <= MOST_TO_TERMINAL:
            self.app.copy_to_clipboard(text)
            self.say(f"Copied {what}")
        self.run_worker(
            lambda: self._copy_on_host(text, what), thread=True, group="copy", exit_on_error=False
        )

    def _copy_on_host(self, text: str, what: str) -> None:
        is_taken = copy_on_host(text)
        if len(text) > MOST_TO_TERMINAL:
            words = f"Copied {what}" if is_taken else f"Too much to copy: {what}; {_SOURCE_HINT}"
            self.app.call_from_thread(self.say, words, is_warning=not is_taken)

    @on(TerminalReading.Copied)
    def _copied(self, message: TerminalReading.Copied) -> None:
        message.stop()
        self.copy_out(message.text)

    # Open

    @on(TerminalReading.TargetChosen)
    def _target_chosen(self, message: TerminalReading.TargetChosen) -> None:
        message.stop()
        target = message.target
        session = message.view.session
        ref = None if session is None else session.ref
        directory = "" if session is None else session.emulator.directory

        def act(answer: TargetAnswer | None) -> None:
            if answer is TargetAnswer.COPY:
                self.copy_out(target.value)
            elif answer is TargetAnswer.OPEN:
                self._open_target(target, ref, directory)

        self.app.push_screen(TargetDialog(target, open_words=_open_words(target, directory)), act)

    def _open_target(self, target: Target, ref: InstanceRef | None, directory: str) -> None:
        if target.kind is TargetKind.PATH:
            if ref is not None:
                folder, _, name = _absolute(target.value, directory).rstrip("/").rpartition("/")
                self.post_message(OpenFiles(ref, folder or "/", name))
            return

        def open_it() -> None:
            if not open_address(target.value):
                self.app.call_from_thread(
                    self.say, "No browser took the address; it can be copied", is_warning=True
                )

        self.run_worker(open_it, thread=True, group="open", exit_on_error=False)

    # Paste

    @on(TerminalView.PasteAsked)
    def _paste_asked(self, message: TerminalView.PasteAsked) -> None:
        message.stop()
        view = message.view

        def act(text: str | None) -> None:
            if text is not None and isinstance(view, TerminalView):
                view.paste(text)

        self.app.push_screen(PasteDialog(message.text), act)

    # Record

    def recording_badges(self, session: Session | None) -> tuple[Piece, ...]:
        """Return the mark of a session that is recorded, for the title bar."""
        recorder = RECORDINGS.recorder(session)
        if recorder is None:
            return ()
        words = "rec with keys" if recorder.has_input else "rec"
        return (Piece(f"{self.glyphs.running} {words}", "$red bold"),)

    @on(TerminalView.RecordAsked)
    def _record_asked(self, message: TerminalView.RecordAsked) -> None:
        message.stop()
        self.toggle_recording(message.view.session, has_input=message.has_input)

    def toggle_recording(self, session: Session | None, *, has_input: bool = False) -> None:
        """End the recording of a session, or ask where a new one is to be written.

        Args:
            session: The session.
            has_input: Whether what is typed is recorded as well.
        """
        if session is None:
            return
        if RECORDINGS.recorder(session) is not None:
            recorder = RECORDINGS.end(session)
            if recorder is not None:
                self.say(f"Recorded as {recorder.path}")
            self.update_frame()
            return
        if session.is_over:
            self.say("Cannot record: the shell is over", is_warning=True)
            return

        def begin(path: Path | None) -> None:
            if path is not None:
                self._begin_recording(session, path, has_input=has_input)

        moment = self.clock.now().strftime("%Y-%m-%d-%H%M%S")
        proposed = recordings_dir() / f"{session.ref.name}-{moment}.cast"
        title = "Record this shell"
        words = "What is shown is recorded, what is typed is not. Readable by you alone."
        if has_input:
            title = "Record this shell with all that is typed"
            words = (
                "Passwords are recorded as well, though nothing shows them while they are typed."
                " Readable by you alone: look at it before you give it to anybody."
            )
        dialog = SaveAsDialog(title, proposed, words=words, do="record", warns=has_input)
        self.app.push_screen(dialog, begin)

    def _begin_recording(self, session: Session, path: Path, *, has_input: bool) -> None:
        header = header_of(session, int(self.clock.now().timestamp()))

        def on_problem(words: str) -> None:
            sentence = f"The recording of {session.ref.name} ended: {words}. The shell goes on"
            with contextlib.suppress(RuntimeError):  # The app may have ended meanwhile.
                self.app.call_from_thread(self._recording_failed, sentence)

        def open_file() -> None:
            try:
                recorder = Recorder.begin(
                    path, header, overwrites=True, has_input=has_input, on_problem=on_problem
                )
            except LxdTuiError as error:
                self.app.call_from_thread(self.say, error.message, is_warning=True)
            else:
                self.app.call_from_thread(self._recording_begun, session, recorder)

        self.run_worker(open_file, thread=True, group="record", exit_on_error=False)

    def _recording_begun(self, session: Session, recorder: Recorder) -> None:
        RECORDINGS.begin(session, recorder)
        self.update_frame()

    def _recording_failed(self, words: str) -> None:
        self.say(words, is_warning=True)
        if self.is_attached:
            self.update_frame()

    # Save

    @on(TerminalReading.SaveAsked)
    def _save_asked(self, message: TerminalReading.SaveAsked) -> None:
        message.stop()
        session = message.view.session
        if session is None:
            return
        moment = self.clock.now().strftime("%Y-%m-%d-%H%M%S")
        path = Path.home() / f"{session.ref.name}-{moment}.txt"
        view = message.view

        def act(chosen: Path | None) -> None:
            if chosen is not None:
                self._save(view, chosen)

        rows = len(session.emulator.history) + session.emulator.rows
        words = f"{count(rows)} rows as text, readable by you alone."
        self.app.push_screen(SaveAsDialog("Save the scrollback", path, words=words), act)

    def _save(self, view: TerminalCanvas, path: Path) -> None:
        session = view.session
        if session is None:
            return
        # Rows never change, so that they can be put together elsewhere.
        rows = (*session.emulator.history, *session.emulator.visible())

        def write() -> None:
            try:
                written = save_text(path, scrollback_text(rows), overwrites=True)
            except LxdTuiError as error:
                self.app.call_from_thread(self.say, error.message, is_warning=True)
            else:
                self.app.call_from_thread(self.say, f"Saved {size(written)} as {path}")

        self.run_worker(write, thread=True, group="save", exit_on_error=False)


def scrollback_text(rows: Iterable[Row]) -> str:
    """Return rows as text, with broken lines joined."""
    parts = (row.slice(0, row.width) if row.wrapped else f"{row.text}\n" for row in rows)
    return "".join(parts).rstrip("\n") + "\n"


def _absolute(path: str, directory: str) -> str:
    return path if path.startswith("/") else f"{directory.rstrip('/')}/{path}"


def _open_words(target: Target, directory: str) -> str:
    """Return what opening a target means, or nothing where it cannot be opened."""
    if target.kind is TargetKind.PATH:
        is_known = target.value.startswith("/") or (directory and target.value[0] != "~")
        return "in the file browser" if is_known else ""
    return "in the browser" if can_open_addresses() else ""
