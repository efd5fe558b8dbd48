"""Regular expressions in a process of their own: found, replaced, refused, given up."""

import asyncio
import re
import signal
from collections.abc import Iterator

import pytest

from lxdtui.errors import TextNotUnderstood
from lxdtui.services.expressions import Expressions

HOPELESS = r"(a*)*b"
LINE = "a" * 60


@pytest.fixture
def expressions() -> Iterator[Expressions]:
    made = Expressions(seconds=0.1)
    yield made
    made.close()


async def test_places_are_those_of_re(expressions: Expressions) -> None:
    texts = ["one\ntwo ½ \U00100001two\udc80", "two two", "", "two"]
    for words in ("^t", "two$", "o*", r"\w+", "[^t]", "t(?=w)", "two\udc80", "ONE"):
        for flags in (re.MULTILINE, re.MULTILINE | re.IGNORECASE):
            found = await expressions.spans(words, texts, flags=flags, limit=3)
            assert found == [
                [m.span() for m in re.finditer(words, text, flags) if m.group()][:3]
                for text in texts
            ]
    raw = [b"\xff\x00ab", b"ab"]
    assert await expressions.spans(b"[\xff-]\x00|b", raw, flags=0, limit=9) == [
        [(0, 2), (3, 4)],
        [(1, 2)],
    ]
    assert await expressions.spans("a", [], flags=0, limit=9) == []
    large = "x" * 3_000_000 + "needle"
    for _ in range(3):
        spans = await expressions.spans("n.e+dle", [large], flags=0, limit=9)
        assert spans == [[(3_000_000, 3_000_006)]]


async def test_the_last_place_before_another_is_found(expressions: Expressions) -> None:
    for before, expected in ((0, None), (1, (0, 2)), (3, (0, 2)), (4, (3, 5)), (99, (6, 8))):
        found = await expressions.last_span("a.", "ab acxad", flags=0, before=before)
        assert found == expected, before
    assert await expressions.last_span(b"z", b"ab", flags=0, before=9) is None


async def test_places_are_replaced_with_groups(expressions: Expressions) -> None:
    text = "k=v\nx=y\nlast"
    replaced = await expressions.replaced(
        r"^(\w)=(\w)", text, r"\2=\1½", flags=re.MULTILINE, start=4, count=1
    )
    assert replaced == ("y=x½", 7)
    replaced = await expressions.replaced(
        r"^(\w)=(\w)", text, r"\2=\1", flags=re.MULTILINE, start=0, count=2
    )
    assert replaced == ("v=k\ny=x", 7)
    for new in (r"\3", r"\g<name>", "\\"):
        with pytest.raises(TextNotUnderstood):
            await expressions.replaced(r"^(\w)", text, new, flags=0, start=0, count=1)


async def test_what_is_no_expression_is_told(expressions: Expressions) -> None:
    for words, reason in (("(", "missing )"), ("a{99999999999}", "too large"), ("(?P<", "missing")):
        with pytest.raises(TextNotUnderstood, match=re.escape(reason)):
            await expressions.spans(words, [LINE], flags=0, limit=9)
    assert await expressions.spans("a", ["a"], flags=0, limit=9) == [[(0, 1)]]


async def test_what_takes_too_long_is_given_up_and_the_next_is_found(
    expressions: Expressions,
) -> None:
    for _ in range(2):
        with pytest.raises(TextNotUnderstood, match="too long"):
            await expressions.spans(HOPELESS, [LINE], flags=0, limit=9)
        assert await expressions.spans("a+", [LINE], flags=0, limit=9) == [[(0, 60)]]


async def test_the_loop_goes_on_and_who_stops_waiting_ends_it() -> None:
    expressions = Expressions(seconds=600)
    for warm in ("", "a"):
        await expressions.spans("a", [warm] if warm else [], flags=0, limit=9)
        process = expressions._process
        hopeless = asyncio.create_task(expressions.spans(HOPELESS, [LINE], flags=0, limit=9))
        waiting = asyncio.create_task(expressions.spans("a", ["ba"], flags=0, limit=9))
        await asyncio.sleep(0)
        assert not hopeless.done()
        hopeless.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hopeless
        assert await waiting == [[(1, 2)]]
        assert process is None or process.returncode == -signal.SIGKILL
    expressions.close()
    expressions.close()
