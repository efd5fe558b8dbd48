import pytest

from lxdtui.ui.format.amounts import bytes_per_second, count, percent, plural, size

KIB, MIB, GIB = 1024, 1024**2, 1024**3


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KiB"),
        (1024, "1.0 KiB"),
        (9.94 * KIB, "9.9 KiB"),
        (9.96 * KIB, "10 KiB"),
        (640 * MIB, "640 MiB"),
        (999.4 * MIB, "999 MiB"),
        (999.6 * MIB, "1.0 GiB"),
        (6.2 * GIB, "6.2 GiB"),
        (172 * GIB, "172 GiB"),
        (2**63, "8.0 EiB"),
        (-5, "0 B"),
    ],
)
def test_size(number: float, words: str) -> None:
    assert size(number) == words
    assert len(words) <= 7


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 B/s"), (640_000, "640 kB/s"), (1_800_000, "1.8 MB/s")]
)
def test_bytes_per_second(number: float, words: str) -> None:
    assert bytes_per_second(number) == words


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0%"), (0.4, "0%"), (21.6, "22%"), (250.0, "250%"), (-1, "0%")]
)
def test_percent(number: float, words: str) -> None:
    assert percent(number) == words


def test_counts() -> None:
    assert count(12480) == "12,480"
    assert plural(1, "snapshot") == "1 snapshot"
    assert plural(0, "snapshot") == "0 snapshots"
    assert plural(2, "copy", "copies") == "2 copies"
