"""The page with the devices of an instance: what they are, where from, how they are now."""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from lxdtui.errors import LxdTuiError
from lxdtui.model.configuration import Configuration
from lxdtui.services.configuration import (
    DeviceEntry,
    OriginKind,
    Surroundings,
    Version,
    device_entries,
)
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope
from lxdtui.ui.actions.equivalents import Equivalent
from lxdtui.ui.actions.part_equivalents import device_equivalents
from lxdtui.ui.dialogs.device import DeviceDialog, DeviceQuestion, DeviceTypeDialog
from lxdtui.ui.dialogs.error import ErrorDialog, Failure
from lxdtui.ui.format.text import is_harmless, safe_text
from lxdtui.ui.pages.changing import ChangingPage
from lxdtui.ui.pages.config_flow import Again, ChangeFlow
from lxdtui.ui.pages.config_wishes import at_once
from lxdtui.ui.pages.device_rows import DEVICE_COLUMNS, device_lines, device_row
from lxdtui.ui.pages.page import PageContext, page_bindings
from lxdtui.ui.widgets.pieces import Piece

__all__ = ["DevicesPage"]


class DevicesPage(ChangingPage):
    """Every device with its options, who gave it, addresses and use.

    Args:
        context: The instance and what is needed to show it.
    """

    NAME: ClassVar[str] = "devices"
    TITLE: ClassVar[str] = "Devices"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.DEVICES,)
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(Scope.DEVICES)]
    DEFAULT_CSS = """
    DevicesPage {
        #trouble { display: none; height: 1; padding: 0 1; color: $amber; }
        #trouble.-shown { display: block; }
    }
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, DEVICE_COLUMNS)
        self._trouble = Static("", id="trouble", markup=False)

    def compose(self) -> ComposeResult:
        """Put all options of the device under the cursor below the list."""
        yield self._trouble
        yield self._table
        yield self._facts

    # What the screen asks

    def badge(self) -> str:
        """Return how many devices there are."""
        entries = [entry for entry in self._entries() if not entry.is_masked]
        return str(len(entries)) if entries else ""

    def why_not(self, action: Action, rows: tuple[InstanceRow, ...]) -> str | None:
        """Return why an action is not possible with the device under the cursor."""
        entry = self._at_cursor()
        if action.id in ("device.edit", "device.remove") and entry is None:
            return "no device is under the cursor"
        if action.id == "device.edit" and entry is not None and not _is_drawable(entry):
            return "it holds characters that cannot be shown; E on the Config page changes it"
        if action.id == "device.edit" and entry is not None and entry.is_masked:
            return f"it only hides that of a profile; u shows {entry.name} again"
        return super().why_not(action, rows)

    def perform(self, action: Action, _rows: tuple[InstanceRow, ...]) -> None:
        """Do an action of the page."""
        entry = self._at_cursor()
        match action.id:
            case "device.add":
                self.begin_change(self._add())
            case "device.edit" if entry is not None:
                self.begin_change(self._edit(entry))
            case "device.remove" if entry is not None:
                self.begin_change(self._remove(entry))

    def equivalents(self, client: str) -> tuple[Equivalent, ...]:
        """Return what changes the device under the cursor, and what adds one."""
        entry = self._at_cursor()
        if entry is None:
            return ()
        is_local = entry.origin.kind is OriginKind.LOCAL
        return device_equivalents(client, self.ref, entry.name, is_local=is_local)

    # Reading and changing

    def show_trouble(self, words: str) -> None:
        """Tell it over the list."""
        self._trouble.update(safe_text(f"{self.glyphs.error} {words}" if words else ""))
        self._trouble.set_class(bool(words), "-shown")

    async def _add(self) -> None:
        dialog = DeviceTypeDialog(self.ref.name, glyphs=self.glyphs)
        kind = await self.app.push_screen_wait(dialog)
        if kind is not None:
            await self._ask("", {"type": kind}, "")

    async def _edit(self, entry: DeviceEntry) -> None:
        note = ""
        if entry.origin.kind is OriginKind.PROFILE:
            note = (
                f"It comes from the profile {entry.origin.words}. A change gives the instance a"
                " device of its own in its place; the profile stays as it is."
            )
        await self._ask(entry.name, entry.device, note)

    async def _ask(self, name: str, device: Mapping[str, str], note: str) -> None:
        found = await self._version()
        if found is None:
            return
        version, around = found
        wish = self._wish(name, device, note, around)
        await self._run(version, wish, ())

    def _wish(self, name: str, device: Mapping[str, str], note: str, around: Surroundings) -> Again:
        asked_name, asked = name, device

        async def again(wanted: Configuration, refusal: str, base: Version) -> Configuration | None:
            nonlocal asked_name, asked
            taken = {*base.instance.expanded_devices, *base.instance.devices}
            question = DeviceQuestion(
                instance=base.instance.name,
                name=asked_name,
                device=asked,
                is_new=not name,
                taken=frozenset() if name else frozenset(taken),
                note=note,
                pools=around.pools,
                networks=around.networks,
            )
            dialog = DeviceDialog(question, glyphs=self.glyphs, refusal=refusal)
            answer = await self.app.push_screen_wait(dialog)
            if answer is None:
                return None
            is_same = answer.name == name and dict(answer.device) == dict(device)
            asked_name, asked = answer.name, answer.device
            return wanted if is_same else wanted.with_device(answer.name, answer.device)

        return again

    async def _remove(self, entry: DeviceEntry) -> None:
        found = await self._version()
        if found is None:
            return
        change, note = _removal(entry)
        tried = f"remove {entry.name} from {self.ref.name}"
        wish = at_once(self.app, change, tried=tried, glyphs=self.glyphs)
        await self._run(found[0], wish, (note,) if note else ())

    async def _run(self, version: Version, wish: Again, notes: tuple[str, ...]) -> None:
        flow = ChangeFlow(self.app, self.fleet, glyphs=self.glyphs, say=self.say)
        saved = await flow.run(version, wish, book=None, notes=notes)
        if saved is not None:
            self._profiles = saved.profiles
            self.draw()

    async def _version(self) -> tuple[Version, Surroundings] | None:
        """Read what is to be changed and what can be chosen; says so where that fails."""
        service = self.fleet.configuration
        try:
            return await service.read(self.ref), await service.surroundings(self.ref)
        except LxdTuiError as error:
            dialog = ErrorDialog((Failure.of(error),), offers_again=False, glyphs=self.glyphs)
            await self.app.push_screen_wait(dialog)
            return None

    # Drawing

    def _entries(self) -> tuple[DeviceEntry, ...]:
        if self._row is None:
            return ()
        instance = self._row.instance
        configuration = Configuration.of(instance)
        return device_entries(configuration, instance.expanded_devices, self._profiles)

    def _at_cursor(self) -> DeviceEntry | None:
        name = self._table.cursor_id
        return next((entry for entry in self._entries() if entry.name == name), None)

    def draw(self) -> None:
        """Show the devices."""
        if not self._is_made:
            return
        row = self._row
        rows = []
        if row is not None:
            state = row.usage.state if row.usage else None
            rows = [device_row(entry, row.instance, state) for entry in self._entries()]
        placeholder: tuple[Piece, ...] = (
            Piece("There is no device.  ", "$fg"),
            Piece("a", "$accent bold"),
            Piece(" adds one", "$muted"),
        )
        if row is None:
            placeholder = (Piece("Reading the devices", "$muted"),)
        self._table.show(rows, placeholder=placeholder, is_stale=row is not None and row.is_stale)
        self.draw_facts()
        self.changed()

    def facts(self, width: int) -> Sequence[tuple[Piece, ...]]:
        """Return all options of the device under the cursor."""
        return device_lines(self._at_cursor(), width=width, glyphs=self.glyphs)

    def open_row(self) -> None:
        """Change the device under the cursor."""
        entry = self._at_cursor()
        if entry is not None and not entry.is_masked and _is_drawable(entry):
            self.begin_change(self._edit(entry))


def _is_drawable(entry: DeviceEntry) -> bool:
    """Say whether the fields of a form can show a device: they draw values as they are."""
    return all(map(is_harmless, (*entry.device, *entry.device.values())))


def _removal(entry: DeviceEntry) -> tuple[Callable[[Configuration], Configuration], str]:
    """Return how a device is removed, and what is worth knowing before."""
    below = entry.below[0][0].words if entry.below else ""
    if entry.origin.kind is OriginKind.PROFILE:
        words = (
            f"{entry.name} comes from the profile {entry.origin.words}: it is hidden on this"
            " instance, and u shows it again."
        )
        return lambda now: now.with_device(entry.name, {"type": "none"}), words
    if entry.is_masked:
        words = f"{entry.name} of {below} is there again then." if below else ""
    else:
        words = f"{entry.name} of the profile {below} takes its place." if below else ""
    return lambda now: now.with_device(entry.name, None), words
