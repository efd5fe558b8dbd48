"""When frames are painted, on a clock that the test moves."""

from collections.abc import Callable

import pytest

from lxdtui.ui.widgets.frame_pacer import FRAME_SECONDS, SYNCHRONIZED_SECONDS, FramePacer


class World:
    """A clock, its timers, and when frames were painted."""

    def __init__(self) -> None:
        self.now = 100.0
        self.painted: list[float] = []
        self.timers: list[FakeTimer] = []
        self.pacer = FramePacer(
            lambda: self.painted.append(self.now), self.set_timer, lambda: self.now
        )

    def set_timer(self, seconds: float, callback: Callable[[], None]) -> "FakeTimer":
        timer = FakeTimer(self.now + seconds, callback)
        self.timers.append(timer)
        return timer

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [timer for timer in self.timers if timer.is_set and timer.at <= end]:
            timer = min(due, key=lambda one: one.at)
            timer.is_set = False
            self.now = max(self.now, timer.at)
            timer.callback()
        self.now = end

    @property
    def pending(self) -> int:
        return sum(timer.is_set for timer in self.timers)


class FakeTimer:
    def __init__(self, at: float, callback: Callable[[], None]) -> None:
        self.at = at
        self.callback = callback
        self.is_set = True

    def stop(self) -> None:
        self.is_set = False


def test_after_a_pause_it_paints_at_once_and_sets_no_timer() -> None:
    world = World()
    world.pacer.request(is_held=False)
    world.advance(1)
    world.pacer.request(is_held=False)
    assert world.painted == [100.0, 101.0]
    assert not world.timers


def test_in_a_flood_it_paints_sixty_times_a_second_and_the_last_state() -> None:
    world = World()
    for _ in range(1000):
        world.pacer.request(is_held=False)
        world.advance(0.001)
    world.advance(1)
    assert 55 <= len(world.painted) <= 62
    assert world.painted[-1] == pytest.approx(101.0, abs=FRAME_SECONDS)
    assert world.pending == 0


def test_a_held_frame_is_painted_when_it_is_released() -> None:
    world = World()
    world.pacer.request(is_held=True)
    world.advance(0.05)
    assert world.painted == []
    world.pacer.request(is_held=False)
    assert world.painted == [pytest.approx(100.05)]
    assert world.pending == 0


def test_a_frame_that_is_never_released_is_painted_all_the_same() -> None:
    world = World()
    for _ in range(100):
        world.pacer.request(is_held=True)
        world.advance(0.01)
    assert 5 <= len(world.painted) <= 7
    assert world.painted[0] == pytest.approx(100 + SYNCHRONIZED_SECONDS)


def test_nothing_is_painted_after_it_was_stopped() -> None:
    world = World()
    world.pacer.request(is_held=False)
    world.pacer.request(is_held=False)
    assert world.pending == 1
    world.pacer.stop()
    world.advance(1)
    assert world.painted == [100.0]
