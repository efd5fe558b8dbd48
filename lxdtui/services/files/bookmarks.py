"""Folders that the user wants to find again, place by place, kept between two runs."""

import asyncio
import json
import os
import secrets
from pathlib import Path
from typing import Any

from lxdtui.errors import LocalFileError
from lxdtui.model.place import Place

__all__ = ["Bookmarks"]

_LIMIT = 1 << 20
_MOST = 200
"""Folders that are kept of one place."""


class Bookmarks:
    """Folders by place. What another run of the program adds meanwhile is kept.

    Args:
        path: Where they are stored, as JSON; ``None`` keeps them for this run alone.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._places: dict[str, list[str]] = {}
        self._changing = asyncio.Lock()

    async def of(self, place: Place) -> tuple[str, ...]:
        """Return the folders of a place, the newest last.

        Raises:
            LocalFileError: What is stored cannot be read.
        """
        await self._load()
        return tuple(self._places.get(place.key, ()))

    async def add(self, place: Place, folder: str) -> None:
        """Keep a folder.

        Raises:
            LocalFileError: It cannot be stored.
        """
        async with self._changing:
            await self._load()
            kept = [one for one in self._places.get(place.key, ()) if one != folder]
            self._places[place.key] = [*kept, folder][-_MOST:]
            await self._store()

    async def remove(self, place: Place, folder: str) -> None:
        """Keep a folder no more.

        Raises:
            LocalFileError: That cannot be stored.
        """
        async with self._changing:
            await self._load()
            kept = [one for one in self._places.get(place.key, ()) if one != folder]
            self._places[place.key] = kept
            await self._store()

    async def _load(self) -> None:
        if self._path is not None:
            self._places = await asyncio.to_thread(_read, self._path)

    async def _store(self) -> None:
        if self._path is not None:
            await asyncio.to_thread(_write, self._path, dict(self._places))


def _read(path: Path) -> dict[str, list[str]]:
    tried = f"read the bookmarks in {path}"
    try:
        if path.stat().st_size > _LIMIT:
            raise LocalFileError(tried, "the file is too large to be one of bookmarks")
        stored: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise LocalFileError(tried, error.strerror or str(error)) from error
    except ValueError as error:
        raise LocalFileError(tried, f"it is no JSON: {error}") from error
    if not isinstance(stored, dict):
        raise LocalFileError(tried, "it holds something else")
    return {
        key: [folder for folder in folders if isinstance(folder, str)]
        for key, folders in stored.items()
        if isinstance(folders, list)
    }


def _write(path: Path, places: dict[str, list[str]]) -> None:
    content = json.dumps({key: value for key, value in places.items() if value}, indent=1)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(content)
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        words = error.strerror or str(error)
        raise LocalFileError(f"store the bookmarks in {path}", words) from error
