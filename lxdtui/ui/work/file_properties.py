"""The properties of entries: shown, and mode and owner changed."""

from collections.abc import Sequence

from lxdtui.errors import LxdTuiError
from lxdtui.model.files import FileAttributes, FileEntry, FileKind, parse_mode
from lxdtui.services.files import AttributeChange, Owners, Reach, change_attributes
from lxdtui.ui.dialogs.form import FormDialog
from lxdtui.ui.format.amounts import count, plural, size
from lxdtui.ui.format.files import kind_word, mode_text, name_text, path_words
from lxdtui.ui.format.times import day_and_minute
from lxdtui.ui.forms.form import Choices, Form, Line, Text, Values
from lxdtui.ui.frames.frame import FleetScreen
from lxdtui.ui.widgets.file_pane import FilePane
from lxdtui.ui.widgets.pieces import Piece
from lxdtui.ui.work.file_asking import tell_failures

__all__ = ["change_properties"]

_WIDTH = 66
_NAMED = 6
_LABEL = 12
_REACHES = (
    (Reach.ITSELF.value, "the folder alone"),
    (Reach.ALL.value, "all below"),
    (Reach.FOLDERS.value, "folders"),
    (Reach.FILES.value, "files"),
)


async def change_properties(
    screen: FleetScreen, pane: FilePane, entries: Sequence[FileEntry]
) -> None:
    """Show the properties of entries, and change what the user changes.

    Args:
        screen: Shows the dialog.
        pane: Where they are.
        entries: What is shown.
    """
    form = _form(pane, entries)
    values = await screen.app.push_screen_wait(FormDialog(form, glyphs=screen.glyphs))
    if values is None:
        return
    initial = form.initial()
    change = AttributeChange(
        mode=parse_mode(values["mode"]) if values["mode"] != initial["mode"] else None,
        uid=pane.owners.uid(values["owner"]) if values["owner"] != initial["owner"] else None,
        gid=pane.owners.gid(values["group"]) if values["group"] != initial["group"] else None,
    )
    reach = Reach(values.get("reach", Reach.ITSELF))
    if reach is not Reach.ITSELF:
        # Below, everything gets what stands in the fields.
        change = AttributeChange(
            mode=parse_mode(values["mode"] or None),
            uid=pane.owners.uid(values["owner"]),
            gid=pane.owners.gid(values["group"]),
        )
    if change.is_anything:
        await _change(screen, pane, entries, change, reach)


async def _change(
    screen: FleetScreen,
    pane: FilePane,
    entries: Sequence[FileEntry],
    change: AttributeChange,
    reach: Reach,
) -> None:
    paths = [(pane.path_of(entry), entry) for entry in entries]
    failures: list[LxdTuiError] = []
    try:
        done = await change_attributes(
            pane.files,
            paths,
            change,
            reach=reach,
            progress=lambda number: pane.set_work(f"changing: {count(number)}"),
        )
        screen.say(f"{plural(done, 'entry', 'entries')} changed")
    except LxdTuiError as error:
        failures.append(error)
    finally:
        pane.set_work("")
        pane.reload()
    await tell_failures(screen, failures)


def _form(pane: FilePane, entries: Sequence[FileEntry]) -> Form:
    owners = pane.owners
    modes = {_octal(entry) for entry in entries}
    users = {owners.user(entry.attributes.uid) for entry in entries}
    groups = {owners.group(entry.attributes.gid) for entry in entries}
    fields: list[Text | Choices] = [
        Text(id="mode", label="Mode", value=_only(modes), hint="octal, as 0644"),
        Text(id="owner", label="Owner", value=name_text(_only(users)), hint="name or number"),
        Text(id="group", label="Group", value=name_text(_only(groups)), hint="name or number"),
    ]
    if any(entry.kind is FileKind.DIRECTORY for entry in entries):
        fields.append(Choices(id="reach", label="Change", options=_REACHES))

    def problem(values: Values) -> str:
        return _why_not(values, owners)

    def explain(values: Values) -> tuple[Line, ...]:
        return (*_about(entries), *_letters(values))

    one = entries[0]
    what = (
        kind_word(one.kind).capitalize() if len(entries) == 1 else f"{count(len(entries))} entries"
    )
    return Form(
        title=f"{what} in",
        place=(pane.place.words, path_words(pane.path, pane.home)),
        is_home=pane.place.is_local,
        fields=tuple(fields),
        do="Change",
        keep="Leave",
        explain=explain,
        problem=problem,
    )


def _about(entries: Sequence[FileEntry]) -> list[Line]:
    if len(entries) > 1:
        names = ", ".join(name_text(entry.name) for entry in entries[:_NAMED])
        more = f" and {count(len(entries) - _NAMED)} more" if len(entries) > _NAMED else ""
        return _wrapped("Names", f"{names}{more}")
    (entry,) = entries
    found = entry.attributes
    lines = _wrapped("Name", name_text(entry.name))
    if entry.target is not None:
        lines += _wrapped("Leads to", name_text(entry.target))
    if found.size is not None and entry.kind is FileKind.FILE:
        lines += _wrapped("Size", f"{size(found.size)}, {plural(found.size, 'byte')}")
    if found.modified is not None:
        lines += _wrapped("Changed", day_and_minute(found.modified))
    if found.accessed is not None:
        lines += _wrapped("Read", day_and_minute(found.accessed))
    return lines


def _letters(values: Values) -> list[Line]:
    try:
        mode = parse_mode(values.get("mode") or None)
    except ValueError:
        return []
    if mode is None:
        return []
    letters = mode_text(FileAttributes(mode=mode))
    return [(Piece(f"{'Mode':<{_LABEL}}", "$muted"), Piece(letters, "$fg"))]


def _wrapped(label: str, text: str) -> list[Line]:
    """Write a text whole, over as many lines as it takes."""
    room = _WIDTH - _LABEL
    parts = [text[start : start + room] for start in range(0, len(text), room)] or [""]
    return [
        (Piece(f"{label if not number else '':<{_LABEL}}", "$muted"), Piece(part, "$fg"))
        for number, part in enumerate(parts)
    ]


def _why_not(values: Values, owners: Owners) -> str:
    try:
        parse_mode(values["mode"] or None)
    except ValueError:
        return f"{values['mode']} is no mode; write it as 0644"
    if values["owner"] and owners.uid(values["owner"]) is None:
        return f"no user here is named {values['owner']}"
    if values["group"] and owners.gid(values["group"]) is None:
        return f"no group here is named {values['group']}"
    return ""


def _octal(entry: FileEntry) -> str:
    mode = entry.attributes.mode
    return "" if mode is None else f"{mode:04o}"


def _only(values: set[str]) -> str:
    """Return what is the same for all, else nothing."""
    return next(iter(values)) if len(values) == 1 else ""
