"""The user's own editor: which it is, what it gets, and what comes back."""

import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from textual.app import App, SuspendNotSupported

from lxdtui.ui.outside_editor import edit_outside, editor_command


class Aside:
    """An app that only notes that it stepped aside."""

    def __init__(self, *, can: bool = True) -> None:
        self.can = can
        self.times = 0

    @contextmanager
    def suspend(self) -> Iterator[None]:
        if not self.can:
            raise SuspendNotSupported
        self.times += 1
        yield


def edit(aside: Aside, text: str) -> tuple[str, str]:
    return edit_outside(cast("App[object]", aside), text, suffix=".yaml")


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that stands in for an editor: what is written to it is what it does."""
    program = tmp_path / "an editor.py"
    monkeypatch.setenv("VISUAL", f"{sys.executable} '{program}'")
    monkeypatch.setenv("LOOKED", str(tmp_path / "looked"))
    return program


def test_the_editor_is_the_one_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    assert editor_command({"EDITOR": "code --wait"}) == ("code", "--wait")
    assert editor_command({"EDITOR": "vi", "VISUAL": "emacs -nw"}) == ("emacs", "-nw")
    assert editor_command({"VISUAL": "'broken", "EDITOR": "vi"}) == ("vi",)
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}" if name == "vi" else None)
    assert editor_command({"EDITOR": " "}) == ("vi",)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert editor_command({}) == ()


def test_the_text_goes_there_and_comes_back(editor: Path, tmp_path: Path) -> None:
    editor.write_text(
        "import os, stat, sys\n"
        "name = sys.argv[-1]\n"
        "open(os.environ['LOOKED'], 'w').write(f'{name} {os.stat(name).st_mode}')\n"
        "text = open(name, encoding='utf-8', newline='').read()\n"
        "open(name, 'w', encoding='utf-8', newline='').write(text.replace('ä', 'ö'))\n"
    )
    aside = Aside()
    assert edit(aside, "ä: 1\r\n") == ("ö: 1\r\n", "")
    assert aside.times == 1
    name, mode = (tmp_path / "looked").read_text().rsplit(" ", 1)
    assert name.endswith(".yaml")
    assert stat.S_IMODE(int(mode)) == 0o600
    assert not Path(name).exists(), "nothing of it is left"


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import sys; sys.exit(3)", "ended with the code 3; your text is as it was."),
        ("import sys; open(sys.argv[-1], 'wb').write(b'\\xff')", "is no UTF-8"),
        ("import os, sys; os.remove(sys.argv[-1])", "left no file"),
    ],
)
def test_what_goes_wrong_loses_nothing(editor: Path, program: str, words: str) -> None:
    editor.write_text(program)
    text, problem = edit(Aside(), "kept")
    assert text == "kept"
    assert words in problem


def test_no_editor_no_terminal_and_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    assert edit(Aside(), "kept") == (
        "kept",
        "Cannot run /no/such/editor: No such file or directory",
    )
    assert edit(Aside(can=False), "kept")[1].startswith("This terminal cannot be handed")
    monkeypatch.delenv("VISUAL")
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert "set EDITOR" in edit(Aside(), "kept")[1]
