"""Sessions that are being recorded, and since when."""

from weakref import WeakKeyDictionary

from lxdtui.services.recording import Recorder
from lxdtui.terminal.asciicast import CastHeader
from lxdtui.terminal.dump import screen_output
from lxdtui.ui.state.sessions import Session, Unwatch

__all__ = ["RECORDINGS", "SessionRecordings", "header_of"]


def header_of(session: Session, timestamp: int) -> CastHeader:
    """Return what a recording of a session says about itself."""
    emulator = session.emulator
    return CastHeader(
        columns=emulator.columns,
        rows=emulator.rows,
        timestamp=timestamp,
        title=session.ref.name,
    )


class SessionRecordings:
    """The recordings that are under way, by session."""

    def __init__(self) -> None:
        self._recorders: WeakKeyDictionary[Session, Recorder] = WeakKeyDictionary()
        self._unwatch: WeakKeyDictionary[Session, tuple[Unwatch, ...]] = WeakKeyDictionary()

    def recorder(self, session: Session | None) -> Recorder | None:
        """Return what records a session now."""
        found = None if session is None else self._recorders.get(session)
        return None if found is None or found.is_over else found

    def begin(self, session: Session, recorder: Recorder) -> None:
        """Record a session from what it shows now on, until it ends."""
        self.end(session)
        recorder.received(screen_output(session.emulator))
        self._recorders[session] = recorder
        self._unwatch[session] = (
            session.watch_traffic(recorder),
            session.watch_state(self._state_changed),
        )

    def end(self, session: Session) -> Recorder | None:
        """End the recording of a session; returns what recorded it."""
        for unwatch in self._unwatch.pop(session, ()):
            unwatch()
        recorder = self._recorders.pop(session, None)
        if recorder is not None:
            recorder.finish()
        return recorder

    def _state_changed(self, session: Session) -> None:
        recorder = self._recorders.get(session)
        if session.is_over and recorder is not None:
            recorder.finish()


RECORDINGS = SessionRecordings()
"""Those of this program: sessions outlive the screens that show them."""
