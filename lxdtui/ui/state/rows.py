"""The rows of the list: kept from the store, sorted and filtered, cheaply.

Rows of instances that did not change stay the same objects, so that the table
need not draw them again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lxdtui.model.instance import Condition
from lxdtui.model.refs import InstanceRef
from lxdtui.store import Change, Store
from lxdtui.store.select import (
    Activity,
    InstanceRow,
    SortKey,
    condition_counts,
    matches,
    row_of,
    sort_rows,
)

__all__ = ["Rows", "View"]

_STABLE_KEYS = frozenset((SortKey.NAME, SortKey.PROJECT, SortKey.CREATED))
"""Values by which a row is sorted that no event changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which rows are shown, and in which order."""

    words: str = ""
    """Words that must stand in a row."""
    condition: Condition | None = None
    """The only condition that is shown, or ``None`` for all."""
    sort: SortKey = SortKey.NAME
    """What the rows are sorted by."""
    reverse: bool = False
    """Whether from the large end."""

    @property
    def is_filtered(self) -> bool:
        """Whether some rows may be left out."""
        return bool(self.words.split()) or self.condition is not None


class Rows:
    """All rows, and those that are shown.

    Args:
        store: What the servers hold.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: dict[InstanceRef, InstanceRow] = {}
        self._counts: Counter[Condition] | None = None
        self._sorted: Sequence[InstanceRow] = ()
        self._shown: Sequence[InstanceRow] = ()
        self._view = View()
        self._under_way: Mapping[InstanceRef, str] = {}
        self.read_all()

    @property
    def shown(self) -> Sequence[InstanceRow]:
        """The rows that pass the view, in its order."""
        return self._shown

    @property
    def view(self) -> View:
        """Which rows are shown."""
        return self._view

    @property
    def counts(self) -> Counter[Condition]:
        """All rows by condition."""
        if self._counts is None:
            self._counts = condition_counts(self._rows.values())
        return self._counts

    @property
    def work_word(self) -> str:
        """What is under way where it is the same for all that are at work."""
        words = {row.activity.word for row in self._rows.values() if row.activity is not None}
        return words.pop() if len(words) == 1 else ""

    def __len__(self) -> int:
        return len(self._rows)

    def read_all(self) -> None:
        """Read every row from the store."""
        refs = self._store.state.instances
        self._rows = {ref: row for ref in refs if (row := self._read(ref)) is not None}
        self._sort()

    def apply(self, change: Change) -> None:
        """Read what is different in the store.

        Args:
            change: What is different.
        """
        if change.remotes:
            # A link that broke makes its rows old, and the other way round.
            self.read_all()
            return
        self._read_again(change.instances, came_or_went=change.membership)

    def set_under_way(self, under_way: Mapping[InstanceRef, str]) -> None:
        """Take what was asked for and is not known to the servers yet.

        Args:
            under_way: Words for what is under way, by instance.
        """
        different = {
            ref
            for ref in self._under_way.keys() | under_way.keys()
            if self._under_way.get(ref) != under_way.get(ref)
        }
        self._under_way = dict(under_way)
        self._read_again(different, came_or_went=False)

    def look(self, view: View) -> None:
        """Choose which rows are shown.

        Args:
            view: Which, and in which order.
        """
        before, self._view = self._view, view
        if (view.sort, view.reverse) != (before.sort, before.reverse):
            self._sort()
        elif view != before:
            self._select()

    def _read_again(self, refs: Iterable[InstanceRef], *, came_or_went: bool) -> None:
        different: dict[InstanceRef, InstanceRow] = {}
        for ref in refs:
            row = self._read(ref)
            if row is None:
                self._rows.pop(ref, None)
            elif row != self._rows.get(ref):
                self._rows[ref] = different[ref] = row
        if came_or_went or (different and self._view.sort not in _STABLE_KEYS):
            self._sort()
        elif different:
            self._counts = None
            self._sorted = [different.get(row.ref, row) for row in self._sorted]
            self._select()

    def _read(self, ref: InstanceRef) -> InstanceRow | None:
        row = row_of(self._store, ref)
        word = self._under_way.get(ref)
        if row is not None and row.activity is None and word is not None:
            return replace(row, activity=Activity(word, None))
        return row

    def _sort(self) -> None:
        self._counts = None
        self._sorted = sort_rows(self._rows.values(), self._view.sort, reverse=self._view.reverse)
        self._select()

    def _select(self) -> None:
        view = self._view
        rows = self._sorted
        if view.condition is not None:
            rows = [row for row in rows if _condition(row) is view.condition]
        if view.words.split():
            rows = [row for row in rows if matches(row, view.words)]
        self._shown = rows


def _condition(row: InstanceRow) -> Condition:
    return Condition.CHANGING if row.activity is not None else row.instance.condition
