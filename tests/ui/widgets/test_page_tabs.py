"""The row of tabs at every width."""

import pytest

from lxdtui.ui.theme import ASCII, UNICODE
from lxdtui.ui.widgets.page_tabs import PageTabs, Tab
from lxdtui.ui.widgets.pieces import width_of

_TABS = [
    Tab(target=title.lower(), key=str(number), title=title)
    for number, title in enumerate(
        ("Overview", "Processes", "Config", "Devices", "Logs", "Events"), 1
    )
]
_LINKS = [
    Tab(target="instance.snapshots", key="n", title="Snapshots", badge="31"),
    Tab(target="instance.files", key="f", title="Files"),
    Tab(target="instance.shell", key="s", title="Shell"),
]


def drawn(width: int, current: str = "config", *, ascii_only: bool = False) -> tuple[str, str]:
    tabs = PageTabs(glyphs=ASCII if ascii_only else UNICODE)
    tabs.show(_TABS, _LINKS, current)
    names, rule = ("".join(piece.text for piece in line) for line in tabs.lines(width))
    return names, rule


def test_a_wide_terminal_shows_names_keys_and_the_ways_to_other_screens() -> None:
    names, rule = drawn(140)
    assert names.startswith(" 1 Overview   2 Processes   3 Config   4 Devices   5 Logs   6 Events ")
    assert names.endswith(" n Snapshots 31   f Files   s Shell ")
    assert rule[names.index("3 Config") : names.index("   4 Dev")] == "━" * 8
    assert rule.count("━") == 8
    assert len(rule) == 140


def test_what_matters_less_leaves_first() -> None:
    assert "n Snapshots 31" in drawn(88)[0]
    assert "f Files" not in drawn(88)[0]
    assert drawn(80)[0].rstrip() == (
        " 1 Overview   2 Processes   3 Config   4 Devices   5 Logs   6 Events"
    )
    assert drawn(56)[0].rstrip() == " Overview  Processes  Config  Devices  Logs  Events"


@pytest.mark.parametrize("width", range(20, 150))
@pytest.mark.parametrize("current", ["overview", "events"])
def test_the_current_name_is_always_there(width: int, current: str) -> None:
    names, rule = drawn(width, current)
    assert current.capitalize() in names
    assert len(names) == len(rule) == width
    assert "━" in rule


def test_plain_letters_do() -> None:
    _, rule = drawn(80, ascii_only=True)
    assert set(rule) == {"#", "."}
    assert width_of(()) == 0
