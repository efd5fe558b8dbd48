"""Renaming over a file where the server has no step for it."""

import pytest

from lxdtui.api.file_trees import SftpTree
from lxdtui.api.sftp.packets import Body, Type
from lxdtui.errors import ServerError
from lxdtui.model.refs import InstanceRef
from tests.api.fake_sftp import connected, status

REF = InstanceRef("local", "default", "c1")


class Names:
    """Answers RENAME and REMOVE over a set of names, never over what exists."""

    def __init__(self, *names: str, broken: tuple[str, str] | None = None) -> None:
        self.names = {name: name for name in names}
        """What each name holds, told by the name that it had first."""
        self._broken = broken

    def answer(self, kind: int, number: int, body: bytes) -> bytes:
        fields = Body(body)
        old = fields.string().decode()
        if kind == Type.REMOVE:
            return status(number, 0 if self.names.pop(old, None) else 2)
        new = fields.string().decode()
        if (old, new) == self._broken:
            return status(number, 4, "rename: input/output error")
        if old not in self.names:
            return status(number, 2)
        if new in self.names:
            return status(number, 4, "rename: file exists")
        self.names[new] = self.names.pop(old)
        return status(number, 0)


async def test_what_is_there_is_put_aside_and_removed() -> None:
    names = Names("/new", "/file")
    async with connected(names.answer) as (session, _):
        await SftpTree(session, REF).rename("/new", "/file")
    assert names.names == {"/file": "/new"}


async def test_nothing_is_there() -> None:
    names = Names("/new")
    async with connected(names.answer) as (session, server):
        await SftpTree(session, REF).rename("/new", "/file")
        assert server.kinds == [Type.RENAME, Type.RENAME]
    assert names.names == {"/file": "/new"}


async def test_what_was_put_aside_comes_back_where_it_fails() -> None:
    names = Names("/new", "/file", broken=("/new", "/file"))
    async with connected(names.answer) as (session, _):
        with pytest.raises(ServerError, match="input/output"):
            await SftpTree(session, REF).rename("/new", "/file")
    assert names.names == {"/new": "/new", "/file": "/file"}
