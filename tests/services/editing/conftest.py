"""Editing on every kind of file system."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lxdtui.model.place import Place
from lxdtui.services.editing import EditingService, EditStore
from lxdtui.services.files import FileSystem
from tests.services.files.conftest import box

__all__ = ["Editing", "box", "store"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """The service on one file system, whatever the place."""

    files: FileSystem
    store: EditStore

    def at(self, place: Place) -> FileSystem:
        assert place == self.files.place
        return self.files

    def service(self) -> EditingService:
        """Return a service on the same files and the same folder, as after a restart."""
        times = _times()
        return EditingService(self, self.store, now=lambda: next(times))


@pytest.fixture
def store(tmp_path: Path) -> EditStore:
    return EditStore(tmp_path / "state" / "edits")


def _times() -> Iterator[datetime]:
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    while True:
        yield moment
        moment += timedelta(minutes=1)
