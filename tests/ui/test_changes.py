import pytest

from lxdtui.model.refs import InstanceRef
from lxdtui.store import Change
from lxdtui.ui.changes import FLUSH_EVERY, PendingChanges


class Bench:
    def __init__(self) -> None:
        self.now = 100.0
        self.delays: list[float] = []
        self.handed: list[Change] = []
        self.pending = PendingChanges(
            schedule=self.delays.append, hand_on=self.handed.append, clock=lambda: self.now
        )


def change(number: int) -> Change:
    return Change(frozenset((InstanceRef("r", "p", f"web{number}"),)))


def test_the_first_change_after_a_quiet_time_is_handed_on_at_once() -> None:
    bench = Bench()
    bench.pending.add(change(1))
    assert bench.delays == [0.0]


def test_a_burst_is_handed_on_once() -> None:
    bench = Bench()
    for number in range(1000):
        bench.pending.add(change(number % 10))
    assert bench.delays == [0.0]
    bench.pending.flush()
    assert len(bench.handed) == 1
    assert len(bench.handed[0].instances) == 10


def test_what_keeps_coming_waits_for_its_turn() -> None:
    bench = Bench()
    bench.pending.add(change(1))
    bench.pending.flush()
    bench.now += 0.01
    bench.pending.add(change(2))
    assert bench.delays[1] == pytest.approx(FLUSH_EVERY - 0.01)
    bench.pending.flush()
    assert bench.handed == [change(1), change(2)]


def test_nothing_is_handed_on_twice() -> None:
    bench = Bench()
    bench.pending.add(change(1))
    bench.pending.flush()
    bench.pending.flush()
    assert len(bench.handed) == 1
