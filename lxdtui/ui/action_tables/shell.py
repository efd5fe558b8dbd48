"""The keys of a shell."""

from lxdtui.ui.action import Action, Scope

__all__ = ["SHELL_ACTIONS"]

SHELL_ACTIONS: tuple[Action, ...] = (
    Action(
        id="shell.leave",
        words="leave",
        keys=("Ctrl-] q",),
        scope=Scope.SHELL,
        rank=1,
        tells="back to the list, Esc as well as q; the shell lives on",
    ),
    Action(
        id="shell.scroll",
        words="scroll",
        keys=("Ctrl-] [",),
        scope=Scope.SHELL,
        rank=2,
        tells="go through what has scrolled away by the keys of vi; q ends that. "
        "v, V and Ctrl-V select, y copies. The wheel scrolls, too",
    ),
    Action(
        id="shell.search",
        words="search",
        keys=("Ctrl-] /",),
        scope=Scope.SHELL,
        rank=5,
        tells="look for words in all that was written; then n and N go on. Capitals count "
        "where there are some, Ctrl-R makes it a regular expression",
    ),
    Action(
        id="shell.open",
        words="open",
        keys=("Ctrl-] u",),
        scope=Scope.SHELL,
        rank=6,
        tells="give a letter to each address and path on the screen; the letter shows where it "
        "leads, and copies or opens it. Ctrl and a click do so, too",
    ),
    Action(
        id="shell.save",
        words="save",
        keys=("Ctrl-] S",),
        scope=Scope.SHELL,
        tells="save all that was written to a file of your own",
    ),
    Action(
        id="shell.record",
        words="record",
        keys=("Ctrl-] R",),
        scope=Scope.SHELL,
        tells="record what is shown to a file (asciicast v2), or end that; what is typed is not "
        "recorded",
    ),
    Action(
        id="shell.recordings",
        words="recordings",
        keys=("Ctrl-] P",),
        scope=Scope.SHELL,
        tells="list the recordings, and play them",
    ),
    Action(
        id="shell.next",
        words="next",
        keys=("Ctrl-] n",),
        scope=Scope.SHELL,
        rank=3,
        tells="the next shell; p the one before, 1 to 9 one by its number",
    ),
    Action(
        id="shell.new",
        words="new shell",
        keys=("Ctrl-] c",),
        scope=Scope.SHELL,
        rank=4,
        tells="open another shell in the same container",
    ),
    Action(
        id="shell.previous",
        words="before",
        keys=("Ctrl-] p",),
        scope=Scope.SHELL,
        tells="the shell before",
    ),
    Action(
        id="shell.list",
        words="all shells",
        keys=("Ctrl-] w",),
        scope=Scope.SHELL,
        rank=5,
        tells="choose among all shells and containers of all servers; Tab puts it beside",
    ),
    Action(
        id="shell.beside",
        words="split",
        keys=("Ctrl-] |",),
        scope=Scope.SHELL,
        rank=6,
        tells="a second shell at the right; the arrows go from pane to pane",
    ),
    Action(
        id="shell.below",
        words="split below",
        keys=("Ctrl-] -",),
        scope=Scope.SHELL,
        tells="a second shell below; Shift-arrows, < and > move the border",
    ),
    Action(
        id="shell.zoom",
        words="zoom",
        keys=("Ctrl-] z",),
        scope=Scope.SHELL,
        tells="give the pane the whole space, and again to give it back",
    ),
    Action(
        id="shell.several",
        words="type into several",
        keys=("Ctrl-] b",),
        scope=Scope.SHELL,
        tells="type into several shells at once; again to end that",
    ),
    Action(
        id="shell.mark",
        words="mark",
        keys=("Ctrl-] m",),
        scope=Scope.SHELL,
        tells="mark this shell, to type into all marked ones",
    ),
    Action(
        id="shell.rename",
        words="rename tab",
        keys=("Ctrl-] ,",),
        scope=Scope.SHELL,
        tells="give the tab a name of your own",
    ),
    Action(
        id="shell.close",
        words="close",
        keys=("Ctrl-] x",),
        scope=Scope.SHELL,
        tells="close this shell; asks while it lives",
    ),
    Action(
        id="shell.literal",
        words="send it",
        keys=("Ctrl-] Ctrl-]",),
        scope=Scope.SHELL,
        tells="send Ctrl-] to the program; every other key goes to it anyway",
    ),
    Action(
        id="shell.again",
        words="new shell",
        keys=("enter", "r"),
        scope=Scope.SHELL,
        tells="after the end: start a shell again in its place",
    ),
    Action(
        id="shell.help",
        words="help",
        keys=("Ctrl-] ?",),
        scope=Scope.SHELL,
        tells="show these keys",
    ),
)
