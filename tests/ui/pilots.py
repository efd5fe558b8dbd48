"""Running the interface in tests."""

import time
from collections.abc import Callable

from textual.app import App
from textual.pilot import Pilot
from textual.widget import Widget

from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.ports.fleet import Fleet
from lxdtui.ui.theme import DARK, UNICODE, Glyphs
from tests.ui.fake import CLOCK

_DEADLINE = 10.0
_POLL_SECONDS = 0.005
# These never end by themselves.
_LONG_LIVED = frozenset(("fleet", "live", "shells"))


def app_for(fleet: Fleet, *, theme: str = DARK.name, glyphs: Glyphs = UNICODE) -> LxdTuiApp:
    """Return the app with stopped clocks and nothing that moves by itself."""
    return quiet(LxdTuiApp(fleet, clock=CLOCK, theme=theme, glyphs=glyphs))


def quiet(app: LxdTuiApp) -> LxdTuiApp:
    """Return the app with nothing that moves by itself."""
    app.animation_level = "none"
    return app


async def settle(pilot: Pilot[None]) -> None:
    """Let everything that was begun come to rest, but the long-lived workers."""
    await pilot.pause()
    app = pilot.app
    deadline = time.monotonic() + _DEADLINE
    # A worker may come to ask something at any time, and then waits for us.
    while any(
        worker.is_running
        and worker.group not in _LONG_LIVED
        and not _waits_for_an_answer(worker.group, app)
        for worker in app.workers
    ):
        assert time.monotonic() < deadline, "the app did not come to rest in time"
        await pilot.pause(_POLL_SECONDS)
    await pilot.pause()
    await pilot.pause()


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app work until a condition holds; fail after a deadline."""
    deadline = time.monotonic() + _DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        await pilot.pause()


def screen_text(app: App[None]) -> str:
    """Return what the screen shows, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def line_with(app: App[None], words: str) -> str:
    """Return the only line that shows some words."""
    lines = [line for line in screen_text(app).splitlines() if words in line]
    assert len(lines) == 1, f"{words!r} stands in {len(lines)} lines"
    return lines[0]


def text_of(widget: Widget) -> str:
    """Return what a widget shows, line by line."""
    width, height = widget.size
    lines = (widget.render_line(y).text.rstrip() for y in range(height))
    assert width > 0
    return "\n".join(lines)


def _waits_for_an_answer(group: str, app: App[None]) -> bool:
    return (
        group.startswith(("instance.", "snapshot.", "files.work", "editor."))
        and app.screen.is_modal
    )
