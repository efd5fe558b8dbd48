"""What of a transfer is done: counted, measured, and one result for each item."""

from collections.abc import Callable

from lxdtui.services.transfers.meter import Meter
from lxdtui.services.transfers.values import ItemResult, Outcome

__all__ = ["Tally"]

_RESULTS_KEPT = 2_000
"""Results that are kept where all is well; troubles are all kept, up to ten times as many."""
_MOST_TROUBLES = 10 * _RESULTS_KEPT


class Tally:
    """The figures of one transfer.

    Args:
        clock: Monotonic seconds.
        changed: Called after each change.
    """

    def __init__(self, clock: Callable[[], float], changed: Callable[[], None]) -> None:
        self._changed = changed
        self.meter = Meter(clock)
        """Bytes a second."""
        self.pace = Meter(clock)
        """Items a second."""
        self.items_total = 0
        self.items_done = 0
        self.bytes_total = 0
        self.bytes_done = 0
        self.is_counted = False
        """Whether the totals are whole."""
        self.copied = 0
        self.skipped = 0
        self.failed = 0
        self._results: list[ItemResult] = []
        self._frozen: tuple[ItemResult, ...] | None = ()
        self._under_way: dict[str, list[int]] = {}

    @property
    def results(self) -> tuple[ItemResult, ...]:
        """One result for each item that ended, as far as they are kept."""
        if self._frozen is None:
            self._frozen = tuple(self._results)
        return self._frozen

    @property
    def current(self) -> tuple[str, int, int]:
        """The largest item under way: its path, bytes done and bytes of all."""
        if not self._under_way:
            return "", 0, 0
        path = max(self._under_way, key=lambda one: self._under_way[one][1])
        done, size = self._under_way[path]
        return path, done, size

    @property
    def seconds_left(self) -> float | None:
        """Seconds to the end, where the totals and the rate are known."""
        if not self.is_counted:
            return None
        bytes_left = self.bytes_total - self.bytes_done
        items_left = self.items_total - self.items_done
        by_bytes = bytes_left / self.meter.rate if self.meter.rate else None
        by_items = items_left / self.pace.rate if self.pace.rate else None
        known = [one for one in (by_bytes if bytes_left else None, by_items) if one is not None]
        # Where files are small their number decides, where they are large their bytes;
        # a single large one must not be taken for a slow item.
        return max(known) if items_left > 1 and known else by_bytes

    def count(self, size: int) -> None:
        """Count an item that was found."""
        self.items_total += 1
        self.bytes_total += size
        self._changed()

    def begin(self, path: str, size: int) -> None:
        """Count an item as under way."""
        self._under_way[path] = [0, size]
        self._changed()

    def reached(self, path: str, done: int, *, is_found: bool = False) -> None:
        """Note how far an item is.

        Args:
            path: The item.
            done: Bytes of it that are there.
            is_found: Whether they were there before and took no time.
        """
        entry = self._under_way.get(path)
        if entry is None:
            return
        step = done - entry[0]
        entry[0] = done
        self.bytes_done += step
        if step > 0 and not is_found:
            self.meter.add(step)
        self._changed()

    def reached_of(self, path: str) -> int:
        """Return how many bytes of an item are there."""
        return self._under_way.get(path, (0, 0))[0]

    def end(self, result: ItemResult, size: int, *, done: int | None = None) -> None:
        """Note how an item ended; nothing of it is under way any more.

        Args:
            result: How it ended.
            size: Bytes that it was counted with.
            done: Bytes that it really had, where they were copied.
        """
        reached = self._under_way.pop(result.path, (0, 0))[0]
        if done is None:
            # What is not copied does not count, neither as done nor as to be done.
            self.bytes_done -= reached
            self.bytes_total -= size
        else:
            self.bytes_done += done - reached
            self.bytes_total += done - size
            self.meter.add(max(done - reached, 0))
        self.items_done += 1
        self.pace.add(1)
        match result.outcome:
            case Outcome.COPIED | Outcome.MOVED:
                self.copied += 1
            case Outcome.SKIPPED:
                self.skipped += 1
            case _:
                self.failed += 1
        most = _MOST_TROUBLES if result.is_trouble else _RESULTS_KEPT
        if len(self._results) < most:
            self._results.append(result)
            self._frozen = None
        self._changed()

    def forget_failures(self) -> None:
        """Take failed items out, because they are tried again."""
        self.items_total -= self.failed
        self.items_done -= self.failed
        self.failed = 0
        self._results = [result for result in self._results if not result.is_trouble]
        self._frozen = None
        self.is_counted = False
        self._changed()

    def abandon(self) -> None:
        """Nothing is under way any more."""
        for path in tuple(self._under_way):
            self.bytes_done -= self._under_way.pop(path)[0]
        self._changed()
