"""What can be done with the container list."""

from lxdtui.ui.action import Action, Scope

__all__ = ["LIST_ACTIONS"]

LIST_ACTIONS: tuple[Action, ...] = (
    Action(
        id="list.filter",
        words="filter",
        keys=("slash",),
        scope=Scope.LIST,
        rank=7,
        tells="keep rows with some words: name, address, profile",
    ),
    Action(
        id="list.view",
        words="status",
        verb="choose a status",
        keys=("v",),
        scope=Scope.LIST,
        rank=11,
        tells="keep the rows of one status, of the next, then all",
    ),
    Action(
        id="list.sort",
        words="sort",
        keys=("o",),
        scope=Scope.LIST,
        rank=10,
        tells="sort by the next column",
    ),
    Action(
        id="list.reverse",
        words="reverse",
        keys=("O",),
        scope=Scope.LIST,
        rank=12,
        tells="turn the order round",
    ),
    Action(
        id="list.refresh",
        words="refresh",
        keys=("ctrl+r",),
        scope=Scope.LIST,
        rank=13,
        tells="read everything again; try a lost link now",
    ),
    Action(
        id="list.quit",
        words="quit",
        keys=("q",),
        scope=Scope.LIST,
        rank=14,
        tells="end lxdtui; containers are left as they are",
    ),
    Action(
        id="filter.leave",
        words="to the list",
        keys=("enter", "tab"),
        scope=Scope.FILTER,
        rank=1,
        tells="back to the list; the words stay",
    ),
    Action(
        id="filter.clear",
        words="clear",
        keys=("escape",),
        scope=Scope.FILTER,
        rank=2,
        tells="show all rows again",
    ),
    Action(
        id="filter.move",
        words="row",
        keys=("Up Down",),
        scope=Scope.FILTER,
        rank=3,
        tells="move in the list while words are typed",
    ),
    Action(
        id="move.by_one",
        words="move",
        keys=("j", "k", "down", "up"),
        scope=Scope.MOVING,
        tells="one row down or up",
    ),
    Action(
        id="move.by_page",
        words="page",
        keys=("pagedown", "pageup"),
        scope=Scope.MOVING,
        tells="one page down or up; also Ctrl-F and Ctrl-B",
    ),
    Action(
        id="move.to_end",
        words="first, last",
        keys=("g", "G", "home", "end"),
        scope=Scope.MOVING,
        tells="the first row, the last row",
    ),
)
