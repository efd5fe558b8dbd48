"""How devices are drawn: what they are made of, where they come from, how they are. Pure."""

from collections.abc import Mapping

from lxdtui.model.instance import Instance
from lxdtui.model.state import InstanceState
from lxdtui.services.configuration import DeviceEntry, OriginKind
from lxdtui.ui.format.amounts import size
from lxdtui.ui.format.secrets import is_secret
from lxdtui.ui.format.text import cut, safe_text
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.pieces import Piece, gap
from lxdtui.ui.widgets.row_table import TableColumn, TableRow

__all__ = ["DEVICE_COLUMNS", "device_lines", "device_row", "live_words"]

DEVICE_COLUMNS = (
    TableColumn(title="Device", most=18),
    TableColumn(title="Type", most=10),
    TableColumn(title="From", most=12),
    TableColumn(title="Options", least=16),
    TableColumn(title="Now", most=42, rank=1),
)
_FIRST = ("path", "source", "pool", "network", "nictype", "parent", "listen", "connect", "size")


def device_row(entry: DeviceEntry, instance: Instance, state: InstanceState | None) -> TableRow:
    """Draw a device.

    Args:
        entry: The device.
        instance: Whose it is.
        state: How the instance is, where that was measured.
    """
    is_local = entry.origin.kind is OriginKind.LOCAL
    options = _options(entry.device)
    if entry.is_masked:
        hidden = entry.below[0] if entry.below else None
        options = f"hides that of {safe_text(hidden[0].words)}" if hidden else "hides nothing"
    hue = "$muted" if entry.is_masked else "$fg"
    return TableRow(
        id=entry.name,
        cells=(
            Piece(safe_text(entry.name), "$muted" if entry.is_masked else "$strong"),
            Piece("none" if entry.is_masked else safe_text(entry.type), hue),
            Piece(safe_text(entry.origin.words), "$fg" if is_local else "$accent"),
            Piece(options, hue),
            Piece(live_words(entry, instance, state), "$fg"),
        ),
    )


def live_words(entry: DeviceEntry, instance: Instance, state: InstanceState | None) -> str:
    """Tell how a device is: addresses of a network card, use of a disk; empty for nothing."""
    if state is None or entry.is_masked:
        return ""
    if entry.type == "disk":
        used, total = state.disk_usage.get(entry.name, 0), state.disk_total.get(entry.name, 0)
        if used <= 0:
            return ""
        return f"{size(used)} of {size(total)}" if total > 0 else f"{size(used)} used"
    if entry.type != "nic":
        return ""
    hwaddr = entry.device.get("hwaddr") or instance.config.get(f"volatile.{entry.name}.hwaddr", "")
    inside = entry.device.get("name") or instance.config.get(f"volatile.{entry.name}.name", "")
    for interface in state.interfaces:
        if (hwaddr and interface.hwaddr.lower() == hwaddr.lower()) or interface.name == inside:
            addresses = [one.address for one in interface.addresses if one.scope == "global"]
            return safe_text(", ".join(addresses) or f"{interface.state}, no address")
    return ""


def device_lines(
    entry: DeviceEntry | None, *, width: int, glyphs: Glyphs
) -> tuple[tuple[Piece, ...], ...]:
    """Draw all options of the device under the cursor, in three lines.

    Args:
        entry: The device, or ``None`` without one.
        width: Columns there are.
        glyphs: The characters to draw with.
    """
    if entry is None:
        return ((), (), ())
    name = safe_text(entry.name)
    options = cut(_options(entry.device), width, glyphs.cut)
    below = ""
    if entry.below:
        origin, device = entry.below[0]
        below = f"Hides {safe_text(origin.words)}: {_options(device)}"
    return (
        (
            Piece(name, "$strong bold"),
            gap(2),
            Piece(safe_text(f"{entry.type} of {entry.origin.words}"), "$muted"),
        ),
        (Piece(options, "$fg"),),
        (Piece(cut(below, width, glyphs.cut), "$amber"),),
    )


def _options(device: Mapping[str, str]) -> str:
    """Write options in one line, the most telling first."""
    names = sorted(
        (name for name in device if name != "type"),
        key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name),
    )
    words = (f"{name}={'hidden' if is_secret(name) else device[name]}" for name in names)
    return safe_text("  ".join(words))
