"""Believable usage figures as functions of time: processor, memory, network.

Nothing here is sampled or stored. The processor time used since the start of a container is an
integral in closed form, so any two readings agree however often somebody looks, and the same seed
and clock give the same picture.
"""

import math
import random
from dataclasses import dataclass

NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Wave:
    """One periodic part of a load: share of the mean, period in seconds, phase in radians."""

    share: float
    period: float
    phase: float

    def value(self, time: float) -> float:
        """The wave at a time."""
        return self.share * math.sin(math.tau * time / self.period + self.phase)

    def integral(self, time: float) -> float:
        """An antiderivative of the wave at a time."""
        speed = math.tau / self.period
        return -self.share / speed * math.cos(speed * time + self.phase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one instance does with its machine while it runs."""

    cores: float
    """Mean processor use in cores."""
    memory: int
    """Mean memory use in bytes."""
    disk: int
    """Bytes on the root disk."""
    processes: int
    received: float
    """Mean bytes received per second."""
    sent: float
    """Mean bytes sent per second."""
    waves: tuple[Wave, ...]

    def factor(self, time: float) -> float:
        """Momentary load relative to the mean; never negative."""
        return 1 + sum(wave.value(time) for wave in self.waves)

    def _factor_integral(self, begin: float, end: float) -> float:
        return end - begin + sum(wave.integral(end) - wave.integral(begin) for wave in self.waves)

    def cpu_nanoseconds(self, begin: float, end: float) -> int:
        """Processor time used between two times."""
        return int(self.cores * NANOSECONDS * self._factor_integral(begin, end))

    def bytes_received(self, begin: float, end: float) -> int:
        """Bytes received between two times."""
        return int(self.received * self._factor_integral(begin, end))

    def bytes_sent(self, begin: float, end: float) -> int:
        """Bytes sent between two times."""
        return int(self.sent * self._factor_integral(begin, end))

    def memory_bytes(self, time: float) -> int:
        """Memory in use at a time, in whole pages."""
        sway = sum(wave.value(time) for wave in self.waves[:1])
        return int(self.memory * (1 + 0.03 * sway)) // 4096 * 4096


def make_load(
    rng: random.Random,
    *,
    cores: float,
    memory: int,
    disk: int,
    processes: int,
    received: float,
    sent: float,
) -> Load:
    """Shape a load with waves of its own around the given means."""
    waves = (
        Wave(0.25, rng.uniform(240, 420), rng.uniform(0, math.tau)),
        Wave(0.30, rng.uniform(35, 70), rng.uniform(0, math.tau)),
        Wave(0.20, rng.uniform(9, 14), rng.uniform(0, math.tau)),
        Wave(0.15, rng.uniform(3.1, 4.7), rng.uniform(0, math.tau)),
    )
    return Load(
        cores=cores,
        memory=memory,
        disk=disk,
        processes=processes,
        received=received,
        sent=sent,
        waves=waves,
    )
