"""Something of the name is there: every answer, and what follows of it."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from lxdtui.model.place import LOCAL
from lxdtui.services.transfers import (
    Answer,
    Choice,
    CopyOptions,
    Question,
    Transfer,
    TransferService,
)
from tests.services.transfers.conftest import done, service_of, until

NAMES = ("a.txt", "b.txt", "c.txt")
OLD, NEW = 1_000_000_000, 1_100_000_000


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Three files, which are there already: b is newer there."""
    source, target = tmp_path / "source", tmp_path / "target"
    for folder in (source, target):
        folder.mkdir()
        for name in NAMES:
            (folder / name).write_text(f"{folder.name} {name}")
            os.utime(folder / name, (OLD, OLD))
    os.utime(source / "a.txt", (NEW, NEW))
    os.utime(target / "b.txt", (NEW, NEW))
    return source, target


async def question_of(transfer: Transfer) -> Question:
    await until(lambda: transfer.view.question is not None or transfer.view.state.is_over)
    question = transfer.view.question
    assert question is not None, transfer.view
    assert transfer.view.state == "asking"
    return question


def is_past(transfer: Transfer, question: Question) -> bool:
    return transfer.view.question is not question


async def answered(
    service: TransferService, folders: tuple[Path, Path], answers: Sequence[Answer]
) -> dict[str, str]:
    source, target = folders
    transfer = service.copy(LOCAL, [str(source / name) for name in NAMES], LOCAL, str(target))
    # Several are copied at a time, so that any of them may ask first.
    by_name = dict(zip(NAMES, answers, strict=False)) if len(answers) == len(NAMES) else {}
    for answer in answers:
        question = await question_of(transfer)
        service.answer(transfer.number, question.number, by_name.get(question.path, answer))
        await until(partial(is_past, transfer, question))
    view = await transfer.wait()
    assert view.state == "done"
    assert view.files_done == 3
    assert view.bytes_done == view.bytes_total
    return {path.name: path.read_text().split()[0] for path in sorted(target.iterdir())}


def answer(choice: Choice, name: str = "") -> Answer:
    return Answer(choice=choice, name=name)


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ([answer(Choice.ALL)], {"a.txt": "source", "b.txt": "source", "c.txt": "source"}),
        ([answer(Choice.NONE)], {"a.txt": "target", "b.txt": "target", "c.txt": "target"}),
        ([answer(Choice.NEWER)], {"a.txt": "source", "b.txt": "target", "c.txt": "target"}),
        (
            [answer(Choice.NO), answer(Choice.YES), answer(Choice.NO)],
            {"a.txt": "target", "b.txt": "source", "c.txt": "target"},
        ),
        (
            [answer(Choice.KEEP_BOTH, "other"), answer(Choice.KEEP_BOTH), answer(Choice.NO)],
            {
                "a.txt": "target",
                "b (2).txt": "source",
                "b.txt": "target",
                "c.txt": "target",
                "other": "source",
            },
        ),
        (
            # A name that is taken, or is none, does not lead anywhere else.
            [answer(Choice.KEEP_BOTH, "b.txt"), answer(Choice.KEEP_BOTH, "../x")] * 1
            + [answer(Choice.NO)],
            {
                "a (2).txt": "source",
                "a.txt": "target",
                "b (2).txt": "source",
                "b.txt": "target",
                "c.txt": "target",
            },
        ),
        (
            [answer(Choice.KEEP_ALL_BOTH)],
            {
                "a (2).txt": "source",
                "a.txt": "target",
                "b (2).txt": "source",
                "b.txt": "target",
                "c (2).txt": "source",
                "c.txt": "target",
            },
        ),
    ],
    ids=["all", "none", "newer", "yes and no", "other names", "bad names", "keep all"],
)
async def test_answers(
    folders: tuple[Path, Path], answers: list[Answer], found: dict[str, str]
) -> None:
    async with service_of({}) as service:
        assert await answered(service, folders, answers) == found


async def test_a_question_shows_both_and_may_wait(folders: tuple[Path, Path]) -> None:
    source, target = folders
    seen: list[str] = []
    async with service_of({}) as service:
        unwatch = service.watch(lambda views: seen.append(views[0].state))
        transfer = service.copy(LOCAL, [str(source / "a.txt")], LOCAL, str(target))
        question = await question_of(transfer)
        assert (question.path, question.directory) == ("a.txt", str(target))
        assert question.proposed == "a (2).txt"
        assert question.source.modified is not None
        assert question.source.modified.timestamp() == NEW
        assert question.target.size == len("target a.txt")
        await until(lambda: "asking" in seen)
        # Another transfer does not wait for the answer.
        other = service.copy(LOCAL, [str(source / "a.txt")], LOCAL, str(source))
        assert (await other.wait()).state == "done"
        assert (source / "a (2).txt").read_text() == "source a.txt"
        service.answer(transfer.number, 99, answer(Choice.YES))
        assert transfer.view.question is question
        service.cancel(transfer.number)
        view = await transfer.wait()
        assert view.state == "cancelled"
        assert (target / "a.txt").read_text() == "target a.txt"
        await until(lambda: "cancelled" in seen)
        unwatch()
        service.clear()
        assert service.views == ()


async def test_what_is_done_can_be_said_beforehand(folders: tuple[Path, Path]) -> None:
    source, target = folders
    async with service_of({}) as service:
        transfer = service.copy(
            LOCAL,
            [str(source / name) for name in NAMES],
            LOCAL,
            str(target),
            options=CopyOptions(existing=Choice.NONE),
        )
        view = await transfer.wait()
    assert (view.state, view.skipped, view.copied) == ("done", 3, 0)
    assert [one.words for one in view.results] == ["it is there already"] * 3


async def test_what_replaces_a_link_does_not_get_its_mode(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    for name in NAMES:
        (source / name).write_text("new")
    (target / "a.txt").symlink_to("nowhere")
    async with service_of({}) as service:
        transfer = service.copy(
            LOCAL,
            [str(source / name) for name in NAMES],
            LOCAL,
            str(target),
            options=CopyOptions(keep_mode=False),
        )
        question = await question_of(transfer)
        service.answer(transfer.number, question.number, answer(Choice.YES))
        await done(transfer)
    assert (target / "a.txt").stat().st_mode & 0o777 == 0o644


async def test_what_came_since_the_folder_was_listed_is_not_written_over(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    # As many questions as there are files under way at once.
    names = [f"{number:02}" for number in range(16)]
    for name in names:
        (source / name).write_text("new")
        (target / name).write_text("old")
    (source / "late").write_text("new")
    async with service_of({}) as service:
        paths = [str(source / name) for name in (*names, "late")]
        transfer = service.copy(LOCAL, paths, LOCAL, str(target))
        question = await question_of(transfer)
        (target / "late").write_text("precious")
        service.answer(transfer.number, question.number, answer(Choice.NONE))
        view = await done(transfer)
    assert view.skipped == 17
    assert (target / "late").read_text() == "precious"


async def test_names_for_both_are_never_those_of_others(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    names = ["a", *(f"a ({number})" for number in range(2, 8))]
    for name in names:
        (source / name).write_text(f"new {name}")
    (target / "a").write_text("old")
    paths = [str(source / name) for name in names]
    async with service_of({}) as service:
        options = CopyOptions(existing=Choice.KEEP_ALL_BOTH)
        await done(service.copy(LOCAL, paths, LOCAL, str(target), options=options))
        found = {path.read_text() for path in target.iterdir()}
        assert found == {"old", *(f"new {name}" for name in names)}
        # One that comes while it is asked.
        transfer = service.copy(LOCAL, [str(source / "a")], LOCAL, str(target))
        question = await question_of(transfer)
        (target / question.proposed).write_text("precious")
        service.answer(transfer.number, question.number, answer(Choice.KEEP_BOTH))
        await until(partial(is_past, transfer, question))
        again = await question_of(transfer)
        assert again.proposed != question.proposed
        service.answer(transfer.number, again.number, answer(Choice.KEEP_BOTH))
        await done(transfer)
    assert (target / question.proposed).read_text() == "precious"
    assert (target / again.proposed).read_text() == "new a"
