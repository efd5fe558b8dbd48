"""What runs in an instance, read again every few seconds while it is looked at."""

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from lxdtui.errors import LxdTuiError
from lxdtui.model.instance import Condition
from lxdtui.model.process import Process
from lxdtui.services.processes import ProcessReading
from lxdtui.store.select import InstanceRow
from lxdtui.ui.actions import Action, Scope
from lxdtui.ui.actions.equivalents import Equivalent, client_of, signal_command
from lxdtui.ui.dialogs.error import ErrorDialog, Failure, NextStep
from lxdtui.ui.dialogs.form import FormDialog
from lxdtui.ui.format.amounts import percent, plural
from lxdtui.ui.format.processes import (
    PROCESS_SORTS,
    cpu_time,
    matching,
    memory_words,
    sorted_processes,
    state_words,
    tree_of,
)
from lxdtui.ui.format.text import cut, safe_lines, safe_text
from lxdtui.ui.format.times import age
from lxdtui.ui.forms.form import Choices, Form, Values
from lxdtui.ui.pages.filtered import FilteredPage
from lxdtui.ui.pages.page import PageContext, page_bindings
from lxdtui.ui.widgets.marked_table import MarkedTable, TableColumn, TableRow
from lxdtui.ui.widgets.pieces import Piece, gap, lines_of

__all__ = ["ProcessesPage"]

_PAUSE_SECONDS = 3.0
_FIRST_PAUSE_SECONDS = 1.0
"""After the first reading, which tells no CPU use yet."""
_SIGNALS = {
    "TERM": "It is asked to end.",
    "KILL": "It ends at once, and can save nothing.",
    "HUP": "It reads its settings again, or ends: as it is made.",
    "INT": "It is asked to end, as Ctrl-C does.",
    "QUIT": "It ends, and may leave a core file.",
    "USR1": "What it does is up to the program; it may end.",
    "USR2": "What it does is up to the program; it may end.",
    "STOP": "It is paused until CONT.",
    "CONT": "It goes on after STOP.",
}
"""Signals with what they do; all names fit into the field beside each other."""
_COLUMNS = (
    TableColumn(id="command", title="Command", width=20),
    TableColumn(id="pid", title="PID", width=7, is_right=True),
    TableColumn(id="user", title="User", width=10, rank=2),
    TableColumn(id="state", title="State", width=13, rank=4),
    TableColumn(id="cpu", title="CPU", width=6, is_right=True),
    TableColumn(id="memory", title="Memory", width=8, is_right=True),
    TableColumn(id="time", title="Time", width=8, is_right=True, rank=3),
)

_DEEPEST = 8
"""How deep a process is drawn at the most."""

Line = tuple[Piece, ...]


class ProcessesPage(FilteredPage):
    """The processes of an instance.

    Args:
        context: The instance and what is needed to show it.
    """

    NAME: ClassVar[str] = "processes"
    TITLE: ClassVar[str] = "Processes"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.PROCESSES,)
    BINDINGS: ClassVar[list[BindingType]] = [*page_bindings(Scope.PROCESSES)]
    DEFAULT_CSS = """
    ProcessesPage {
        #told { height: 2; padding: 0 1; background: $bar; display: none; }
        #told.-shown { display: block; }
    }
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, _COLUMNS, placeholder="words of command, user, PID …")
        self._row: InstanceRow | None = None
        self._reading: ProcessReading | None = None
        self._failure: LxdTuiError | None = None
        self._sort, self._reverse = "cpu", False
        self._is_tree = False
        self._told = Static("", id="told", markup=False)
        self._wake = asyncio.Event()

    def compose(self) -> ComposeResult:
        """Put all of the command under the cursor below the table."""
        yield from super().compose()
        yield self._told

    def badge(self) -> str:
        """Return how many there are."""
        return str(len(self._reading.processes)) if self._reading and self._can_run() else ""

    def show_row(self, row: InstanceRow | None) -> None:
        """Read again at once where the instance began to run, or is there again."""
        could = self._can_run()
        self._row = row
        if could != self._can_run():
            if self._is_stopped():
                self._reading = None
            self._wake.set()
        self.show_list()

    def activate(self) -> None:
        """Read until the page is left."""
        self.run_live(self._read_for_ever(), name=f"processes of {self.ref.name}")

    def refresh_now(self) -> None:
        """Read again now."""
        self._wake.set()

    def second_passed(self) -> None:
        """Count the age of what is shown."""
        self.show_list()

    def why_not(self, action: Action, rows: tuple[InstanceRow, ...]) -> str | None:
        """Return why an action is not possible now."""
        if action.id == "process.signal":
            if not self._can_run():
                return self._sentence() or "the link is lost"
            if self._process() is None:
                return "there is no process here"
        return super().why_not(action, rows)

    def perform(self, action: Action, rows: tuple[InstanceRow, ...]) -> None:
        """Sort, filter, or send a signal."""
        del rows
        match action.id:
            case "process.filter":
                self._head.open_filter()
            case "process.sort":
                at = PROCESS_SORTS.index(self._sort)
                self._sort_by(PROCESS_SORTS[(at + 1) % len(PROCESS_SORTS)])
            case "process.tree":
                self._is_tree = not self._is_tree
                self.show_list()
            case "process.reverse":
                self._reverse = not self._reverse
                self.show_list()
            case "process.signal":
                process = self._process()
                if process is not None:
                    self.run_worker(self._ask_and_send(process), group="instance.signal")

    def equivalents(self, client: str) -> tuple[Equivalent, ...]:
        """Return what sends signals to the process under the cursor."""
        process = self._process()
        if process is None or not self._can_run():
            return ()
        return tuple(
            Equivalent(
                words=f"signal {signal}",
                command=signal_command(client, self.ref, process.pid, signal),
            )
            for signal in ("TERM", "KILL")
        )

    # Reading

    async def _read_for_ever(self) -> None:
        while True:
            self._wake.clear()
            pause = _PAUSE_SECONDS
            if self._can_run():
                is_first = self._reading is None
                await self._read()
                pause = _FIRST_PAUSE_SECONDS if is_first else _PAUSE_SECONDS
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _read(self) -> None:
        try:
            self._reading = await self.fleet.processes.read(self.ref, self._reading)
            self._failure = None
        except LxdTuiError as error:
            self._failure = error
        self.show_list()
        self.changed()

    async def _ask_and_send(self, process: Process) -> None:
        name = cut(safe_text(process.command), 30)
        options = tuple((signal, signal) for signal in _SIGNALS)
        form = Form(
            title=f"Send a signal to process {process.pid} ({name}) in {safe_text(self.ref.name)}",
            fields=(Choices(id="signal", label="Signal", options=options, value="TERM"),),
            do="Send it",
            keep="Leave it",
            is_dangerous=True,
            explain=lambda values: self._same_as(process, values),
        )
        answers = await self.app.push_screen_wait(FormDialog(form, glyphs=self.glyphs))
        if answers is None:
            return
        signal = answers["signal"]
        while True:
            try:
                await self.fleet.processes.send_signal(self.ref, process, signal)
            except LxdTuiError as error:
                dialog = ErrorDialog((Failure.of(error),), glyphs=self.glyphs)
                if await self.app.push_screen_wait(dialog) is NextStep.AGAIN:
                    continue
            else:
                self.say(f"{signal} sent to process {process.pid}")
                self._wake.set()
            return

    def _same_as(self, process: Process, values: Values) -> tuple[Line, ...]:
        """Tell what the chosen signal does, and the command where the client knows the server."""
        does = (Piece(_SIGNALS[values["signal"]], "$fg"),)
        remotes = self.fleet.remotes
        if any(one.is_named_by_address and one.name == self.ref.remote for one in remotes):
            return (does,)
        client = client_of(self.fleet.store.state.servers.get(self.ref.remote))
        command = signal_command(client, self.ref, process.pid, values["signal"])
        return does, (Piece("Same as  ", "$muted"), Piece(command, "$fg"))

    # Showing

    def _is_stopped(self) -> bool:
        return self._row is not None and self._row.instance.condition is Condition.STOPPED

    def _can_run(self) -> bool:
        row = self._row
        return row is not None and row.instance.is_running and not row.is_stale

    def _sentence(self) -> str:
        """Say why there are no processes to read; empty where there are."""
        row = self._row
        if row is None or row.instance.is_running:
            return ""
        name = safe_text(self.ref.name)
        match row.instance.condition:
            case Condition.STOPPED:
                return f"{name} is stopped: nothing runs in it."
            case Condition.FROZEN:
                return f"{name} is frozen: its processes are paused."
            case condition:
                return f"{name} is not running; it is {condition}."

    def _process(self) -> Process | None:
        key = self._table.cursor_key
        if key is None or self._reading is None:
            return None
        return next((one for one in self._reading.processes if str(one.pid) == key), None)

    def _sort_by(self, column: str) -> None:
        self._reverse = not self._reverse if column == self._sort else False
        self._sort, self._is_tree = column, False
        self.show_list()

    def show_list(self) -> None:
        """Show what runs, or why that is not known."""
        processes = self._reading.processes if self._reading and not self._sentence() else ()
        shown = matching(processes, self._head.words)
        ordered = sorted_processes(shown, self._sort, reverse=self._reverse)
        lines = tree_of(shown) if self._is_tree else [(one, 0) for one in ordered]
        self._table.show(
            [self._line(one, depth) for one, depth in lines],
            sort="" if self._is_tree else self._sort,
            reverse=self._reverse != (self._sort in ("cpu", "memory", "time")),
            placeholder=self._placeholder(is_filtered=bool(processes)),
        )
        self._head.show(*self._head_words(processes, len(shown)))
        self._show_told(self._process() if shown else None)

    def _show_told(self, process: Process | None) -> None:
        """Show what the columns have no room for."""
        self._told.set_class(process is not None, "-shown")
        if process is None:
            return
        width = max(self.size.width - 2, 20)
        facts = [f"PID {process.pid}", state_words(process.state)]
        if process.parent:
            facts.append(f"started by {process.parent}")
        if process.threads > 1:
            facts.append(plural(process.threads, "thread"))
        command = cut(safe_text(process.command), width, self.glyphs.cut)
        self._told.update(
            lines_of(((Piece(command, "$fg"),), (Piece("   ".join(facts), "$muted"),)))
        )

    def _line(self, process: Process, depth: int) -> TableRow:
        is_old = not self._can_run() or self._failure is not None
        strong, fg = ("$muted", "$muted") if is_old else ("$strong", "$fg")
        glyph = gap(1)
        if process.state == "R" and not is_old:
            glyph = Piece(self.glyphs.running, "$green")
        elif process.state in ("Z", "D"):
            glyph = Piece(self.glyphs.error, "$amber")
        elif process.state in ("T", "t"):
            glyph = Piece(self.glyphs.frozen, "$cyan")
        is_idle = process.cpu_percent is not None and process.cpu_percent < 0.5
        used = "" if process.cpu_percent is None else percent(process.cpu_percent)
        return TableRow(
            key=str(process.pid),
            glyph=glyph,
            cells={
                "command": Piece(
                    f"{'  ' * min(depth, _DEEPEST)}{safe_text(process.command)}", strong
                ),
                "pid": Piece(str(process.pid), "$muted"),
                "user": Piece(safe_text(process.user), fg),
                "state": Piece(state_words(process.state), "$muted"),
                "cpu": Piece(self.glyphs.zero if is_idle else used, "$faint" if is_idle else fg),
                "memory": Piece(memory_words(process), fg),
                "time": Piece(cpu_time(process.cpu_seconds), fg),
            },
        )

    def _head_words(
        self, processes: tuple[Process, ...], shown: int
    ) -> tuple[list[Piece], list[Piece]]:
        if not processes:
            return [], []
        running = sum(one.state == "R" for one in processes)
        left = [Piece(plural(len(processes), "process", "processes"), "$fg")]
        if running:
            left.append(Piece(f"   {running} running", "$muted"))
        if self._head.words:
            left.append(Piece(f"   {shown} match {safe_text(self._head.words)}", "$accent"))
        right: list[Piece] = []
        if self._failure is not None and self._reading is not None:
            since = age(self.clock.monotonic() - self._reading.at)
            right = [Piece(f"{self.glyphs.error} could not be read again for {since}", "$amber")]
        elif self._can_run():
            place = self._table.cursor + 1 if shown else 0
            right = [Piece(f"{place}/{shown}", "$muted")]
        return left, right

    def _placeholder(self, *, is_filtered: bool) -> tuple[Line, ...]:
        sentence = self._sentence()
        if sentence:
            key, does = ("S", "starts it") if self._is_stopped() else ("F", "lets it go on")
            hint = (gap(2), Piece(key, "$accent bold"), Piece(f" {does}", "$muted"))
            has_hint = self._is_stopped() or "frozen" in sentence
            return ((gap(4), Piece(sentence, "$fg"), *(hint if has_hint else ())),)
        if is_filtered:
            return self.nothing_matches("No process matches")
        if self._failure is not None:
            failure = Failure.of(self._failure)
            reasons = safe_lines(failure.reason)[:4]
            mark = Piece(f"{self.glyphs.error} ", "$red")
            what = Piece(f"Cannot {safe_text(failure.tried)}", "$fg")
            again = (gap(4), Piece("Ctrl-R", "$accent bold"), Piece(" tries again", "$muted"))
            return (
                (gap(2), mark, what),
                *((gap(4), Piece(reason, "$muted")) for reason in reasons),
                (),
                again,
            )
        if self._can_run():
            word = Piece(f"{self.glyphs.working[0]} ", "$accent")
            return ((gap(2), word, Piece("reading the processes", "$muted")),)
        return ()

    @on(MarkedTable.SortAsked)
    def _sort_asked(self, message: MarkedTable.SortAsked) -> None:
        message.stop()
        if message.column in PROCESS_SORTS:
            self._sort_by(message.column)
