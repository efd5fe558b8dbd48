"""What can be done on the detail screen with every page.

The actions ``page.NAME`` show the page of that name; their key is its number.
"""

from lxdtui.ui.actions.action import Action, Scope

__all__ = ["DETAIL_ACTIONS"]

_PAGES = (
    ("overview", "overview", "attributes, addresses, usage and snapshots"),
    ("processes", "processes", "what runs in the container"),
    ("configuration", "configuration", "its settings and where they come from"),
    ("devices", "devices", "disks, network cards and what else it is given"),
    ("logs", "logs", "its log files and what it wrote to the console"),
    ("events", "events", "what happened to it, by whom, and how it ended"),
)

DETAIL_ACTIONS: tuple[Action, ...] = (
    *(
        Action(
            id=f"page.{name}",
            words=words,
            verb=f"show the {words}",
            keys=(str(number),),
            scope=Scope.DETAIL,
            tells=tells,
        )
        for number, (name, words, tells) in enumerate(_PAGES, 1)
    ),
    Action(
        id="detail.next",
        words="next page",
        keys=("right_square_bracket",),
        scope=Scope.DETAIL,
        rank=133,
        tells="show the next page",
    ),
    Action(
        id="detail.previous",
        words="page before",
        keys=("left_square_bracket",),
        scope=Scope.DETAIL,
        tells="show the page before",
    ),
    Action(
        id="detail.refresh",
        words="refresh",
        keys=("ctrl+r",),
        scope=Scope.DETAIL,
        rank=143,
        tells="read everything again; try a lost link now",
    ),
)
