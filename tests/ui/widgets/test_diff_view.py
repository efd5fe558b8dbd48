from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from lxdtui.ui.theme import DARK, LIGHT, UNICODE
from lxdtui.ui.widgets.diff_view import DiffView
from tests.ui.pilots import screen_text

OLD = """server {
    listen 80;
    server_name web-01.example;
    root /srv/www;

    location / {
        try_files $uri $uri/ =404;
    }

    # Everything below is for the old clients.
    location /v1 {
        return 410;
    }
}
"""
NEW = OLD.replace(
    "listen 80;", "listen 443 ssl;\n\tssl_certificate /etc/ssl/\x1b[31mweb.pem;"
).replace("410", "301")


class DiffApp(App[None]):
    def __init__(self, old: str, new: str, theme: str = DARK.name) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = theme
        self.animation_level = "none"
        self.view = DiffView(glyphs=UNICODE, old_label="nightly-1122", new_label="now")
        self.view.show(old, new)

    def compose(self) -> ComposeResult:
        yield self.view


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), DARK.name), ((80, 24), LIGHT.name), ((140, 40), DARK.name)],
    ids=["80x24", "light", "140x40"],
)
def test_picture(snap_compare: Callable[..., bool], size: tuple[int, int], theme: str) -> None:
    assert snap_compare(DiffApp(OLD, NEW, theme), terminal_size=size)


async def shown(pilot: Pilot[None]) -> list[str]:
    await pilot.pause()
    return screen_text(pilot.app).splitlines()


async def test_changes_stand_below_one_another_and_side_by_side() -> None:
    async with DiffApp(OLD, NEW).run_test(size=(80, 24)) as pilot:
        lines = await shown(pilot)
        assert lines[0].split() == ["nightly-1122", "›", "now", "+3", "-2"]
        assert "  2     -     listen 80;" in lines
        assert "      3 +     ssl_certificate /etc/ssl/␛[31mweb.pem;" in lines
        assert "─── 3 equal lines ─" in "\n".join(lines)
        await pilot.press("s")
        wide = await shown(pilot)
        (line,) = [line for line in wide if "listen 80" in line]
        assert "+     listen 443 ssl;" in line


async def test_equal_texts_say_so_and_long_ones_scroll() -> None:
    async with DiffApp(OLD, OLD).run_test(size=(80, 12)) as pilot:
        assert " There is no difference." in await shown(pilot)
        view = pilot.app.query_one(DiffView)
        old = "".join(f"{number}\n" for number in range(3000))
        long = "changed " + "x" * 100_000
        view.show(old, old.replace("\n2990\n", f"\n{long}\n").replace("\n5\n", "\n!\n"))
        view.focus()
        await pilot.press("G")
        assert any("+ changed" in line for line in await shown(pilot))
        await pilot.press("g")
        await pilot.pause()
        await pilot.press("n")
        assert any("- 5" in line for line in (await shown(pilot))[:5])
