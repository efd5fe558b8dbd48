"""The panel beside the list: more about the container under the cursor."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from lxdtui.model.snapshot import Snapshot
from lxdtui.store import Reading
from lxdtui.store.select import InstanceRow
from lxdtui.ui.clock import Clock
from lxdtui.ui.format.amounts import bytes_per_second, percent, size
from lxdtui.ui.format.graphs import area, gauge_cells
from lxdtui.ui.format.instances import (
    AMBER_FROM,
    RED_FROM,
    condition_of,
    cores_words,
    memory_total,
    started_at,
    status_word,
)
from lxdtui.ui.format.text import cut, pad_left, pad_right, safe_lines, safe_text
from lxdtui.ui.format.times import age, age_since, day_and_minute
from lxdtui.ui.theme import Glyphs, condition_role
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of, spread

__all__ = ["SidePanel"]

_LABEL_WIDTH = 12
_GRAPH_HEIGHT = 4
_SNAPSHOTS_SHOWN = 3

Line = tuple[Piece, ...]


class SidePanel(Widget):
    """Values of one container, below one another.

    Args:
        clock: What time it is.
        glyphs: The characters to draw with.
    """

    DEFAULT_CSS = """
    SidePanel {
        width: 45;
        height: 1fr;
        padding: 0 2 0 2;
        background: $bar;
        color: $fg;
    }
    """
    ALLOW_SELECT = False

    def __init__(self, *, clock: Clock, glyphs: Glyphs) -> None:
        super().__init__()
        self._clock = clock
        self._glyphs = glyphs
        self._row: InstanceRow | None = None
        self._snapshots: Sequence[Snapshot] = ()
        self._problem = ""

    def show(self, row: InstanceRow | None, snapshots: Sequence[Snapshot], problem: str) -> None:
        """Show something else; the same again costs nothing.

        Args:
            row: The container, or ``None`` for nothing.
            snapshots: Its snapshots, oldest first.
            problem: Why the last action on it failed.
        """
        if row is self._row and snapshots is self._snapshots and problem == self._problem:
            return
        self._row, self._snapshots, self._problem = row, snapshots, problem
        if self.display:
            self.refresh()

    def render(self) -> Content:
        """Draw the values for the size there is."""
        if self._row is None:
            return Content("")
        width, height = self.content_size
        return lines_of(self._lines(self._row, width)[:height])

    def _lines(self, row: InstanceRow, width: int) -> list[Line]:
        lines = self._head(row, width)
        lines += self._cpu(row, width)
        lines += self._memory(row, width)
        lines += self._disk(row, width)
        lines += self._network(row, width)
        lines += self._facts(row, width)
        lines += self._last_snapshots(width)
        return lines

    def _head(self, row: InstanceRow, width: int) -> list[Line]:
        condition = condition_of(row)
        hue = "$muted" if row.is_stale else f"${condition_role(condition)}"
        up = age_since(started_at(row), self._clock.now()) if row.instance.is_running else ""
        words = f"{self._glyphs.of(condition)} {status_word(row)} {up}".rstrip()
        name = cut(safe_text(row.ref.name), width - len(words) - 2, self._glyphs.cut)
        lines: list[Line] = [spread([Piece(name, "$strong bold")], [Piece(words, hue)], width)]
        if row.instance.description:
            words = safe_text(row.instance.description)
            lines.append((Piece(cut(words, width, self._glyphs.cut), "$muted"),))
        if self._problem:
            lines.append(())
            lines += [
                (Piece(cut(line, width, self._glyphs.cut), "$red"),)
                for line in safe_lines(self._problem)[:3]
            ]
        return [*lines, ()]

    def _cpu(self, row: InstanceRow, width: int) -> list[Line]:
        usage = row.usage
        if usage is None:
            return []
        value: list[Piece] = []
        if row.cpu_share is not None:
            share = percent(row.cpu_share * 100)
            value = [Piece(share, "$strong bold"), Piece(f" {cores_words(row)}", "$fg")]
        samples = [reading.cpu_percent for reading in usage.readings]
        known = [sample for sample in samples if sample is not None]
        top = max([100.0 * (row.cpus or 1), *(known if row.cpus is None else [])])
        graph = area(samples, width, _GRAPH_HEIGHT, top, is_braille=self._glyphs.is_braille)
        hue = "$muted" if row.is_stale else "$accent"
        lines: list[Line] = [spread([Piece("CPU", "$muted")], value, width)]
        lines += [(Piece(line, hue),) for line in graph]
        return [*lines, self._times(usage.readings[-width * 2 :], width), ()]

    def _times(self, readings: Sequence[Reading], width: int) -> Line:
        """Return when the graph begins, below its beginning, and when it ends."""
        end = Piece("now", "$muted")
        begins = width - (len(readings) + 1) // 2
        words = f"{age(readings[-1].at - readings[0].at)} ago" if len(readings) > 1 else ""
        if begins + len(words) + 2 > width - len(end.text):
            words = ""
        return spread([gap(begins), Piece(words, "$muted")] if words else (), [end], width)

    def _memory(self, row: InstanceRow, width: int) -> list[Line]:
        if row.usage is None or not row.usage.state.memory_usage:
            return []
        used = row.usage.state.memory_usage
        return self._gauge("Memory", used, memory_total(row), width, row)

    def _disk(self, row: InstanceRow, width: int) -> list[Line]:
        state = row.usage.state if row.usage else None
        used = state.disk_usage.get("root", 0) if state else 0
        if state is None or used <= 0:
            return []
        return self._gauge("Disk", used, state.disk_total.get("root", 0), width, row)

    def _gauge(self, label: str, used: int, total: int, width: int, row: InstanceRow) -> list[Line]:
        of = f" of {size(total)}" if total > 0 else ""
        value = [Piece(size(used), "$strong bold"), Piece(of, "$fg")]
        lines: list[Line] = [spread([Piece(label, "$muted")], value, width)]
        if total <= 0:
            return lines
        share = used / total
        hue = "$red" if share >= RED_FROM else "$amber" if share >= AMBER_FROM else "$accent"
        filled = gauge_cells(share, width)
        lines.append(
            (
                Piece(self._glyphs.filled * filled, "$muted" if row.is_stale else hue),
                Piece(self._glyphs.rest * (width - filled), "$line"),
            )
        )
        return lines

    def _network(self, row: InstanceRow, width: int) -> list[Line]:
        reading = row.usage.readings[-1] if row.usage and row.usage.readings else None
        if reading is None or reading.received_per_second is None:
            return [()]
        received = bytes_per_second(reading.received_per_second)
        sent = bytes_per_second(reading.sent_per_second or 0)
        value = f"{self._glyphs.received} {received}   {self._glyphs.sent} {sent}"
        return [(), spread([Piece("Network", "$muted")], [Piece(value, "$fg")], width), ()]

    def _facts(self, row: InstanceRow, width: int) -> list[Line]:
        instance = row.instance
        state = row.usage.state if row.usage else None
        image = instance.image_description
        architecture = instance.architecture
        facts = [
            ("IPv4", ", ".join(state.addresses("inet")) if state else ""),
            ("IPv6", ", ".join(state.addresses("inet6")) if state else ""),
            ("Image", image),
            ("Type", f"{instance.type} {architecture}".strip()),
            ("Profiles", ", ".join(instance.profiles)),
            ("Processes", str(state.processes) if state and state.processes > 0 else ""),
            ("Location", instance.location),
            ("Project", row.ref.project if row.ref.project != "default" else ""),
            ("Created", day_and_minute(instance.created_at)),
        ]
        room = width - _LABEL_WIDTH
        lines: list[Line] = [
            (
                Piece(pad_right(label, _LABEL_WIDTH), "$muted"),
                Piece(cut(safe_text(value), room, self._glyphs.cut), "$fg"),
            )
            for label, value in facts
            if value
        ]
        return [*lines, ()]

    def _last_snapshots(self, width: int) -> list[Line]:
        if not self._snapshots:
            return []
        number = Piece(str(len(self._snapshots)), "$strong bold")
        lines: list[Line] = [spread([Piece("Snapshots", "$muted")], [number], width)]
        for snapshot in list(reversed(self._snapshots))[:_SNAPSHOTS_SHOWN]:
            ago = pad_left(age_since(snapshot.created_at, self._clock.now()), 6)
            taken = pad_left(size(snapshot.size) if snapshot.size > 0 else "", 11)
            name = pad_right(safe_text(snapshot.name), width - 19, self._glyphs.cut)
            lines.append((gap(2), Piece(name, "$fg"), Piece(ago, "$muted"), Piece(taken, "$fg")))
        return lines
