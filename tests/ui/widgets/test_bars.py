"""Title bar and key bar: what stays when there is little room."""

from dataclasses import replace

from lxdtui.store import Link, LinkState
from lxdtui.ui.actions import Scope, actions_in
from lxdtui.ui.theme import UNICODE
from lxdtui.ui.widgets.key_bar import KeyBar
from lxdtui.ui.widgets.pieces import Piece, piece_at, spread, width_of
from lxdtui.ui.widgets.title_bar import TitleBar, TitleInfo
from tests.ui.fake import CLOCK, MONOTONIC

CRUMBS = ("prod-eu", "default", "Containers")
LIVE = Link(remote="prod-eu", state=LinkState.LIVE, latency=0.0121, listed=True)
LOST = Link(remote="prod-eu", state=LinkState.LOST, retry_at=MONOTONIC + 3.2, listed=True)


def title(width: int, **fields: object) -> str:
    bar = TitleBar(clock=CLOCK, glyphs=UNICODE)
    bar._info = TitleInfo(crumbs=CRUMBS, server="LXD 5.0.2", **fields)  # type: ignore[arg-type]  # test sugar
    pieces = bar.pieces(width)
    assert width_of(pieces) == width
    return "".join(piece.text for piece in pieces)


def test_a_live_link_shows_the_server_and_how_fast_it_is() -> None:
    words = title(80, link=LIVE)
    assert words.startswith(" lxdtui  prod-eu › default › Containers ")
    assert words.endswith(" LXD 5.0.2  ● 12 ms ")


def test_a_lost_link_says_when_the_next_try_comes() -> None:
    assert title(100, link=LOST).endswith("▲ link to prod-eu lost · next try in 4 s ")
    narrow = title(72, link=LOST)
    assert narrow.endswith("▲ link lost · next try in 4 s ")
    assert "prod-eu › default › Containers" in narrow
    assert "prod-eu › Containers" in title(64, link=LOST)
    assert "Containers" in title(50, link=LOST)
    assert title(40, link=LOST).endswith("▲ link lost ")
    never = replace(LOST, listed=False)
    assert title(100, link=never).endswith("▲ no link to prod-eu · next try in 4 s ")


def test_a_demo_and_an_unverified_server_are_named_on_the_title() -> None:
    assert " DEMO " in title(80, link=LIVE, is_demo=True)
    assert "▲ TLS not verified" in title(80, link=LIVE, is_verified=False)
    assert " DEMO " in title(40, link=LOST, is_demo=True)


def test_an_object_tells_its_state_in_place_of_the_server() -> None:
    state = (Piece("● running 88 d", "$green"),)
    assert title(80, link=LIVE, object_state=state).endswith("● running 88 d ")
    assert "link" in title(80, link=LOST, object_state=state)


def test_names_in_the_title_are_harmless() -> None:
    bar = TitleBar(clock=CLOCK, glyphs=UNICODE)
    bar._info = TitleInfo(crumbs=("\x1b[2J", "x" * 200))
    pieces = bar.pieces(60)
    assert width_of(pieces) == 60
    assert "x…" in "".join(piece.text for piece in pieces), "the right end keeps its distance"
    assert "\x1b" not in "".join(piece.text for piece in pieces)


def test_whole_hints_leave_and_help_stays() -> None:
    bar = KeyBar()
    help_action = [action for action in actions_in(Scope.FRAME) if action.id == "frame.help"]
    bar._hints, bar._end = actions_in(Scope.INSTANCES), tuple(help_action)
    words = {hint.words for hint in bar._hints}
    for width in range(20, 140):
        pieces = bar.pieces(width)
        text = "".join(piece.text for piece in pieces)
        assert width_of(pieces) == width
        assert text.endswith("? help ")
        shown = [piece.text.strip() for piece in pieces if piece.style == "$muted"]
        assert set(shown) <= words | {"help"}


def test_a_click_finds_its_piece() -> None:
    pieces = spread([Piece("ab", target="left")], [Piece("cd", target="right")], 10)
    assert [getattr(piece_at(pieces, x), "target", None) for x in (0, 1, 5, 9, 10)] == [
        *("left", "left", "", "right", None)
    ]
