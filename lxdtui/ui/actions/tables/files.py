"""What can be done in the file browser: keys of Midnight Commander and of yazi side by side."""

from lxdtui.ui.actions.action import Action, Scope

__all__ = ["FILES_ACTIONS"]


def _action(
    name: str,
    words: str,
    keys: tuple[str, ...],
    tells: str,
    *,
    verb: str = "",
    rank: int = 0,
    is_dangerous: bool = False,
) -> Action:
    return Action(
        id=f"files.{name}",
        words=words,
        verb=verb,
        keys=keys,
        scope=Scope.FILES,
        rank=rank,
        is_dangerous=is_dangerous,
        tells=tells,
    )


FILES_ACTIONS: tuple[Action, ...] = (
    _action("pane", "pane", ("tab",), "go to the other pane", rank=1),
    _action("mark", "mark", ("space", "insert"), "mark it, or not any more, and go on", rank=2),
    _action("edit", "edit", ("f4", "e"), "edit the file", rank=3),
    _action("view", "view", ("f3", "v"), "look at the file, whatever its size", rank=4),
    _action("folder", "folder", ("f7",), "make a folder", verb="make a folder", rank=5),
    _action("filter", "filter", ("slash",), "keep the names with some words", rank=6),
    _action(
        "delete",
        "delete",
        ("f8", "D", "delete"),
        "delete it with all it holds; counted first",
        rank=7,
        is_dangerous=True,
    ),
    _action("open", "open", ("enter", "l", "right"), "go into the folder, view the file"),
    _action("up", "up", ("h", "left", "backspace"), "go to the folder above", verb="go up"),
    _action(
        "rename", "rename", ("r", "shift+f6"), "rename it; several as a list of names", rank=10
    ),
    _action("new", "new file", ("a", "shift+f4"), "make an empty file; a name with / a folder"),
    _action("properties", "mode and owner", ("i",), "its properties: mode, owner, times", rank=11),
    _action("shell", "shell", ("s",), "open a shell in this folder", verb="open a shell", rank=12),
    _action(
        "find", "find", ("F", "alt+question_mark"), "find below here, by name or content", rank=13
    ),
    _action("bookmarks", "bookmarks", ("b", "ctrl+backslash"), "go to a kept folder, or keep this"),
    _action("mark_all", "invert", ("asterisk",), "mark what is not marked, and the other way"),
    _action("mark_like", "mark like", ("plus",), "mark the names that a pattern fits: *.conf"),
    _action("unmark_like", "unmark like", ("backslash",), "unmark the names that a pattern fits"),
    _action("sort", "sort", ("o",), "sort by the next: name, size, changed, extension", rank=16),
    _action("reverse", "reverse", ("O",), "turn the order round"),
    _action("hidden", "hidden", ("full_stop",), "show names that begin with a dot, or hide them"),
    _action("go", "go to", ("ctrl+g", "alt+c"), "go to a path; Tab completes it", rank=15),
    _action("home", "home", ("tilde",), "go to the home folder"),
    _action("back", "before", ("H", "alt+left"), "back to the folder before", verb="go back"),
    _action("forward", "after", ("L", "alt+right"), "forward again", verb="go forward"),
    _action("place", "place", ("p",), "show another container, or this computer, here", rank=17),
    _action("same", "same here", ("equals_sign",), "show this folder in the other pane, too"),
    _action("panes", "one, two panes", ("z",), "one pane, or two"),
    _action("link", "link", ("minus",), "make a symbolic link", verb="make a link"),
    _action("refresh", "refresh", ("ctrl+r",), "read both folders again"),
)
"""Actions of the browser."""
