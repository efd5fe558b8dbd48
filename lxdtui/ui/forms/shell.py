"""How a shell is to start, as a form. Pure."""

import re
import shlex
from collections.abc import Sequence

from lxdtui.model.refs import DEFAULT_PROJECT, InstanceRef
from lxdtui.model.session import ShellOptions
from lxdtui.ui.format.text import safe_text
from lxdtui.ui.forms.form import Flag, Form, Text, Values, is_set

__all__ = ["form_of_options", "options_of_form", "size_words"]

_SIZE = re.compile(r"(\d{1,4})\s*[x×*,; ]\s*(\d{1,4})", re.ASCII)
_SIZES = ("80x24", "80x25", "132x43", "200x60")
_LEAST, _MOST = 2, 500


def size_words(size: tuple[int, int]) -> str:
    """Return columns and rows as they are typed."""
    return f"{size[0]}x{size[1]}"


def form_of_options(
    ref: InstanceRef, options: ShellOptions, users: Sequence[str], commands: Sequence[str]
) -> Form:
    """Return what is asked before a shell is opened.

    Args:
        ref: The instance.
        options: What was chosen the last time.
        users: The users that the instance has.
        commands: Command lines that were used before.
    """
    environment = shlex.join(f"{name}={value}" for name, value in options.environment)
    return Form(
        title=f"Shell in {safe_text(ref.name)} in",
        place=(ref.remote, ref.project),
        is_home=ref.project == DEFAULT_PROJECT,
        fields=(
            Text(
                id="user",
                label="User",
                value=options.user,
                hint="root; Down shows all" if users else "root",
                presets=tuple(users),
            ),
            Text(id="group", label="Group", value=options.group, hint="that of the user"),
            Text(
                id="directory",
                label="Directory",
                value=options.directory,
                hint="the home of the user",
            ),
            Text(
                id="environment",
                label="Variables",
                value=environment,
                hint="NAME=value NAME='other value'",
            ),
            Text(
                id="command",
                label="Command",
                value=options.command,
                hint="the shell of the user",
                presets=tuple(commands),
            ),
            Text(
                id="size",
                label="Size",
                value="" if options.size is None else size_words(options.size),
                hint="that of the pane; 80x24 keeps it so",
                presets=_SIZES,
            ),
            Flag(id="login", label="a login shell", value=options.is_login),
            Flag(
                id="kept",
                label="keep it in tmux or screen: it outlives lxdtui",
                value=options.is_kept,
            ),
            Flag(
                id="secrets",
                label="remember the variables, too",
                value=bool(options.environment),
            ),
        ),
        do="Open",
        problem=_problem,
    )


def options_of_form(values: Values) -> ShellOptions:
    """Return the options that the answers mean.

    Raises:
        ValueError: They are not in order; the form does not let them through.
    """
    return ShellOptions(
        user=values["user"].strip(),
        group=values["group"].strip(),
        directory=values["directory"].strip(),
        environment=_pairs(values["environment"]),
        command=values["command"].strip(),
        size=_size(values["size"]),
        is_login=is_set(values, "login"),
        is_kept=is_set(values, "kept"),
    )


def _pairs(words: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for word in shlex.split(words):
        name, sign, value = word.partition("=")
        if not sign or not name.isidentifier():
            raise ValueError(f"{word} is not NAME=value")
        pairs.append((name, value))
    return tuple(pairs)


def _size(words: str) -> tuple[int, int] | None:
    if not words.strip():
        return None
    match = _SIZE.fullmatch(words.strip())
    size = (0, 0) if match is None else (int(match[1]), int(match[2]))
    if not all(_LEAST <= one <= _MOST for one in size):
        raise ValueError(f"columns and rows, such as 80x24; {_LEAST} to {_MOST} each")
    return size


def _problem(values: Values) -> str:
    try:
        _pairs(values["environment"])
    except ValueError as error:
        return f"Variables: {safe_text(str(error))}"
    try:
        shlex.split(values["command"])
    except ValueError as error:
        return f"Command: {error}"
    try:
        _size(values["size"])
    except ValueError as error:
        return f"Size: {error}"
    directory = values["directory"].strip()
    return "Directory: it begins with /" if directory and not directory.startswith("/") else ""
