"""Processes below those that started them, whatever they say of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lxdtui.model.process import Process
from lxdtui.ui.format.processes import tree_of


def a_process(pid: int, parent: int) -> Process:
    return Process(
        pid=pid,
        parent=parent,
        user="root",
        state="S",
        cpu_percent=None,
        memory_bytes=0,
        cpu_seconds=0.0,
        threads=1,
        started=1,
        command="x",
    )


def test_children_stand_below_their_parents() -> None:
    # 3 came after the numbers began anew; 8 and 9 say that they started each other.
    parents = {1: 0, 50: 1, 3: 50, 4: 1, 7: 99, 8: 9, 9: 8}
    lines = tree_of([a_process(pid, parent) for pid, parent in parents.items()])
    assert [(one.pid, depth) for one, depth in lines] == [
        (1, 0),
        (4, 1),
        (50, 1),
        (3, 2),
        (7, 0),
        (8, 0),
        (9, 1),
    ]


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 12), st.integers(-1, 12)))
def test_nobody_is_lost_or_shown_twice(parents: dict[int, int]) -> None:
    processes = [a_process(pid, parent) for pid, parent in parents.items()]
    lines = tree_of(processes)
    assert sorted(one.pid for one, _ in lines) == sorted(parents)
