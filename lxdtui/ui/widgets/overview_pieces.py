"""Everything about one instance as lines of pieces. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxdtui.model.snapshot import Snapshot
from lxdtui.model.state import InstanceState, NetworkInterface
from lxdtui.store.history import HistoryEntry
from lxdtui.store.select import InstanceRow
from lxdtui.ui.format.amounts import bytes_per_second, percent, size
from lxdtui.ui.format.graphs import area, gauge_cells, sparkline
from lxdtui.ui.format.instances import AMBER_FROM, RED_FROM, cores_words, memory_total
from lxdtui.ui.format.secrets import is_secret
from lxdtui.ui.format.text import cell_width, cut, pad_left, pad_right, safe_lines, safe_text
from lxdtui.ui.format.times import age, age_since, day_and_minute
from lxdtui.ui.theme import Glyphs
from lxdtui.ui.widgets.overview_history import operation_lines
from lxdtui.ui.widgets.pieces import Piece, gap, spread, width_of

__all__ = ["Line", "Overview", "beside", "overview_lines"]

Line = tuple[Piece, ...]

TWO_COLUMNS_FROM = 100
"""Width from which usage and facts stand beside each other."""

_BETWEEN = 4
_LABEL_WIDTH = 13
_AXIS_WIDTH = 5
_GRAPH_HEIGHT = 6
_LOW_GRAPH_HEIGHT = 3
_SPARK_WIDTH = 18
_SNAPSHOTS_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What is shown."""

    row: InstanceRow
    snapshots: Sequence[Snapshot] | None
    """Snapshots, oldest first, or ``None`` while unknown."""
    history: Sequence[HistoryEntry] = ()
    """What happened to it, oldest first."""
    problem: str
    """Why the last action on it failed."""
    now: datetime
    """The time of day."""


def overview_lines(overview: Overview, width: int, glyphs: Glyphs) -> list[Line]:
    """Return everything about an instance, for a width.

    Args:
        overview: What is shown.
        width: Columns there are.
        glyphs: The characters to draw with.
    """
    is_wide = width >= TWO_COLUMNS_FROM
    column = (width - _BETWEEN) // 2 if is_wide else width
    draw = _Draw(overview, column, glyphs, is_wide=is_wide)
    usage = [*draw.processor(), *draw.memory(), *draw.disks(), *draw.traffic()]
    # Where the width is odd, the right column has one more.
    right = _Draw(overview, width - column - _BETWEEN, glyphs) if is_wide else draw
    facts = right.about()
    lower = [*right.snapshots(), *right.history(), *right.devices()]
    head = _Draw(overview, width, glyphs).problem()
    if not is_wide:
        return [*head, *usage, *draw.addresses(), *facts, *lower]
    if not usage:
        return [*head, *beside(draw.about(), [*right.addresses(), *lower], column)]
    return [*head, *beside([*usage, *draw.addresses()], [*facts, *lower], column)]


def beside(left: Sequence[Line], right: Sequence[Line], width: int) -> list[Line]:
    """Put two columns beside each other.

    Args:
        left: Lines of the left column.
        right: Lines of the right column.
        width: Columns of the left one.
    """
    lines: list[Line] = []
    for index in range(max(len(left), len(right))):
        first = left[index] if index < len(left) else ()
        second = right[index] if index < len(right) else ()
        lines.append((*first, gap(width - width_of(first) + _BETWEEN), *second))
    return lines


class _Draw:
    """The sections, each ended by a blank line or empty where it has nothing to say."""

    def __init__(
        self, overview: Overview, width: int, glyphs: Glyphs, *, is_wide: bool = True
    ) -> None:
        self._is_wide = is_wide
        self._row = overview.row
        self._snapshots = overview.snapshots
        self._history = overview.history
        self._problem = overview.problem
        self._now = overview.now
        self._width = width
        self._glyphs = glyphs
        self._hue = "$muted" if overview.row.is_stale else "$accent"

    @property
    def _graph_height(self) -> int:
        return _GRAPH_HEIGHT if self._is_wide else _LOW_GRAPH_HEIGHT

    @property
    def _state(self) -> InstanceState | None:
        return self._row.usage.state if self._row.usage else None

    def problem(self) -> list[Line]:
        """Say why the last action failed."""
        if not self._problem:
            return []
        mark = Piece(f"{self._glyphs.error} ", "$red")
        lines: list[Line] = [
            (mark if number == 0 else gap(2), Piece(self._cut(line, 2), "$red"))
            for number, line in enumerate(safe_lines(self._problem)[:4])
        ]
        return [*lines, ()]

    def processor(self) -> list[Line]:
        """Draw the CPU use of the last minutes."""
        usage = self._row.usage
        if usage is None:
            return []
        cpus = self._row.cpus or 1
        value: list[Piece] = []
        if self._row.cpu_share is not None:
            share = percent(self._row.cpu_share * 100)
            value = [Piece(share, "$strong bold"), Piece(f" {cores_words(self._row)}", "$muted")]
        samples = [reading.cpu_percent for reading in usage.readings]
        known = [sample for sample in samples if sample is not None]
        top = max([100.0 * cpus, *known])
        room = self._width - _AXIS_WIDTH
        graph = area(samples, room, self._graph_height, top, is_braille=self._glyphs.is_braille)
        highest = percent(top / cpus)
        axis = [highest, *[""] * (self._graph_height - 2), "0%"]
        lines: list[Line] = [self._title("CPU", value)]
        lines += [
            (Piece(pad_left(mark, _AXIS_WIDTH - 1) + " ", "$muted"), Piece(line, self._hue))
            for mark, line in zip(axis, graph, strict=True)
        ]
        shown = usage.readings[-room * 2 :]
        oldest = f"{age(shown[-1].at - shown[0].at)} ago" if len(shown) > 1 else ""
        # The graph grows from the right until it is full.
        start = max(room - (len(shown) + 1) // 2, 0)
        # It is only told where it stands below the left end, apart from "now".
        if start + len(oldest) + 2 > room - len("now"):
            oldest = ""
        times = [gap(_AXIS_WIDTH + start), Piece(oldest, "$muted")]
        return [*lines, spread(times, [Piece("now", "$muted")], self._width), ()]

    def memory(self) -> list[Line]:
        """Draw the memory use, where there is room of the last minutes."""
        state, usage = self._state, self._row.usage
        if state is None or usage is None or not state.memory_usage:
            return []
        total = memory_total(self._row)
        peak = f", peak {size(state.memory_usage_peak)}" if state.memory_usage_peak else ""
        lines = self._gauge("Memory", state.memory_usage, total, peak)
        if not self._is_wide or not total:
            return [*lines, ()]
        samples = [None if one.is_gap else float(one.memory_bytes) for one in usage.readings]
        graph = self._graph(samples, total, size(total), self._hue)
        value = _used_words(state.memory_usage, total, peak)
        return [self._title("Memory", value), *graph, ()]

    def _graph(
        self, samples: Sequence[float | None], top: float, highest: str, hue: str
    ) -> list[Line]:
        """Draw a graph with two words at its axis."""
        room = self._width - _AXIS_WIDTH
        height = _LOW_GRAPH_HEIGHT
        graph = area(samples, room, height, top, is_braille=self._glyphs.is_braille)
        axis = [
            highest.replace(" ", "").replace("iB", "")[: _AXIS_WIDTH - 1],
            *[""] * (height - 2),
            "0",
        ]
        return [
            (Piece(pad_left(mark, _AXIS_WIDTH - 1) + " ", "$muted"), Piece(line, hue))
            for mark, line in zip(axis, graph, strict=True)
        ]

    def disks(self) -> list[Line]:
        """Draw the use of each disk that the server can measure."""
        state = self._state
        if state is None:
            return []
        lines: list[Line] = []
        for name, used in state.disk_usage.items():
            if used > 0:
                total = state.disk_total.get(name, 0)
                lines += self._gauge(f"Disk {safe_text(name)}", used, total, "")
        return [*lines, ()] if lines else []

    def traffic(self) -> list[Line]:
        """Draw what comes in and goes out."""
        usage = self._row.usage
        last = usage.readings[-1] if usage and usage.readings else None
        if usage is None or last is None or last.received_per_second is None:
            return []
        received = [reading.received_per_second for reading in usage.readings]
        sent = [reading.sent_per_second for reading in usage.readings]
        # The same scale for both, so that they can be compared.
        top = max(value for value in (*received, *sent, 1.0) if value is not None)
        lines: list[Line] = []
        for label, samples, value, hue in (
            ("Network in", received, last.received_per_second, self._hue),
            ("Network out", sent, last.sent_per_second or 0.0, "$violet"),
        ):
            if self._is_wide:
                peak = max(one for one in (*samples, 0.0) if one is not None)
                told = [
                    Piece(bytes_per_second(value), "$strong bold"),
                    Piece(f", peak {bytes_per_second(peak)}", "$muted"),
                ]
                lines.append(self._title(label, told))
                highest = bytes_per_second(top).removesuffix("B/s").replace(" ", "")
                lines += [*self._graph(samples, top, highest, hue), ()]
                continue
            graph = sparkline(samples, _SPARK_WIDTH, top, is_braille=self._glyphs.is_braille)
            rate = pad_left(bytes_per_second(value), 10)
            right = [Piece(graph, hue), Piece(rate, "$strong bold")]
            lines.append(spread([_heading(label)], right, self._width))
        return lines if self._is_wide else [*lines, ()]

    def addresses(self) -> list[Line]:
        """List the addresses of each interface."""
        state = self._state
        if state is None or not state.interfaces:
            return []
        lines: list[Line] = [self._title("Addresses")]
        label = min(max(cell_width(safe_text(one.name)) for one in state.interfaces) + 2, 17)
        for interface in state.interfaces:
            lines += self._interface(interface, label)
        return [*lines, ()]

    def about(self) -> list[Line]:
        """List the attributes."""
        instance = self._row.instance
        state = self._state
        config = instance.expanded_config
        limits = [
            text
            for text in (
                f"{config['limits.cpu']} CPU" if config.get("limits.cpu") else "",
                config.get("limits.memory", ""),
                f"{config['limits.processes']} processes" if config.get("limits.processes") else "",
            )
            if text
        ]
        facts = (
            ("Description", instance.description),
            ("Status", f"{instance.status} ({instance.status_code})"),
            ("Type", f"{instance.type}, {instance.architecture}".strip(", ")),
            ("Image", instance.image_description),
            ("Profiles", ", ".join(instance.profiles) or "none"),
            ("Limits", ", ".join(limits) or "none"),
            ("Processes", str(state.processes) if state and state.processes > 0 else ""),
            ("Project", instance.ref.project),
            ("Location", instance.location),
            ("Pool", instance.expanded_devices.get("root", {}).get("pool", "")),
            ("Created", day_and_minute(instance.created_at)),
            ("Last started", day_and_minute(instance.last_used_at) or "never"),
            ("Ephemeral", "yes: it deletes itself when it stops" if instance.ephemeral else "no"),
            ("Stateful", "yes: its memory was saved" if instance.stateful else "no"),
        )
        return [self._title("About"), *self._table(facts), ()]

    def snapshots(self) -> list[Line]:
        """List the newest snapshots."""
        if self._snapshots is None:
            return []
        number = Piece(str(len(self._snapshots)) if self._snapshots else "none", "$strong bold")
        lines: list[Line] = [self._title("Snapshots", [number])]
        for snapshot in list(reversed(self._snapshots))[:_SNAPSHOTS_SHOWN]:
            taken = pad_left(age_since(snapshot.created_at, self._now), 8)
            kept = "with memory" if snapshot.stateful else ""
            large = size(snapshot.size) if snapshot.size > 0 else ""
            room = self._width - 8 - 12 - 11
            name = pad_right(safe_text(snapshot.name), room, self._glyphs.cut)
            lines.append(
                (
                    Piece(name, "$fg"),
                    Piece(pad_right(kept, 12), "$violet"),
                    Piece(taken, "$muted"),
                    Piece(pad_left(large, 11), "$fg"),
                )
            )
        older = len(self._snapshots) - _SNAPSHOTS_SHOWN
        if older > 0:
            lines.append((Piece(f"and {older} older", "$muted"),))
        return [*lines, ()]

    def devices(self) -> list[Line]:
        """List the devices with what the profiles add."""
        instance = self._row.instance
        if not instance.expanded_devices:
            return []
        facts = [
            (
                safe_text(name),
                _device_words(device),
                "" if name in instance.devices else "profile",
            )
            for name, device in sorted(instance.expanded_devices.items())
        ]
        return [self._title("Devices"), *self._origins(facts), ()]

    def history(self) -> list[Line]:
        """List the operations that began last."""
        lines = operation_lines(self._history, self._now, self._width, self._glyphs)
        return [self._title("Last operations"), *lines, ()] if lines else []

    def _title(self, words: str, value: Sequence[Piece] = ()) -> Line:
        """Draw a heading, with a rule up to its value; a gauge needs no other line."""
        room = self._width - cell_width(words) - 1 - (width_of(value) + 1 if value else 0)
        if room < 0:
            return spread([_heading(words)], value, self._width)
        rule = Piece(f" {self._glyphs.rest * room}{' ' if value else ''}", "$line")
        return (_heading(words), rule, *value)

    def _gauge(self, label: str, used: int, total: int, after: str) -> list[Line]:
        value = _used_words(used, total, after)
        lines: list[Line] = [spread([_heading(label)], value, self._width)]
        if total > 0:
            share = used / total
            alarm = "$red" if share >= RED_FROM else "$amber" if share >= AMBER_FROM else self._hue
            filled = gauge_cells(share, self._width)
            lines.append(
                (
                    Piece(self._glyphs.filled * filled, alarm),
                    Piece(self._glyphs.rest * (self._width - filled), "$line"),
                )
            )
        return lines

    def _interface(self, interface: NetworkInterface, label: int) -> list[Line]:
        far = "  ".join(part for part in (interface.host_name, interface.hwaddr) if part)
        lines: list[Line] = []
        for number, address in enumerate(interface.addresses):
            name = safe_text(interface.name) if number == 0 else ""
            words = safe_text(f"{address.address}/{address.netmask}")
            scope = "" if address.scope == "global" else f" {safe_text(address.scope)}"
            note = [] if number or not far else [Piece(safe_text(far), "$muted")]
            style = "$fg" if address.scope == "global" else "$muted"
            left = [
                Piece(pad_right(name, label, self._glyphs.cut), "$muted"),
                Piece(words, style),
                Piece(scope, "$muted"),
            ]
            lines.append(spread(left, note, self._width))
        if not lines:
            name = pad_right(safe_text(interface.name), label, self._glyphs.cut)
            words = f"no address, {safe_text(interface.state) or 'state unknown'}"
            lines.append((Piece(name, "$muted"), Piece(words, "$muted")))
        return lines

    def _table(self, facts: Sequence[tuple[str, str]]) -> list[Line]:
        return [
            (
                Piece(pad_right(label, _LABEL_WIDTH), "$muted"),
                Piece(self._cut(safe_text(value), _LABEL_WIDTH), "$fg"),
            )
            for label, value in facts
            if value
        ]

    def _origins(self, facts: Sequence[tuple[str, str, str]]) -> list[Line]:
        """Draw names and values; what comes from a profile says so and is muted."""
        widest = max(cell_width(name) for name, _, _ in facts)
        label = min(widest, self._width * 2 // 5) + 2
        lines: list[Line] = []
        for name, value, origin in facts:
            room = self._width - label - (len(origin) + 2 if origin else 0)
            left = [
                Piece(pad_right(name, label - 2, self._glyphs.cut) + "  ", "$muted"),
                Piece(cut(value, room, self._glyphs.cut), "$muted" if origin else "$fg"),
            ]
            lines.append(spread(left, [Piece(origin, "$muted")] if origin else [], self._width))
        return lines

    def _cut(self, text: str, taken: int) -> str:
        return cut(text, self._width - taken, self._glyphs.cut)


def _heading(words: str) -> Piece:
    return Piece(words, "$strong bold")


def _used_words(used: int, total: int, after: str) -> list[Piece]:
    of = f" of {size(total)}" if total > 0 else ""
    return [Piece(size(used), "$strong bold"), Piece(of + after, "$muted")]


def _device_words(device: Mapping[str, str]) -> str:
    """Write a device in one line: its kind first, then its options."""
    options = [
        f"{name}={'hidden' if is_secret(name) else value}"
        for name, value in sorted(device.items())
        if name != "type"
    ]
    return safe_text("  ".join([device.get("type", ""), *options]).strip())
